"""Names and sentences that try to look like others; what people see of them is a fixture for both languages."""

from __future__ import annotations

HEBREW = "\u05e9\u05dc\u05d5\u05dd"

NAMES = (
    "",
    "conv_1",
    "größe",
    "€ 🙂 👩\u200d🔬",
    "a\nb\tc\r",
    "\x1b[2K\x07\x9b31m",
    "\u202egpj.exe",
    "\u2066x\u2069",
    "a\u2028b\u2029c\x85",
    "\u200b\ufeff\u00ad\U000e0041",
    "\ud800x",
    HEBREW,
    f"{HEBREW}\u2069\u202e x",
    "\u2068conv\u2069",
)

SENTENCES = (
    *NAMES,
    f"Stop \u2068{HEBREW}\u2069 now\x1b",
    f"\u2068\u2068{HEBREW}\u2069\u2069",
    "\u2068a\u2069 \u2068\u0628\x00\u2069",
)
