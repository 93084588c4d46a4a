"""``%deepview`` in a real IPython shell."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from IPython.core.completer import provisionalcompleter
from IPython.core.error import UsageError

from deepview_lab.base import Batch, pipeline
from deepview_lab.engine import Run, start
from deepview_lab.exceptions import PartialResultWarning
from deepview_lab.introspectors import IUA, PFA, DimensionReduction, Duplicates, Familiarity, LabelProblems
from deepview_lab.lab.magics.commands import commands
from deepview_lab.processors import Processor
from deepview_lab.samples import StubProducer
from tests.engine.counting import Numbers


def magic(shell, line):
    return shell.run_line_magic("deepview", line)


def test_live_runs_both_introspectors_in_the_background_in_one_pass(shell):
    run = magic(shell, "live digits iua pfa --batch-size 16 --name both")
    assert isinstance(run, Run)
    results = run.wait(300)
    assert (run.name, run.batch_size, run.introspectors) == ("both", 16, {"iua": "iua", "pfa": "pfa"})
    assert results["iua"].results["relu"].dead_units.tolist() == [2]
    assert set(results["pfa"].get_recipe()) == {"relu", "dense"}


def test_live_without_introspectors_means_both(shell):
    assert magic(shell, "live digits").introspectors == {"iua": "iua", "pfa": "pfa"}


@pytest.mark.parametrize(("command", "kind"), [("iua", IUA), ("pfa", PFA)])
def test_wait_gives_the_result(shell, command, kind):
    assert isinstance(magic(shell, f"{command} digits --wait"), kind)


def test_layers_restricts_the_run_and_a_wrong_name_shows_near_matches(shell):
    run = magic(shell, "iua digits --layers dense")
    assert set(run.wait(300)["iua"].results) == {"dense"}


def test_options_reach_the_analysis(shell):
    loose = magic(shell, "iua digits --atol 100 --wait")
    assert loose.results["dense"].mean_inactive == 5
    refused = magic(shell, "pfa digits --pool none --layers relu")
    with pytest.raises(ValueError, match="pool="):
        refused.wait(300)


def test_a_run_is_kept_in_a_folder_and_stops_when_it_is_asked_to(shell, tmp_path):
    shell.user_ns["plenty"] = StubProducer({"x": np.tile([[0.0, 1.0]], (400, 1))})
    run = magic(shell, f"iua plenty --until-stable 1 --checkpoint {tmp_path / 'kept'}")
    assert run.wait(300)["iua"].samples == 128
    assert (run.checkpoint, run.kept) == (str(tmp_path / "kept"), 4)


@pytest.mark.parametrize("command", ["project", "duplicates"])
def test_what_works_on_rows_is_kept_too(shell, tmp_path, command):
    rows = np.random.default_rng(0).standard_normal((60, 4))
    shell.user_ns["plenty"] = StubProducer({"x": rows})
    line = f"{command} plenty --checkpoint {tmp_path / 'kept'}" + (" --method pca" if command == "project" else "")
    first = magic(shell, line)
    first.wait(300)
    again = magic(shell, line)
    assert again.progress.samples == 60, "it goes on from the folder"
    assert magic_table(again) == magic_table(first)


# Not in the function's closure, which tells one producer from another.
HELD, LET_GO = threading.Event(), threading.Event()


def hold(values):
    if values[0, 0] == 48:
        HELD.set()
        assert LET_GO.wait(300)
    return values


@pytest.mark.parametrize("line", ["project --method pca", "report", "familiarity", "labels --evidence neighbours"])
def test_what_was_stopped_half_way_goes_on_with_the_same_line_and_finds_the_same(shell, tmp_path, line):
    HELD.clear()
    LET_GO.clear()
    rows = np.random.default_rng(0).standard_normal((96, 4))
    rows[:, 0] = np.arange(96)
    labels = {Batch.StdKeys.LABELS: {"kind": ["a", "b", "c"] * 32}}
    shell.user_ns["held"] = pipeline(StubProducer({"x": rows}, labels), Processor(hold))
    command, *options = line.split()
    asked = f"{command} held --batch-size 16 {' '.join(options)}"
    kept = f"{asked} --checkpoint {tmp_path / 'kept'}"
    stopped = magic(shell, kept)
    assert HELD.wait(300)
    while stopped.progress.batches < 1:  # what is held is read ahead of what is counted
        assert not stopped._job.lifecycle.wait(0.01)
    stopped.cancel()
    LET_GO.set()
    with pytest.warns(PartialResultWarning):
        stopped.wait(300)
    assert stopped.progress.samples < 96
    resumed = magic(shell, kept)
    assert resumed.progress.samples >= stopped.progress.samples, "it goes on from the folder"
    assert (magic_table(resumed), resumed.progress.samples) == (magic_table(magic(shell, asked)), 96)


def magic_table(run):
    found = next(iter(run.wait(300).values())).findings()
    return {name: column.tolist() for name, column in found.table.items()}


def test_runs_lists_them_and_cancel_stops_one_by_id_name_or_variable(shell, capsys):
    gate = threading.Event()
    shell.user_ns["slow"] = Numbers(64, gates={1: gate})
    for naming in (lambda run: run.id, lambda run: run.name, lambda run: "variable"):
        run = start(shell.user_ns["slow"], IUA.spec(), name="my slow run")
        shell.user_ns["variable"] = run
        table = magic(shell, "runs")
        assert table.loc[run.id, "name"] == "my slow run"
        magic(shell, f"cancel '{naming(run)}'")
        assert "results are kept" in capsys.readouterr().out
        with pytest.warns(PartialResultWarning):
            run.wait(300)
        assert run.status == "cancelled"
        magic(shell, f"cancel {run.id}")
        assert "had already ended: cancelled" in capsys.readouterr().out
    gate.set()


@pytest.mark.parametrize(
    ("line", "kind", "row"),
    [
        ("familiarity digits --gaussians 2", Familiarity, "familiarity dense"),
        ("duplicates digits --similarity 0.999", Duplicates, "exact copies"),
        ("labels digits", LabelProblems, "suggested"),
        ("labels digits --evidence familiarity", LabelProblems, "familiar as"),
        ("project digits --method pca", DimensionReduction, "x"),
    ],
)
def test_questions_about_the_data_are_one_line_too(shell, line, kind, row):
    values = np.random.default_rng(0).standard_normal((90, 6)).astype(np.float32)
    labels = {Batch.StdKeys.LABELS: {"label": [0, 1, 2] * 30}}
    shell.user_ns["digits"] = StubProducer({"dense": values}, labels)
    result = magic(shell, f"{line} --wait")
    assert isinstance(result, kind)
    assert any(row in column for column in result.findings().table), list(result.findings().table)


def test_a_run_is_paused_and_goes_on(shell, capsys):
    gate = threading.Event()
    shell.user_ns["slow"] = Numbers(96, gates={1: gate})
    run = magic(shell, "iua slow")
    while run.status == "pending":
        run._job.lifecycle.wait(0.01)
    magic(shell, f"pause {run.id}")
    assert "rests after its current batch" in capsys.readouterr().out
    gate.set()
    magic(shell, f"resume {run.id}")
    assert "resumes when it is its turn" in capsys.readouterr().out
    run.wait(300)
    for command in ("pause", "resume"):
        magic(shell, f"{command} {run.id}")
        assert "had already ended: done" in capsys.readouterr().out


def test_alone_it_says_what_is_here_and_what_runs(shell, capsys):
    magic(shell, "")
    assert "digits (producer)" in capsys.readouterr().out


def test_help_explains_each_command(shell, capsys):
    for command in ("", *commands()):
        assert magic(shell, f"{command} --help") is None
        assert f"usage: %deepview {command}".rstrip() in capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("lvie digits", r"Unknown command 'lvie'\. Did you mean 'live'"),
        ("iua digts", r"Unknown variable 'digts'\. Did you mean 'digits'"),
        ("iua", "the following arguments are required: PRODUCER"),
        ("iua number", "A producer is a callable .* but number is not: it cannot be called"),
        ("iua Kind", "Kind is not: it is a class"),
        ("iua digits --atol -1", "must be a number of at least 0, but is '-1'"),
        ("iua digits --atol nan", "must be a number of at least 0, but is 'nan'"),
        ("iua digits --layers ,", "names no layer"),
        ("live digits iau", r"Unknown introspector 'iau'\. Did you mean 'iua'"),
        ("iua digits --batch-size many", "argument --batch-size: must be a whole number of at least 1, but is 'many'"),
        ("iua digits --batch-size 0", "must be a whole number of at least 1, but is '0'"),
        ("pfa digits --pool median", "invalid choice"),
        ("duplicates digits --similarity 1.5", "must be from 0 to 1, but is '1.5'"),
        ("project digits --method som", "invalid choice"),
        ("familiarity digits --gaussians 0", "must be a whole number of at least 1, but is '0'"),
        ("iua digits --layers relu,dens", r"Unknown layer 'dens'\. Did you mean 'dense'"),
        ("layers digits", "digits must be a model, of DeepView, Keras or PyTorch, but is a StubProducer"),
        ("cancel nothing", "Unknown run 'nothing'"),
        ("iua 'digits", "closing quotation"),
    ],
)
def test_wrong_lines_say_what_is_wrong_and_run_nothing(shell, line, message):
    shell.user_ns["number"] = 3
    shell.user_ns["Kind"] = Numbers
    before = len(magic(shell, "runs"))
    with pytest.raises(UsageError, match=message):
        magic(shell, line)
    assert len(magic(shell, "runs")) == before


def test_a_keras_model_instead_of_a_producer_is_told_how_to_become_part_of_one(shell):
    import keras

    shell.user_ns["net"] = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    with pytest.raises(UsageError, match="net is a Keras model: it needs data"):
        magic(shell, "iua net")


def complete(shell, line):
    with provisionalcompleter():
        return [item.text for item in shell.Completer.completions(line, len(line))]


def test_completion_offers_commands_names_and_options(shell):
    assert set(complete(shell, "%deepview ")) >= {"iua", "pfa", "live", "layers", "runs", "cancel"}
    assert complete(shell, "%deepview li") == ["live"]
    assert complete(shell, "%deepview iua dig") == ["digits"]
    assert complete(shell, "%deepview live digits p") == ["pfa", "project"]
    assert complete(shell, "%deepview live digits pfa --po") == ["--pool"]
    assert complete(shell, "%deepview runs --") == ["--help"]
    assert complete(shell, "%deepview duplicates digits --si") == ["--similarity"]


def test_the_scan_reads_no_property_of_a_stranger(shell, capsys):
    class Trap:
        def __getattribute__(self, name):
            raise AssertionError(f"read {name}")

    shell.user_ns["trap"] = Trap()
    magic(shell, "")
    assert "trap" not in capsys.readouterr().out


def test_loading_twice_completes_once_and_unloading_takes_it_back(shell):
    shell.run_line_magic("reload_ext", "deepview_lab")
    assert complete(shell, "%deepview li") == ["live"]
    shell.run_line_magic("unload_ext", "deepview_lab")
    assert "deepview" not in shell.magics_manager.magics["line"]
    shell.run_line_magic("load_ext", "deepview_lab")


def test_layers_of_a_model_come_in_the_order_of_the_network(shell):
    from deepview_lab.base import Model
    from tests.engine.test_plan import Doubling

    shell.user_ns["net"] = Model(Doubling())
    table = magic(shell, "layers net")
    assert table.loc[0].to_dict() == {
        "layer": "double",
        "kind": "unknown",
        "type": "",
        "shape": "4 x 4 x 3",
        "units": 3,
    }
    with pytest.raises(UsageError, match="net is a model: it needs data"):
        magic(shell, "iua net")
    assert np.all(table["units"] == 3)


def test_save_and_open_keep_and_show_what_a_run_found(shell, capsys, tmp_path):
    run = magic(shell, "live digits iua pfa --batch-size 16 --name both")
    run.wait(300)
    file = tmp_path / "both found.dvreport"
    assert magic(shell, f"save {run.id} '{file}'") is None
    assert f"both ({run.id}) is kept in {file}" in capsys.readouterr().out
    report = magic(shell, f"open '{file}'")
    assert report.iua.results["relu"].dead_units.tolist() == [2]
    assert "both: run over 96 samples" in capsys.readouterr().out
    assert run.id in complete(shell, "%deepview save ")


def test_names_are_seen_as_what_they_are_in_all_that_it_prints(shell, capsys, tmp_path):
    name, seen = "conv\x1b[2K\u202e", "conv\\x1b[2K\\u202e"
    run = shell.user_ns["hostile"] = start(StubProducer({name: np.ones((4, 3))}), IUA.spec(), name=name)
    run.wait()
    file = tmp_path / f"{name}.dvreport"
    magic(shell, f"save hostile '{file}'")
    magic(shell, f"open '{file}'")
    magic(shell, "cancel hostile")
    magic(shell, "")
    printed = capsys.readouterr().out
    assert printed.count(seen) == 5
    assert name not in printed
    assert "\x1b" not in printed
    assert magic(shell, "runs")["name"].tolist()[-1] == seen


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("open nothing.dvreport", "There is no report nothing.dvreport"),
        ("save nothing x.dvreport", "Unknown run 'nothing'"),
        ("save ended x.zip", r"suffix \.dvreport"),
        ("save ended folder/that/is/not/x.dvreport", "No such file or directory"),
    ],
)
def test_wrong_lines_about_files_say_what_is_wrong(shell, line, message):
    run = shell.user_ns["ended"] = magic(shell, "iua digits")
    run.wait(300)
    with pytest.raises(UsageError, match=message):
        magic(shell, line)
