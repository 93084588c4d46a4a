"""Sheets of small pictures: what is in them, and what is refused."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from deepview_lab.data.thumbnails import PictureCells, make_sheet

RED = np.tile(np.array([200, 10, 10], dtype=np.uint8), (8, 4, 1))


def png(array):
    content = BytesIO()
    Image.fromarray(array).save(content, "PNG")
    return content.getvalue()


def large_png(side):
    """Return a PNG of ``side`` x ``side`` pixels, which takes some kilobytes."""
    content = BytesIO()
    Image.new("1", (side, side)).save(content, "PNG")
    return content.getvalue()


def tiles(sheet, edge):
    image = np.asarray(Image.open(BytesIO(sheet.content)).convert("RGBA"))
    return [
        image[place // sheet.across * edge :, place % sheet.across * edge :][:edge, :edge]
        for place in range(len(sheet.shown))
    ]


@pytest.mark.parametrize("kind", ["array", "floats", "bytes", "pillow", "path", "mapping"])
def test_pictures_of_all_kinds_are_fitted_into_squares_in_the_order_of_the_rows(kind, tmp_path):
    (tmp_path / "red.png").write_bytes(png(RED))
    cell = {
        "array": RED,
        "floats": RED / 255,
        "bytes": png(RED),
        "pillow": Image.fromarray(RED),
        "path": str(tmp_path / "red.png"),
        "mapping": {"bytes": png(RED)},
    }[kind]
    grey = np.full((28, 28, 1), 90, dtype=np.uint8)
    sheet = make_sheet(PictureCells([cell, None, grey]).opened, [2, 1, 0], 32)
    assert sheet.shown == [2, 0]
    assert sheet.problems == {1: ""}
    first, second = tiles(sheet, 32)
    np.testing.assert_allclose(first[16, 16, :3], 90, atol=6)
    np.testing.assert_allclose(second[16, 16, :3], [200, 10, 10], atol=12)
    assert second[16, 2, 3] == 0  # half as wide as high
    assert second[1, 16, 3] == 255  # four times as large, so as high as the square


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_what_cannot_be_shown_says_why_and_does_not_keep_others_from_being_shown(tmp_path):
    (tmp_path / "broken.png").write_bytes(png(RED)[:40])
    (tmp_path / "drawing.svg").write_text("<svg onload='x'/>")
    cells = [
        large_png(20_000),
        large_png(10_100),
        str(tmp_path / "broken.png"),
        str(tmp_path / "none.png"),
        "https://example.org/a.png",
        "file:///etc/passwd",
        str(tmp_path / "drawing.svg"),
        np.zeros((3, 3, 7)),
        b"GIF89a",
        str(tmp_path),
        RED,
    ]
    sheet = make_sheet(PictureCells(cells).opened, range(len(cells)), 32)
    assert sheet.shown == [10]
    said = sheet.problems
    assert "400000000 pixels" in said[0]
    assert "10,100 x 10,100 pixels, more than 100,000,000" in said[1]
    assert "nothing is read from the network" in said[4]
    assert "nothing is read from the network" in said[5]
    assert "SVG" in said[6]
    assert "is no picture" in said[7]
    assert all(said[row] for row in range(10))


def test_files_are_read_below_the_root_only(tmp_path):
    root = tmp_path / "root"
    root.mkdir()
    (root / "in.png").write_bytes(png(RED))
    (tmp_path / "out.png").write_bytes(png(RED))
    (root / "link.png").symlink_to(tmp_path / "out.png")
    cells = ["in.png", "../out.png", str(tmp_path / "out.png"), "link.png", str(root / "in.png")]
    sheet = make_sheet(PictureCells(cells, root).opened, range(5), 32)
    assert sheet.shown == [0, 4]
    assert all("outside the media_root" in said for said in sheet.problems.values())
    closed = make_sheet(PictureCells(cells, anywhere=False).opened, range(5), 32)
    assert closed.shown == ()
    assert "media_root='folder'" in closed.problems[0]


def test_a_thumbnail_takes_few_bytes():
    rng = np.random.default_rng(0)
    smooth = np.linspace(0, 255, 64)[:, None] * np.ones((64, 64))
    cells = [(smooth + rng.normal(0, 3, (64, 64))).clip(0, 255).astype(np.uint8) for _ in range(64)]
    assert len(make_sheet(PictureCells(cells).opened, range(64), 32).content) < 64 * 600
