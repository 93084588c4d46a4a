"""Loading umap-learn, PaCMAP and openTSNE such that their loops report what they do and can be stopped."""

from __future__ import annotations

import importlib
import inspect
import logging
import sys
from collections.abc import Callable, Iterable, Iterator
from types import ModuleType
from typing import Any

import numpy as np

from deepview_lab.exceptions import MissingExtraError
from deepview_lab.numerics.neighbours.layout import Forces, improve_layout

__all__ = ["Listener", "load_opentsne", "load_pacmap", "load_umap"]

# Any, below: these libraries have no types.


class Listener:
    """Hears of the iterations of a library.

    It is false, as libraries take it in the place of a setting such as ``verbose``.

    Parameters
    ----------
    heard : callable
        Called with the share of iterations done; what it raises ends them.
    total : int
        Iterations to come, where the library does not say.
    """

    def __init__(self, heard: Callable[[float], None], total: int = 1) -> None:
        self._heard = heard
        self._total = total
        self._done = 0

    def __bool__(self) -> bool:
        return False

    def over(self, iterations: Iterable[int], total: int) -> Iterator[int]:
        """Pass ``iterations`` on."""
        for done, iteration in enumerate(iterations):
            self._heard(done / total)
            yield iteration

    def advance(self, iterations: int) -> None:
        """Hear that so many more have been done."""
        self._done += iterations
        self._heard(min(self._done / self._total, 1.0))


def load_umap() -> Any:
    """Return the module ``umap``.

    A :class:`Listener` that is its ``tqdm_kwds['file']`` hears of its epochs. With one, what has a seed is optimised by
    :func:`~deepview_lab.numerics.neighbours.layout.improve_layout`, which needs a third of the time.

    Raises
    ------
    MissingExtraError
        without umap-learn.
    """
    try:
        umap = _umap()
    except ImportError as error:
        raise MissingExtraError("DimensionReduction.Strategy.UMAP", "umap-learn", "report") from error
    layouts: Any = importlib.import_module("umap.layouts")
    if not getattr(layouts.tqdm, "listens", False):
        layouts.tqdm = _listening(layouts.tqdm)
        umap.umap_.optimize_layout_euclidean = _optimising(umap.umap_.optimize_layout_euclidean)
    return umap


def _optimising(theirs: Callable[..., Any]) -> Callable[..., Any]:
    """Return umap's optimisation of positions, but ours where a listener hears and it does no more than ours does."""
    signature = inspect.signature(theirs)

    def optimise(*args: Any, **options: Any) -> Any:
        bound = signature.bind(*args, **options)
        bound.apply_defaults()
        given = bound.arguments
        listener = (given["tqdm_kwds"] or {}).get("file")
        epochs = given["n_epochs"]
        if not isinstance(listener, Listener) or given["parallel"] or given["densmap"] or isinstance(epochs, list):
            return theirs(*args, **options)
        positions = given["head_embedding"]
        improve_layout(
            positions,
            (given["head"], given["tail"]),
            1 / given["epochs_per_sample"],
            Forces.of(given["a"], given["b"], given["gamma"]),
            epochs=epochs,
            repelled=given["negative_sample_rate"],
            rate=given["initial_alpha"],
            seed=given["rng_state"].view(np.uint64),
            over=lambda iterations: listener.over(iterations, epochs),
        )
        return positions

    return optimise


def _umap() -> ModuleType:
    """Import umap without TensorFlow.

    umap imports TensorFlow, where it is installed, for a class that is not needed here; that takes seconds and hundreds
    of megabytes. The class is there all the same: it is imported when it is asked for.
    """
    parametric = "umap.parametric_umap"
    if "umap" in sys.modules or "tensorflow" in sys.modules:
        return importlib.import_module("umap")
    empty: Any = ModuleType(parametric)
    empty.ParametricUMAP = empty.load_ParametricUMAP = None
    sys.modules[parametric] = empty
    try:
        umap = importlib.import_module("umap")
    finally:
        del sys.modules[parametric]
    names = [name for name in vars(empty) if vars(umap).get(name, empty) is None]
    for name in [*names, "parametric_umap"]:
        vars(umap).pop(name, None)

    def later(name: str) -> Any:
        if name in names:
            return getattr(importlib.import_module(parametric), name)
        raise AttributeError(f"module 'umap' has no attribute {name!r}")

    vars(umap)["__getattr__"] = later
    return umap


def _listening(tqdm: Any) -> Any:
    """Return a progress bar that tells a listener instead, if it has one.

    In a notebook umap's own bar is a widget, which would show up in whatever cell runs, and which ignores ``file``.
    """

    def bar(iterations: Any, **settings: Any) -> Iterable[Any]:
        listener = settings.get("file")
        if isinstance(listener, Listener):
            return listener.over(iterations, len(iterations))
        return tqdm(iterations, **settings)  # type: ignore[no-any-return]

    bar.listens = True  # type: ignore[attr-defined]
    return bar


def load_pacmap() -> Any:
    """Return the module ``pacmap``, which tells a :class:`Listener` given as ``verbose`` of every tenth iteration.

    Raises
    ------
    MissingExtraError
        without pacmap.
    """
    try:
        module: Any = importlib.import_module("pacmap.pacmap")
    except ImportError as error:
        raise MissingExtraError("DimensionReduction.Strategy.PaCMAP", "pacmap", "report") from error
    module.logger.setLevel(logging.ERROR)  # it warns of every seed
    told = module.print_verbose
    if not getattr(told, "listens", False):
        module.print_verbose = _telling(told)
    return module


def _telling(told: Any) -> Any:
    def tell(message: Any, verbose: Any, **settings: Any) -> None:
        if isinstance(verbose, Listener):
            verbose.advance(10 if str(message).startswith("Iteration") else 0)
        else:
            told(message, verbose, **settings)

    tell.listens = True  # type: ignore[attr-defined]
    return tell


def load_opentsne() -> Any:
    """Return the module ``openTSNE``.

    Raises
    ------
    MissingExtraError
        without openTSNE.
    """
    try:
        return importlib.import_module("openTSNE")
    except ImportError as error:
        raise MissingExtraError("DimensionReduction.Strategy.TSNE", "openTSNE", "report") from error
