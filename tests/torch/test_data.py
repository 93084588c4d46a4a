"""PyTorch's data sets and loaders are data, and samples of producers a data set of PyTorch."""

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader, Dataset, IterableDataset, Subset, TensorDataset

import deepview_lab
from deepview_lab import as_producer
from deepview_lab.base import Batch
from deepview_lab.exceptions import DataError, UnknownNameError
from deepview_lab.lab.discovery.scan import Scanner
from deepview_lab.torch import ProducerTorchDataset, TorchProducer
from tests.data.reading import whole
from tests.torch.networks import Small

X = np.maximum(np.random.default_rng(1).standard_normal((11, 3)), 0).astype(np.float32)
Y = np.arange(11) % 3
TENSORS = TensorDataset(torch.tensor(X), torch.tensor(Y))


class Mine(Dataset):
    def __len__(self):
        return 11

    def __getitem__(self, row):
        return {"image": X[row], "label": int(Y[row]), "name": f"n{row}"}


class Stream(IterableDataset):
    def __iter__(self):
        return iter(zip(torch.tensor(X), Y, strict=True))


@pytest.mark.parametrize(
    "data",
    [
        TENSORS,
        Mine(),
        Stream(),
        Subset(TENSORS, range(11)),
        DataLoader(TENSORS, batch_size=4),
        DataLoader(Mine(), batch_size=20),
        DataLoader(Stream(), batch_size=3),
    ],
)
def test_samples_are_served_in_any_batch_size_with_their_labels(data):
    producer = as_producer(data)
    for batch_size in (1, 4, 20):
        fields, ids, labels = whole(producer, batch_size)
        [values] = fields.values()
        np.testing.assert_array_equal(values, X)
        assert (ids, labels) == (list(range(11)), {"label": Y.tolist()})


def test_the_number_of_samples_is_known_where_the_data_says_it():
    assert len(as_producer(Mine())) == len(as_producer(DataLoader(TENSORS, batch_size=4))) == 11
    assert len(as_producer(DataLoader(TENSORS, batch_size=4, drop_last=True))) == 8
    with pytest.raises(TypeError, match="does not say how many samples"):
        len(as_producer(Stream()))
    assert repr(as_producer(TENSORS)) == "11 samples of PyTorch Dataset; labels from the second part."
    assert "it shuffles" in repr(as_producer(DataLoader(TENSORS, shuffle=True)))


def test_some_samples_can_be_taken_by_row_or_by_the_ids_that_were_given():
    batch = as_producer(Mine()).take([7, 2])
    np.testing.assert_array_equal(batch.fields["image"], X[[7, 2]])
    assert batch.metadata[Batch.StdKeys.LABELS]["label"] == (1, 2)
    assert batch.metadata[Batch.StdKeys.IDENTIFIER] == (7, 2)
    named = as_producer(TENSORS, ids=list("abcdefghijk"), labels=list("lmnopqrstuv"), split="test")
    batch = named.take("kb")
    np.testing.assert_array_equal(batch.fields["data"], X[[10, 1]])
    assert batch.metadata[Batch.StdKeys.IDENTIFIER] == ("k", "b")
    assert batch.metadata[Batch.StdKeys.LABELS] == {"label": ("v", "m"), "dataset": ("test", "test")}
    with pytest.raises(UnknownNameError, match="'z'"):
        named.take(["z"])


def test_samples_of_different_shapes_are_refused_with_both():
    class Ragged(Mine):
        def __getitem__(self, row):
            return np.zeros(row + 1)

    with pytest.raises(DataError, match=r"the shapes \(1,\) and \(2,\)"):
        list(as_producer(Ragged())(2))


def test_the_panel_lists_them_without_running_their_code():
    class Hostile(Dataset):
        def __len__(self):
            raise AssertionError

        def __getattr__(self, name):
            raise AssertionError

    namespace = {"tensors": TENSORS, "mine": Hostile(), "loader": DataLoader(TENSORS)}
    found = {
        source.name: (source.role, source.type, source.size) for source in Scanner(lambda: namespace).scan().sources
    }
    assert found == {
        "tensors": ("data", "PyTorch Dataset", 11),
        "mine": ("data", "PyTorch Dataset", None),
        "loader": ("data", "PyTorch DataLoader", None),
    }


def test_a_loader_and_a_module_in_one_line():
    images = torch.rand(20, 2, 4, 4)
    loader = DataLoader(TensorDataset(images, torch.arange(20) % 2), batch_size=6)
    assert list(deepview_lab.introspect(Small(), loader).wait()) == ["iua", "pfa", "report"]


def test_a_loader_by_a_mapping_of_its_parts():
    key = Batch.DictMetaKey("labels")
    loader = DataLoader(
        TensorDataset(torch.tensor(X), torch.tensor(Y), torch.tensor(Y + 1), torch.tensor(Y)), batch_size=4
    )

    def write(value, builder):
        builder.fields["more"] = value.numpy() * 2

    producer = TorchProducer(loader, ["x", Batch.StdKeys.IDENTIFIER, (key, "digit"), write])
    batches = list(producer(3))
    assert [batch.batch_size for batch in batches] == [3, 3, 3, 2]
    np.testing.assert_array_equal(np.concatenate([batch.fields["x"] for batch in batches]), X)
    assert batches[1].metadata[key]["digit"] == tuple((Y + 1)[3:6])
    assert batches[1].metadata[Batch.StdKeys.IDENTIFIER] == tuple(Y[3:6])
    np.testing.assert_array_equal(batches[1].fields["more"], Y[3:6] * 2)
    assert next(iter(TorchProducer(loader, [None, key], "kind")(4))).metadata[key] == {"kind": (0, 1, 2, 0)}
    with pytest.raises(ValueError, match="mapping=\\['x'\\]"):
        TorchProducer(loader, "x")
    with pytest.raises(ValueError, match="5 entries, but the DataLoader yields 4 parts"):
        list(TorchProducer(loader, list("abcde"))(4))


def test_the_samples_of_a_producer_as_a_data_set():
    producer = as_producer(X, labels=Y, field="x")
    parts = ["x", Batch.StdKeys.LABELS, Batch.StdKeys.IDENTIFIER, lambda element: element.fields["x"].sum()]
    dataset = ProducerTorchDataset(producer, parts, batch_size=4, transforms={"x": lambda x: torch.tensor(x) + 1})
    samples = list(dataset)
    assert len(samples) == 11
    torch.testing.assert_close(samples[5][0], torch.tensor(X[5]) + 1)
    assert samples[5][1:3] == (Y[5], 5)
    loaded = [batch[1].tolist() for batch in DataLoader(dataset, batch_size=6)]
    assert loaded == [Y[:6].tolist(), Y[6:].tolist()]
    with pytest.raises(ValueError, match="object of type int"):
        ProducerTorchDataset(producer, [3])
    with pytest.raises(ValueError, match="mapping=\\['x'\\]"):
        ProducerTorchDataset(producer, "x")
