"""A cache folder of a stranger: no link is followed, nothing of somebody else is overwritten or removed."""

import os
import subprocess
import sys

import pytest

from deepview_lab.base import pipeline
from deepview_lab.exceptions import CacheError, DeepViewException, ForeignFileError
from deepview_lab.processors import Cacher
from tests.processors.cache.sources import Rows

VICTIM = "somebody else's file"
FILES = ("lock", "index.json", ".index.json.partial", "batches.jsonl", "field-0000.bin")
PAIRS = 20


@pytest.fixture
def victim(tmp_path):
    path = tmp_path / "victim"
    path.write_text(VICTIM)
    yield path
    assert path.read_text() == VICTIM


def passed(folder):
    return sum(batch.batch_size for batch in pipeline(Rows(20), Cacher(folder))(8))


def interrupted(folder):
    batches = iter(pipeline(Rows(20), Cacher(folder))(8))
    next(batches)
    next(batches)
    batches.close()


@pytest.mark.parametrize("state", ["empty", "interrupted", "finished"])
@pytest.mark.parametrize("name", FILES)
def test_a_link_in_a_cache_is_never_written_through(tmp_path, victim, name, state):
    folder = tmp_path / "cache"
    folder.mkdir()
    if state != "empty":
        (interrupted if state == "interrupted" else passed)(folder)
    path = folder / name
    path.unlink(missing_ok=True)
    path.symlink_to(victim)

    try:
        assert passed(folder) == 20  # the link was replaced, or is not looked at
    except DeepViewException as error:
        assert "link" in str(error) or "files called" in str(error)  # noqa: PT017 - both ends are right
    assert victim.read_text() == VICTIM


@pytest.mark.parametrize("name", FILES)
def test_a_pipe_in_a_cache_is_refused_and_not_waited_for(tmp_path, name):
    folder = tmp_path / "cache"
    interrupted(folder)
    (folder / name).unlink(missing_ok=True)
    os.mkfifo(folder / name)
    if name == ".index.json.partial":
        assert passed(folder) == 20
    else:
        with pytest.raises(ForeignFileError, match="a pipe"):
            passed(folder)


@pytest.mark.parametrize("name", FILES)
def test_a_folder_in_the_place_of_a_file_is_refused_in_words(tmp_path, name):
    folder = tmp_path / "cache"
    interrupted(folder)
    (folder / name).unlink(missing_ok=True)
    (folder / name).mkdir()
    with pytest.raises(ForeignFileError, match="a folder"):
        passed(folder)


def test_a_lock_of_another_program_is_left_alone(tmp_path):
    (tmp_path / "lock").write_text("held by another program")
    with pytest.raises(ForeignFileError, match="another program"):
        passed(tmp_path)
    assert (tmp_path / "lock").read_text() == "held by another program"


def test_clear_removes_links_and_leaves_what_they_point_to(tmp_path, victim):
    folder = tmp_path / "cache"
    passed(folder)
    (folder / "field-9999.bin").symlink_to(victim)
    (folder / "batches.jsonl").unlink()
    (folder / "batches.jsonl").symlink_to(victim)
    Cacher.clear(folder)
    assert not folder.exists()


def test_clear_removes_nothing_when_a_folder_has_the_name_of_a_file(tmp_path):
    folder = tmp_path / "cache"
    passed(folder)
    before = sorted(path.name for path in folder.iterdir())
    (folder / "field-0001.bin").mkdir(exist_ok=True)
    with pytest.raises(ForeignFileError, match="a folder"):
        Cacher.clear(folder)
    assert sorted(path.name for path in folder.iterdir()) == sorted({*before, "field-0001.bin"})


def test_a_copy_is_not_written_through_links(tmp_path, victim):
    passed(tmp_path / "cache")
    copy = tmp_path / "copy"
    copy.mkdir()
    for name in ("batches.jsonl", "field-0000.bin", "index.json"):
        (copy / name).symlink_to(victim)
    with pytest.raises(ForeignFileError, match="link"):
        Cacher(tmp_path / "cache").as_producer().copy_to(copy)


RACER = """
import sys, warnings
from pathlib import Path
from deepview_lab.base import pipeline
from deepview_lab.processors import Cacher
from tests.processors.cache.sources import Rows

print("ready", flush=True)
for line in sys.stdin:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        print(sum(batch.batch_size for batch in pipeline(Rows(20), Cacher(Path(line.strip())))(8)), flush=True)
"""


def test_two_processes_that_start_one_cache_both_get_all_samples(tmp_path):
    racers = [
        subprocess.Popen([sys.executable, "-c", RACER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    try:
        for racer in racers:
            assert racer.stdout.readline() == "ready\n"
        for pair in range(PAIRS):
            folder = tmp_path / f"cache-{pair}"
            for racer in racers:
                racer.stdin.write(f"{folder}\n")
                racer.stdin.flush()
            assert [racer.stdout.readline() for racer in racers] == ["20\n", "20\n"], f"pair {pair}"
            assert len(Cacher(folder).as_producer()) == 20
    finally:
        for racer in racers:
            racer.stdin.close()
            racer.wait()
            racer.stdout.close()


def test_files_of_somebody_else_are_refused_by_name(tmp_path):
    (tmp_path / "field-0007.bin").write_text("mine")
    with pytest.raises(CacheError, match=r"files called field-0007\.bin"):
        passed(tmp_path)
    assert (tmp_path / "field-0007.bin").read_text() == "mine"
