"""What ``%deepview`` can compute: one row per command, which its parser, its help and its completion read."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from deepview_lab.introspectors import (
    IUA,
    PFA,
    DatasetReport,
    DimensionReduction,
    Duplicates,
    Familiarity,
    LabelProblems,
)

__all__ = ["ANALYSES", "METHODS", "Analysis"]

# How samples are put on a map.
METHODS: Mapping[str, Callable[[int], Any]] = {  # Any: strategies share no public base
    "umap": DimensionReduction.Strategy.UMAP,
    "pca": DimensionReduction.Strategy.PCA,
    "pacmap": DimensionReduction.Strategy.PaCMAP,
    "tsne": DimensionReduction.Strategy.TSNE,
}


@dataclass(frozen=True)
class Analysis:
    """An analysis that can be asked for.

    Attributes
    ----------
    help : str
        What it does, in a few words.
    options : tuple of str
        Its options on the command line, without dashes.
    spec : callable
        Makes settings of the options.
    """

    help: str
    options: tuple[str, ...]
    spec: Callable[[argparse.Namespace], Any]  # Any: a Spec of any kind


def _pool(options: argparse.Namespace) -> str | None:
    return None if options.pool == "none" else str(options.pool)


def _duplicates(options: argparse.Namespace) -> Any:
    threshold = None if options.similarity is None else Duplicates.Cosine(options.similarity)
    return Duplicates.spec(threshold=threshold, pool=_pool(options))


ANALYSES: Mapping[str, Analysis] = {
    "iua": Analysis("find inactive units", ("atol",), lambda options: IUA.spec(atol=options.atol)),
    "pfa": Analysis("find principal filters", ("pool",), lambda options: PFA.spec(pool=_pool(options))),
    "familiarity": Analysis(
        "find rare samples",
        ("pool", "gaussians"),
        lambda options: Familiarity.spec(
            strategy=Familiarity.Strategy.GMM(gaussian_count=options.gaussians), pool=_pool(options)
        ),
    ),
    "duplicates": Analysis("find samples that are there twice", ("pool", "similarity"), _duplicates),
    "labels": Analysis(
        "find labels that look wrong",
        ("pool", "evidence"),
        lambda options: LabelProblems.spec(evidence=options.evidence, pool=_pool(options)),
    ),
    "project": Analysis(
        "put the samples on a map",
        ("pool", "method"),
        lambda options: DimensionReduction.spec(strategies=METHODS[options.method](2), pool=_pool(options)),
    ),
    "report": Analysis(
        "duplicates, rare samples and a map in one table",
        ("pool",),
        lambda options: DatasetReport.spec(pool=_pool(options)),
    ),
}
