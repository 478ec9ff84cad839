"""Writes docs/codes.md: run it after an edit of duben/desk/codes/ or of CODES.

    python tools/codes.py

The page is committed; a test says when it is not up to date.
"""

from __future__ import annotations

import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(CHECKOUT))

from duben.desk.explain import codes_page  # noqa: E402

if __name__ == "__main__":
    (CHECKOUT / "docs" / "codes.md").write_text(codes_page(), encoding="utf-8", newline="")
