"""Editions that test what the shipped one does not hold: every construct, and too much of each."""

from __future__ import annotations

import json
from collections.abc import Mapping

Files = Mapping[str, str | bytes]

PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="1600" height="300"><path d="M0 0h1600v300H0z"/></svg>\n'
)

#: Everything that content.md knows, at least once.
EVERY: Files = {
    "edition.yaml": """
        title: 百样读本
        description: |
          一段说明，连到[[liu]]与[一页](pages/more.md)。

          第二段。
        base_url: https://reader.example/every/
        rights: 版权所有
        editors: [甲, 乙]
        link: every
        """,
    "scripts.yaml": """
        zh-Hant: {回归: 回歸}
        pinyin: {重振: chóng zhèn}
        """,
    "glossary/all.yaml": """
        - id: liu
          term: 柳树
          kind: concept
          lang: zh-Hans
          forms: {zh-Hant-TW: 臺灣柳樹}
          aliases: [杨柳, 垂柳]
          pinyin: liǔ shù
          gloss: {en: the willow, fr: le saule, pt-BR: o salgueiro}
          definition: |
            一种**树**，见[[liu-an|柳岸]]、[[yi#p1]]、[[yi#]]与[外面](https://example.net/)。

            > 引一句。

            - 一
            - 二
          see: [liu-an]
          sources:
            - {title: 一书, url: "https://example.net/a?b=c&d=e", date: 2020-01}
            - {title: 二书}
        - {id: liu-an, term: 柳树岸, kind: place, coordinates: [41.29, 123.77]}
        - {id: hui, term: 大会, kind: event, date: 2023-09}
        - {id: jiu, term: 旧会, kind: event, date: 2019, definition: 更早。}
        - {id: ren, term: 某人, kind: person}
        - {id: chang, term: 工厂, kind: organisation}
        - {id: zheng, term: 政策甲, kind: policy}
        - {id: shu, term: 某书, kind: work}
        - {id: shumu, term: 三百, kind: number}
        - {id: pin, term: 机床, kind: product}
        - {id: qita, term: 其余, kind: other}
        - {id: wu, term: 不曾出现, link: never}
        - {id: latin, term: KTV, gloss: {en: karaoke}}
        """,
    "texts/yi/text.yaml": """
        title: 第一篇：柳树与“引号”
        lang: zh-Hans
        author: [某甲, 某乙]
        publisher: 某社
        date: 2024-05
        revised: 2024-06-07
        url: https://example.net/yi?x=1&y=2
        rights: CC BY 4.0
        credits: {编辑: 某丙, 校对: 某丁}
        series: 丛编甲
        order: 1
        picture: static/a.svg
        summary: 一段**提要**，提到柳树。
        entries: {hui: first-in-text}
        notes:
          - {id: n1, in: title, on: 柳树, note: 标题上的注}
          - {id: n2, in: p1, on: 杨柳, note: "[[liu]]，并见[[er#p1]]与[[er#]]。\\n\\n第二段。"}
          - {id: n3, in: p2, note: 整段的注}
          - {id: n4, in: p1, on: 某人, until: {in: p2, on: 某书}, note: 一个范围}
          - {id: n5, in: p1, on: 柳树岸, note: 与别的注交叠}
          - {in: p2, on: 机床, entry: none}
          - {in: p2, on: 乙太鋼, reading: 以太鋼, note: 原文如此}
        convert:
          - in: p2
            on: 网络
            to: {zh-Hant-TW: 網絡}
            why: 专名
        """,
    "texts/yi/text.md": """\
柳树岸上有杨柳与柳树，某人在工厂里唱KTV，*重点*与**更重**，还有`代码`。[^一] {#p1}

某书说“大会‘不是’旧会”，机床三百，网络，乙太鋼，
[外链](https://example.net/)，[内链](#p1)，[文件](static/a.svg)。 {#p2 was=p99}

## 二级标题：柳树 {#p3}

### 三级标题 {#p4}

#### 四级标题 {#p5}

> 引文，说到柳树。 {#p6}
>
> 引文的第二段。 {#p7}

沉舟侧畔千帆过，
病树前头万木春。 {#p8 .verse}

- 甲 {#p9}
- 乙 {#p10}
  1. 子 {#p11}
  2. 丑 {#p12}

1. 一 {#p13}

   一的第二段。 {#p14}
2. 二 {#p15}

***

| 左 | 中 | 右 | 无 |
| :-- | :-: | --: | --- |
| 柳树 | **大会** | 222 | `x` |
| 二 | | [链](#p1) | 三[^一] |
{#p16}

![一幅画](static/a.svg) {#p17}

行里的![小画](static/a.svg)图。[^二] {#p18}

[^一]: 一条脚注，说到柳树。 {#p19}

[^二]: 又一条。 {#p20}
""",
    "texts/er/text.yaml": """
        title: 第二篇
        lang: zh-Hant-TW
        order: 2
        """,
    "texts/er/text.md": "「臺灣柳樹」，某人。 {#p1}\n\n## 題 {#p2}\n\n句。 {#p3}\n",
    "texts/san/text.yaml": "title: 第三篇，一字\n",
    "texts/san/text.md": "柳。 {#p1}\n",
    "pages/about.md": """\
# 关于本书

说到[[liu]]，并见[另一页](pages/more.md)。

## 体例

- 一
- 二

> 引
""",
    "pages/more.md": "# 另一页\n\n| 甲 | 乙 |\n| --- | --- |\n| 一 | 二 |\n\n![画](static/a.svg)\n",
    "static/a.svg": PICTURE,
}

#: What an editor may have written last of all.
NOTHING: Files = {"edition.yaml": "title: 空\n", "texts/.keep": ""}

ONE_WORD: Files = {
    "edition.yaml": "title: 一\n",
    "texts/a/text.yaml": "title: 字\n",
    "texts/a/text.md": "字 {#p1}\n",
}


def quoted(text: str) -> str:
    """As a YAML scalar."""
    return json.dumps(text)


#: What would run, be filled in, turn the line around, or push the page apart.
HOSTILE = "<script>window.hit = 1</script>${window.hit = 1}{{ 7 * 7 }}\u202e敌意" + "W" * 600
WORD = "Donaudampfschiff" * 320


def crowded() -> Files:
    """Too much of everything: terms, paragraphs, titles, words without a break, lists, a table."""
    rest = (
        f"pinyin: {quoted(HOSTILE)}, gloss: {{en: {quoted(HOSTILE)}}}, definition: {quoted(HOSTILE)}, "
        f"sources: [{{title: {quoted(HOSTILE)}, url: 'https://example.net/{'x' * 900}'}}]"
    )
    words = [f"词{stem}{branch}" for stem in "甲乙丙丁戊己庚辛壬癸" for branch in "子丑寅卯辰巳午未申酉戌亥"]
    entries = [
        f"- {{id: e{number}, term: {word}, gloss: {{en: word {number}}}, definition: 释义。}}"
        for number, word in enumerate(words)
    ]
    entries += [
        f"- {{id: long, term: 长词, gloss: {{en: {WORD}}}, definition: {quoted('很长的释义。' * 400)}}}",
        f"- {{id: broken, term: {'断' * 24}, definition: 一个长得要断开的词。}}",
        f"- {{id: hostile, term: 敌意, aliases: [{quoted(HOSTILE[:190])}], date: 2023, {rest}}}",
    ]
    body = ["，".join(words) + "。"]
    body += ["长词在行首，敌意在后，" + "字" * 40 + "，再来一个长词。"]
    body += ["断" * 24 + "。" + "前文" * count + "断" * 24 + "，后文。" for count in (2, 5, 9)]
    body += [WORD, f"`{WORD}`", f"[{WORD}](https://example.net/{'x' * 900})", HOSTILE]
    blocks = [f"{text} {{#p{number}}}" for number, text in enumerate(body, 1)]
    blocks += [f"第{number}段，说到{words[number % 120]}。 {{#p{number}}}" for number in range(20, 201)]
    blocks += [
        "\n".join("  " * depth + f"- 第{depth}层，{'很' * 30}深。 {{#p{300 + depth}}}" for depth in range(9)),
        "\n".join(
            ["|" + f" {'栏目' * 4} |" * 24, "|" + " --- |" * 24, "|" + f" {WORD[:80]} |" * 24, "{#p400}"]
        ),
        f"## {'极长的标题' * 30} {WORD[:900]} {{#p401}}",
    ]
    return {
        "edition.yaml": f"title: {quoted('极长的书名' * 30 + WORD[:900])}\ndescription: {quoted(HOSTILE)}\n"
        f"rights: {quoted(HOSTILE)}\neditors: [{quoted(HOSTILE)}]\n"
        "variants: [zh-Hans, zh-Hant]\nlink: every\n",
        "glossary/all.yaml": "\n".join(entries) + "\n",
        "texts/a/text.yaml": f"title: {quoted('极长的篇名' * 40 + WORD[:900])}\nauthor: {quoted(HOSTILE)}\n"
        f"publisher: {quoted(HOSTILE)}\nrights: {quoted(HOSTILE)}\nseries: {quoted(HOSTILE)}\n"
        f"credits: {{{quoted(HOSTILE[:200])}: {quoted(HOSTILE)}}}\nsummary: {quoted(HOSTILE)}\nnotes:\n"
        f"- {{id: n1, in: p2, on: 敌意, note: {quoted(HOSTILE)}}}\n"
        f"- {{id: n2, in: p2, on: 再来一个, note: {quoted('很长的注。' * 500)}}}\n",
        "texts/a/text.md": "\n\n".join(blocks) + "\n",
        "pages/about.md": f"# {'极长的' * 40}{WORD[:900]}\n\n{HOSTILE}\n\n`{WORD}`\n",
    }


CROWDED = crowded()
