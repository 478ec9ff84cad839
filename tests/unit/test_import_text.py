"""`duben import` of plain text and Markdown: encodings, paragraphs, what is around them, the script."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from importing import PNG, Desk

FIRST = "天还没有全亮，巷口的早市已经热闹起来了。卖豆浆的老人支起炉子，旁边的面摊也冒出了热气。"
SECOND = "他说，他只卖两样东西：豆浆和油条。油条要现炸的，凉了就不好吃了。"
THIRD = "九点一过，摊子一个个收起来，巷子又干净了，好像什么也没有发生过。"
PROSE = [FIRST, SECOND, THIRD]


@pytest.fixture
def desk(tmp_path: Path, run_duben: Callable) -> Desk:
    return Desk(tmp_path, run_duben)


@pytest.mark.parametrize(
    ("text", "way"),
    [
        (f"早市\n\n{FIRST}\n\n{SECOND}\n\n{THIRD}\n", "blank-line"),
        (f"早市\n{FIRST}\n{SECOND}\n{THIRD}\n", "line"),
        (f"早市\n　　{FIRST}\n　　{SECOND}\n　　{THIRD}\n", "line"),
        (f"早市\n\n　　{FIRST}\n　　{SECOND}\n\n　　{THIRD}", "line"),
        (f"早市\r\n\r\n{FIRST}\r\n\r\n{SECOND}\r\n\r\n{THIRD}\r\n", "blank-line"),
        (f"早市 {FIRST} {SECOND} {THIRD}", "space-after-stop"),
        (f"早市--生活--江畔网 {FIRST} {SECOND}　{THIRD} 责任编辑：何清 分享到：", "space-after-stop"),
    ],
)
def test_paragraphs_are_divided_as_the_text_shows(text: str, way: str, desk: Desk) -> None:
    found = desk.take("a.txt", text)
    assert found.words == PROSE
    assert found.text.title.text == "早市"
    assert f"split:     {way}: " in found.run.stdout


def wrap(text: str, width: int, indent: str = "") -> list[str]:
    """Lines of a measure, as a program wraps them: no stop begins a line."""
    lines, line = [], indent
    for char in text:
        if len(line) >= width and char not in "，。：；！？”」":
            lines.append(line)
            line = ""
        line += char
    return [*lines, line]


# Without indents and blank lines only a short last line tells a paragraph's end.
@pytest.mark.parametrize(
    ("indent", "between", "width"),
    [("　　", [], 20), ("　　", [], 30), ("　　", [""], 20), ("", [""], 20), ("", [""], 30), ("", [], 20)],
)
def test_wrapped_lines_are_joined(indent: str, between: list[str], width: int, desk: Desk) -> None:
    lines: list[str] = ["早市", ""]
    for paragraph in PROSE * 2:
        lines += [*wrap(paragraph, width, indent), *between]
    found = desk.take("a.txt", "\n".join(lines))
    assert found.words == PROSE * 2
    assert "split:     wrapped: " in found.run.stdout


def test_wrapped_latin_words_get_their_space_back(desk: Desk) -> None:
    lines = [
        "这一段中英文混排，讲的是 open source",
        "software 与读者的关系。每一行都排到同样",
        "的宽度为止，到了末尾就转到下一行去，直到",
        "这一段结束。",
        "",
        "第二段也是一样的，行行都满，一直写到这里",
        "为止，没有别的话了。",
    ]
    found = desk.take("a.txt", "排版\n\n" + "\n".join(lines))
    assert found.words[0].startswith("这一段中英文混排，讲的是 open source software 与读者的关系。每一行")
    assert len(found.words) == 2


def test_page_numbers_between_the_halves_of_a_paragraph_go(desk: Desk) -> None:
    text = f"早市\n\n{FIRST[:30]}\n\n- 1 -\n\n{FIRST[30:]}\n\n{SECOND}\n\n- 2 -\n\n{THIRD}\n"
    found = desk.take("a.txt", text)
    assert found.words == PROSE
    assert found.why("- 1 -") == "page number"


def test_bare_numbers_between_whole_paragraphs_stay(desk: Desk) -> None:
    found = desk.take("a.txt", f"早市\n\n{FIRST}\n\n1\n\n{SECOND}\n\n2\n\n{THIRD}\n")
    assert found.words == [FIRST, "1", SECOND, "2", THIRD]


def test_short_lines_together_are_a_stanza(desk: Desk) -> None:
    poem = "河水向东流\n柳树站在岸上\n风来的时候\n它们说一样的话"
    found = desk.take("a.txt", f"早市\n\n{FIRST}\n\n{poem}\n\n{THIRD}\n")
    assert found.shown == [("paragraph", FIRST), ("verse", poem), ("paragraph", THIRD)]


def test_a_poem_keeps_its_stanzas(desk: Desk) -> None:
    found = desk.take(
        "a.txt",
        "渡口\n林小满\n\n水向东边去，\n船在岸边停。\n\n老人数着星，\n孩子数着灯。\n\n夜深了。\n桥也睡了。\n",
    )
    assert [kind for kind, _ in found.shown] == ["verse"] * 3
    assert found.text.title.text == "渡口"
    assert found.text.metadata.author == ("林小满",)


def test_numbered_heads_are_headings(desk: Desk) -> None:
    found = desk.take("a.txt", f"早市\n\n一、清晨\n\n{FIRST}\n\n二、上午\n\n{SECOND}\n\n{THIRD}\n")
    assert [text for kind, text in found.shown if kind == "heading"] == ["一、清晨", "二、上午"]


def test_a_line_of_asterisks_is_a_break(desk: Desk) -> None:
    found = desk.take("a.txt", f"早市\n\n{FIRST}\n\n　　*　　*　　*\n\n{SECOND}\n\n——————\n\n{THIRD}\n")
    assert found.words == PROSE
    assert [paragraph.after_break for paragraph in found.text.paragraphs] == [False, True, True]
    assert found.why("* * *") == "break between sections"


def test_what_is_around_the_article_is_known_and_told(desk: Desk) -> None:
    text = (
        "首页 > 生活 > 正文\n早市为什么热闹？\n——记河边的一条街\n"
        "2024年5月6日 07:30　来源：江畔晚报　作者：林小满\n"
        f"【字体：大 中 小】 打印\n\n{FIRST}\n\n{SECOND}\n\n{THIRD}\n\n"
        "（责任编辑：何清）\n\n分享到：微信 微博\n\n相关阅读\n河边的夜市也要搬家了\n\n"
        "版权所有 江畔晚报 京ICP备00000000号\n"
    )
    found = desk.take("a.txt", text)
    assert found.words == PROSE
    metadata = found.text.metadata
    assert found.text.title.text == "早市为什么热闹？——记河边的一条街"
    assert (metadata.date, metadata.publisher, metadata.author) == ("2024-05-06", "江畔晚报", ("林小满",))
    assert found.credits == {"责任编辑": "何清"}
    assert found.why("首页") == "breadcrumb"
    assert found.why("字体") == "page control"
    assert found.why("微信") == "share bar"
    assert found.why("夜市") == "after the end of the article (share bar)"
    assert "a.txt:1:1: 首页 > 生活 > 正文" in found.run.stdout


def test_a_sentence_about_copyright_amid_the_text_stays(desk: Desk) -> None:
    law = "版权所有者有权禁止他人转载，这是法律写明了的，谁也不能例外。"
    found = desk.take("a.txt", f"早市\n\n{FIRST}\n\n{law}\n\n{THIRD}\n")
    assert found.words == [FIRST, law, THIRD]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings_are_recognised(encoding: str, desk: Desk) -> None:
    found = desk.take("a.txt", f"早市\n\n{FIRST}\n\n{SECOND}\n".encode(encoding))
    assert found.words == [FIRST, SECOND]


def test_big5_is_recognised_and_its_script(desk: Desk) -> None:
    text = "早市\n\n天還沒有全亮，巷口的早市已經熱鬧起來了。\n\n他說，這裡只賣兩樣東西：豆漿和油條。\n"
    found = desk.take("a.txt", text.encode("big5"))
    assert found.words[1] == "他說，這裡只賣兩樣東西：豆漿和油條。"
    assert found.text.variant.startswith("zh-Hant")
    assert "Big5" in found.run.stdout


@pytest.mark.parametrize(
    ("text", "variant"),
    [
        ("他们说，这里没有别的东西。", "zh-Hans"),
        ("他們說，這裡沒有別的東西，只有這裡的風。軟體和網路都是後來的事。", "zh-Hant-TW"),
        ("他們説，這裏沒有別的東西，着了涼，綫也斷了，衞生也差。", "zh-Hant-HK"),
        ("他們走了很遠，沒有回頭。", "zh-Hant"),
    ],
)
def test_the_script_is_told_with_its_evidence(text: str, variant: str, desk: Desk) -> None:
    found = desk.take("a.txt", f"早市\n\n{text}\n\n{text}\n")
    assert found.text.variant == variant
    assert f"script:    {variant}: " in found.run.stdout


def test_a_text_in_two_scripts_is_told(desk: Desk) -> None:
    run = desk.take("a.txt", f"早市\n\n{FIRST}\n\n他們說這裡沒有別的東西，賣豆漿的來了，熱鬧極了。\n").run
    assert "Simplified and Traditional stand in it" in run.stderr


def test_the_script_that_is_asked_for_is_written(desk: Desk) -> None:
    found = desk.take("a.txt", f"早市\n\n{FIRST}\n", "--lang", "zh-hant-hk")
    assert found.text.variant == "zh-Hant-HK"


def test_half_width_marks_are_told_and_made_wide_at_a_wish(desk: Desk) -> None:
    text = "早市\n\n天亮了,人来了,热闹了。价钱是3.5元,不贵!\n"
    assert "half-width marks" in desk.take("a.txt", text, "--slug", "a").run.stderr
    desk.take("a.txt", text, "--slug", "b", "--normalize")
    body = (desk.content / "texts" / "b" / "text.md").read_text("utf-8")
    assert body == "天亮了，人来了，热闹了。价钱是3.5元，不贵！ {#p1}\n"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("他搬进城里,住在我家,再也没有做过豆腐.", "3 half-width marks stand"),
        ("天亮了,人来了。", "1 half-width mark stands"),
        ("“天亮了.”他说。", "1 half-width mark stands"),
        ("天亮了(他说)。", "2 half-width marks stand"),
    ],
)
def test_each_half_width_mark_that_check_finds_is_told_at_once(desk: Desk, line: str, said: str) -> None:
    assert said in desk.take("a.txt", f"早市\n\n{line}\n").run.stderr


def test_marks_of_numbers_and_of_english_are_not_told_as_half_width(desk: Desk) -> None:
    said = desk.take("a.txt", "早市\n\n价钱是3.5元，他说“Well, all right.”就走了。\n").run.stderr
    assert "half-width" not in said


def test_vertical_quotation_marks_stay(desk: Desk) -> None:
    words = "「這裡沒有別的東西。」老人說，「只有豆漿。」"
    assert desk.take("a.txt", f"早市\n\n{words}\n\n『好。』\n").words[0] == words


def test_signs_of_markdown_are_text(desk: Desk) -> None:
    signs = "# 号、* 号、[方括号](x)、<尖括号>、`反引号`、[^1]、{#p9}，都只是字。"
    found = desk.take("a.txt", f"早市\n\n{signs}\n\n1. 这不是列表，只是一句话。\n\n- 也不是。\n")
    assert found.words[0] == signs.replace("{#", "{ #")
    assert [kind for kind, _ in found.shown] == ["paragraph"] * 3
    assert found.words[1].startswith("1. ")


def test_invisible_characters_go_and_are_told(desk: Desk) -> None:
    found = desk.take("a.txt", f"早市\n\n\u200b{FIRST[:5]}\u200b{FIRST[5:]}\n\n{SECOND}\u00ad\n")
    assert found.words == [FIRST, SECOND]
    assert "[an invisible character, U+200B]" in found.run.stdout


def test_broken_bytes_are_told_where_they_stand(desk: Desk) -> None:
    data = f"早市\n\n{FIRST * 9}\n\n{SECOND}\n".encode()
    run = desk.take("a.txt", data[:-10] + b"\xe5\n").run
    assert "a.txt:5:1: warning: 1 characters could not be read" in run.stderr


def test_a_short_text_is_told(desk: Desk) -> None:
    assert "the text has only" in desk.take("a.txt", "早市\n\n天亮了。\n").run.stderr


@pytest.mark.parametrize("split", ["blank-line", "line", "wrapped"])
def test_split_decides_against_the_evidence(split: str, desk: Desk) -> None:
    found = desk.take("a.txt", f"早市\n\n{FIRST}\n{SECOND}\n\n{THIRD}\n", "--split", split)
    # The first line is the longest, so it fills the measure.
    joined = {"blank-line": [FIRST + SECOND, THIRD], "line": PROSE, "wrapped": [FIRST + SECOND, THIRD]}
    assert found.words == joined[split]


# --- Markdown ------------------------------------------------------------------------------------


def test_markdown_is_taken_as_it_is_written(desk: Desk) -> None:
    text = (
        "---\ntitle: 早市\nauthor: 林小满\ndate: 2024-05-06\n---\n\n"
        f"{FIRST}[^1]\n\n清晨\n----\n\n- 豆浆\n- 油条\n\n"
        f"> {SECOND}\n\n| 甲 | 乙 |\n| - | - |\n| 1 | 2 |\n\n[^1]: 注。\n"
    )
    found = desk.take("a.md", text)
    assert [kind for kind, _ in found.shown if kind != "cell"] == [
        "paragraph",
        "heading",
        "paragraph",
        "paragraph",
        "paragraph",
        "table",
        "footnote",
    ]
    assert (found.text.title.text, found.text.metadata.author) == ("早市", ("林小满",))
    assert found.text.metadata.date == "2024-05-06"
    sheet = (desk.content / "texts" / "zaoshi" / "text.yaml").read_text("utf-8")
    assert "next-id: 8\n" in sheet


def test_pictures_of_markdown_come_along(desk: Desk) -> None:
    desk.put("图/早市 1.png", PNG)
    found = desk.take("a.md", f"# 早市\n\n![摊子](<图/早市 1.png>)\n\n{FIRST}\n\n![没有](b.png)\n")
    assert (desk.content / "static" / "zaoshi" / "1.png").read_bytes() == PNG
    assert found.text.paragraphs[0].marks[0].target == "static/zaoshi/1.png"
    assert found.why("没有") == "picture that is not at hand"


def test_what_markdown_cannot_be_is_an_error_with_its_line(desk: Desk) -> None:
    desk.put("a.md", f"# 早市\n\n{FIRST}\n\n```\n代码\n```\n")
    run = desk.run("a.md")
    assert run.status == 1
    assert "\na.md:5:1: error: a block of code has no place" in run.stderr
    assert desk.files().keys() == {"edition.yaml"}


def test_links_that_lead_nowhere_keep_their_words_and_are_told(desk: Desk) -> None:
    text = (
        "# 早市\n\n"
        f'{FIRST}见[另一篇](other.md)，也见[**粗**体](<b c.md> "题")和[网上](https://a.cn/x)。\n\n'
        f"{SECOND}[上文](#p1)与[这里](#p9)，[表](static/b.pdf)与[附](static/c.pdf)。 {{#p9}}\n\n"
        "![远](https://a.cn/b.png)![单](x.png 'y')\n\n"
        f"[![有](a.png)](w.md){THIRD}[![无](b.png)](v.md)\n"
    )
    desk.put("content/static/b.pdf", b"x")
    desk.put("a.png", PNG)
    found = desk.take("a.md", text)
    body = (desk.content / "texts" / "zaoshi" / "text.md").read_text("utf-8")
    assert "见另一篇，也见**粗**体和[网上](https://a.cn/x)。" in body
    assert "上文与[这里](#p9)，[表](static/b.pdf)与附。" in body
    assert "![有](static/zaoshi/a.png)" in body
    for gone in (".md)", "#p1)", "c.pdf", "b.png", "x.png", "a.cn/b"):
        assert gone not in body, gone
    for address in ("other.md", "b c.md", "#p1", "static/c.pdf", "w.md"):
        assert found.why(address) == "address of a link that leads nowhere here"
    assert found.why("[](v.md)") == "link without words"
    assert "    a.md:3:" in found.run.stdout
    assert found.why("https://a.cn/b.png") == "picture that leads nowhere here"
    assert desk.run_duben("check", cwd=desk.folder).status == 0
