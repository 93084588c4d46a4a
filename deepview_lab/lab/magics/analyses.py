"""What ``%deepview`` can compute: the rows of the catalogue that have a face, and how their options are read."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Mapping
from typing import Any, Final

from deepview_lab.analysis import catalog
from deepview_lab.analysis.catalog import AnalysisInfo, AnalysisOption
from deepview_lab.analysis.faces import faces
from deepview_lab.introspectors import DimensionReduction, Duplicates, Familiarity

__all__ = ["analyses", "argument", "count", "make_spec", "options_of"]

# How samples are put on a map.
_METHODS: Final[Mapping[str, Callable[[int], Any]]] = {  # Any: strategies share no public base
    "umap": DimensionReduction.Strategy.UMAP,
    "pca": DimensionReduction.Strategy.PCA,
    "pacmap": DimensionReduction.Strategy.PaCMAP,
    "tsne": DimensionReduction.Strategy.TSNE,
}


# Any: a Spec of any kind.


def _familiarity(*, pool: str | None, gaussians: int) -> Any:
    return Familiarity.spec(strategy=Familiarity.Strategy.GMM(gaussian_count=gaussians), pool=pool)


def _duplicates(*, pool: str | None, similarity: float | None) -> Any:
    return Duplicates.spec(threshold=None if similarity is None else Duplicates.Cosine(similarity), pool=pool)


def _projection(*, pool: str | None, method: str) -> Any:
    return DimensionReduction.spec(strategies=_METHODS[method](2), pool=pool)


# Kinds whose face takes more than the plain values of a command line.
_MAKERS: Final[Mapping[str, Callable[..., Any]]] = {
    "familiarity": _familiarity,
    "duplicates": _duplicates,
    "projection": _projection,
}


def analyses() -> dict[str, AnalysisInfo]:
    """Return what can be asked for, by command."""
    offered = faces()
    return {row.word: row for row in catalog.rows() if row.kind in offered}


def make_spec(info: AnalysisInfo, given: argparse.Namespace) -> Any:
    """Return the settings of an analysis from what was given on the command line."""
    make = _MAKERS.get(info.kind) or faces()[info.kind].cls.spec
    return make(**{option.name: _value(option, getattr(given, option.name)) for option in info.options})


def options_of(rows: Mapping[str, AnalysisInfo]) -> dict[str, AnalysisOption]:
    """Return the options of some analyses by name, each once."""
    return {option.name: option for row in rows.values() for option in row.options}


def _value(option: AnalysisOption, given: Any) -> Any:
    return None if option.reads == "choice" and given == "none" else given


def argument(option: AnalysisOption) -> dict[str, Any]:
    """Return how argparse reads an option."""
    said = "" if option.default is None else f" ({option.default})"
    known: dict[str, Any] = {"default": option.default, "help": (option.help + said).replace("%", "%%")}
    if option.reads == "choice":
        return {**known, "choices": tuple(choice.value for choice in option.choices)}
    read, metavar = _READERS[option.reads]
    return {**known, "type": read, "metavar": metavar}


def count(value: str) -> int:
    """Read a whole number of at least 1."""
    if not value.isdecimal() or int(value) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number of at least 1, but is {value!r}")
    return int(value)


def _amount(value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not (math.isfinite(number) and number >= 0):
        raise argparse.ArgumentTypeError(f"must be a number of at least 0, but is {value!r}")
    return number


def _share(value: str) -> float:
    number = _amount(value)
    if number > 1:
        raise argparse.ArgumentTypeError(f"must be from 0 to 1, but is {value!r}")
    return number


_READERS: Final[Mapping[str, tuple[Callable[[str], float], str]]] = {
    "count": (count, "N"),
    "amount": (_amount, "X"),
    "share": (_share, "S"),
}
