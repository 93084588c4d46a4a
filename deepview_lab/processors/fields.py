"""Rename and drop fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from deepview_lab.base import Batch, PipelineStage, ResponseInfo
from deepview_lab.base.pipeline import BatchProcessor
from deepview_lab.exceptions import DeepViewException
from deepview_lab.processors.renaming import renamed, require_distinct
from deepview_lab.typing import OneOrMany, resolve_one_or_many

__all__ = ["FieldRemover", "FieldRenamer"]


class FieldRenamer(PipelineStage):
    """Rename fields; values, metadata and snapshots stay.

    Parameters
    ----------
    mapping : mapping of str to str
        New names by old name. Old names that a batch does not have are ignored. A field whose name is taken by another
        is dropped, unless it is renamed itself: so ``{"a": "b", "b": "a"}`` swaps.

    Raises
    ------
    ValueError
        when two fields would get one name.
    """

    def __init__(self, mapping: Mapping[str, str]) -> None:
        require_distinct(mapping, "FieldRenamer", "fields")
        self._names = dict(mapping)

    def describe(self, responses: Mapping[str, ResponseInfo]) -> Mapping[str, ResponseInfo]:
        """Return the infos under their new names."""
        return {new: replace(responses[old], name=new) for old, new in renamed(self._names, responses)}

    def _get_batch_processor(self) -> BatchProcessor:
        def rename(batch: Batch) -> Batch:
            builder = Batch.Builder(base=batch)
            builder.fields = {new: batch.fields[old] for old, new in renamed(self._names, batch.fields)}
            return builder.make_batch()

        return rename


class FieldRemover(PipelineStage):
    """Drop fields, or drop all others.

    Parameters
    ----------
    fields : str or collection of str
        Fields to drop. Names that a batch does not have are ignored.
    keep : bool
        Whether ``fields`` are the ones to keep instead.

    Raises
    ------
    DeepViewException
        while batches pass, when neither a field nor metadata is left.
    """

    def __init__(self, *, fields: OneOrMany[str], keep: bool = False) -> None:
        self._fields = resolve_one_or_many(fields, str)
        self._keep = keep

    def describe(self, responses: Mapping[str, ResponseInfo]) -> Mapping[str, ResponseInfo]:
        """Return the infos of the fields that stay."""
        return {name: info for name, info in responses.items() if self._stays(name)}

    def _stays(self, name: str) -> bool:
        return (name in self._fields) == self._keep

    def _get_batch_processor(self) -> BatchProcessor:
        def remove(batch: Batch) -> Batch:
            builder = Batch.Builder(base=batch)
            builder.fields = {name: array for name, array in batch.fields.items() if self._stays(name)}
            if not builder.fields and not batch.metadata:
                raise DeepViewException(
                    f"FieldRemover leaves nothing of a batch with the fields {', '.join(map(repr, batch.fields))} and "
                    f"no metadata. It was told to {'keep' if self._keep else 'drop'} {sorted(self._fields)}."
                )
            return builder.make_batch()

        return remove
