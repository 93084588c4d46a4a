"""Analyses of one run that look at the same samples in the same space search their neighbours once."""

from __future__ import annotations

import numpy as np
import pytest

from deepview_lab.base import Batch
from deepview_lab.engine import introspect
from deepview_lab.introspectors import DimensionReduction, Duplicates, LabelProblems
from deepview_lab.numerics.neighbours import graphs as neighbour_graphs
from deepview_lab.samples import StubProducer

LABELS = np.arange(200) % 2
VALUES = np.random.default_rng(0).standard_normal((200, 6)) + 4 * LABELS[:, None]


def data():
    return StubProducer({"x": VALUES}, {Batch.StdKeys.LABELS: {"class": LABELS.tolist()}})


SPECS = {
    "labels": LabelProblems.spec(evidence="neighbours"),
    "projection": DimensionReduction.spec(strategies=DimensionReduction.Strategy.UMAP(2, n_epochs=20)),
    "duplicates": Duplicates.spec(threshold=Duplicates.ThresholdStrategy.Absolute(1.0)),
}


def numbers(kind, result):
    if kind == "labels":
        found = result.results["x"]["class"]
        return [found.neighbours, found.ratio, found.suspects]
    if kind == "projection":
        return [result.positions["x"]]
    links = result.responses["x"].links
    return [links.first, links.second, links.weight]


@pytest.fixture
def searched(monkeypatch):
    """How many rows were searched, each time."""
    found = []
    search = neighbour_graphs.neighbour_graph

    def counted(rows, k, **options):
        found.append(len(rows))
        return search(rows, k, **options)

    monkeypatch.setattr(neighbour_graphs, "neighbour_graph", counted)
    return found


@pytest.mark.parametrize("order", [list(SPECS), list(SPECS)[::-1]], ids=str)
def test_it_is_one_search_and_the_results_are_those_of_three(order, searched):
    together = introspect(data(), *(SPECS[kind] for kind in order))
    assert searched == [200]
    for kind in order:
        alone = introspect(data(), SPECS[kind])[kind]
        for found, expected in zip(numbers(kind, together[kind]), numbers(kind, alone), strict=True):
            np.testing.assert_array_equal(found, expected)
    assert searched == [200] * 4


def test_another_space_is_another_search(searched):
    introspect(data(), SPECS["labels"], Duplicates.spec())  # the latter divides each unit by its norm
    assert searched == [200] * 2
