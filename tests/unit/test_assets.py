"""The theme's scripts and style sheets, as they are written and as they are sent."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from duben.publish.assets import shrink
from duben.publish.render import theme_folder

SCRIPTS = sorted((theme_folder() / "assets").glob("*.js"))

# A template string inside another: one opens after `${` and before its `}`.
NESTED = re.compile(r"`[^`]*\$\{[^}`]*`")


def test_the_minifier_takes_a_space_from_a_template_in_a_template() -> None:
    # The reason for the next test, which can go when this one fails.
    assert shrink("a.js", b"x = `${y && `${y}, `}${z}`;") != b"x=`${y&&`${y}, `}${z}`;\n"


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_no_script_of_the_theme_has_a_template_in_a_template(script: Path) -> None:
    assert NESTED.findall(script.read_text("utf-8")) == []
