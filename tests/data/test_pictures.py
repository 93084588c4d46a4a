"""Folders and lists of pictures are data."""

import os

import numpy as np
import pytest
from PIL import Image

from deepview_lab import as_producer
from deepview_lab.data import pictures
from deepview_lab.exceptions import DataError, ImageFileError, NotAProducerError, UnknownNameError
from tests.data.reading import KEYS, whole


def save(path, shade, size=(6, 4), mode="RGB"):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, size, (shade,) * 3 if mode == "RGB" else shade).save(path)


@pytest.fixture
def by_class(tmp_path):
    root = tmp_path / "pets"
    for shade, name in enumerate(["cat/1.png", "cat/2.png", "dog/1.png"]):
        save(root / name, shade * 10)
    (root / "dog" / "notes.txt").write_text("no picture")
    return root


def test_a_folder_by_class_has_the_names_of_its_folders_as_labels(by_class):
    producer = as_producer(by_class)
    fields, ids, labels = whole(producer)
    assert fields["images"].shape == (3, 4, 6, 3)
    assert fields["images"][:, 0, 0, 0].tolist() == [0, 10, 20]
    assert ids == ["cat/1.png", "cat/2.png", "dog/1.png"]
    assert labels == {"label": ["cat", "cat", "dog"]}
    assert next(producer(3)).metadata[KEYS.PATH][2] == by_class.resolve() / "dog/1.png"
    assert repr(producer) == "3 samples of folder of pictures; labels: label; labels from the names of the folders."
    assert producer.take(["dog/1.png"]).fields["images"][0, 0, 0, 0] == 20


def test_a_folder_by_split_and_class_has_both(tmp_path):
    for shade, name in enumerate(["Train/cat/a.jpg", "Train/dog/b.jpg", "validation/cat/c.jpg"]):
        save(tmp_path / name, shade)
    _, _, labels = whole(as_producer(tmp_path))
    assert labels == {"label": ["cat", "dog", "cat"], "dataset": ["train", "train", "val"]}
    assert whole(as_producer(tmp_path, split="train"))[1] == ["Train/cat/a.jpg", "Train/dog/b.jpg"]
    with pytest.raises(UnknownNameError, match="Unknown split 'test'"):
        as_producer(tmp_path, split="test")


def test_grey_pictures_have_one_channel_and_transparency_is_left_out(tmp_path):
    save(tmp_path / "a.png", 7, mode="L")
    assert whole(as_producer(tmp_path))[0]["images"].shape == (1, 4, 6, 1)
    Image.new("RGBA", (6, 4), (1, 2, 3, 4)).save(tmp_path / "b.png")
    fields, _, labels = whole(as_producer(tmp_path))
    assert fields["images"][:, 0, 0].tolist() == [[7, 7, 7], [1, 2, 3]]
    assert labels == {}


def test_pictures_of_different_sizes_are_resized_on_request(by_class):
    save(by_class / "dog/large.png", 90, size=(60, 40))
    with pytest.raises(DataError, match=r"dog/large\.png is 60 x 40 pixels .* first is 6 x 4.*image_size="):
        whole(as_producer(by_class))
    fields, _, _ = whole(as_producer(by_class, image_size=(5, 3)))
    assert fields["images"].shape == (4, 3, 5, 3)
    assert fields["images"][3].tolist() == np.full((3, 5, 3), 90).tolist()


def test_unreadable_pictures_are_named_or_skipped(by_class):
    (by_class / "cat/0.png").write_bytes(b"no picture")
    whole_file = (by_class / "dog/1.png").read_bytes()
    (by_class / "dog/2.png").write_bytes(whole_file[: len(whole_file) // 2])
    with pytest.raises(ImageFileError, match=r"cat/0\.png"):
        whole(as_producer(by_class))
    batches = list(as_producer(by_class, unreadable="skip")(8))
    assert batches[0].metadata[KEYS.IDENTIFIER] == ("cat/1.png", "cat/2.png", "dog/1.png")
    assert batches[0].metadata[KEYS.LABELS]["label"] == ("cat", "cat", "dog")


def test_links_out_of_the_folder_are_not_followed(by_class, tmp_path):
    save(tmp_path / "outside/secret.png", 99)
    (by_class / "cat/link.png").symlink_to(tmp_path / "outside/secret.png")
    (by_class / "linked").symlink_to(tmp_path / "outside", target_is_directory=True)
    (by_class / "dog/same.png").symlink_to(by_class / "cat/1.png")
    assert whole(as_producer(by_class))[1] == ["cat/1.png", "cat/2.png", "dog/1.png", "dog/same.png"]


def test_a_picture_that_claims_too_many_pixels_is_not_decoded(by_class, monkeypatch):
    monkeypatch.setattr(pictures, "MOST_PIXELS", 20)
    with pytest.raises(ImageFileError, match=r"cat/1\.png: it has 6 x 4 pixels, more than 20"):
        whole(as_producer(by_class))


def test_lists_of_paths_and_of_pillow_are_data(by_class):
    paths = sorted(by_class.glob("*/*.png"))
    fields, ids, labels = whole(as_producer(paths, labels=["a", "b", "c"]))
    assert (ids, labels) == ([str(path) for path in paths], {"label": ["a", "b", "c"]})
    opened = [Image.open(path) for path in paths]
    again, ids, _ = whole(as_producer(opened))
    np.testing.assert_array_equal(again["images"], fields["images"])
    assert ids == [0, 1, 2]
    np.testing.assert_array_equal(whole(as_producer(opened))[0]["images"], fields["images"])  # a second pass
    assert len(as_producer([str(path) for path in paths])) == 3


def test_a_folder_without_pictures_and_a_mixed_list_are_refused(tmp_path):
    with pytest.raises(NotAProducerError):
        as_producer(tmp_path)
    with pytest.raises(DataError, match="Member 1 of the list is no path, but a int"):
        as_producer(["a.png", 3])
    with pytest.raises(DataError, match="image_size must be a width and a height"):
        as_producer(["a.png"], image_size=(0, 3))


def test_a_pipe_in_the_place_of_a_picture_is_refused_at_once(by_class):
    os.mkfifo(by_class / "dog" / "0.png")
    with pytest.raises(ImageFileError, match=r"dog/0\.png.*no file"):
        list(as_producer(by_class)(8))
    assert whole(as_producer(by_class, unreadable="skip"))[1] == ["cat/1.png", "cat/2.png", "dog/1.png"]
