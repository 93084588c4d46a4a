"""Analyses that look at some responses only: no row of another one is pooled or kept, in memory or on disk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from deepview_lab.analysis.dataset.config import ReportConfig
from deepview_lab.analysis.dataset.spec import DatasetSpec
from deepview_lab.analysis.pooling import Pool
from deepview_lab.analysis.projection.spec import ProjectionSpec
from deepview_lab.analysis.projection.strategies import PCA, StandardPCA
from deepview_lab.analysis.rows import RowsWanted
from deepview_lab.base import Batch
from deepview_lab.engine import introspect, start
from deepview_lab.engine.work.run_work import RunWork
from deepview_lab.engine.work.task import IntrospectorTask
from deepview_lab.exceptions import (
    DeepViewWarning,
    MissingResponseError,
    ShapeChangedError,
    UnpooledResponseError,
)

from .rowing import RowingSpec

RNG = np.random.default_rng(4)
FIELDS = {
    "a": RNG.standard_normal((12, 3)).astype(np.float32),
    "b": RNG.standard_normal((12, 5)).astype(np.float32),
    "maps": RNG.standard_normal((12, 2, 2, 4)).astype(np.float32),
    "text": np.array([["no", "number"]] * 12),
}
WAIT = 60
ON_DISK = {}  # by first sample, what reading does to the fields; not of a producer: what it holds tells it apart


@dataclass(frozen=True)
class Looking(RowingSpec):
    """Measures the rows of some fields."""

    fields: frozenset | None = None

    @property
    def rows_wanted(self):
        return RowsWanted(self.pool, self.fields, "Looking")


def looking(*fields, pool=None):
    return Looking(fields=frozenset(fields) if fields else None, pool=pool)


class Producer:
    """Yields some of the fields; ``change`` may do something to the fields of a batch, by its first sample."""

    def __init__(self, *names, change=lambda first, fields: fields):
        self._fields = {name: FIELDS[name] for name in names or FIELDS}
        self._change = change

    def __call__(self, batch_size):
        for first in range(0, 12, batch_size):
            fields = {name: values[first : first + batch_size] for name, values in self._fields.items()}
            yield Batch(ON_DISK.get(first, dict)(self._change(first, fields)))


def folded(producer, *specs, batch_size=4):
    work = RunWork([IntrospectorTask(str(index), spec) for index, spec in enumerate(specs)])
    work.begin({})
    for batch in producer(batch_size):
        work.fold_in(batch)
    return work


def bytes_kept(work):
    return {name: values.nbytes for store in work.stores.values() for name, values in store.rows().fields.items()}


def test_what_nobody_wants_takes_no_byte_and_need_not_be_pooled_nor_hold_numbers():
    work = folded(Producer(), looking("a"))
    assert not [task.error for task in work.tasks.values() if task.error]
    assert bytes_kept(work) == {"a": 12 * 3 * 4}


def test_analyses_that_want_others_share_the_union_and_each_gets_its_own():
    one, two, three = looking("b", "a"), looking("a"), looking("maps", pool=Pool.AVERAGE)
    work = folded(Producer(), one, two, three)
    assert bytes_kept(work) == {"a": 12 * 3 * 4, "b": 12 * 5 * 4, "maps": 12 * 4 * 4}
    assert len(work.stores) == 2, "one for each pooling"
    given = [list(work.rows_for(task)().fields) for task in work.tasks.values()]
    assert given == [["a", "b"], ["a"], ["maps"]]


def test_in_one_run_each_measures_what_it_would_alone():
    results = introspect(Producer("a", "b"), looking("a"), looking("b"), looking(), batch_size=5)
    for name, fields in {"familiarity": ["a"], "familiarity-2": ["b"], "familiarity-3": ["a", "b"]}.items():
        assert list(results[name].lengths) == fields
        for field in fields:
            np.testing.assert_allclose(results[name].lengths[field], np.linalg.norm(FIELDS[field], axis=1), rtol=1e-6)


def test_a_name_that_the_data_does_not_have_ends_the_one_that_wants_it_at_the_first_batch():
    wanted = looking("a", "dense/1"), looking("a")
    told = r"Looking is to look at the response 'dense/1', but the data has 'a', 'b'\. Name one of these"
    with pytest.warns(DeepViewWarning, match=told):
        results = introspect(Producer("a", "b"), *wanted)
    assert list(results) == ["familiarity-2"]
    with pytest.raises(MissingResponseError, match=told):
        introspect(Producer("a", "b"), wanted[0])


def test_rows_that_do_not_fit_end_only_those_that_want_them_and_are_given_up():
    def change(first, fields):
        return {**fields, "b": fields["b"][:, :2]} if first == 8 else fields

    work = folded(Producer("a", "b", change=change), looking("a"), looking("b"), looking())
    errors = [task.error and type(task.error.exception) for task in work.tasks.values()]
    assert errors == [None, ShapeChangedError, ShapeChangedError]
    assert bytes_kept(work) == {"a": 12 * 3 * 4}
    np.testing.assert_array_equal(work.rows_for(work.tasks["0"])().fields["a"], FIELDS["a"])


def test_maps_without_pooling_are_refused_to_who_wants_them_only():
    work = folded(Producer("a", "maps"), looking("a"), looking())
    assert work.tasks["0"].error is None
    assert isinstance(work.tasks["1"].error.exception, UnpooledResponseError)


@pytest.mark.parametrize("names", [("a",), ("b",), ("a", "b")])
def test_the_checkpoint_has_the_rows_that_are_wanted_and_no_others(tmp_path, names):
    spec = looking(*names)
    run = start(Producer(), spec, batch_size=4, checkpoint=tmp_path)
    lengths = run.wait(WAIT)["familiarity"].lengths
    sizes = sorted(path.stat().st_size for path in tmp_path.glob("*.rows"))
    assert sizes == sorted(FIELDS[name].nbytes for name in names)
    again = start(Producer(), spec, batch_size=4, checkpoint=tmp_path).wait(WAIT)["familiarity"].lengths
    assert {name: values.tolist() for name, values in again.items()} == {n: v.tolist() for n, v in lengths.items()}


def gone(fields):
    raise OSError("the disk went away")


def emptied(fields):
    return {name: np.zeros_like(values) for name, values in fields.items()}


def test_a_run_one_of_whose_analyses_has_failed_goes_on_from_its_checkpoint_with_the_rows_of_the_others(
    tmp_path, monkeypatch
):
    def change(first, fields):
        return {**fields, "a": fields["a"][:, :2]} if first >= 4 else fields

    wanted = looking("a"), looking("b")
    data = Producer("a", "b", change=change)
    monkeypatch.setitem(ON_DISK, 8, gone)
    run = start(data, *wanted, batch_size=4, checkpoint=tmp_path)
    with pytest.raises(OSError, match="the disk went away"):
        run.wait(WAIT)
    assert run.kept == 2
    # What is read again of the samples counted before is of no account: their rows are those that were kept.
    for first, now in {0: emptied, 4: emptied, 8: dict}.items():
        monkeypatch.setitem(ON_DISK, first, now)
    again = start(data, *wanted, batch_size=4, checkpoint=tmp_path)
    with pytest.warns(DeepViewWarning, match="had samples of shape"):
        results = again.wait(WAIT)
    assert (again.progress.batches, again.progress.samples) == (3, 12)
    assert list(results) == ["familiarity-2"]
    np.testing.assert_allclose(results["familiarity-2"].lengths["b"], np.linalg.norm(FIELDS["b"], axis=1), rtol=1e-6)


@pytest.mark.parametrize(
    ("config", "fields"),
    [
        (ReportConfig(projection={"a": PCA(1)}, duplicates=None, familiarity=None), {"a"}),
        (ReportConfig(projection=PCA(1), duplicates=None, familiarity=None), None),
        (ReportConfig(projection={"a": PCA(1)}), None),
        (ReportConfig(projection=None, duplicates=None, familiarity=None), set()),
    ],
)
def test_a_report_wants_the_rows_of_what_its_parts_look_at(config, fields):
    wanted = DatasetSpec(config).rows_wanted.fields
    assert wanted == (None if fields is None else frozenset(fields))


def test_a_report_on_one_response_is_what_it_would_be_with_the_rows_of_all():
    # Both names want one column name: which of them has it depends on the responses that there are.
    fields = {"x/1": FIELDS["b"], "x1": FIELDS["a"]}
    config = ReportConfig(
        projection={"x1": PCA(1)}, dim_reduction={"x/1": PCA(2), "x1": PCA(2)}, duplicates=None, familiarity=None
    )

    def producer(batch_size):
        yield Batch(fields)

    class All(DatasetSpec):
        """Wants all rows, as it did once."""

        @property
        def rows_wanted(self):
            return RowsWanted()

    some, every = introspect(producer, DatasetSpec(config), All(config)).values()
    assert list(some.columns) == list(every.columns) == ["id", "projection_x1_2_x"]
    for name, values in every.columns.items():
        np.testing.assert_array_equal(some.columns[name], values)
    assert some.meanings == every.meanings
    assert some.summary == every.summary


def test_a_reduction_of_some_fields_leaves_the_rows_of_the_others_alone():
    spec = ProjectionSpec({"a": PCA(1), "b": StandardPCA(2)})
    work = folded(Producer(), spec)
    assert bytes_kept(work) == {"a": 12 * 3 * 4, "b": 12 * 5 * 4}
    found = introspect(Producer(), spec, batch_size=5)["projection"]
    assert {name: values.shape for name, values in found.positions.items()} == {"a": (12, 1), "b": (12, 2)}
