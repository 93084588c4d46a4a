"""Metadata of samples: typed keys, and the read-only view of what a batch carries."""

from __future__ import annotations

from collections.abc import Hashable, ItemsView, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Generic, TypeAlias, TypeVar, overload

from deepview_lab.exceptions import MetadataError, UnknownNameError

__all__ = [
    "DictMetaKey",
    "MetaKey",
    "Metadata",
    "MetadataBuilder",
    "MetadataKey",
    "Payload",
    "frozen",
    "key_name",
    "payload",
    "thawed",
]

T = TypeVar("T")
_STANDARD: Final = "deepview.base.Batch.StdKeys."


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
            raise UnknownNameError("metadata key", key_name(key), map(key_name, self._data))
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

    def __reduce__(self) -> tuple[Any, ...]:
        return Metadata, (thawed(self._data),)

    def __repr__(self) -> str:
        return f"Metadata({', '.join(map(key_name, self._data))})"

    def sequences(self) -> Iterator[tuple[str, Sequence[Any]]]:
        """Yield every sequence with a name that a message can show."""
        for key, value in self._data.items():
            if isinstance(value, Mapping):
                yield from ((f"metadata {key_name(key)}[{sub!r}]", values) for sub, values in value.items())
            else:
                yield f"metadata {key_name(key)}", value

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


class MetadataBuilder:
    """Mutable metadata. Reading a :class:`DictMetaKey` that is not set gives an empty mapping to fill."""

    def __init__(self, base: Metadata) -> None:
        # Frozen until somebody looks at it: most stages leave most metadata alone.
        self._data: dict[MetadataKey, Any] = dict(base.items())

    def __getitem__(self, key: MetadataKey) -> Any:
        value = self._data.setdefault(key, {}) if isinstance(key, DictMetaKey) else self._data[key]
        if isinstance(value, tuple):
            value = self._data[key] = list(value)
        elif isinstance(value, MappingProxyType):
            value = self._data[key] = {sub: list(values) for sub, values in value.items()}
        return value

    def __setitem__(self, key: MetadataKey, value: Payload) -> None:
        self._data[key] = payload(key, value)

    def __delitem__(self, key: MetadataKey) -> None:
        del self._data[key]

    def __contains__(self, key: object) -> bool:
        return key in self._data

    def __bool__(self) -> bool:
        return bool(self._data)

    def keys(self) -> Sequence[MetadataKey]:
        """Return the keys set so far."""
        return tuple(self._data)

    def baked(self) -> Metadata:
        """Return what is not empty."""
        return Metadata.of_frozen({key: _refrozen(value) for key, value in self._data.items() if value})


def _refrozen(value: Any) -> Any:  # Any: a payload of any kind
    return value if isinstance(value, tuple | MappingProxyType) else frozen(value)


def key_name(key: object) -> str:
    """Return how a user writes a key: ``Batch.StdKeys.LABELS`` for that of DeepView, else its name."""
    name = str(getattr(key, "name", key))
    standard = name.removeprefix(_STANDARD)
    return name if standard == name else f"Batch.StdKeys.{standard.upper()}"


def payload(key: MetadataKey, value: Payload) -> tuple[Any, ...] | MappingProxyType[Hashable, tuple[Any, ...]]:
    """Return ``value`` as :func:`frozen` does, after a check that it fits ``key``.

    Raises
    ------
    MetadataError
        (a TypeError) for a key that is none, or a sequence in place of a mapping and the reverse.
    """
    if not isinstance(key, MetaKey | DictMetaKey):
        raise MetadataError(
            f"Metadata has keys such as Batch.StdKeys.LABELS or Batch.MetaKey('weather'), but got {key!r:.80}. For "
            "labels write {Batch.StdKeys.LABELS: {'label': labels}}."
        )
    of_mappings = isinstance(key, DictMetaKey)
    if of_mappings != isinstance(value, Mapping):
        needed = "a mapping of names to sequences" if of_mappings else "one sequence"
        write = "{'label': values}" if of_mappings else "[value of sample 0, value of sample 1, ...]"
        raise MetadataError(
            f"Metadata {key_name(key)} needs {needed}, with one value per sample, but got a {type(value).__name__}. "
            f"Write {{{key_name(key)}: {write}}}."
        )
    return frozen(value)


def frozen(value: Payload) -> tuple[Any, ...] | MappingProxyType[Hashable, tuple[Any, ...]]:
    """Return ``value`` as a tuple, or a read-only mapping of tuples."""
    if type(value) is tuple:  # the most frequent
        return value
    if isinstance(value, Mapping):
        return MappingProxyType({sub: tuple(values) for sub, values in value.items()})
    return tuple(value)


def thawed(metadata: Mapping[MetadataKey, Any]) -> dict[MetadataKey, Any]:
    """Return metadata with plain mappings in place of read-only ones, which cannot be pickled."""
    return {key: dict(value) if isinstance(value, Mapping) else value for key, value in metadata.items()}
