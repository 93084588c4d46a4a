"""Data sets of Hugging Face are data."""

import numpy as np
import pytest

from deepview_lab import as_producer
from deepview_lab.base import Batch
from deepview_lab.exceptions import DataError
from deepview_lab.lab.discovery.scan import Scanner
from tests.data.reading import whole

datasets = pytest.importorskip("datasets", reason="`make test-torch` has it")

X = np.random.default_rng(1).random((11, 3)).astype(np.float32)
Y = np.arange(11) % 3
NAMES = ["cat", "dog", "cow"]


@pytest.fixture
def table():
    features = datasets.Features(
        {
            "pixels": datasets.Sequence(datasets.Value("float32"), 3),
            "label": datasets.ClassLabel(names=NAMES),
            "id": datasets.Value("string"),
            "text": datasets.Value("string"),
        }
    )
    columns = {
        "pixels": X,
        "label": Y,
        "id": [f"s{row}" for row in range(11)],
        "text": ["t" * row for row in range(11)],
    }
    return datasets.Dataset.from_dict(columns, features=features)


def test_columns_are_fields_and_class_numbers_become_names(table):
    producer = as_producer(table)
    assert len(producer) == 11
    for batch_size in (1, 4, 20):
        fields, ids, labels = whole(producer, batch_size)
        assert list(fields) == ["pixels"]
        np.testing.assert_array_equal(fields["pixels"].astype(np.float32), X)
        assert (ids, labels) == ([f"s{row}" for row in range(11)], {"label": [NAMES[label] for label in Y]})


def test_some_rows_can_be_taken_by_their_ids(table):
    batch = as_producer(table).take(["s7", "s2"])
    np.testing.assert_array_equal(batch.fields["pixels"].astype(np.float32), X[[7, 2]])
    assert batch.metadata[Batch.StdKeys.LABELS]["label"] == ("dog", "cow")
    assert batch.metadata[Batch.StdKeys.IDENTIFIER] == ("s7", "s2")


def test_streams_are_read_and_splits_must_be_chosen(table):
    fields, _, labels = whole(as_producer(table.to_iterable_dataset()), 4)
    np.testing.assert_array_equal(fields["pixels"].astype(np.float32), X)
    assert labels["label"][:3] == NAMES
    with pytest.raises(
        DataError, match=r"the splits 'train', 'test'. Pass one of them: as_producer\(dataset\['train'\]"
    ):
        as_producer(datasets.DatasetDict({"train": table, "test": table}))


def test_the_panel_lists_them_with_their_size(table):
    [source] = Scanner(lambda: {"table": table}).scan().sources
    assert (source.role, source.type, source.size) == ("data", "Hugging Face dataset", 11)
