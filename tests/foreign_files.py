"""What a stranger may put in the place of a file of ours, and a file that must stay as it is."""

import os

import pytest

VICTIM = b"somebody else's bytes"


def link(path, victim):
    path.symlink_to(victim)


def dangling_link(path, victim):
    path.symlink_to(victim.with_name("not-there"))


def folder(path, victim):
    path.mkdir()


def pipe(path, victim):
    os.mkfifo(path)


KINDS = pytest.mark.parametrize(
    ("make", "called"), [(link, "a link"), (dangling_link, "a link"), (folder, "a folder"), (pipe, "a pipe")]
)


@pytest.fixture
def victim(tmp_path):
    path = tmp_path / "victim"
    path.write_bytes(VICTIM)
    yield path
    assert path.read_bytes() == VICTIM
    assert not (tmp_path / "not-there").exists()
