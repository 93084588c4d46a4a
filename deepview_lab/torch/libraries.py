"""PyTorch, imported when it is first needed: that takes seconds, and it is an extra."""

from __future__ import annotations

from typing import Any

from deepview_lab.exceptions import MissingExtraError

__all__ = ["reason_of", "require_torch"]


def require_torch() -> Any:  # Any: PyTorch need not be installed where types are checked
    """Return the module ``torch``.

    Raises
    ------
    MissingExtraError
        (an ImportError) when it is not installed.
    """
    try:
        import torch
    except ImportError:
        raise MissingExtraError("Running a PyTorch model", "PyTorch", "torch") from None
    return torch


def reason_of(error: Exception) -> str:
    """Return the first line of an error's message, with a full stop."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    text = lines[0] if lines else type(error).__name__
    return text if text.endswith(".") else f"{text}."
