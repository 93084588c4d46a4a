"""Numbers that users give, checked before they are used."""

from __future__ import annotations

import math
import operator
from typing import SupportsFloat

from deepview_lab.exceptions import OptionError, OptionTypeError

__all__ = ["finite_number", "whole_number"]


def whole_number(option: str, value: object, *, write: str, least: int = 1) -> int:
    """Return ``value`` as an int.

    Parameters
    ----------
    option : str
        What the user calls it.
    value : object
        An int or another whole number, such as of NumPy.
    write : str
        What to write instead, for the message: ``batch_size=32``.
    least : int
        The smallest one that is allowed.

    Raises
    ------
    OptionTypeError
        (a TypeError) when it is no whole number.
    OptionError
        (a ValueError) when it is below ``least``.
    """
    expected = f"a whole number of at least {least}"
    try:
        number = operator.index(value)  # type: ignore[arg-type]  # what is none raises
    except TypeError:
        raise OptionTypeError(option, expected, value, write) from None
    if number < least:
        raise OptionError(f"{option} must be at least {least}, but is {value}. Write {write}.")
    return number


def finite_number(option: str, value: object, *, write: str) -> float:
    """Return ``value`` as a float of at least 0; parameters and errors are those of :func:`whole_number`."""
    expected = "a finite number of at least 0"
    if isinstance(value, str) or not isinstance(value, SupportsFloat):
        raise OptionTypeError(option, expected, value, write)
    number = float(value)
    if not (math.isfinite(number) and number >= 0):
        raise OptionError(f"{option} must be {expected}, but is {value}. Write {write}.")
    return number
