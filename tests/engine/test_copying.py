"""Runs are neither pickled nor copied, and say so; their results are."""

from __future__ import annotations

import copy
import pickle

import pytest

from deepview_lab.analysis.iua.spec import IUASpec
from deepview_lab.analysis.pfa.spec import PFASpec
from deepview_lab.engine import start

from .counting import Numbers
from .keeping import WAIT


@pytest.fixture
def run():
    run = start(Numbers(64), IUASpec(), PFASpec(), name="mine")
    run.wait(WAIT)
    return run


@pytest.mark.parametrize(
    "copied", [pickle.dumps, copy.copy, copy.deepcopy, lambda run: pickle.dumps({"run": [run]}, 2)]
)
def test_a_run_says_that_it_cannot_be_copied_and_what_can_be(run, copied):
    told = r"Run 'mine' cannot be pickled or copied: .*Pickle or copy run\.results, or .*run\.save\('NAME\.dvreport'\)"
    with pytest.raises(TypeError, match=told):
        copied(run)


@pytest.mark.parametrize("copied", [lambda given: pickle.loads(pickle.dumps(given)), copy.copy, copy.deepcopy])
def test_its_results_are_copied(run, copied):
    results = copied(run.results)
    assert results["iua"].results["x"].mean_inactive == run.results["iua"].results["x"].mean_inactive
    assert results["pfa"].covariances["x"].covariances == run.results["pfa"].covariances["x"].covariances
