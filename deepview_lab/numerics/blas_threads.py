"""Work on several threads, each with products of its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

__all__ = ["SharedMap", "processors", "shared_among_threads"]

_Item = TypeVar("_Item")
_Found = TypeVar("_Found")


class SharedMap(Protocol):
    """Applies a function to items, and yields what it returns in their order."""

    def __call__(self, work: Callable[[_Item], _Found], items: Iterable[_Item], /) -> Iterable[_Found]:
        """Apply ``work`` to each of ``items``."""
        ...


@contextmanager
def shared_among_threads() -> Iterator[SharedMap]:
    """Yield a ``map`` that works on as many threads as there are processors, while matrix products use one each.

    Two threads that each work on products of their own need not wait for each other, as those do that share a product:
    where other programs keep a processor busy, that is several times as fast. Without threadpoolctl, which the extra
    ``report`` brings, it is the ordinary ``map``, and products are shared among threads as ever.

    Examples
    --------
    >>> with shared_among_threads() as each:
    ...     list(each(abs, [-1, 2, -3]))
    [1, 2, 3]
    """
    libraries = _libraries()
    threads = processors()
    if not libraries or threads == 1:
        yield map
        return
    before = [library.num_threads for library in libraries]
    for library in libraries:
        library.set_num_threads(1)
    try:
        with ThreadPoolExecutor(threads) as pool:
            yield pool.map
    finally:
        for library, number in zip(libraries, before, strict=True):
            # Not fewer than now: another search that began during this one, and found one thread, may have ended.
            library.set_num_threads(max(number, library.num_threads))


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _libraries() -> list[Any]:  # Any: threadpoolctl has no types
    try:
        from threadpoolctl import ThreadpoolController  # noqa: PLC0415 - an extra
    except ImportError:
        return []
    return list(ThreadpoolController().select(user_api="blas").lib_controllers)
