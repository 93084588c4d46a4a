"""Stages that drop and rename metadata. Fields pass as they are."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping
from typing import Any, TypeAlias

from deepview_lab.base import Batch, PipelineStage
from deepview_lab.base.metadata import DictMetaKey, MetadataKey, MetaKey
from deepview_lab.base.pipeline import BatchProcessor
from deepview_lab.processors.renaming import renamed, require_distinct
from deepview_lab.typing import OneManyOrNone

__all__ = ["MetadataRemover", "MetadataRenamer"]

# Any: the payload types do not matter here.
_DictKeys: TypeAlias = DictMetaKey[Any] | Iterable[DictMetaKey[Any]] | None


class MetadataRemover(PipelineStage):
    """Drop metadata, or drop all other metadata. What a batch does not have is ignored.

    Without ``meta_keys`` and ``keys`` everything is selected.

    Parameters
    ----------
    meta_keys : None, a key or collection of keys
        The ``MetaKey`` and ``DictMetaKey`` to drop.
    keys : None, str or collection of str
        Drop only these sub keys (for ``LABELS``: label dimensions), of the ``DictMetaKey`` among ``meta_keys``, or of
        every one when there is none among them.
    keep : bool
        Whether the selection is what to keep instead.

    Raises
    ------
    ValueError
        when ``meta_keys`` holds something else than keys, or ``keys`` holds keys of metadata.

    Examples
    --------
    >>> from deepview_lab.base import peek_first_batch, pipeline
    >>> from deepview_lab.samples import StubProducer
    >>> labels = Batch.StdKeys.LABELS
    >>> data = StubProducer({"x": [1.0]}, {labels: {"digit": [3], "split": ["test"]}})
    >>> peek_first_batch(pipeline(data, MetadataRemover(keys="split"))).metadata[labels]
    mappingproxy({'digit': (3,)})
    """

    def __init__(
        self,
        *,
        meta_keys: MetadataKey | Iterable[MetadataKey] | None = None,
        keys: OneManyOrNone[Hashable] = None,
        keep: bool = False,
    ) -> None:
        self._meta_keys = _resolved("MetadataRemover", meta_keys, (MetaKey, DictMetaKey))
        self._dict_keys = frozenset(key for key in self._meta_keys if isinstance(key, DictMetaKey))
        self._keys = None if keys is None else _sub_keys(keys)
        self._keep = keep

    def _get_batch_processor(self) -> BatchProcessor:
        def remove(batch: Batch) -> Batch:
            builder = Batch.Builder(base=batch)
            for key, value in batch.metadata.items():
                if isinstance(key, DictMetaKey):
                    builder.metadata[key] = {sub: of for sub, of in value.items() if self._stays(key, sub)}
                elif not self._stays(key):
                    del builder.metadata[key]
            return builder.make_batch()

        return remove

    def _stays(self, key: MetadataKey, sub: Hashable = None) -> bool:
        return self._selected(key, sub) == self._keep

    def _selected(self, key: MetadataKey, sub: Hashable) -> bool:
        if not self._meta_keys and self._keys is None:
            return True
        if not isinstance(key, DictMetaKey):
            return key in self._meta_keys
        named = key in self._dict_keys or (not self._dict_keys and self._keys is not None)
        return named and (self._keys is None or sub in self._keys)


class MetadataRenamer(PipelineStage):
    """Rename sub keys of ``DictMetaKey`` metadata, such as the label dimensions of ``LABELS``.

    Parameters
    ----------
    mapping : mapping of str to str
        New names by old name. Old names that are not there are ignored. What has a name that is taken by another is
        dropped, unless it is renamed itself: so ``{"a": "b", "b": "a"}`` swaps.
    meta_keys : None, a DictMetaKey or collection of them
        Whose sub keys are renamed; None means all.

    Raises
    ------
    ValueError
        when two sub keys would get one name, or ``meta_keys`` holds something else than ``DictMetaKey``.
    """

    def __init__(self, mapping: Mapping[str, str], *, meta_keys: _DictKeys = None) -> None:
        self._names = dict(mapping)
        require_distinct(self._names, "MetadataRenamer", "sub keys")
        self._meta_keys = _resolved("MetadataRenamer", meta_keys, (DictMetaKey,))

    def _get_batch_processor(self) -> BatchProcessor:
        def rename(batch: Batch) -> Batch:
            builder = Batch.Builder(base=batch)
            for key, value in batch.metadata.items():
                if isinstance(key, DictMetaKey) and (not self._meta_keys or key in self._meta_keys):
                    builder.metadata[key] = {new: value[old] for old, new in renamed(self._names, value)}
            return builder.make_batch()

        return rename


def _resolved(
    stage: str, keys: MetadataKey | Iterable[MetadataKey] | None, kinds: tuple[type, ...]
) -> frozenset[MetadataKey]:
    many: list[Any] = [] if keys is None else [keys] if isinstance(keys, MetaKey | DictMetaKey | str) else list(keys)
    for key in many:
        if not isinstance(key, kinds):
            expected = " or ".join(kind.__name__ for kind in kinds)
            raise ValueError(
                f"meta_keys of {stage} must be {expected}, such as Batch.StdKeys.LABELS, but one is {key!r}."
            )
    return frozenset(many)


def _sub_keys(keys: OneManyOrNone[Hashable]) -> frozenset[Hashable]:
    many = list(keys) if isinstance(keys, Collection) and not isinstance(keys, str) else [keys]
    for key in many:
        if isinstance(key, MetaKey | DictMetaKey):
            raise ValueError(f"keys of MetadataRemover are sub keys, but one is {key!r}. Pass it as meta_keys.")
    return frozenset(many)
