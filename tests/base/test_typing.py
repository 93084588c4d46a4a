"""Arguments that may be one thing or many resolve to collections."""

from pathlib import Path

from deepview_lab.typing import (
    resolve_one_many_or_none,
    resolve_one_or_many,
    resolve_one_or_many_to_list,
    resolve_path_or_str,
)


def test_one_becomes_a_collection_of_one():
    assert resolve_one_or_many("conv", str) == frozenset({"conv"})
    assert resolve_one_or_many_to_list("conv", str) == ["conv"]
    assert resolve_one_many_or_none(3, int) == frozenset({3})


def test_many_keep_their_order_in_a_list():
    assert resolve_one_or_many_to_list(("b", "a"), str) == ["b", "a"]
    assert resolve_one_or_many(["b", "a", "b"], str) == frozenset({"a", "b"})


def test_none_stays_none():
    assert resolve_one_many_or_none(None, str) is None


def test_a_path_loses_its_tilde():
    assert resolve_path_or_str("~/model.keras") == Path.home() / "model.keras"
