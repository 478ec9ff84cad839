"""Whatever is annotated, the pinyin beside a page fits what the page shows, character by character."""

from __future__ import annotations

import json

from hypothesis import HealthCheck, given, settings
from property.test_edition import contents
from pypinyin.constants import PINYIN_DICT

from duben.compile.edition import compile_edition
from duben.compile.given_pinyin import may_be_read
from duben.diagnostics import Report
from duben.model import Content, Variant
from duben.publish.ruby import pinyin_scripts
from duben.read.syllables import is_han


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(contents())
def test_every_chinese_character_that_is_shown_has_a_reading_of_its_own(content: Content) -> None:
    report = Report()
    edition = compile_edition(content, report)
    if report.has_errors(strict=False):
        return
    scripts = {artifact.path: artifact.content.decode() for artifact in pinyin_scripts(edition)}
    for variant in Variant:
        call = scripts[f"{variant.folder}/texts/text.pinyin.js"]
        tag, readings = json.loads(f"[{call.removeprefix('duben.read(').removesuffix(');' + chr(10))}]")
        assert tag == variant
        for passage in edition.texts[0].passages:
            shown = [char for char in passage.text_in(variant) if is_han(char)]
            reading = readings.get(passage.paragraph.id, "")
            syllables = [each for word in reading.split(" ") for each in word.split(".")]
            if not reading:  # nothing Chinese, or nothing that is in any table
                assert not any(ord(char) in PINYIN_DICT for char in shown)
                continue
            assert len(syllables) == len(shown)
            for char, syllable in zip(shown, syllables, strict=True):
                if syllable or ord(char) in PINYIN_DICT:
                    assert may_be_read(char, syllable), (char, syllable)
