"""A checkpoint folder of a stranger: no link is followed, no pipe is waited for, no file of others is overwritten."""

from __future__ import annotations

import json
import threading

import pytest

from deepview_lab.engine import introspect, start
from deepview_lab.engine.checkpoint import writer as checkpoint_writer
from deepview_lab.exceptions import CheckpointError
from tests.foreign_files import KINDS, link, pipe, victim

from .keeping import WAIT, assert_same_bits, cancelled_after
from .kept_run import BATCH, Network, Source, network, numbers, specs

__all__ = ["victim"]  # a fixture

WRITTEN = ("state.npz", ".state.npz.partial", "run.json", ".run.json.partial", "0.samples", "0.0.rows", "0.1.usable")
NAMES = pytest.mark.parametrize("name", ["lock", *WRITTEN])


def described(folder):
    """The batches that the description of the run speaks of."""
    path = folder / "run.json"
    return json.loads(path.read_text())["batches"] if path.exists() else 0


def resumed(folder):
    return introspect(network(Source(), Network()), *specs(), batch_size=BATCH, checkpoint=folder)


@KINDS
@NAMES
def test_what_is_in_the_place_of_a_file_is_refused_at_once_and_in_words(tmp_path, victim, make, called, name):
    folder = tmp_path / "kept"
    folder.mkdir()
    make(folder / name, victim)
    told = (
        rf"in .*kept cannot be used\. .*{name} should be a file .*is {called}\. .*Remove it, or use another folder\.$"
    )
    with pytest.raises(CheckpointError, match=told):
        resumed(folder)


@NAMES
def test_a_link_in_a_checkpoint_is_refused(tmp_path, victim, name):
    folder = tmp_path / "kept"
    cancelled_after(folder, 1)
    (folder / name).unlink(missing_ok=True)
    link(folder / name, victim)
    with pytest.raises(CheckpointError, match=f"{name} should be a file .*is a link"):
        resumed(folder)


@pytest.fixture
def eager(monkeypatch, caplog):
    """A checkpoint after every batch, whose warnings are not shown."""
    monkeypatch.setattr(checkpoint_writer, "OFTEN", 0.0)
    monkeypatch.setattr(checkpoint_writer, "SHARE", float("inf"))


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("name", WRITTEN)
@pytest.mark.parametrize("make", [link, pipe])
def test_what_comes_while_the_run_works_costs_at_most_the_checkpoint(tmp_path, victim, make, name, expected):
    gate, folder = threading.Event(), tmp_path / "kept"

    def on_batch(index):
        if index == 4:
            assert gate.wait(WAIT)

    run = start(network(Source(on_batch), Network()), *specs(), batch_size=BATCH, checkpoint=folder)
    while described(folder) < 4:  # the last that is written before the gate
        assert not run._job.lifecycle.wait(0.01)
    (folder / name).unlink(missing_ok=True)
    make(folder / name, victim)
    gate.set()
    assert_same_bits(numbers(run.wait(WAIT)), expected)
    if name[0] == "0":  # what is appended to cannot be replaced
        assert f"{name} should be a file that DeepView Lab wrote" in run.note
    else:
        assert run.note is None
        assert_same_bits(numbers(resumed(folder)), expected)


@pytest.mark.parametrize("name", WRITTEN[1:])
def test_a_folder_of_another_program_is_left_alone(tmp_path, name):
    (tmp_path / name).write_text("mine")
    with pytest.raises(CheckpointError, match=rf"{name} should be .* is the file of another program"):
        resumed(tmp_path)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {name: "mine"}


def test_a_lock_of_another_program_is_left_alone(tmp_path):
    (tmp_path / "lock").write_text("mine")
    with pytest.raises(CheckpointError, match=r"lock should be .* is the file of another program"):
        resumed(tmp_path)
    assert (tmp_path / "lock").read_text() == "mine"
