"""Notes after the random edits of 10,000 texts: how many hold, and how often the right place is named first.

    python bench/edits.py [TEXTS]

tests/property/test_edited_texts.py holds the limits on fewer texts.
"""

from __future__ import annotations

import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(CHECKOUT), str(CHECKOUT / "tests")]

from edited_texts import measure  # noqa: E402


def main() -> int:
    """Prints the counts; the exit status is 1 where the limits of the tests are not kept."""
    count = measure(range(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
    judged = count["first is right"] + count["first is not right"]
    share = count["first is right"] / judged
    for what, number in count.items():
        print(f"{number:8} {what}")
    print(f"{share:8.1%} of what is lost has the right place first")
    return 1 if count["wrong"] or share < 0.9 else 0


if __name__ == "__main__":
    sys.exit(main())
