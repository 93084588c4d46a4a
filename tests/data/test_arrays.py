"""Arrays, pairs, dicts, bunches and files of arrays are data."""

import numpy as np
import pytest
from sklearn.datasets import load_diabetes, load_digits, load_iris

import deepview_lab
from deepview_lab import as_producer
from deepview_lab.base import Batch, TrainTestSplitProducer, multi_introspect, pipeline
from deepview_lab.exceptions import DataError, NotAProducerError, UnknownNameError
from deepview_lab.introspectors import IUA
from deepview_lab.processors import FieldRenamer
from deepview_lab.samples import StubProducer
from tests.data.reading import KEYS, whole

X = np.maximum(np.random.default_rng(0).standard_normal((10, 3)), 0).astype(np.float32)
Y = np.arange(10) % 3


def zeros_of(iua):
    [result] = iua.results.values()
    return result.unit_inactive_count


def test_whatever_takes_a_producer_takes_an_array():
    expected = (X == 0).sum(axis=0).tolist()
    assert zeros_of(IUA.introspect(X)) == expected
    assert zeros_of(deepview_lab.start(X, IUA.spec()).wait(300)["iua"]) == expected
    assert zeros_of(multi_introspect(IUA.introspect, producer=X)[0]) == expected
    chain = pipeline(X, FieldRenamer({"data": "relu"}))
    assert len(chain) == 10
    assert zeros_of(IUA.introspect(chain)) == expected


def test_an_array_keeps_its_values_and_counts_its_samples():
    fields, ids, labels = whole(as_producer(X))
    np.testing.assert_array_equal(fields["data"], X)
    assert (list(fields), ids, labels) == (["data"], list(range(10)), {})
    assert list(whole(as_producer(np.zeros((3, 4, 4, 1))))[0]) == ["images"]
    assert list(whole(as_producer(X, field="relu"))[0]) == ["relu"]


def test_labels_ids_and_splits_go_beside_an_array():
    names = [f"s{row}" for row in range(10)]
    _, ids, labels = whole(as_producer(X, labels=Y, ids=names, split="train"))
    assert (ids, labels) == (names, {"label": Y.tolist(), "dataset": ["train"] * 10})
    _, _, labels = whole(as_producer(X, labels={"digit": Y, "writer": names}))
    assert labels == {"digit": Y.tolist(), "writer": names}


@pytest.mark.parametrize("y", [Y, Y[:, None], Y.astype(float), np.eye(3)[Y], np.eye(3, dtype=int)[Y]])
def test_a_pair_is_data_and_labels_in_any_of_their_forms(y):
    assert whole(as_producer((X, y)))[2] == {"label": Y.tolist()}


def test_pairs_of_pairs_are_training_and_test_data():
    producer = as_producer(((X[:6], Y[:6]), (X[6:], Y[6:])))
    assert type(producer) is TrainTestSplitProducer
    assert whole(producer)[2] == {"label": Y.tolist(), "dataset": ["train"] * 6 + ["test"] * 4}


def test_a_dict_of_arrays_has_a_field_each_and_its_metadata_by_name():
    images = np.zeros((10, 4, 4, 1))
    fields, ids, labels = whole(as_producer({"image": images, "extra": X, "label": Y, "id": Y + 10 * np.arange(10)}))
    assert (list(fields), labels) == (["image", "extra"], {"label": Y.tolist()})
    assert ids == (Y + 10 * np.arange(10)).tolist()
    assert list(whole(as_producer({"image": images, "extra": X}, field="extra"))[0]) == ["extra"]
    _, _, labels = whole(as_producer({"x": X, "kind": Y}, labels="kind"))
    assert labels == {"kind": Y.tolist()}


def test_some_samples_are_taken_by_their_ids():
    batch = as_producer(X, labels=Y, ids=list("abcdefghij")).take(["c", "a"])
    np.testing.assert_array_equal(batch.fields["data"], X[[2, 0]])
    assert (batch.metadata[KEYS.IDENTIFIER], batch.metadata[KEYS.LABELS]["label"]) == (("c", "a"), (2, 0))
    with pytest.raises(UnknownNameError, match="Unknown sample 'z'"):
        as_producer(X).take(["z"])


def test_bunches_have_their_target_names_as_labels():
    iris = load_iris()
    fields, _, labels = whole(as_producer(iris))
    np.testing.assert_array_equal(fields["data"], iris.data)
    assert labels["label"][::50] == ["setosa", "versicolor", "virginica"]
    assert whole(as_producer(load_digits(), field="images"), 100)[0]["images"].shape == (1797, 8, 8)
    regression = load_diabetes()
    regression.target = regression.target + 0.5
    assert whole(as_producer(regression), 100)[2] == {}
    assert "numbers that are not whole were not taken as labels" in repr(as_producer(regression))


def test_a_result_says_what_was_guessed():
    assert repr(as_producer(X, labels=Y)) == "10 samples of NumPy array; labels: label; field 'data'."
    assert "one-hot labels were turned into class numbers" in repr(as_producer({"x": X, "label": np.eye(3)[Y]}))


def test_files_of_arrays_are_read_without_pickle(tmp_path):
    np.save(tmp_path / "x.npy", X)
    np.savez(tmp_path / "both.npz", x=X, label=Y)
    np.save(tmp_path / "bad.npy", np.array([{}], object), allow_pickle=True)
    np.testing.assert_array_equal(whole(as_producer(tmp_path / "x.npy"))[0]["data"], X)
    np.testing.assert_array_equal(whole(as_producer(str(tmp_path / "x.npy")))[0]["data"], X)
    assert whole(as_producer(tmp_path / "both.npz"))[2] == {"label": Y.tolist()}
    with pytest.raises(DataError, match=r"bad\.npy cannot be read: .*Python objects"):
        as_producer(tmp_path / "bad.npy")


def test_a_memory_mapped_file_is_read_batch_by_batch(tmp_path):
    mapped = np.memmap(tmp_path / "x", np.float32, "w+", shape=(10, 3))
    mapped[:] = X
    batch = next(as_producer(mapped)(4))
    assert np.shares_memory(batch.fields["data"], mapped)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: as_producer(Y), r"one number per sample, as labels have.*values\[:, None\].*labels=values"),
        (lambda: as_producer(np.array([["a"]])), r"holds <U1 values, but numbers are needed"),
        (lambda: as_producer(X[:0]), r"NumPy array has no sample"),
        (lambda: as_producer(X, labels=Y[:5]), r"10 samples, but labels 'label' has 5 values"),
        (lambda: as_producer(X, ids=[0] * 10), r"only 1 of them differ"),
        (lambda: as_producer(X, labels="digit"), r"labels must hold one value per sample, but is 'digit'"),
        (lambda: as_producer({"x": X, "y2": X[:4]}), r"need as many samples, but 'x' has 10, 'y2' has 4"),
        (lambda: as_producer((X, X)), r"A pair is data and labels, but .*shape \(3,\)"),
        (lambda: as_producer(((X, Y), (X, Y)), labels=Y), r"labels cannot be given beside training and test data"),
        (lambda: as_producer(StubProducer({"x": X}), labels=Y), r"labels cannot be given for StubProducer"),
    ],
)
def test_data_that_does_not_fit_is_refused_in_words(make, says):
    with pytest.raises(DataError, match=says):
        make()


@pytest.mark.parametrize("value", [[X, X], 3, None, {"x": "y"}, "nowhere", object()])
def test_what_is_not_recognised_is_no_producer(value):
    with pytest.raises(NotAProducerError):
        as_producer(value)


def test_a_producer_stays_as_it_is():
    def mine(batch_size):
        yield Batch({"x": X})

    assert as_producer(mine) is mine


def test_plugins_of_other_packages_are_found_by_their_entry_points(monkeypatch):
    from importlib.metadata import EntryPoint

    from deepview_lab.base import plugins

    entries = [
        EntryPoint("mine", "tests.data.own_source:OwnSource", "deepview_lab.data_sources"),
        EntryPoint("broken", "no_such_package:Source", "deepview_lab.data_sources"),
    ]
    monkeypatch.setattr(plugins, "entry_points", lambda group: entries)
    found = [type(source).__name__ for source in plugins.Plugins("deepview_lab.data_sources")]
    assert found[0] == "ArraySource"
    assert found[-1] == "OwnSource"
