"""How many threads a matrix product uses, and work on several threads with a product each."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

__all__ = ["SharedMap", "one_thread_per_product", "processors", "shared_among_threads"]

_Item = TypeVar("_Item")
_Found = TypeVar("_Found")


class SharedMap(Protocol):
    """Applies a function to items, and yields what it returns in their order."""

    def __call__(self, work: Callable[[_Item], _Found], items: Iterable[_Item], /) -> Iterable[_Found]:
        """Apply ``work`` to each of ``items``."""
        ...


@contextmanager
def one_thread_per_product() -> Iterator[bool]:
    """Let matrix products use one thread each, in the whole process; yields whether they do.

    Small products take longer on several threads, which wait for each other, above all where another program is busy.
    Without threadpoolctl, which the extra ``report`` brings, nothing changes.

    Examples
    --------
    >>> import numpy as np
    >>> with one_thread_per_product():
    ...     np.ones((2, 3)) @ np.ones((3, 2))
    array([[3., 3.],
           [3., 3.]])
    """
    libraries = _libraries()
    before = [library.num_threads for library in libraries]
    for library in libraries:
        library.set_num_threads(1)
    try:
        yield bool(libraries)
    finally:
        # threadpoolctl's own limit would set what it found. Not fewer than now: another that began during this one, and
        # found one thread, may have ended.
        for library, number in zip(libraries, before, strict=True):
            library.set_num_threads(max(number, library.num_threads))


@contextmanager
def shared_among_threads() -> Iterator[SharedMap]:
    """Yield a ``map`` that works on as many threads as there are processors, while matrix products use one each.

    Two threads that each work on products of their own need not wait for each other, as those do that share a product:
    where other programs keep a processor busy, that is several times as fast. Without threadpoolctl it is the ordinary
    ``map``, and products are shared among threads as ever.

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
    with one_thread_per_product() as alone:
        if not alone:
            yield map
            return
        with ThreadPoolExecutor(threads) as pool:
            yield pool.map


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _libraries() -> list[Any]:  # Any: threadpoolctl has no types
    try:
        from threadpoolctl import ThreadpoolController  # noqa: PLC0415 - an extra
    except ImportError:
        return []
    return list(ThreadpoolController().select(user_api="blas").lib_controllers)
