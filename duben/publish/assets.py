"""The theme's own scripts and style sheets, as small as they can be sent."""

from __future__ import annotations

from rcssmin import cssmin
from rjsmin import jsmin


def shrink(path: str, content: bytes) -> bytes:
    """A script or style sheet without comments and needless space; any other file as it is."""
    if path.endswith(".js"):
        script: bytes = jsmin(content)
        return script.strip() + b"\n"
    if path.endswith(".css"):
        sheet: bytes = cssmin(content)
        return sheet.strip() + b"\n"
    return content
