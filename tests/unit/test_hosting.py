"""What docs/hosting.md tells servers to say is what the pages say."""

from __future__ import annotations

import re
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
DOCS = (PROJECT / "docs" / "hosting.md").read_text("utf-8")
BASE = (PROJECT / "templates" / "base.html").read_text("utf-8")


def test_every_policy_of_the_docs_is_that_of_the_pages() -> None:
    stated = re.search(r'<meta http-equiv="Content-Security-Policy" content="(.*?)">', BASE)
    assert stated
    policies = re.findall(r"default-src[^\n\"]*", DOCS)
    assert len(policies) >= 6
    assert set(policies) == {stated[1]}


def test_every_server_is_told_the_same_three_headers() -> None:
    for name in ("nginx", "apache", "caddy"):
        block = re.search(rf"```{name}\n(.*?)```", DOCS, re.DOTALL)
        assert block, name
        for header in ("Content-Security-Policy", "Cache-Control", "X-Content-Type-Options"):
            assert block[1].count(header) == 1, f"{name}: {header}"
        assert "/404.html" in block[1], name


def test_the_workflows_are_those_that_duben_new_writes() -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", DOCS, re.DOTALL)
    shown = [block for block in blocks if "duben build" in block]
    start = PROJECT / "duben" / "desk" / "sample" / "start"
    assert [(start / name).read_text("utf-8") for name in ("github.yaml", "gitlab.yaml")] == shown


def test_every_host_that_builds_installs_the_wheel_of_the_edition() -> None:
    commands = re.findall(r"pip install (\S+)", DOCS)
    assert len(commands) == 3
    assert set(commands) == {"wheel/duben-*.whl"}
