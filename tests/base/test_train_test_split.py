"""Data sets of two splits: what is served, in which order, under which ids; subsets, shuffling, image files."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepview_lab.base import Batch, TrainTestSplitProducer
from deepview_lab.base.fingerprint import data_fingerprint
from deepview_lab.exceptions import DeepViewException, UnknownNameError

IDENTIFIER, LABELS, PATH = Batch.StdKeys.IDENTIFIER, Batch.StdKeys.LABELS, Batch.StdKeys.PATH


def split(train=6, test=4, shape=(2,), classes=3, dtype=np.float32):
    """Return a data set in which each sample is filled with its row and labelled by the row modulo ``classes``."""
    rows = np.arange(train + test)
    x = np.broadcast_to(rows.reshape(-1, *[1] * len(shape)), (train + test, *shape)).astype(dtype)
    y = rows % classes
    return (x[:train], y[:train]), (x[train:], y[train:])


def rows(producer, batch_size=3):
    """Return the rows that are served, having checked that ids, labels and splits belong to the samples."""
    served = []
    for batch in producer(batch_size):
        values = batch.fields["samples"].reshape(batch.batch_size, -1)[:, 0].astype(int).tolist()
        assert batch.metadata[IDENTIFIER] == tuple(values)
        assert batch.metadata[LABELS]["label"] == tuple(row % 3 for row in values)
        assert batch.metadata[LABELS]["dataset"] == tuple("train" if row < 6 else "test" for row in values)
        served += values
    return served


def test_training_samples_come_first_with_id_label_and_split():
    assert rows(TrainTestSplitProducer(split())) == list(range(10))


@pytest.mark.parametrize("batch_size", [1, 4, 10, 99])
def test_every_batch_is_full_but_the_last(batch_size):
    producer = TrainTestSplitProducer(split())
    sizes = [batch.batch_size for batch in producer(batch_size)]
    assert sum(sizes) == len(producer) == 10
    assert set(sizes[:-1]) <= {batch_size}
    assert rows(producer, batch_size) == list(range(10))


@pytest.mark.parametrize("shape", [(), (1,), (28, 28, 1), (1, 5, 5), (3, 3)])
@pytest.mark.parametrize(("train", "test"), [(1, 0), (0, 1), (1, 1), (3, 2)])
def test_no_axis_is_lost(shape, train, test):
    producer = TrainTestSplitProducer(split(train, test, shape))
    (batch,) = producer(10)
    assert batch.fields["samples"].shape == (train + test, *shape)


def test_labels_of_one_column_are_plain_labels():
    (x, y), (x_test, y_test) = split()
    producer = TrainTestSplitProducer(((x, y[:, np.newaxis].astype(np.uint8)), (x_test, y_test[:, np.newaxis])))
    assert rows(producer) == list(range(10))
    (batch,) = producer(10)
    assert {type(label) for label in batch.metadata[LABELS]["label"]} == {int}


def test_labels_of_several_kinds_stay_what_they_are():
    (x, y), (x_test, _) = split(2, 1)
    producer = TrainTestSplitProducer(((x, y[:2]), (x_test, np.array(["cat"]))))
    (batch,) = producer(3)
    assert batch.metadata[LABELS]["label"] == (0, 1, "cat")
    assert len(producer.subset(labels="cat")) == 1


def test_an_empty_split_needs_no_shape():
    producer = TrainTestSplitProducer((split()[0], (np.array([]), np.array([]))))
    assert rows(producer) == list(range(6))


def test_dtypes_do_not_change_from_batch_to_batch():
    (x, y), (x_test, y_test) = split()
    producer = TrainTestSplitProducer(((x.astype(np.uint8), y), (x_test, y_test)))
    assert {batch.fields["samples"].dtype for batch in producer(3)} == {np.dtype(np.float32)}


def test_metadata_can_be_left_out():
    (batch,) = TrainTestSplitProducer(split(), attach_metadata=False)(10)
    assert not batch.metadata


@pytest.mark.parametrize(("asked", "served"), [(4, 4), (10, 10), (11, 10), (-1, 10)])
def test_max_samples_limits_what_is_served(asked, served):
    producer = TrainTestSplitProducer(split(), max_samples=asked)
    assert rows(producer) == list(range(served))
    assert len(producer) == producer.max_samples == served


class TestSubset:
    def test_it_keeps_labels_and_splits_and_the_ids(self):
        producer = TrainTestSplitProducer(split())
        assert rows(producer.subset(labels=[0, 2])) == [0, 2, 3, 5, 6, 8, 9]
        assert rows(producer.subset(datasets="test")) == [6, 7, 8, 9]
        assert rows(producer.subset(labels=1, datasets=["train"])) == [1, 4]
        assert rows(producer.subset(labels=np.array([1]), max_samples=2)) == [1, 4]
        assert rows(producer) == list(range(10))

    def test_a_subset_of_a_subset_is_both(self):
        assert rows(TrainTestSplitProducer(split()).subset(labels=[0, 1]).subset(datasets="test")) == [6, 7, 9]

    def test_the_limit_is_inherited_and_can_be_lifted(self):
        producer = TrainTestSplitProducer(split(), max_samples=2)
        assert rows(producer.subset(datasets="test")) == [6, 7]
        assert rows(producer.subset(datasets="test", max_samples=-1)) == [6, 7, 8, 9]

    def test_it_is_of_the_same_class(self):
        class Mine(TrainTestSplitProducer):
            pass

        assert type(Mine(split()).subset(labels=0)) is Mine

    @pytest.mark.parametrize("empty", [{"labels": []}, {"datasets": []}, {"datasets": ()}, {"labels": set()}])
    def test_empty_choices_are_refused(self, empty):
        with pytest.raises(ValueError, match="is empty"):
            TrainTestSplitProducer(split()).subset(**empty)

    def test_what_is_not_there_is_named(self):
        producer = TrainTestSplitProducer(split())
        with pytest.raises(UnknownNameError, match=r"Unknown dataset 'tset'.*'test'"):
            producer.subset(datasets="tset")
        with pytest.raises(UnknownNameError, match=r"Unknown label '7'\. Known: '0', '1', '2'"):
            producer.subset(labels=[0, 7])
        with pytest.raises(DeepViewException, match=r"No sample of the splits 'test' has one of the labels 2"):
            TrainTestSplitProducer(split(3, 1)).subset(labels=2, datasets="test")


class TestShuffle:
    def test_equal_seeds_give_equal_orders_whatever_was_before(self):
        one, other = (TrainTestSplitProducer(split(60, 40)) for _ in range(2))
        other.shuffle(seed=1)
        one.shuffle(seed=7)
        other.shuffle(seed=7)
        order = [batch.metadata[IDENTIFIER] for batch in one(9)]
        assert order == [batch.metadata[IDENTIFIER] for batch in other(9)]
        assert order != [batch.metadata[IDENTIFIER] for batch in TrainTestSplitProducer(split(60, 40))(9)]

    def test_subsets_keep_the_order(self):
        producer = TrainTestSplitProducer(split())
        producer.shuffle(seed=3)
        assert rows(producer.subset(labels=[0, 1])) == [row for row in rows(producer) if row % 3 < 2]

    def test_the_limit_cuts_the_shuffled_samples(self):
        producer = TrainTestSplitProducer(split(500, 500), max_samples=100)
        producer.shuffle(seed=0)
        (batch,) = producer(100)
        served = batch.metadata[IDENTIFIER]
        assert len(set(served)) == 100
        assert max(served) > 500

    def test_a_pass_under_way_keeps_its_order(self):
        producer = TrainTestSplitProducer(split())
        batches = producer(5)
        first = next(batches)
        producer.shuffle(seed=0)
        assert first.metadata[IDENTIFIER] + next(batches).metadata[IDENTIFIER] == tuple(range(10))


@given(
    labels=st.none() | st.sets(st.integers(0, 2), min_size=1),
    datasets=st.none() | st.sets(st.sampled_from(["train", "test"]), min_size=1),
    limit=st.none() | st.integers(-1, 12).filter(bool),
    seed=st.none() | st.integers(0, 5),
    batch_size=st.integers(1, 12),
)
def test_a_subset_is_what_a_filter_of_the_whole_would_be(labels, datasets, limit, seed, batch_size):
    producer = TrainTestSplitProducer(split())
    if seed is not None:
        producer.shuffle(seed)
    expected = [
        row
        for row in rows(producer)
        if (labels is None or row % 3 in labels) and (datasets is None or ("train" if row < 6 else "test") in datasets)
    ]
    found = rows(producer.subset(labels, datasets, limit), batch_size)
    assert found == (expected if limit is None or limit < 0 else expected[:limit])


def test_a_fingerprint_tells_data_orders_and_choices_apart():
    def made(seed=None, first=0.0, **choice):
        (x, y), test = split(40_000, 30_000)
        x = x + first
        producer = TrainTestSplitProducer(((x, y), test))
        if seed is not None:
            producer.shuffle(seed)
        return data_fingerprint(producer.subset(**choice))

    variants = [{}, {"first": 1.0}, {"seed": 0}, {"seed": 1}, {"labels": 0}, {"datasets": "test"}, {"max_samples": 9}]
    prints = [made(**variant) for variant in variants]
    assert all(prints[i] != prints[j] for i in range(len(prints)) for j in range(i))
    assert [made(**variant) for variant in variants] == prints


class TestBadInput:
    @pytest.mark.parametrize(
        ("given", "message"),
        [
            (np.zeros(3), "instead of a pair of splits it holds a ndarray"),
            (((np.zeros(3), np.zeros(3)),), "instead of a pair of splits it holds a tuple of 1"),
            ((np.zeros(3), np.zeros(3)), "instead of x_train and y_train it holds a ndarray"),
            ((([1], [2]), (np.zeros(1), np.zeros(1))), "the train split holds a list"),
        ],
    )
    def test_another_form_is_a_type_error_that_shows_the_form(self, given, message):
        with pytest.raises(TypeError, match=rf"\(\(x_train, y_train\), \(x_test, y_test\)\).*{message}"):
            TrainTestSplitProducer(given)

    def test_labels_and_samples_must_be_as_many(self):
        (x, y), test = split()
        with pytest.raises(DeepViewException, match="x_train has 6 samples, but y_train has 5 labels"):
            TrainTestSplitProducer(((x, y[:5]), test))

    def test_samples_must_be_alike(self):
        with pytest.raises(DeepViewException, match=r"x_train have shape \(2,\), of x_test \(3,\)"):
            TrainTestSplitProducer((split()[0], split(shape=(3,))[1]))

    def test_nothing_at_all_is_refused(self):
        nothing = np.zeros((0, 2)), np.zeros(0)
        with pytest.raises(DeepViewException, match="both empty"):
            TrainTestSplitProducer((nothing, nothing))

    def test_one_hot_labels_are_refused_with_the_remedy(self):
        (x, y), test = split()
        with pytest.raises(ValueError, match=r"y_train.*\(6, 3\).*y_train\.argmax\(axis=1\)"):
            TrainTestSplitProducer(((x, np.eye(3)[y]), test))

    def test_zero_samples_are_refused(self):
        with pytest.raises(ValueError, match="max_samples must be at least 1"):
            TrainTestSplitProducer(split(), max_samples=0)

    @pytest.mark.parametrize("batch_size", [0, -1])
    def test_batches_of_nothing_are_refused(self, batch_size):
        with pytest.raises(ValueError, match="batch_size must be at least 1"):
            TrainTestSplitProducer(split())(batch_size)


class TestImageFiles:
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)

    @staticmethod
    def producer(shape=(4, 5, 3), dtype=np.uint8, **options):
        images = np.random.default_rng(0).integers(0, 255, (5, *shape)).astype(dtype)
        labels = np.array([0, 1, 0, 1, 0])
        return images, TrainTestSplitProducer(
            ((images[:3], labels[:3]), (images[3:], labels[3:])), write_to_folder=True, **options
        )

    @pytest.mark.parametrize("shape", [(4, 5), (4, 5, 1), (4, 5, 3), (4, 5, 4)])
    @pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
    def test_each_sample_is_a_file_that_holds_its_pixels(self, shape, dtype):
        images, producer = self.producer(shape, dtype)
        (batch,) = producer(5)
        codes = {(4, 5, 3): cv2.COLOR_BGR2RGB, (4, 5, 4): cv2.COLOR_BGRA2RGBA}
        for image, name, path in zip(images, batch.metadata[IDENTIFIER], batch.metadata[PATH], strict=True):
            assert Path(name).resolve() == path
            read = cv2.imread(name, cv2.IMREAD_UNCHANGED)
            read = cv2.cvtColor(read, codes[shape]) if shape in codes else read.reshape(shape)
            assert np.array_equal(read, image)

    def test_ids_tell_split_label_and_row_and_end_in_png(self):
        _, producer = self.producer()
        names = [name.split("/", 1)[1] for batch in producer(2) for name in batch.metadata[IDENTIFIER]]
        assert names == [
            "train/0/image0.png",
            "train/1/image1.png",
            "train/0/image2.png",
            "test/1/image3.png",
            "test/0/image4.png",
        ]

    def test_nothing_is_written_before_it_is_served_and_nothing_twice(self, tmp_path):
        _, producer = self.producer()
        assert not list(tmp_path.rglob("*"))
        list(producer(2))
        before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.png")}
        list(producer(3))
        list(producer.subset(labels=0)(3))
        assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.png")} == before
        assert len(before) == 5

    def test_files_that_have_been_written_make_no_other_data_of_it(self):
        _, producer = self.producer()
        before = data_fingerprint(producer)
        list(producer(2))
        assert data_fingerprint(producer) == before

    def test_files_outlive_the_producer(self, tmp_path):
        _, producer = self.producer()
        list(producer(2))
        del producer
        assert len(list(tmp_path.rglob("*.png"))) == 5

    def test_cleanup_deletes_them_and_a_later_pass_writes_the_same_files(self, tmp_path):
        _, producer = self.producer()
        producer.cleanup()
        (before,) = producer(5)
        producer.subset(datasets="test").cleanup()
        assert not list(tmp_path.rglob("*"))
        producer.cleanup()
        (after,) = producer(5)
        assert after.metadata[IDENTIFIER] == before.metadata[IDENTIFIER]
        assert len(list(tmp_path.rglob("*.png"))) == 5

    @pytest.mark.parametrize("label", ["../../up", "a/b", "..", "", "/root"])
    def test_labels_cannot_leave_the_folder(self, tmp_path, label):
        image, labels = np.zeros((1, 2, 2), np.uint8), np.array([label])
        empty = np.zeros((0, 2, 2), np.uint8), np.array([])
        (batch,) = TrainTestSplitProducer(((image, labels), empty), write_to_folder=True)(1)
        (path,) = batch.metadata[PATH]
        assert batch.metadata[LABELS]["label"] == (label,)
        assert path.parents[3] == tmp_path
        assert ".." not in path.parts

    @pytest.mark.parametrize(("shape", "dtype"), [((4, 5, 3), np.float32), ((4,), np.uint8), ((4, 5, 2), np.uint8)])
    def test_what_is_no_image_is_refused_at_once(self, shape, dtype):
        with pytest.raises(ValueError, match=r"write_to_folder needs images.*astype\('uint8'\)"):
            self.producer(shape, dtype)
