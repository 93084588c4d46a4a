"""The face of LabelProblems, in a script without Jupyter."""

from pathlib import Path

import numpy as np
import pytest

import deepview_lab
from deepview_lab.base import Batch
from deepview_lab.exceptions import DeepViewException, DeepViewWarning
from deepview_lab.introspectors import LabelProblems
from deepview_lab.samples import StubProducer


def producer(**labels):
    values = np.random.default_rng(0).standard_normal((60, 4))
    values[30:] += 10
    return StubProducer({"dense": values}, {Batch.StdKeys.LABELS: labels})


WRONG = ["cat"] * 7 + ["dog"] + ["cat"] * 22 + ["dog"] * 30


@pytest.mark.parametrize("batch_size", [1, 32, 100])
def test_introspect_finds_the_planted_error(batch_size):
    found = LabelProblems.introspect(producer(animal=WRONG), batch_size=batch_size)
    [problem] = found.results["dense"]["animal"].problems
    assert isinstance(problem, LabelProblems.Problem)
    assert (problem.index, problem.given, problem.suggested) == (7, "dog", "cat")


def test_a_live_run_gives_the_same_face():
    found = deepview_lab.start(producer(animal=WRONG), LabelProblems.spec(neighbours=5)).wait()["labels"]
    assert isinstance(found, LabelProblems)
    assert found.results["dense"]["animal"].neighbours.shape == (60, 5)


def test_options_reach_the_analysis():
    options = {"least_ratio": 1.5, "neighbours": 4, "evidence": "neighbours"}
    blocking = LabelProblems.introspect(producer(animal=WRONG), **options).results["dense"]["animal"]
    live = deepview_lab.start(producer(animal=WRONG), LabelProblems.spec(**options)).wait()["labels"]
    for found in (blocking, live.results["dense"]["animal"]):
        assert (found.least_ratio, found.neighbours.shape) == (1.5, (60, 4))
        assert np.isnan(found.by_familiarity).all()


def test_the_table_has_the_evidence():
    frame = LabelProblems.show(LabelProblems.introspect(producer(animal=WRONG)))
    assert frame.loc[0, ["id", "label", "suggested", "disagreeing"]].tolist() == [7, "dog", "cat", 1.0]
    with pytest.raises(DeepViewException, match="introspect"):
        LabelProblems.show(None)


def test_data_without_labels_are_refused_with_a_remedy():
    values = StubProducer({"dense": np.zeros((5, 2))})
    with pytest.raises(DeepViewException, match="LABELS"):
        LabelProblems.introspect(values)


def test_a_dimension_that_is_not_looked_at_warns(monkeypatch):
    monkeypatch.setattr("deepview_lab.analysis.label_problems.spec._MOST_LABELS", 10)
    with pytest.warns(DeepViewWarning, match="60 different labels"):
        LabelProblems.introspect(producer(animal=WRONG, name=list(range(60))))


def test_the_examples_of_the_documentation_run(capsys):
    page = (Path(__file__).parents[2] / "docs" / "label_problems.md").read_text()
    names: dict[str, object] = {}
    for block in page.split("```python\n")[1:]:
        exec(block.split("```")[0], names)
    assert "rarity" in capsys.readouterr().out
