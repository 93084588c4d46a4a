"""A checkpoint that somebody else wrote, with right checksums: a CheckpointError or a result, within bounded memory."""

from __future__ import annotations

import copy
import json
import os
import random
import shutil
import tracemalloc
import warnings
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest

from deepview_lab.engine import introspect
from deepview_lab.exceptions import CheckpointError, DeepViewException

from .old_checkpoint import BATCH, SPECS, Source

FIXTURES = Path(__file__).with_name("fixtures") / "checkpoint-2"
# A few hundred kilobytes of files must not take more.
MOST_MEMORY = 64 * 2**20
CHANGES = int(os.environ.get("DEEPVIEW_FUZZ_CHANGES", "400"))


@pytest.fixture
def folder(tmp_path, request):
    return shutil.copytree(FIXTURES / request.param, tmp_path / request.param)


def resume(folder):
    """Resume the run of this folder; errors of single introspectors are warnings."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return introspect(Source(), *SPECS[folder.name](), batch_size=BATCH, checkpoint=folder)


def parts(folder):
    with np.load(folder / "state.npz") as file:
        arrays = dict(file)
    return json.loads(arrays.pop("facts").tobytes()), arrays


def write(folder, facts, arrays):
    text = facts if isinstance(facts, bytes) else json.dumps(facts).encode()
    np.savez(folder / "state.npz", facts=np.frombuffer(text, np.uint8), **arrays)


def set_checksum(folder, name, facts):
    """Have the facts say of a file of rows what it holds now."""
    content = (folder / name).read_bytes()
    what = [len(content), zlib.crc32(content)]
    if name.endswith("samples"):
        facts["rows"][0]["samples"] = what
    else:
        facts["rows"][0]["responses"][int(name[2])][name.rpartition(".")[2]] = what


@pytest.mark.parametrize("folder", ["streams"], indirect=True)
def test_a_compressed_state_is_refused_before_it_is_unpacked(folder):
    with zipfile.ZipFile(folder / "state.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, length in (("facts", 2), ("0.0.inactive", 2**28)):
            with archive.open(f"{name}.npy", "w", force_zip64=True) as file:
                header = {"descr": "|u1", "fortran_order": False, "shape": (length,)}
                np.lib.format.write_array_header_1_0(file, header)
                file.write(bytes(length))
    assert (folder / "state.npz").stat().st_size < 2**20
    refused_in_little_memory(folder, "is compressed, but checkpoints are written without compression")


def refused_in_little_memory(folder, told):
    tracemalloc.start()
    try:
        with pytest.raises(CheckpointError, match=told):
            resume(folder)
        assert tracemalloc.get_traced_memory()[1] < MOST_MEMORY
    finally:
        tracemalloc.stop()


def layer_of(facts, index=0):
    return facts["folds"][index]["acc"]["layers"][0]


def wide_layer(facts, arrays):
    layer_of(facts)["sample"] = [2**29]


def wide_moments(facts, arrays):
    layer_of(facts, 1)["sample"] = [2**15]
    arrays["1.0.mean"] = np.zeros(2**15)


def endless_layer(facts, arrays):
    layer_of(facts)["sample"] = [2**62, 2**62]


def nothing_wide(facts, arrays):
    layer_of(facts)["sample"] = [2**29]
    arrays["0.0.inactive"] = np.empty((0, 2**29), np.int64)


@pytest.mark.parametrize("folder", ["streams"], indirect=True)
@pytest.mark.parametrize("change", [wide_layer, wide_moments, endless_layer, nothing_wide])
def test_a_layer_takes_no_more_memory_than_its_numbers_in_the_file(folder, change):
    facts, arrays = parts(folder)
    change(facts, arrays)
    write(folder, facts, arrays)
    refused_in_little_memory(folder, "is damaged")


@pytest.mark.parametrize("folder", ["streams"], indirect=True)
def test_an_array_that_claims_more_than_the_file_holds_is_refused(folder):
    shape, wide = b"'shape': (5,), }          ", b"'shape': (5368709120,), } "
    with zipfile.ZipFile(folder / "state.npz") as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    assert any(shape in held for held in members.values())
    with zipfile.ZipFile(folder / "state.npz", "w") as archive:
        for name, held in members.items():
            archive.writestr(name, held.replace(shape, wide))
    refused_in_little_memory(folder, "but its shape")


@pytest.mark.parametrize("folder", ["rows"], indirect=True)
@pytest.mark.parametrize("count", [10**9, 10**18, -1])
def test_samples_that_are_in_no_file_take_no_memory(folder, count):
    facts, arrays = parts(folder)
    rows = facts["rows"][0]
    line = json.dumps({"count": count, "ids": None, "labels": [], "paths": None}).encode() + b"\n"
    (folder / "0.samples").write_bytes(line)
    set_checksum(folder, "0.samples", facts)
    rows["count"], rows["responses"] = count, []
    write(folder, facts, arrays)
    refused_in_little_memory(folder, "at most 10,000,000 without responses are read")


@pytest.mark.parametrize("folder", ["rows"], indirect=True)
def test_one_file_of_rows_is_of_one_response(folder):
    facts, arrays = parts(folder)
    responses = facts["rows"][0]["responses"]
    responses += [{**responses[0], "name": f"copy {number}"} for number in range(100)]
    write(folder, facts, arrays)
    refused_in_little_memory(folder, "two responses have one file")


@pytest.mark.parametrize("folder", ["rows"], indirect=True)
@pytest.mark.parametrize("text", ["(1 2)f8,f4", "f4,f8", "i4" * 99])
def test_a_data_type_is_never_evaluated(folder, text):
    facts, arrays = parts(folder)
    facts["responses"][0][1] = text
    write(folder, facts, arrays)
    with pytest.raises(CheckpointError, match="no data type"):
        resume(folder)


@pytest.mark.parametrize("folder", ["rows"], indirect=True)
@pytest.mark.parametrize(
    "ids",
    [
        ["fraction", [["1e999999999"]] * 48],
        ["numpy time", [["(1 2)f8,f4", 1]] * 48],
        ["int", [[1]] * 48],
        ["list", [["int", [1]]] * 48],
        ["decimal", ["x"] * 48],
        ["numpy str", [1]],
    ],
    ids=lambda ids: ids[0],
)
def test_ids_of_another_form_are_told_at_once(folder, ids):
    facts, arrays = parts(folder)
    (folder / "0.samples").write_text(json.dumps({"count": 48, "ids": ids, "labels": [], "paths": None}) + "\n")
    set_checksum(folder, "0.samples", facts)
    write(folder, facts, arrays)
    with pytest.raises(CheckpointError, match="is damaged"):
        resume(folder)


@pytest.mark.parametrize("folder", ["streams"], indirect=True)
def test_facts_nested_too_deeply_are_told(folder):
    write(folder, b"[" * 100_000, parts(folder)[1])
    with pytest.raises(CheckpointError, match="is damaged"):
        resume(folder)


@pytest.mark.parametrize("folder", ["streams"], indirect=True)
def test_what_another_run_calls_itself_is_cut_and_shown_without_control_characters(folder):
    facts, arrays = parts(folder)
    facts["identity"]["source"] = "\x1b[2J" + "x" * 10_000
    write(folder, facts, arrays)
    with pytest.raises(CheckpointError, match=r"source was \\x1b\[2Jxxx") as told:
        resume(folder)
    assert len(str(told.value)) < 1000


HOSTILE = [None, True, -1, 0, 1, 2**31, 2**63, 2**70, 10**400, -0.5, 1e308, float("nan"), float("inf"), "", "x",
           "\ud800", "\0", "..", [], {}, [[]], [None], {"a": 1}, [1, 2, 3]]  # fmt: skip


def places(value, path=()):
    """Every place in a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, held in inner:
        yield (*path, key)
        yield from places(held, (*path, key))


def harmed(value, rng):
    """A JSON value with something else at one place."""
    changed = copy.deepcopy(value)
    *above, last = rng.choice(list(places(changed)))
    holder = changed
    for key in above:
        holder = holder[key]
    if rng.random() < 0.2:
        del holder[last]
    else:
        holder[last] = rng.choice(HOSTILE)
    return changed


def flipped(content, rng):
    changed = bytearray(content)
    for _ in range(rng.choice((1, 1, 3))):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def harm_array(arrays, rng):
    name = rng.choice(sorted(arrays) or ["new"])
    values = arrays.get(name, np.zeros(3))
    choices = [
        lambda: values.reshape(-1),
        lambda: values[:-1] if values.ndim else values,
        lambda: values[None],
        lambda: values.astype(rng.choice(["f2", "f4", "i1", "u8", "c16", "?", "U3"])),
        lambda: np.frombuffer(flipped(values.tobytes() or b"\0" * 8, rng), np.uint8),
        lambda: np.full_like(values, rng.choice([-1, 2**31 - 1])),
        lambda: np.array(["text"]),
        lambda: np.empty((0, 2**29)),
    ]
    arrays[name] = rng.choice(choices)()


def harm(folder, rng):
    """Change one thing, as somebody would who can make the checksums right."""
    facts, arrays = parts(folder)
    files = sorted(path.name for path in folder.iterdir() if path.name[0] == "0")
    what = rng.choice(["facts", "facts", "array", "bytes", "member", *(["rows", "line"] if files else [])])
    if what == "bytes":
        (folder / "state.npz").write_bytes(flipped((folder / "state.npz").read_bytes(), rng))
        return
    if what == "member":
        with zipfile.ZipFile(folder / "state.npz") as archive:
            members = {info.filename: archive.read(info) for info in archive.infolist()}
        name = rng.choice(sorted(members))
        head = rng.randrange(1, 128)
        members[name] = flipped(members[name][:head], rng) + members[name][head:]
        with zipfile.ZipFile(folder / "state.npz", "w") as archive:
            for member, content in members.items():
                archive.writestr(member, content)
        return
    if what == "facts":
        facts = harmed(facts, rng)
    elif what == "array":
        harm_array(arrays, rng)
    elif what == "line":
        text = (folder / "0.samples").read_text()
        (folder / "0.samples").write_text(json.dumps(harmed(json.loads(text), rng)) + "\n")
        set_checksum(folder, "0.samples", facts)
    else:
        name = rng.choice(files)
        content = (folder / name).read_bytes()
        changed = flipped(content, rng) if rng.random() < 0.5 else content[: rng.randrange(len(content))]
        (folder / name).write_bytes(changed)
        set_checksum(folder, name, facts)
    write(folder, facts, arrays)


@pytest.mark.parametrize("name", SPECS)
def test_whatever_is_changed_there_is_a_checkpoint_error_or_a_result(name, tmp_path):
    met = set()
    for seed in range(CHANGES):
        folder = shutil.copytree(FIXTURES / name, tmp_path / str(seed) / name)
        harm(folder, random.Random(seed))
        try:
            resume(folder)
            met.add("a result")
        except DeepViewException as error:
            met.add(type(error).__name__)
        except BaseException as error:
            error.add_note(f"seed {seed}")
            raise
        shutil.rmtree(folder)
    assert {"a result", "CheckpointError", "CheckpointMismatchError"} <= met
