"""Tokens of sequences, without padding."""

import numpy as np
import pytest

from deepview_lab.base import Batch, pipeline
from deepview_lab.exceptions import DataError, UnknownNameError
from deepview_lab.introspectors import IUA
from deepview_lab.processors import TokenPooler

STATES = np.random.default_rng(0).standard_normal((4, 5, 3))
# Padding on the right, on the left, none, one token.
MASK = np.array([[1, 1, 0, 0, 0], [0, 0, 1, 1, 1], [1, 1, 1, 1, 1], [0, 0, 1, 0, 0]])


def data(_):
    builder = Batch.Builder({"states": STATES, "attention_mask": MASK})
    builder.metadata[Batch.StdKeys.IDENTIFIER] = list("abcd")
    builder.metadata[Batch.StdKeys.LABELS] = {"label": [0, 1, 2, 3]}
    yield builder.make_batch()


@pytest.mark.parametrize(
    ("tokens", "rows"),
    [
        ("mean", [STATES[0, :2].mean(0), STATES[1, 2:].mean(0), STATES[2].mean(0), STATES[3, 2]]),
        ("first", [STATES[0, 0], STATES[1, 2], STATES[2, 0], STATES[3, 2]]),
        ("last", [STATES[0, 1], STATES[1, 4], STATES[2, 4], STATES[3, 2]]),
    ],
)
def test_a_sequence_becomes_one_vector_in_which_padding_does_not_count(tokens, rows):
    [batch] = pipeline(data, TokenPooler(tokens))(4)
    np.testing.assert_allclose(batch.fields["states"], np.stack(rows), rtol=1e-12)
    assert list(batch.fields) == ["states"]
    assert batch.metadata[Batch.StdKeys.IDENTIFIER] == tuple("abcd")


def test_every_token_becomes_a_sample_with_the_label_of_its_sequence():
    [batch] = pipeline(data, TokenPooler("every"))(4)
    np.testing.assert_array_equal(
        batch.fields["states"], np.concatenate([STATES[0, :2], STATES[1, 2:], STATES[2], STATES[3, 2:3]])
    )
    assert batch.metadata[Batch.StdKeys.LABELS]["label"] == (0, 0, 1, 1, 1, 2, 2, 2, 2, 2, 3)
    assert batch.metadata[Batch.StdKeys.IDENTIFIER][:5] == ("a#0", "a#1", "b#2", "b#3", "b#4")


def test_inactive_units_are_counted_over_tokens_alone():
    def rectified(_):
        yield Batch({"states": np.where(MASK[..., None] == 1, np.maximum(STATES, 0), 0), "attention_mask": MASK})

    counts = IUA.introspect(pipeline(rectified, TokenPooler())).results["states"].counts
    np.testing.assert_array_equal(counts, (STATES[MASK == 1] <= 0).sum(axis=0))


def test_without_a_mask_there_is_no_padding():
    [batch] = pipeline(lambda _: iter([Batch({"states": STATES})]), TokenPooler("mean", mask=None))(4)
    np.testing.assert_allclose(batch.fields["states"], STATES.mean(axis=1))


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="tokens must be one of 'every', 'mean'"):
        TokenPooler("all")
    with pytest.raises(UnknownNameError, match="attention mask 'mask'"):
        list(pipeline(data, TokenPooler("mean", mask="mask"))(4))
    with pytest.raises(DataError, match="without tokens"):
        list(pipeline(lambda _: iter([Batch({"x": np.ones((4, 2)), "attention_mask": MASK})]), TokenPooler())(4))
    with pytest.raises(DataError, match="5 tokens for each sample, but the mask has 2"):
        list(pipeline(lambda _: iter([Batch({"x": STATES, "attention_mask": MASK[:, :2] * 0 + 1})]), TokenPooler())(4))
    with pytest.raises(DataError, match="1 sequence"):
        list(
            pipeline(
                lambda _: iter([Batch({"x": STATES, "attention_mask": MASK * [1, 1, 0, 1, 1]})]), TokenPooler("first")
            )(4)
        )
