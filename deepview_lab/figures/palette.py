"""Colours of charts that are readable on light and dark: inactivity is warm, redundancy cool."""

from __future__ import annotations

__all__ = ["DEAD", "INACTIVE", "KEPT", "ORIGINAL"]

INACTIVE = "#d07a1f"
DEAD = "#8f3b0b"
KEPT = "#1d9488"
ORIGINAL = "#8a8f98"
