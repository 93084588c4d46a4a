"""Shortcuts of these tests."""

from functools import reduce

from deepview_lab.analysis import Budget
from deepview_lab.testing import cut


def folded(spec, fields, sizes=(7, 0, 11), responses=None):
    return reduce(spec.update, cut(fields, sizes), spec.create(responses))


def finished(spec, fields, sizes=(7, 0, 11), responses=None):
    return spec.finish(folded(spec, fields, sizes, responses))


def table(spec, acc, budget=None, previous=None):
    return spec.snapshot(acc, budget or Budget.unlimited(), previous)


def row(snapshot, layer):
    index = snapshot.layers.index(layer)
    return {name: column[index] for name, column in snapshot.columns().items()}
