"""Which runs are remembered: the newest, as many as there is room for."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from deepview_lab.engine import Registry


@dataclass
class Ended:
    """As much of a run as its registry looks at."""

    nbytes: int
    status: str = "done"

    @property
    def id(self):
        return f"run of {self.nbytes} bytes"


def remembered(sizes, **limits):
    registry = Registry(**limits)
    for size in sizes:
        registry.add(Ended(size))
    return [run.nbytes for run in registry.runs()]


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([1, 2, 3, 4, 5, 6], [3, 4, 5, 6]),
        ([40, 50, 30, 20], [50, 30, 20]),  # the newest of all may turn out to be of any size
        ([10, 90, 11, 1], [11, 1]),
        ([10, 500, 1], [500, 1]),
        ([500, 10, 1], [10, 1]),
        ([10, 20, 500, 1], [500, 1]),
    ],
)
def test_the_newest_are_remembered_that_are_not_too_many_and_not_too_large(sizes, expected):
    assert remembered(sizes, kept=4, kept_bytes=100) == expected


def test_a_run_at_work_is_never_forgotten():
    registry = Registry(kept=2, kept_bytes=0)
    at_work = Ended(1000, status="running")
    registry.add(at_work)
    for size in (5, 6, 7):
        registry.add(Ended(size))
    assert [run.nbytes for run in registry.runs()] == [1000, 6, 7]
