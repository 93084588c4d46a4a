"""What every analysis of responses checks and asks before it folds a field in."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from deepview_lab.base import ResponseInfo
from deepview_lab.base.response import unit_axis_of
from deepview_lab.exceptions import DeepViewException, NonFiniteError, ShapeChangedError
from deepview_lab.numerics.usable import LARGEST, usable_samples

__all__ = ["OnNonFinite", "ResponseShape", "checked_on_nonfinite", "left_out_note", "refuse_nonfinite", "shape_of"]

# Of a sample; more are no response but a broken file.
_MOST_AXES = 32
_MOST_VALUES = 2**40

OnNonFinite: TypeAlias = Literal["skip", "raise"]


@dataclass(frozen=True)
class ResponseShape:
    """How the samples of a response are laid out.

    Attributes
    ----------
    sample : tuple of int
        Shape of one sample.
    unit_axis : int
        Which axis of a *sample* counts units; 0 for samples that are single numbers.
    """

    sample: tuple[int, ...]
    unit_axis: int

    @property
    def units(self) -> int:
        """Number of units; a sample that is a single number is one unit."""
        return self.sample[self.unit_axis] if self.sample else 1

    @property
    def size(self) -> int:
        """Values of one sample."""
        return int(np.prod(self.sample, dtype=np.int64))

    @property
    def positions(self) -> tuple[int, ...]:
        """The axes of a sample that do not count units."""
        return tuple(axis for axis in range(len(self.sample)) if axis != self.unit_axis)

    def facts(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {"sample": list(self.sample), "unit_axis": self.unit_axis}

    @classmethod
    def of_facts(cls, facts: Mapping[str, Any]) -> ResponseShape:
        """Return what :meth:`facts` was made of.

        Raises
        ------
        ValueError, KeyError, TypeError
            when it is none.
        """
        shape = cls(tuple(int(length) for length in facts["sample"]), int(facts["unit_axis"]))
        if (
            min(shape.sample, default=1) < 1
            or len(shape.sample) > _MOST_AXES
            or math.prod(shape.sample) > _MOST_VALUES
            or not 0 <= shape.unit_axis < max(len(shape.sample), 1)
        ):
            raise ValueError(f"no layout of a response: {shape}")
        return shape

    def expect(self, field: str, values: NDArray[Any]) -> None:
        """Check that further samples have this shape and are real numbers.

        Raises
        ------
        ShapeChangedError
            when they have another shape.
        DeepViewException
            when they are no real numbers.
        """
        _check_numbers(field, values)
        self.expect_sample(field, values.shape[1:])

    def expect_sample(self, field: str, sample: tuple[int, ...]) -> None:
        """Check that further samples have this shape.

        Raises
        ------
        ShapeChangedError
            when they do not.
        """
        if sample != self.sample:
            raise ShapeChangedError(field, self.sample, sample)


def shape_of(field: str, values: NDArray[Any], responses: Mapping[str, ResponseInfo]) -> ResponseShape:
    """Return the layout of a response seen for the first time.

    Raises
    ------
    DeepViewException
        when the field does not hold real numbers, or its samples hold no value.
    """
    _check_numbers(field, values)
    sample = values.shape[1:]
    if 0 in sample:
        raise DeepViewException(
            f"Response {field!r} has samples of shape {sample}, which hold no value. Request another response, or "
            f"leave it out with FieldRemover(fields={field!a})."
        )
    axis = unit_axis_of(values.ndim, responses.get(field)) - 1 if sample else 0
    return ResponseShape(sample, axis)


def refuse_nonfinite(fields: Mapping[str, NDArray[Any]]) -> None:
    """Raise a NonFiniteError for the first field that holds NaN, infinity or numbers that are too large."""
    for name, values in fields.items():
        odd = int((~usable_samples(values)).sum())
        if odd:
            raise NonFiniteError(name, odd)


def _check_numbers(field: str, values: NDArray[Any]) -> None:
    if values.dtype.kind not in "bfiu":
        raise DeepViewException(
            f"Response {field!r} must hold real numbers, but has dtype {values.dtype}. Convert it, or leave it out "
            f"with FieldRemover(fields={field!a})."
        )


def checked_on_nonfinite(value: str) -> None:
    """Raise a ValueError unless ``value`` is one of the ways to treat values that are not finite."""
    if value not in get_args(OnNonFinite):
        raise ValueError(f"on_nonfinite must be 'skip' or 'raise', but is {value!r}.")


def left_out_note(nonfinite: int) -> str:
    """Return a sentence on samples left out, empty when there are none."""
    if nonfinite == 0:
        return ""
    samples = "1 sample was" if nonfinite == 1 else f"{nonfinite:,} samples were"
    return f"{samples} left out: NaN, infinite or above {LARGEST:.2g}."
