"""Writes the editor's own files: each is old or new, whole, whatever happens."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from duben.read.files import reason
from duben.read.yaml_nodes import Node, Scalar, Sequenced

_PLAIN = re.compile(r"[\w㐀-鿿]+")


def write_whole(path: Path, content: str | bytes) -> str:
    """Writes a file whole or not at all, and returns what went wrong, or "".

    A file that is there keeps its rights, and a link keeps leading to it. What is written is on the disk
    before it takes the old one's place, so that a kill, a full disk or a power cut leaves one or the other.
    """
    path = path.resolve()
    temporary = path.with_name(f".{path.name}.new")
    try:
        with temporary.open("wb") as file:
            file.write(content.encode("utf-8") if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            temporary.chmod(path.stat().st_mode & 0o7777)
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        return f"it cannot be written: {reason(error)}"
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return ""


def yaml_scalar(text: str) -> str:
    """The text as a value in YAML, on one line: bare where that is certain, else in quotes."""
    return text if _PLAIN.fullmatch(text) and not text.isascii() else json.dumps(text, ensure_ascii=False)


def yaml_tree(node: Node | None, added: Mapping[int, Mapping[str, str]] = MappingProxyType({})) -> object:
    """What a node says, wherever it stands; added: by the identity of a mapping, keys that it gets."""
    if isinstance(node, Scalar):
        return node.value, node.plain
    if isinstance(node, Sequenced):
        return [yaml_tree(item, added) for item in node.items]
    if node is None:
        return None
    tree = {name.value: yaml_tree(value, added) for name, value in node.items}
    return tree | {key: (value, True) for key, value in added.get(id(node), {}).items()}
