"""An accumulator as plain arrays and JSON, so that it can be written to disk and read again by another process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias, runtime_checkable

from numpy.typing import NDArray

from deepview_lab.analysis.sample_count import SampleCount
from deepview_lab.base import ResponseInfo

__all__ = ["Keepable", "State", "can_be_kept", "restored", "state_of"]

# Any: JSON has no type of its own.
JSON: TypeAlias = Any


@dataclass(frozen=True, eq=False)
class State:
    """What an accumulator holds.

    Attributes
    ----------
    arrays : mapping of str to numpy.ndarray
        Numbers or truth values, no objects. They may be views of the accumulator: use them before it goes on.
    facts : JSON value
        Everything else. Whole numbers may be larger than 64 bits.
    """

    arrays: Mapping[str, NDArray[Any]]
    facts: JSON


@runtime_checkable
class Keepable(Protocol):
    """A spec whose accumulator can be kept in a checkpoint.

    A restored accumulator goes on exactly like the one that was kept: all later numbers are equal bit by bit.
    """

    def state(self, acc: Any) -> State:  # Any: the accumulator of the spec
        """Return what ``acc`` holds, without changing it."""
        ...

    def restore(self, state: State, responses: Mapping[str, ResponseInfo]) -> Any:
        """Return the accumulator that had this state. May keep the arrays.

        Raises
        ------
        ValueError, KeyError, TypeError
            when it is no state of such an accumulator.
        """
        ...


def can_be_kept(spec: object, acc: object) -> bool:
    """Return whether ``acc``, an accumulator of ``spec``, can be kept: it is a count of samples, or has a state."""
    return isinstance(acc, SampleCount) or isinstance(spec, Keepable)


def state_of(spec: object, acc: Any) -> State:
    """Return what ``acc``, an accumulator of ``spec``, holds; see :func:`can_be_kept`."""
    if isinstance(acc, SampleCount):
        return State({}, acc.samples)
    assert isinstance(spec, Keepable)
    return spec.state(acc)


def restored(spec: object, empty: Any, state: State, responses: Mapping[str, ResponseInfo]) -> Any:
    """Return the accumulator of ``spec`` that had ``state``; ``empty`` is one that has seen nothing.

    Raises
    ------
    ValueError, KeyError, TypeError
        when it is no state of such an accumulator.
    """
    if isinstance(empty, SampleCount):
        empty.samples = int(state.facts)
        if empty.samples < 0:
            raise ValueError(f"{empty.samples} samples")
        return empty
    assert isinstance(spec, Keepable)
    return spec.restore(state, responses)
