"""Strategies of dimension reduction that keep neighbours together: UMAP, PaCMAP, t-SNE."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepview_lab.analysis.projection.libraries import Listener, load_opentsne, load_pacmap, load_umap
from deepview_lab.analysis.projection.placement import Embedding
from deepview_lab.analysis.projection.protocols import Progress
from deepview_lab.analysis.projection.strategies import RowStrategy
from deepview_lab.exceptions import DeepViewException
from deepview_lab.numerics.neighbours.graphs import NeighbourGraphs
from deepview_lab.numerics.neighbours.nearest import NeighbourGraph

__all__ = ["TSNE", "UMAP", "PaCMAP"]

_TSNE_DIMENSIONS = 3
_TSNE_EARLY = 250
_TSNE_ITERATIONS = 1000
_TSNE_EVERY = 10
_TSNE_FFT_DIMENSIONS = 2
_PACMAP_ITERATIONS = (100, 100, 250)


class UMAP(RowStrategy):
    """Uniform manifold approximation and projection, by umap-learn; settings are those of ``umap.UMAP``.

    With a seed (the default) one thread does the work, and equal data gives an equal embedding: umap-learn finds the
    similarities and first positions, and :func:`~deepview_lab.numerics.neighbours.layout.improve_layout` moves them.
    ``random_state=None`` lets umap-learn move them on all threads, with another embedding each time.
    """

    @property
    def least_samples(self) -> int:
        """Samples without which there is no result."""
        return self.target_dimensions + 2

    def _fit(
        self, rows: NDArray[np.float32], ids: Sequence[Hashable] | None, progress: Progress, graphs: NeighbourGraphs
    ) -> Embedding:
        settings: dict[str, Any] = {"random_state": self.seed} | self.settings
        settings.setdefault("n_jobs", -1 if settings["random_state"] is None else 1)
        settings["n_neighbors"] = min(settings.get("n_neighbors", 15), len(rows) - 1)
        if len(rows) <= 2 * (self.target_dimensions + 1):
            settings.setdefault("init", "random")  # too few for as many eigenvectors
        graph = None
        if settings.get("metric", "euclidean") == "euclidean" and "precomputed_knn" not in settings:
            graph = _graph(graphs, rows, settings["n_neighbors"] - 1, progress)
        progress("Compiling UMAP", None)
        umap = load_umap()
        progress("Fitting UMAP", None)
        settings["tqdm_kwds"] = {"file": Listener(lambda done: progress("Fitting UMAP", done))}
        settings.update(_curve(umap, settings))
        if graph is not None:
            # Its transform, which is not used, would need a search index; without any it warns.
            index = umap.umap_.NNDescent
            settings["precomputed_knn"] = (*graph.with_self(), index.__new__(index))
        fitted = umap.UMAP(n_components=self.target_dimensions, **settings).fit(rows)
        return _embedding(rows, fitted.embedding_, ids)


def _curve(umap: Any, settings: dict[str, Any]) -> dict[str, np.float32]:  # Any: it has no types
    """Return umap's curve of similarity over distance, in the precision of the embedding: its powers take less time."""
    a, b = settings.get("a"), settings.get("b")
    if a is None or b is None:
        a, b = umap.umap_.find_ab_params(settings.get("spread", 1.0), settings.get("min_dist", 0.1))
    return {"a": np.float32(a), "b": np.float32(b)}


class PaCMAP(RowStrategy):
    """Pairwise controlled manifold approximation, by pacmap; settings are those of ``pacmap.PaCMAP``."""

    @property
    def least_samples(self) -> int:
        """Samples without which there is no result."""
        return max(self.target_dimensions + 2, 5)  # it looks at the distances of the fourth neighbours

    def _fit(
        self,
        rows: NDArray[np.float32],
        ids: Sequence[Hashable] | None,
        progress: Progress,
        graphs: NeighbourGraphs,  # noqa: ARG002 - it searches in a scale of its own
    ) -> Embedding:
        if not np.ptp(rows, axis=0).any():  # it would divide by the range of the values
            return _embedding(rows, np.zeros((len(rows), self.target_dimensions)), ids)
        progress("Compiling PaCMAP", None)
        pacmap = load_pacmap()
        settings: dict[str, Any] = {"random_state": self.seed} | self.settings
        init = settings.pop("init", None)
        neighbours = settings.get("n_neighbors", 10)
        settings["n_neighbors"] = neighbours if neighbours is None else min(neighbours, len(rows) - 1)
        iterations = settings.setdefault("num_iters", _PACMAP_ITERATIONS)
        total = sum(iterations) if hasattr(iterations, "__len__") else sum(_PACMAP_ITERATIONS[:2]) + iterations
        settings["verbose"] = Listener(lambda done: progress("Fitting PaCMAP", done), total)
        fitted = pacmap.PaCMAP(n_components=self.target_dimensions, **settings)
        with _faiss_threads_kept():
            return _embedding(rows, fitted.fit_transform(rows, init=init, save_pairs=False), ids)


class TSNE(RowStrategy):
    """t-distributed stochastic neighbour embedding, by openTSNE, in at most three dimensions.

    Settings are those of ``openTSNE.TSNE``; scikit-learn's names ``max_iter``, ``init`` and ``angle`` are understood.
    """

    def __init__(self, target_dimensions: int = 2, *, seed: int = 0, **settings: Any) -> None:
        super().__init__(target_dimensions, seed=seed, **settings)
        if self.target_dimensions > _TSNE_DIMENSIONS:
            raise DeepViewException(
                f"t-SNE projects into at most {_TSNE_DIMENSIONS} dimensions, not into {self.target_dimensions}. UMAP "
                "and PCA take more."
            )

    @property
    def least_samples(self) -> int:
        """Samples without which there is no result."""
        return 4  # a perplexity of 1 takes three neighbours

    def _fit(
        self, rows: NDArray[np.float32], ids: Sequence[Hashable] | None, progress: Progress, graphs: NeighbourGraphs
    ) -> Embedding:
        settings = self._translated(len(rows))
        affinities = None
        if settings.get("metric", "euclidean") == "euclidean":
            graph = _graph(graphs, rows, int(3 * settings["perplexity"]), progress)
            affinities = self._affinities(graph, settings)
        total = settings["early_exaggeration_iter"] + settings["n_iter"]
        listener = Listener(lambda done: progress("Fitting t-SNE", done), total)
        progress("Fitting t-SNE", None)
        fitted = load_opentsne().TSNE(
            n_components=self.target_dimensions,
            callbacks=lambda iteration, error, embedding: listener.advance(_TSNE_EVERY),  # noqa: ARG005
            callbacks_every_iters=_TSNE_EVERY,
            **settings,
        )
        return _embedding(rows, np.asarray(fitted.fit(rows, affinities=affinities)), ids)

    def _translated(self, count: int) -> dict[str, Any]:
        """Return the settings by openTSNE's names."""
        settings: dict[str, Any] = {"random_state": self.seed, "n_jobs": -1} | self.settings
        for theirs, ours in (("init", "initialization"), ("angle", "theta")):
            if theirs in settings:
                settings[ours] = settings.pop(theirs)
        iterations = settings.pop("max_iter", _TSNE_ITERATIONS)
        settings.setdefault("early_exaggeration_iter", min(_TSNE_EARLY, iterations // 4))
        settings.setdefault("n_iter", max(iterations - settings["early_exaggeration_iter"], 1))
        settings["perplexity"] = min(settings.get("perplexity", 30), (count - 1) / 3)
        if self.target_dimensions > _TSNE_FFT_DIMENSIONS:
            settings.setdefault("negative_gradient_method", "bh")
        return settings

    def _affinities(self, graph: NeighbourGraph, settings: dict[str, Any]) -> Any:
        load_opentsne()
        from openTSNE.affinity import PerplexityBasedNN  # noqa: PLC0415 - an extra
        from openTSNE.nearest_neighbors import PrecomputedNeighbors  # noqa: PLC0415

        index = PrecomputedNeighbors(graph.indices, graph.distances.astype(np.float64))
        return PerplexityBasedNN(perplexity=settings["perplexity"], knn_index=index, n_jobs=settings["n_jobs"])


def _graph(graphs: NeighbourGraphs, rows: NDArray[np.float32], k: int, progress: Progress) -> NeighbourGraph:
    return graphs.of(rows, max(k, 1), step=lambda done: progress("Searching neighbours", done))


def _embedding(rows: NDArray[np.float32], positions: NDArray[Any], ids: Sequence[Hashable] | None) -> Embedding:
    return Embedding(rows, np.ascontiguousarray(positions, dtype=np.float32), ids)


@contextmanager
def _faiss_threads_kept() -> Iterator[None]:
    """While pacmap works: with a seed it lets faiss use one thread, for good."""
    import faiss  # noqa: PLC0415 - pacmap needs it

    threads = faiss.omp_get_max_threads()
    try:
        yield
    finally:
        faiss.omp_set_num_threads(threads)
