"""No file below 10 MB takes more than 1 GiB or 20 s of processor time before it is shown or refused.

Memory is the peak of a process of its own (VmHWM: ``ru_maxrss`` keeps the peak of the process that started it).
"""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.report.hostile import packed, table, unpacked, with_row
from tests.report.runs import both, saved_run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

MOST_KIB = 2**20
MOST_SECONDS = 20
MOST_BYTES = 10_000_000


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    path = tmp_path_factory.mktemp("good") / "x.dvreport"
    saved_run(*both()).save(path)
    return unpacked(path)


def one_long_string():
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(200_000, np.int32)), pa.array(["x" * 100_000]))


def rows_without_end():
    sink = pa.BufferOutputStream()
    with pq.ParquetWriter(sink, pa.schema([("inactive_count", pa.int64())]), compression="zstd") as writer:
        for _ in range(8):
            writer.write_table(pa.table({"inactive_count": np.zeros(5_000_000, np.int64)}))
    return bytes(sink.getvalue())


def zeros_compressed():
    sink = pa.BufferOutputStream()
    text = pa.table({"layer": ["x" * 250_000_000]})
    pq.write_table(text, sink, compression="zstd", use_dictionary=False, write_statistics=False)
    return bytes(sink.getvalue())


def manifest(good, **changes):
    return {"manifest.json": json.loads(good["manifest.json"]) | changes}


def iua_of(count):
    """Return the tables of a run over so many layers of one unit."""
    names = [f"layer_{number}" for number in range(count)]
    numbers = {"samples": [60] * count, "nonfinite": [0] * count}
    shares = {"mean_inactive": [0.5] * count, "std_inactive": [0.1] * count}
    axes, shapes = pa.array([0] * count, pa.int32()), pa.array([[1]] * count, pa.list_(pa.int64()))
    layers = {"layer": names, **numbers, **shares, "unit_axis": axes, "shape": shapes, "sample_counts": [-1] * count}
    described = {"layer": names, "made_by": names, "kind": ["RELU"] * count, "type": names, "dtype": ["<f4"] * count}
    seen = pa.array([[None, 1]] * count, pa.list_(pa.int64()))
    return {
        "tables/layers.parquet": table(**described, shape=seen, unit_axis=pa.array([-1] * count, pa.int32())),
        "tables/iua.layers.parquet": table(**layers),
        "tables/iua.units.parquet": table(layer=names, inactive_count=[3] * count),
    }


def pfa_of(count):
    names = [f"layer_{number}" for number in range(count)]
    numbers = {"units": [1] * count, "constant_units": [0] * count, "samples": [60] * count, "nonfinite": [0] * count}
    failed = {"failed": [False] * count, "note": pa.nulls(count, pa.string())}
    orders = dict.fromkeys(("AbsMax", "AbsMin", "L1Max", "L1Min"), [0] * count)
    return {
        "tables/pfa.layers.parquet": table(layer=names, **numbers, **failed),
        "tables/pfa.spectra.parquet": table(layer=names, eigenvalue=[1.0] * count),
        "tables/pfa.removal.parquet": table(layer=names, **orders),
    }


def found(**columns):
    return {"tables/pfa.findings.parquet": table(**columns), "tables/pfa.summary.parquet": table(text=["."])}


def long_columns():
    """Return columns of which one text is long: NumPy gives its room to all."""
    return {f"c{number}": ["x" * 100_000] + [""] * 999 for number in range(100)}


ISOLATES = "\u2068\u05e9" * 200_000
DUPLICATES = {"iua": "iua", "pfa": "duplicates"}

REFUSED = {
    "one long string in all rows": lambda good: manifest(good, introspectors=DUPLICATES) | found(a=one_long_string()),
    "rows without end": lambda _: {"tables/iua.units.parquet": rows_without_end()},
    "text that is compressed well": lambda _: {"tables/layers.parquet": zeros_compressed()},
    "a shape of nothing and much": lambda good: with_row(good, "iua.layers", shape=[0, 2**29]),
    "a shape that overflows": lambda good: with_row(good, "iua.layers", shape=[2**40, 2**40]),
    "300,000 layers": lambda _: iua_of(300_000),
    "a name of 15 MB": lambda good: manifest(good, name="x" * 15_000_000),
    "a manifest of nesting": lambda good: manifest(good, extra={"a": [[]] * 3_000_000}),
    "100,000 introspectors": lambda good: manifest(good, introspectors={f"i{i}": "iua" for i in range(100_000)}),
    "a layer's name of 15 MB": lambda good: with_row(good, "layers", layer="x" * 15_000_000),
    "a long text in each column": lambda good: manifest(good, introspectors=DUPLICATES) | found(**long_columns()),
}
SHOWN = {
    "10,000 layers": lambda _: iua_of(10_000) | pfa_of(10_000),
    "a long string that is not looked at": lambda _: {
        "tables/iua.units.parquet": table(layer=one_long_string(), inactive_count=np.zeros(200_000, np.int64))
    },
    "units that are nowhere": lambda good: with_row(good, "layers", layer="other", shape=[None, 2**31 - 1]),
    "a cell of 50 MB": lambda good: manifest(good, introspectors=DUPLICATES) | found(text=["x" * 50_000_000]),
    "isolates without end": lambda good: manifest(good, name=ISOLATES),
}

LOOK = """
import os, resource, sys, time
from pathlib import Path
import pandas
from deepview_lab.exceptions import DeepViewException
from tests.report.hostile import shown

def peak():
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])

for path in map(Path, sys.argv[1:]):
    child = os.fork()
    if child == 0:
        # Of addresses: a reader that asks for more fails here, whatever it touches.
        resource.setrlimit(resource.RLIMIT_AS, (6 * 2**30, 6 * 2**30))
        before, begun = peak(), time.process_time()
        try:
            shown(path)
            end = "shown"
        except DeepViewException as error:
            end = f"refused: {error}"
        except BaseException as error:
            end = f"broken: {type(error).__name__}: {error}"
        print(f"{path.stem}\\t{peak() - before}\\t{time.process_time() - begun}\\t{ascii(end[-400:])}", flush=True)
        os._exit(0)
    os.waitpid(child, 0)
"""


@pytest.fixture(scope="module")
def looked(tmp_path_factory, good):
    """What became of each file: KiB, seconds of processor time, and how it ended."""
    folder = tmp_path_factory.mktemp("bombs")
    paths = {}
    for number, (name, members) in enumerate((REFUSED | SHOWN).items()):
        paths[name] = packed(folder / f"{number}.dvreport", good | members(good))
        assert paths[name].stat().st_size < MOST_BYTES
    done = subprocess.run(
        [sys.executable, "-c", LOOK, *map(str, paths.values())], capture_output=True, text=True, check=True
    )
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    ends = {stem: (int(kib), float(seconds), end) for stem, kib, seconds, end in lines}
    return {name: ends[path.stem] for name, path in paths.items()}


@pytest.mark.timeout(900)
@pytest.mark.parametrize("bomb", [*REFUSED, *SHOWN])
def test_a_small_file_takes_neither_gigabytes_nor_minutes(looked, bomb):
    kib, seconds, end = looked[bomb]
    assert end.strip("'\"").startswith("refused: " if bomb in REFUSED else "shown"), end
    assert kib < MOST_KIB
    assert seconds < MOST_SECONDS


@pytest.mark.parametrize(
    ("bomb", "words"),
    [
        ("300,000 layers", "has more than 10,000 rows"),
        ("rows without end", "at most 268,435,456 are read from it"),
        ("a name of 15 MB", "is too large"),
        ("a layer's name of 15 MB", "a text of 15,000,000 characters, and at most 100,000 fit"),
        ("one long string in all rows", "its text takes 20,000,000,000 bytes"),
        ("text that is compressed well", "at most 16,777,216 fit"),
        ("a long text in each column", "take more than 268,435,456 bytes"),
    ],
)
def test_a_refusal_says_the_limit(looked, bomb, words):
    assert words in looked[bomb][2]
