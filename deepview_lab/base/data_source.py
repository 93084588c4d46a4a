"""What can become a producer: arrays, tables, folders. Implementations are in other packages."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, Protocol, TypeAlias, runtime_checkable

from deepview_lab.base.batch import Batch
from deepview_lab.base.plugins import Plugins
from deepview_lab.built_in import DATA_SOURCES

__all__ = ["DataOptions", "DataSource", "RandomAccess", "Unreadable", "data_sources", "source_of"]

Unreadable: TypeAlias = Literal["raise", "skip"]
_DEFAULT: Final[Unreadable] = "raise"


@dataclass(frozen=True)
class DataOptions:
    """How data becomes a producer: what overrules a guess. ``deepview_lab.as_producer`` documents each."""

    labels: Any = None  # Any: a sequence, an array, a column's name, or a mapping of these
    ids: Any = None
    split: Any = None
    field: str | Sequence[str] | None = None
    image_size: tuple[int, int] | None = None
    unreadable: Unreadable = _DEFAULT
    batched: bool | None = None

    @property
    def given(self) -> tuple[str, ...]:
        """The names of what was asked for."""
        return tuple(name for name, value in vars(self).items() if value is not None and value is not _DEFAULT)


class DataSource(Protocol):
    """One kind of data that can become a producer.

    Any: the data is of a library that need not be installed.
    """

    def recognises(self, value: Any, /) -> str | None:
        """Return what ``value`` is, in words such as "NumPy array"; None of anything else.

        It may be called with any object of the user's, on any thread: look at types only (``deepview_lab.base.kinds``),
        import no library, and run no code of the object's class unless a library that is known defines that class.
        """
        ...

    def size(self, value: Any, /) -> int | None:
        """Return how many samples there are, where that is known at once and runs no code of the user's."""
        ...

    def offers(self, value: Any, /) -> bool:
        """Return whether the panel lists a recognised value: it is data rather than labels or a setting."""
        ...

    def producer(self, value: Any, options: DataOptions, /) -> Any:
        """Return a producer of a recognised value.

        Any: a producer, see :mod:`deepview_lab.base.producer`.
        """
        ...


@runtime_checkable
class RandomAccess(Protocol):
    """What a producer may offer besides: some of its samples, without reading the others."""

    def take(self, ids: Iterable[Hashable], /) -> Batch:
        """Return the samples with these identifiers, in this order.

        Raises
        ------
        UnknownNameError
            (a KeyError) for an identifier that no sample has.
        """
        ...


data_sources: Final[Plugins[DataSource]] = Plugins(DATA_SOURCES)


def source_of(value: Any) -> tuple[DataSource, str] | None:  # Any: the user's object
    """Return the source that recognises ``value``, and what it is in words."""
    for source in data_sources:
        what = source.recognises(value)
        if what is not None:
            return source, what
    return None
