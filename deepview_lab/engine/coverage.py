"""Which fields are not in every batch: their numbers are of fewer samples than the run has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["FieldCoverage"]

_MOST_NAMED = 3


@dataclass
class _Field:
    """Samples that had a field, and the number of the first batch without it, from 1 on, None if all had it."""

    samples: int
    lacking: int | None


class FieldCoverage:
    """Counts in how many samples each field was.

    An analysis that is a stream takes the fields that a batch has. Without this nobody would learn that one is gone.

    Examples
    --------
    >>> coverage = FieldCoverage()
    >>> coverage.count(1, ["a"], 32)
    >>> coverage.count(2, ["b"], 32)
    >>> coverage.note()
    "Only 32 of 64 samples have field 'a': batch 2 lacks it. Only 32 of 64 samples have field 'b': batch 1 lacks it."
    """

    def __init__(self) -> None:
        self._samples = 0
        self._fields: dict[str, _Field] = {}

    def count(self, number: int, names: Iterable[str], samples: int) -> None:
        """Count ``samples`` of the batch of this ``number``, from 1 on, which has the fields ``names``."""
        if samples == 0:
            return
        there = set(names)
        for name in sorted(there - self._fields.keys()):
            self._fields[name] = _Field(0, 1 if self._samples else None)
        self._samples += samples
        for name, field in self._fields.items():
            if name in there:
                field.samples += samples
            elif field.lacking is None:
                field.lacking = number

    def note(self) -> str:
        """Return a sentence for each field that some samples lack, empty when there is none."""
        partial = [(name, field) for name, field in self._fields.items() if field.lacking is not None]
        told = [
            f"Only {field.samples:,} of {self._samples:,} samples have field {name!r}: "
            f"batch {field.lacking:,} lacks it."
            for name, field in partial[:_MOST_NAMED]
        ]
        more = len(partial) - _MOST_NAMED
        return " ".join([*told, f"{more:,} more fields are not in all batches."] if more > 0 else told)

    def facts(self) -> dict[str, Any]:
        """Return it as JSON values."""
        fields = [[name, field.samples, field.lacking] for name, field in self._fields.items()]
        return {"samples": self._samples, "fields": fields}

    @classmethod
    def restored(cls, facts: Mapping[str, Any]) -> FieldCoverage:
        """Return what :meth:`facts` was made of.

        Raises
        ------
        ValueError, KeyError, TypeError
            when it is none.
        """
        coverage = cls()
        coverage._samples = _count(facts["samples"])
        for name, samples, lacking in facts["fields"]:
            if not isinstance(name, str):
                raise TypeError(f"a field is called {name!r}")
            coverage._fields[name] = _Field(_count(samples), None if lacking is None else _count(lacking))
        return coverage


def _count(value: Any) -> int:
    if not isinstance(value, int) or not 0 <= value <= 2**53:
        raise ValueError(f"no number of samples or batches: {value!r}")
    return value
