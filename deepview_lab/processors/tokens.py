"""Responses of sequences without their padding: each token as a sample, or one vector for each sequence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from deepview_lab.base import Batch, PipelineStage, Producer, ResponseInfo
from deepview_lab.base.producer import batches_of
from deepview_lab.exceptions import DataError, UnknownNameError

__all__ = ["TokenPooler", "Tokens"]

Tokens: TypeAlias = Literal["every", "mean", "first", "last"]
_SEQUENCES: Final = 3
_MASK: Final = "attention_mask"


class TokenPooler(PipelineStage):
    """Take the tokens of sequences, fields of samples x tokens x units, as an attention mask says which are there.

    Parameters
    ----------
    tokens : 'every', 'mean', 'first' or 'last'
        'every' makes each token a sample of its own; the others give one vector for each sequence: the mean of its
        tokens, its first, or its last. Padding counts nowhere, be it on the left or on the right.
    mask : str or None
        The field that is 1 for tokens and 0 for padding, samples x tokens; it is left out behind this stage. A model's
        input can be requested as a response: ``model(["encoder.0.mlp", "attention_mask"])``. None: there is no padding.

    Raises
    ------
    ValueError
        when ``tokens`` is none of the four, and while batches pass when a field has other tokens than the mask, or a
        sequence has no token.

    Notes
    -----
    With 'every' a batch has as many samples as its sequences have tokens, whose identifiers are those of their
    sequences with their place in it, ``7#0``. Nothing is kept from one batch to the next.

    Examples
    --------
    >>> from deepview_lab.base import peek_first_batch, pipeline
    >>> from deepview_lab.samples import StubProducer
    >>> states = np.arange(12.0).reshape(2, 3, 2)
    >>> data = StubProducer({"states": states, "attention_mask": np.array([[1, 1, 0], [1, 1, 1]])})
    >>> peek_first_batch(pipeline(data, TokenPooler("last")), 2).fields["states"]
    array([[ 2.,  3.],
           [10., 11.]])
    """

    def __init__(self, tokens: Tokens = "every", *, mask: str | None = _MASK) -> None:
        if tokens not in get_args(Tokens):
            raise ValueError(f"tokens must be one of {', '.join(map(repr, get_args(Tokens)))}, but is {tokens!r}.")
        self._tokens = tokens
        self._mask = mask

    def _pipeline(self, producer: Producer) -> Producer:
        def pooled(batch_size: int) -> Iterator[Batch]:
            for batch in batches_of(producer, batch_size):
                yield self._pooled(batch)

        return pooled

    def describe(self, responses: Mapping[str, ResponseInfo]) -> Mapping[str, ResponseInfo]:
        """Return what is known of vectors."""
        return {
            name: info.with_shape((None, info.shape[-1]), -1) if len(info.shape) == _SEQUENCES else info
            for name, info in responses.items()
            if name != self._mask
        }

    def count(self, samples: int | None) -> int | None:
        """Return the number of samples; how many tokens they have is not known."""
        return None if self._tokens == "every" else samples

    def _pooled(self, batch: Batch) -> Batch:
        fields = {name: values for name, values in batch.fields.items() if name != self._mask}
        there = self._there(batch, fields)
        if self._tokens == "every":
            return self._every(batch, fields, there)
        builder = Batch.Builder(base=batch)
        builder.fields = {name: self._one(name, values, there) for name, values in fields.items()}
        return builder.make_batch()

    def _there(self, batch: Batch, fields: Mapping[str, NDArray[Any]]) -> NDArray[np.bool_]:
        """Return which tokens are there: bool [samples, tokens]."""
        if self._mask is None:
            shape = next((values.shape[:2] for values in fields.values() if values.ndim == _SEQUENCES), (0, 0))
            return np.ones(shape, dtype=bool)
        if self._mask not in batch.fields:
            raise UnknownNameError("field with the attention mask", self._mask, batch.fields)
        there: NDArray[np.bool_] = batch.fields[self._mask] != 0
        empty = np.flatnonzero(~there.any(axis=1))
        if len(empty) and self._tokens != "every":
            raise DataError(f"{len(empty)} sequence(s) of this batch have no token, only padding. Leave them out.")
        return there

    def _one(self, name: str, values: NDArray[Any], there: NDArray[np.bool_]) -> NDArray[Any]:
        if values.ndim != _SEQUENCES:
            return values
        _require_same(name, values, there)
        if self._tokens == "mean":
            total = np.einsum("btd,bt->bd", values, there, dtype=np.float64, casting="unsafe")
            return np.asarray(total / there.sum(axis=1, keepdims=True)).astype(values.dtype)
        rows = np.arange(len(values))
        at = there.argmax(axis=1) if self._tokens == "first" else there.shape[1] - 1 - there[:, ::-1].argmax(axis=1)
        return np.asarray(values[rows, at])

    def _every(self, batch: Batch, fields: Mapping[str, NDArray[Any]], there: NDArray[np.bool_]) -> Batch:
        for name, values in fields.items():
            if values.ndim != _SEQUENCES:
                raise DataError(
                    f"Field {name!r} has shape {values.shape}, without tokens, so it cannot have one row per token. "
                    "Remove it with FieldRemover, or pool with tokens='mean'."
                )
            _require_same(name, values, there)
        rows, places = np.nonzero(there)
        taken = batch.elements[rows.tolist()]
        builder = Batch.Builder(base=taken)
        builder.snapshots = {}
        builder.fields = {name: values[there] for name, values in fields.items()}
        if Batch.StdKeys.IDENTIFIER in taken.metadata:
            ids = taken.metadata[Batch.StdKeys.IDENTIFIER]
            builder.metadata[Batch.StdKeys.IDENTIFIER] = [
                f"{sequence}#{place}" for sequence, place in zip(ids, places.tolist(), strict=True)
            ]
        return builder.make_batch()


def _require_same(name: str, values: NDArray[Any], there: NDArray[np.bool_]) -> None:
    if values.shape[:2] != there.shape:
        raise DataError(
            f"Field {name!r} has {values.shape[1]} tokens for each sample, but the mask has {there.shape[1]}: "
            "axis 1 must be as long. Name the mask of these tokens: TokenPooler(mask='...')."
        )
