"""The laws that every analysis obeys. Each takes a spec and at least one batch and raises AssertionError when broken.

Streaming, live tables, cancelling with a partial result, resuming and spreading over machines rest on them. Whoever
adds an analysis runs them over its spec::

    @pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
    @given(batches=...)
    def test_law(law, batches):
        law(MySpec(), batches)
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from deepview_lab.analysis.contract import Budget, Spec
from deepview_lab.analysis.state import State, can_be_kept, restored, state_of
from deepview_lab.base import Batch

__all__ = [
    "LAWS",
    "adding_no_rows_changes_nothing",
    "assert_same_table",
    "empty_is_the_identity_of_merge",
    "merge_is_associative",
    "merging_equals_seeing_all",
    "restored_it_goes_on_as_if_never_interrupted",
    "snapshots_are_pure",
    "the_cut_into_batches_does_not_matter",
    "update_leaves_the_batch_alone",
]

AnySpec: TypeAlias = Spec[Any, Any, Any]  # Any: the laws hold for all analyses
Table: TypeAlias = Mapping[str, NDArray[Any]]
Law: TypeAlias = Callable[[AnySpec, Sequence[Batch]], None]

# Sums in another order differ in their last bits, and differences of large numbers amplify that.
_RELATIVE = 1e-6
_ABSOLUTE = 1e-9


def assert_same_table(actual: Table, expected: Table) -> None:
    """Raise AssertionError unless two tables are equal, floats up to rounding."""
    assert list(actual) == list(expected)
    for name, column in expected.items():
        assert actual[name].dtype == column.dtype, name
        if np.issubdtype(column.dtype, np.floating):
            np.testing.assert_allclose(actual[name], column, rtol=_RELATIVE, atol=_ABSOLUTE, err_msg=name)
        else:
            np.testing.assert_array_equal(actual[name], column, err_msg=name)


def empty_is_the_identity_of_merge(spec: AnySpec, batches: Sequence[Batch]) -> None:
    """A fresh accumulator, merged on either side, changes nothing."""
    expected = _table(spec, _folded(spec, batches))
    assert_same_table(_table(spec, spec.merge(spec.create(), _folded(spec, batches))), expected)
    assert_same_table(_table(spec, spec.merge(_folded(spec, batches), spec.create())), expected)


def merge_is_associative(spec: AnySpec, batches: Sequence[Batch]) -> None:
    """(a + b) + c is a + (b + c)."""

    def third(index: int) -> Any:
        return _folded(spec, batches[index::3])

    left = spec.merge(spec.merge(third(0), third(1)), third(2))
    right = spec.merge(third(0), spec.merge(third(1), third(2)))
    assert_same_table(_table(spec, left), _table(spec, right))


def merging_equals_seeing_all(spec: AnySpec, batches: Sequence[Batch]) -> None:
    """Accumulators of one batch each, merged, are one accumulator that saw all; the second operand stays as it was."""
    parts = [_folded(spec, [batch]) for batch in batches]
    before = [_table(spec, part) for part in parts]
    merged = reduce(spec.merge, parts, spec.create())
    assert_same_table(_table(spec, merged), _table(spec, _folded(spec, batches)))
    for part, table in zip(parts, before, strict=True):
        assert_same_table(_table(spec, part), table)


def the_cut_into_batches_does_not_matter(spec: AnySpec, batches: Sequence[Batch]) -> None:
    """Sample by sample gives what larger batches give."""
    single = [batch.elements[index : index + 1] for batch in batches for index in range(batch.batch_size)]
    if single:
        assert_same_table(_table(spec, _folded(spec, single)), _table(spec, _folded(spec, batches)))


def snapshots_are_pure(spec: AnySpec, batches: Sequence[Batch]) -> None:
    """Looking changes nothing: not the next look, and not what comes out in the end."""
    watched = spec.create()
    previous = None
    for batch in batches:
        watched = spec.update(watched, batch)
        previous = spec.snapshot(watched, Budget.unlimited(), previous)
        assert_same_table(_table(spec, watched), previous.columns())
    assert_same_table(_table(spec, watched), _table(spec, _folded(spec, batches)))


def adding_no_rows_changes_nothing(spec: AnySpec, batches: Sequence[Batch]) -> None:
    """A batch of no samples leaves the table as it is."""
    acc = _folded(spec, batches)
    expected = _table(spec, acc)
    assert_same_table(_table(spec, spec.update(acc, batches[0].elements[:0])), expected)


def update_leaves_the_batch_alone(spec: AnySpec, batches: Sequence[Batch]) -> None:
    """The arrays of a batch are what they were."""
    before = [copy.deepcopy(dict(batch.fields)) for batch in batches]
    _folded(spec, batches)
    for fields, batch in zip(before, batches, strict=True):
        for name, values in fields.items():
            np.testing.assert_array_equal(batch.fields[name], values)


def restored_it_goes_on_as_if_never_interrupted(spec: AnySpec, batches: Sequence[Batch]) -> None:
    """Written out after any batch and read again, it ends with the same bits, where it can be written at all."""
    if not can_be_kept(spec, spec.create()):
        return
    expected = _all_of(spec, _folded(spec, batches))
    for cut in range(len(batches) + 1):
        state = state_of(spec, _folded(spec, batches[:cut]))
        arrays = {name: values.copy() for name, values in state.arrays.items()}
        read = State(arrays, json.loads(json.dumps(state.facts)))
        acc = reduce(spec.update, batches[cut:], restored(spec, spec.create(), read, {}))
        found = _all_of(spec, acc)
        assert found.keys() == expected.keys()
        for name, values in found.items():
            assert values.dtype == expected[name].dtype, name
            np.testing.assert_array_equal(values, expected[name], err_msg=name)


LAWS: tuple[Law, ...] = (
    empty_is_the_identity_of_merge,
    merge_is_associative,
    merging_equals_seeing_all,
    the_cut_into_batches_does_not_matter,
    snapshots_are_pure,
    adding_no_rows_changes_nothing,
    update_leaves_the_batch_alone,
    restored_it_goes_on_as_if_never_interrupted,
)


def _folded(spec: AnySpec, batches: Sequence[Batch]) -> Any:
    return reduce(spec.update, batches, spec.create())


def _table(spec: AnySpec, acc: Any) -> Table:
    table: Table = spec.snapshot(acc, Budget.unlimited()).columns()
    return table


def _all_of(spec: AnySpec, acc: Any) -> Table:
    """Return what is in an accumulator, and the table, if there is one before the end."""
    state, snapshot = state_of(spec, acc), spec.snapshot(acc, Budget.unlimited())
    found = {f"state {name}": values for name, values in state.arrays.items()}
    if snapshot is not None:
        found |= {f"table {name}": column for name, column in snapshot.columns().items()}
    return found | {"facts": np.array(json.dumps(state.facts))}
