"""How many threads a matrix product uses, and work on several threads with a product each."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = ["SharedMap", "one_thread_per_product", "processors", "scatter_of", "shared_among_threads"]

_WORTH_A_THREAD = 2**25

_Item = TypeVar("_Item")
_Found = TypeVar("_Found")


class SharedMap(Protocol):
    """Applies a function to items, and yields what it returns in their order."""

    def __call__(self, work: Callable[[_Item], _Found], items: Iterable[_Item], /) -> Iterable[_Found]:
        """Apply ``work`` to each of ``items``."""
        ...


@contextmanager
def one_thread_per_product() -> Iterator[None]:
    """Let matrix products use one thread each, in the whole process.

    Small products take longer on several threads, which wait for each other, above all where another program is busy.

    Examples
    --------
    >>> import numpy as np
    >>> with one_thread_per_product():
    ...     np.ones((2, 3)) @ np.ones((3, 2))
    array([[3., 3.],
           [3., 3.]])
    """
    with _limited(_libraries()):
        yield


@contextmanager
def _limited(libraries: list[Any]) -> Iterator[None]:  # Any: threadpoolctl has no types
    before = [library.num_threads for library in libraries]
    for library in libraries:
        library.set_num_threads(1)
    try:
        yield
    finally:
        # threadpoolctl's own limit would set what it found. Not fewer than now: another that began during this one, and
        # found one thread, may have ended.
        for library, number in zip(libraries, before, strict=True):
            library.set_num_threads(max(number, library.num_threads))


@contextmanager
def shared_among_threads() -> Iterator[SharedMap]:
    """Yield a ``map`` that works on as many threads as there are processors, while matrix products use one each.

    Two threads that each work on products of their own need not wait for each other, as those do that share a product:
    where other programs keep a processor busy, that is several times as fast.

    Examples
    --------
    >>> with shared_among_threads() as each:
    ...     list(each(abs, [-1, 2, -3]))
    [1, 2, 3]
    """
    threads = processors()
    if threads == 1:
        yield map
        return
    with one_thread_per_product(), ThreadPoolExecutor(threads) as pool:
        yield pool.map


def scatter_of(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ``rows.T @ rows`` [units, units] of rows [n, units], exactly symmetric.

    It is the sum of the products of both halves, which are made on a thread each where that is worth it: a product that
    is shared among threads takes several times as long where another program keeps a processor busy. The result does
    not depend on the number of threads.

    Notes
    -----
    Takes O(n units^2) time and the memory of three results.

    Examples
    --------
    >>> scatter_of(np.array([[1.0, 2.0], [3.0, 4.0]]))
    array([[10., 14.],
           [14., 20.]])
    """
    half = len(rows) // 2
    first, second = rows[:half], rows[half:]
    with _limited(_libraries_of_numpy()):
        if rows.size * rows.shape[1] < _WORTH_A_THREAD or processors() == 1:
            total = _product(first)
            total += _product(second)
            return total
        with ThreadPoolExecutor(1) as pool:
            beside = pool.submit(_product, first)
            total = _product(second)
            total += beside.result()
            return total


def _product(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    return rows.T @ rows


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _libraries() -> list[Any]:  # Any: threadpoolctl has no types
    from threadpoolctl import ThreadpoolController  # noqa: PLC0415 - slow to load

    return list(ThreadpoolController().select(user_api="blas").lib_controllers)


# Looking takes 4 ms, and that of NumPy is there from the beginning.
_libraries_of_numpy = cache(_libraries)
