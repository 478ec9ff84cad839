"""What is expected of the two articles that are kept outside: lengths and hashes, no sentence of theirs."""

from __future__ import annotations

SLUGS = ("yijian-dongbei", "changjiangyun-zhongbu")
# slug: (the variant it is printed in, lengths of p1, p2 …, SHA-256 of the paragraphs, a line each)
PRINTED = {
    "yijian-dongbei": (
        "zh-hans",
        "97 156 70 20 125 88 51 61 58 96 144 112 24 79 127 31 85 159 42 117 82",
        "c9c5d49b01567ff657613729c783951aade58d43741313bf5013efa528c088d4",
    ),
    "changjiangyun-zhongbu": (
        "zh-hant-tw",
        "63 72 82 135 92 101 99 85 133 86 123 122 79 108 135 113 155 99 72 123 128 98",
        "fd325e9a4e54e908bee9d8433de992295d09a7fd06b432d8eb3aedd42e1c5fab",
    ),
}
