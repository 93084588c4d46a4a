"""A checkpoint's folder: one run at a time uses it, and what is no checkpoint in it is told, never trusted."""

from __future__ import annotations

import json
import threading

import numpy as np
import pytest

from deepview_lab.analysis.iua.spec import IUASpec
from deepview_lab.engine import ENDED, introspect, start
from deepview_lab.exceptions import CheckpointError, DeepViewException

from .counting import Numbers
from .keeping import WAIT, assert_same_bits, cancelled_after, program
from .kept_run import BATCH, SAMPLES, Network, Source, network, numbers, specs


def test_two_runs_on_one_folder_are_refused_in_one_process_and_in_two(tmp_path):
    gate = threading.Event()
    run = start(Numbers(64, gates={0: gate}), IUASpec(), checkpoint=tmp_path)
    with pytest.raises(CheckpointError, match="is used by another run, in the process"):
        start(Numbers(64), IUASpec(), checkpoint=tmp_path)
    other = program(tmp_path, tmp_path / "out.npz")
    assert "is used by another run" in other.stderr
    gate.set()
    run.wait(WAIT)
    introspect(Numbers(64), IUASpec(), checkpoint=tmp_path)


def test_a_pending_run_that_is_cancelled_gives_the_folder_back(tmp_path):
    gate = threading.Event()
    busy = start(Numbers(64, gates={0: gate}), IUASpec())
    pending = start(Numbers(64), IUASpec(), checkpoint=tmp_path)
    pending.cancel()
    again = start(Numbers(64), IUASpec(), checkpoint=tmp_path)
    gate.set()
    busy.wait(WAIT)
    assert again.wait(WAIT)["iua"].samples == 64


def test_every_status_closes_the_folder(tmp_path):
    run = start(Numbers(0), IUASpec(), checkpoint=tmp_path)
    with pytest.raises(DeepViewException, match="yielded no batch"):
        run.wait(WAIT)
    assert run.status in ENDED
    assert introspect(Numbers(8), IUASpec(), checkpoint=tmp_path)["iua"].samples == 8


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CheckpointError, match="cannot be used"):
        start(Numbers(64), IUASpec(), checkpoint=tmp_path / "file")


@pytest.mark.parametrize(
    ("name", "harm"),
    [
        (name, harm)
        for name in ("state.npz", "0.0.rows", "0.0.usable", "0.samples")
        for harm in ("cut", "flip", "empty", "gone")
        if (name, harm) != ("state.npz", "gone")
    ],
)
def test_a_damaged_file_is_told_with_the_remedy(tmp_path, name, harm):
    cancelled_after(tmp_path, 3)
    file = tmp_path / name
    content = bytearray(file.read_bytes())
    middle = len(content) // 2
    if harm == "gone":
        file.unlink()
    elif harm == "flip":
        content[middle] ^= 1
        file.write_bytes(content)
    else:
        file.write_bytes(content[:middle] if harm == "cut" else b"")
    with pytest.raises(CheckpointError, match=r"is damaged \(.*Delete the folder to start anew"):
        start(network(Source(), Network()), *specs(), batch_size=BATCH, checkpoint=tmp_path)


def test_without_its_state_what_is_left_is_overwritten_by_a_new_run(tmp_path, expected):
    cancelled_after(tmp_path, 3)
    (tmp_path / "state.npz").unlink()
    for passed in (SAMPLES, 0):  # the second one reads what the first has written
        details = Network()
        run = start(network(Source(), details), *specs(), batch_size=BATCH, checkpoint=tmp_path)
        assert_same_bits(numbers(run.wait(WAIT)), expected)
        assert details.passed == passed


def test_a_file_of_another_format_is_told(tmp_path):
    cancelled_after(tmp_path, 3)
    with np.load(tmp_path / "state.npz") as file:
        arrays = dict(file)
    facts = json.loads(arrays["facts"].tobytes())
    arrays["facts"] = np.frombuffer(json.dumps({**facts, "format": 99}).encode(), np.uint8)
    np.savez(tmp_path / "state.npz", **arrays)
    with pytest.raises(CheckpointError, match="has format 99, but this version of DeepView reads format 2"):
        start(network(Source(), Network()), *specs(), batch_size=BATCH, checkpoint=tmp_path)


def test_objects_in_a_file_are_never_unpickled(tmp_path):
    np.savez(tmp_path / "state.npz", facts=np.array([print], dtype=object), allow_pickle=True)
    with pytest.raises(CheckpointError, match="is damaged"):
        start(Numbers(64), IUASpec(), checkpoint=tmp_path)
