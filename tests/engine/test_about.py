"""What a checkpoint says of its run to who has no kernel: its name, how far it is kept, the code to go on with."""

from __future__ import annotations

import json
import sys

import pytest

from deepview_lab.analysis.iua.spec import IUASpec
from deepview_lab.engine import start
from deepview_lab.engine.checkpoint.info import CheckpointInfo
from deepview_lab.engine.origin import Origin
from deepview_lab.exceptions import EmptyProducerError

from .counting import Numbers
from .keeping import WAIT, cancelled_after


def said(folder):
    return json.loads((folder / "run.json").read_text())


def test_a_stopped_run_says_how_far_it_is_kept_and_a_finished_one_that_it_is(tmp_path):
    run = cancelled_after(tmp_path, 3)
    told = said(tmp_path)
    assert (told["name"], told["batches"], told["done"], told["code"]) == (run.name, run.kept, False, None)
    assert told["total_batches"] == run.progress.total_batches
    again = cancelled_after(tmp_path, 5)
    assert said(tmp_path)["batches"] == again.kept > run.kept


def test_a_run_with_results_is_done(tmp_path):
    start(Numbers(64), IUASpec(), batch_size=32, checkpoint=tmp_path).wait(WAIT)
    assert (said(tmp_path)["batches"], said(tmp_path)["done"]) == (2, True)


def test_the_code_stands_there_as_the_kernel_knew_it(tmp_path, monkeypatch):
    origin = Origin("run = deepview_lab.start(slow)", "run", "kept")
    monkeypatch.setattr(sys.modules[start.__module__], "running_code", lambda: origin)
    start(Numbers(64), IUASpec(), batch_size=32, checkpoint=tmp_path).wait(WAIT)
    assert (said(tmp_path)["code"], said(tmp_path)["variable"]) == (origin.code, origin.variable)


def test_a_run_of_which_nothing_is_kept_says_nothing(tmp_path):
    run = start(Numbers(0), IUASpec(), batch_size=32, checkpoint=tmp_path)
    with pytest.raises(EmptyProducerError):
        run.wait(WAIT)
    assert not (tmp_path / "run.json").exists()


def test_a_disk_that_takes_it_not_ends_no_run(tmp_path, monkeypatch, caplog):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(CheckpointInfo, "write", full)
    run = start(Numbers(64), IUASpec(), batch_size=32, checkpoint=tmp_path)
    run.wait(WAIT)
    assert (run.status, run.kept) == ("done", 2)
    assert "No space left on device" in caplog.text
