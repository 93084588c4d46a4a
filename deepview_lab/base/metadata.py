"""Metadata of samples: typed keys, and the read-only view of what a batch carries."""

from __future__ import annotations

from collections.abc import Hashable, ItemsView, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Generic, TypeAlias, TypeVar, overload

from deepview_lab.exceptions import UnknownNameError

__all__ = ["DictMetaKey", "MetaKey", "Metadata", "MetadataKey", "Payload", "frozen"]

T = TypeVar("T")


@dataclass(frozen=True)
class MetaKey(Generic[T]):
    """Key of one value of type ``T`` per sample. Keys with equal names are equal."""

    name: str

    def __hash__(self) -> int:
        return hash(self.name)


@dataclass(frozen=True)
class DictMetaKey(Generic[T]):
    """Key of a mapping from a sub key (say, a label dimension) to one value of type ``T`` per sample."""

    name: str

    def __hash__(self) -> int:
        return hash(self.name)


# The payload types differ from key to key, which a mapping cannot express: hence Any inside, typed keys outside.
MetadataKey: TypeAlias = MetaKey[Any] | DictMetaKey[Any]
Payload: TypeAlias = Sequence[Any] | Mapping[Hashable, Sequence[Any]]


class Metadata(Mapping[MetadataKey, Any]):
    """Read-only metadata of a batch: a sequence per :class:`MetaKey`, a mapping of sequences per :class:`DictMetaKey`.

    Raises
    ------
    UnknownNameError
        (a KeyError) when a key is not there; the message lists the keys that are.
    """

    def __init__(self, data: Mapping[MetadataKey, Payload] | None = None) -> None:
        self._data = {key: frozen(value) for key, value in data.items()} if data else {}

    @classmethod
    def of_frozen(cls, data: dict[MetadataKey, Any]) -> Metadata:
        """Return metadata of values that :func:`frozen` has returned, as they are."""
        metadata = cls()
        metadata._data = data
        return metadata

    @overload
    def __getitem__(self, key: MetaKey[T]) -> Sequence[T]: ...
    @overload
    def __getitem__(self, key: DictMetaKey[T]) -> Mapping[Hashable, Sequence[T]]: ...
    def __getitem__(self, key: MetadataKey) -> Any:
        if key not in self._data:
            raise UnknownNameError("metadata key", getattr(key, "name", key), [known.name for known in self._data])
        return self._data[key]

    def __contains__(self, key: object) -> bool:
        return key in self._data

    def __iter__(self) -> Iterator[MetadataKey]:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)

    # Those that Mapping has go through __getitem__, whose error looks for near matches.
    def get(self, key: MetadataKey, default: Any = None) -> Any:
        """Return what is under ``key``, or ``default``."""
        return self._data.get(key, default)

    def items(self) -> ItemsView[MetadataKey, Any]:
        """Return keys and values."""
        return self._data.items()

    def __repr__(self) -> str:
        return f"Metadata({', '.join(key.name for key in self._data)})"

    def sequences(self) -> Iterator[tuple[str, Sequence[Any]]]:
        """Yield every sequence with a name that a message can show."""
        for key, value in self._data.items():
            if isinstance(value, Mapping):
                yield from ((f"metadata {key.name}[{sub!r}]", values) for sub, values in value.items())
            else:
                yield f"metadata {key.name}", value

    def columns(self) -> Iterator[tuple[Any, ...]]:
        """Yield every sequence."""
        for value in self._data.values():
            if isinstance(value, tuple):
                yield value
            else:
                yield from value.values()

    def take(self, rows: slice | Sequence[int]) -> Metadata:
        """Return the metadata of the samples at ``rows``."""

        def pick(values: tuple[Any, ...]) -> Sequence[Any]:
            return values[rows] if isinstance(rows, slice) else [values[index] for index in rows]

        return Metadata(
            {
                key: pick(value) if isinstance(value, tuple) else {sub: pick(values) for sub, values in value.items()}
                for key, value in self._data.items()
            }
        )

    def at(self, index: int) -> Mapping[MetadataKey, Any]:
        """Return the values of one sample: T per MetaKey, a mapping of T per DictMetaKey."""
        return MappingProxyType(
            {
                key: MappingProxyType({sub: values[index] for sub, values in value.items()})
                if isinstance(value, Mapping)
                else value[index]
                for key, value in self._data.items()
            }
        )


def frozen(value: Payload) -> tuple[Any, ...] | MappingProxyType[Hashable, tuple[Any, ...]]:
    """Return ``value`` as a tuple, or a read-only mapping of tuples."""
    if type(value) is tuple:  # the most frequent
        return value
    if isinstance(value, Mapping):
        return MappingProxyType({sub: tuple(values) for sub, values in value.items()})
    return tuple(value)
