"""Connected components and lightest spanning forests of graphs given as lists of edges."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["Edges", "components", "leaf_order", "spanning_forest"]


class Edges:
    """Weighted edges of an undirected graph, lightest first.

    Parameters
    ----------
    first, second : numpy.ndarray
        int [edges]: the nodes that each edge joins.
    weight : numpy.ndarray
        float32 [edges].

    Notes
    -----
    Edges of equal weight are ordered by their nodes, so that equal graphs are equal lists.
    """

    def __init__(self, first: NDArray[np.integer], second: NDArray[np.integer], weight: NDArray[np.floating]) -> None:
        low, high = np.minimum(first, second), np.maximum(first, second)
        order = np.lexsort((high, low, weight))
        self.first: NDArray[np.int32] = low[order].astype(np.int32)
        self.second: NDArray[np.int32] = high[order].astype(np.int32)
        self.weight: NDArray[np.float32] = weight[order].astype(np.float32)

    @classmethod
    def none(cls) -> Edges:
        """Return no edges."""
        nothing = np.empty(0, dtype=np.int32)
        return cls(nothing, nothing, np.empty(0, dtype=np.float32))

    def __len__(self) -> int:
        return len(self.weight)

    def up_to(self, weight: float) -> Edges:
        """Return the edges of at most this weight."""
        return self.chosen(slice(int(np.searchsorted(self.weight, np.float32(weight), side="right"))))

    def chosen(self, which: slice | NDArray[np.integer]) -> Edges:
        """Return some of the edges; ``which`` must ascend."""
        part = Edges.__new__(Edges)
        part.first, part.second, part.weight = self.first[which], self.second[which], self.weight[which]
        return part

    def joined(self, other: Edges) -> Edges:
        """Return the edges of both."""
        return Edges(
            np.concatenate([self.first, other.first]),
            np.concatenate([self.second, other.second]),
            np.concatenate([self.weight, other.weight]),
        )


def components(nodes: int, first: NDArray[np.integer], second: NDArray[np.integer]) -> NDArray[np.int32]:
    """Return the connected component of each node, named by its smallest node.

    Parameters
    ----------
    nodes : int
        Number of nodes.
    first, second : numpy.ndarray
        int [edges]: the nodes that each edge joins.

    Returns
    -------
    numpy.ndarray
        int32 [nodes].

    Notes
    -----
    Union-find in whole arrays: in each round the root of the larger number is hooked to the smaller one, and all paths
    are halved until every node points at its root. Takes O(log nodes) rounds on graphs that occur.

    Examples
    --------
    >>> components(5, np.array([0, 4]), np.array([3, 3]))
    array([0, 1, 2, 0, 0], dtype=int32)
    """
    root = np.arange(nodes, dtype=np.int32)
    while len(first):
        one, other = root[first], root[second]
        apart = one != other
        first, second, one, other = first[apart], second[apart], one[apart], other[apart]
        np.minimum.at(root, np.maximum(one, other), np.minimum(one, other))
        _point_at_roots(root)
    return root


def spanning_forest(nodes: int, edges: Edges) -> Edges:
    """Return the edges of a lightest spanning forest.

    The components of the forest's edges up to any weight are those of all edges up to that weight, so that at most
    ``nodes - 1`` edges tell all clusters of single linkage.

    References
    ----------
    O. Borůvka: O jistém problému minimálním. Práce Moravské přírodovědecké společnosti 3 (1926).
    """
    root = np.arange(nodes, dtype=np.int32)
    left = np.arange(len(edges))
    chosen: list[NDArray[np.integer]] = []
    while True:
        one, other = root[edges.first[left]], root[edges.second[left]]
        apart = one != other
        left, one, other = left[apart], one[apart], other[apart]
        if not len(left):
            break
        lightest = np.full(nodes, len(edges))
        np.minimum.at(lightest, one, left)
        np.minimum.at(lightest, other, left)
        best = np.unique(lightest)
        best = best[best < len(edges)]
        chosen.append(best)
        root = components(nodes, root[edges.first[best]], root[edges.second[best]])[root]
    return edges.chosen(np.sort(np.concatenate(chosen)) if chosen else slice(0))


def leaf_order(nodes: int, forest: Edges) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Return the nodes in the order of the leaves of the forest's single-linkage tree, and the gaps between them.

    Parameters
    ----------
    nodes : int
        Number of nodes.
    forest : Edges
        A spanning forest.

    Returns
    -------
    order : numpy.ndarray
        int32 [nodes], a permutation.
    gaps : numpy.ndarray
        float32 [nodes - 1]: between neighbours in the order. The largest gap between two nodes is the weight at which
        they become connected; ``inf`` between components.
    """
    root = list(range(nodes))
    last = list(range(nodes))
    following = [-1] * nodes
    gap_after = [np.inf] * nodes
    for one, other, weight in zip(forest.first.tolist(), forest.second.tolist(), forest.weight.tolist(), strict=True):
        head, tail = _root(root, one), _root(root, other)
        following[last[head]] = tail
        gap_after[last[head]] = weight
        last[head] = last[tail]
        root[tail] = head
    order: list[int] = []
    for node in range(nodes):
        if root[node] == node:
            leaf = node
            while leaf >= 0:
                order.append(leaf)
                leaf = following[leaf]
    return np.array(order, dtype=np.int32), np.array(gap_after, dtype=np.float32)[order[:-1]]


def _root(root: list[int], node: int) -> int:
    while root[node] != node:
        root[node] = root[root[node]]
        node = root[node]
    return node


def _point_at_roots(root: NDArray[np.int32]) -> None:
    while True:
        higher = root[root]
        if np.array_equal(higher, root):
            return
        root[:] = higher
