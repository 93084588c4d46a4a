"""Folders of images as producers; errors name the file."""

import sys

import cv2
import numpy as np
import pytest

from deepview_lab.base import Batch, ImageProducer
from deepview_lab.exceptions import DeepViewException, ImageFileError, MissingExtraError

RED = np.zeros((4, 6, 3), np.uint8)
RED[..., 2] = 200  # OpenCV writes BGR


def write(path, image=RED):
    path.parent.mkdir(parents=True, exist_ok=True)
    assert cv2.imwrite(str(path), image)


@pytest.fixture
def folder(tmp_path):
    for name in ("b.png", "a.PNG", "deeper/c.png"):
        write(tmp_path / name)
    (tmp_path / "notes.txt").write_text("no image")
    (tmp_path / "folder.png").mkdir()
    return tmp_path


def test_images_come_in_the_order_of_their_paths_with_id_and_path(folder):
    producer = ImageProducer(folder)
    first, last = producer(2)
    assert len(producer) == 3
    assert first.fields["images"].shape == (2, 4, 6, 3)
    assert first.metadata[Batch.StdKeys.PATH] == (folder / "a.PNG", folder / "b.png")
    assert last.metadata[Batch.StdKeys.IDENTIFIER] == (folder / "deeper" / "c.png",)
    assert producer.image_paths == (*first.metadata[Batch.StdKeys.PATH], *last.metadata[Batch.StdKeys.PATH])


def test_channels_are_red_green_blue(folder):
    (batch,) = ImageProducer(str(folder))(3)
    assert np.array_equal(batch.fields["images"][0, 0, 0], [200, 0, 0])


@pytest.mark.parametrize(("shape", "channels"), [((4, 6), 1), ((4, 6, 3), 3), ((4, 6, 4), 4)])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_channels_and_dtype_are_those_of_the_file(tmp_path, shape, channels, dtype):
    write(tmp_path / "a.png", np.full(shape, 7, dtype))
    (batch,) = ImageProducer(tmp_path)(1)
    image = batch.fields["images"]
    assert (image.shape, image.dtype) == ((1, 4, 6, channels), dtype)
    assert (image == 7).all()


def test_folders_within_can_be_left_out(folder):
    assert len(ImageProducer(folder, recursive=False)) == 2


def test_extensions_and_field_can_be_chosen(folder):
    write(folder / "d.webp")
    producer = ImageProducer(folder, extensions=".WEBP", field="photos")
    (batch,) = producer(5)
    assert list(batch.fields) == [producer.field] == ["photos"]
    assert len(ImageProducer(folder, extensions=["png", "webp"])) == 4


def test_files_of_several_sizes_can_be_resized_as_they_are_read(folder):
    write(folder / "z.png", np.full((8, 8, 3), 200, np.uint8))
    (batch,) = ImageProducer(folder, size=(3, 2))(9)
    assert batch.fields["images"].shape == (4, 2, 3, 3)
    assert (batch.fields["images"][-1] == 200).all()


@pytest.mark.parametrize("image", [np.zeros((5, 6, 3), np.uint8), np.zeros((4, 6), np.uint8), RED.astype(np.uint16)])
def test_a_file_unlike_the_first_is_named_with_the_remedy(folder, image):
    write(folder / "z.png", image)
    with pytest.raises(ImageFileError, match=r"z\.png: it is .*a\.PNG is uint8 \(4, 6, 3\).*size=\(width, height\)"):
        list(ImageProducer(folder)(2))


@pytest.mark.parametrize("content", [b"", b"not an image"])
def test_a_broken_file_is_named(folder, content):
    (folder / "z.png").write_bytes(content)
    with pytest.raises(ImageFileError, match=r"z\.png: it is broken"):
        list(ImageProducer(folder)(2))


def test_a_file_that_has_gone_is_named(folder):
    producer = ImageProducer(folder)
    (folder / "b.png").unlink()
    with pytest.raises(ImageFileError, match=r"b\.png: it cannot be read.*No such file"):
        list(producer(2))


def test_folders_without_images_and_what_is_no_folder_are_told(folder):
    with pytest.raises(DeepViewException, match=r"no image in .* ends in gif"):
        ImageProducer(folder, extensions="gif")
    with pytest.raises(NotADirectoryError, match=r"no folder .*absent"):
        ImageProducer(folder / "absent")
    with pytest.raises(NotADirectoryError):
        ImageProducer(folder / "notes.txt")


@pytest.mark.parametrize("size", [(0, 4), (4, -1)])
def test_sizes_below_one_pixel_are_refused(folder, size):
    with pytest.raises(ValueError, match="size must be"):
        ImageProducer(folder, size=size)


def test_batches_of_nothing_are_refused(folder):
    with pytest.raises(ValueError, match="batch_size must be at least 1"):
        ImageProducer(folder)(0)


def test_without_opencv_the_extra_is_named(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "cv2", None)
    with pytest.raises(MissingExtraError, match=r"ImageProducer needs OpenCV.*deepview_lab\[image\]"):
        ImageProducer(folder)
