"""Write the golden messages that pytest and the TypeScript tests read.

``python -m tests.make_fixtures protocol/fixtures``
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

import deepview_lab.introspectors  # noqa: F401 - registers their faces
from deepview_lab.analysis.findings import Findings
from deepview_lab.analysis.iua.result import small_note
from deepview_lab.analysis.pfa.covariances import PFACovariancesResult
from deepview_lab.analysis.pfa.result import PFAResults
from deepview_lab.analysis.pfa.strategies import Energy
from deepview_lab.figures.findings import findings_html
from deepview_lab.figures.static_table import layer_table_html
from deepview_lab.numerics import cumulative_energy
from deepview_lab.transport.wire import messages
from deepview_lab.transport.wire.analyses import AnalysisChoice, AnalysisInfo, AnalysisOption, analysis_infos
from deepview_lab.transport.wire.arrow import encode_columns
from deepview_lab.visible_text import visible_lines, visible_text
from tests.hostile_texts import NAMES, SENTENCES

RUN = "r1"
LAYERS = ("conv_1", "block/relu_1", "flatten", "dense")
UNITS = (16, 16, 8192, 10)
SPECTRA = {"conv_1": np.linspace(2.0, 0.5, 16), "block/relu_1": np.geomspace(4.0, 1e-6, 16)}
# A convolution of 16 channels (a bias each) on 1 channel, and a dense layer of 10 units on its 8,192 values.
CONV_GROUP = messages.ChannelGroup(
    name="conv_1",
    parameters=16,
    links=[messages.ChannelLink(group="", parameters=144), messages.ChannelLink(group="dense", parameters=81920)],
)
DENSE_GROUP = messages.ChannelGroup(
    name="dense", parameters=10, links=[messages.ChannelLink(group="conv_1", parameters=81920)]
)
THRESHOLD = 0.9

# An analysis that a user has written in a notebook's folder.
OWN_ANALYSIS = AnalysisInfo(
    kind="activation_range",
    about="layers",
    label="Activation <b>range</b>",
    hint="lowest and highest values",
    usual=False,
    face="ActivationRange",
    module="own_analysis",
    options=[
        AnalysisOption(
            name="of",
            label="Range of",
            title="Whether the sign of a value counts",
            default="values",
            explicit=False,
            choices=[
                AnalysisChoice(value="values", label="values"),
                AnalysisChoice(value="magnitudes", label="magnitudes"),
            ],
        )
    ],
)


def _column(
    name: str,
    role: messages.SampleColumnRole,
    kind: messages.SampleColumnType,
    title: str,
    *,
    response: str | None = None,
    since: int = 1,
) -> messages.SampleColumn:
    return messages.SampleColumn(name=name, role=role, type=kind, title=title, response=response, since=since)


MESSAGES: dict[str, messages.DataMessage | messages.ControlMessage] = {
    "hello": messages.Hello(
        seq=0, version="0.1.0", session="s1", runs=[RUN], analyses=[*analysis_infos(), OWN_ANALYSIS]
    ),
    "run": messages.RunState(
        seq=1,
        run=RUN,
        name="audit",
        status="running",
        introspections=[
            messages.Introspection(name="iua", analysis="iua"),
            messages.Introspection(name="pfa", analysis="pfa"),
        ],
        batch_size=64,
        batches=132,
        total_batches=194,
        samples=8448,
        total_samples=12400,
        rate=212.4,
        eta=18.6,
        elapsed=39.8,
        created=1763964000.0,
        errors=[],
    ),
    "run_failed": messages.RunState(
        seq=2,
        run=RUN,
        name="audit",
        status="failed",
        introspections=[messages.Introspection(name="iua", analysis="iua")],
        batch_size=64,
        batches=17,
        total_batches=None,
        samples=1088,
        total_samples=None,
        rate=None,
        eta=None,
        elapsed=3.5,
        created=1763964000.0,
        errors=[
            messages.RunError(
                type="ValueError", message="The file <b>ended</b> early.", traceback="Traceback ...", introspector=None
            )
        ],
        checkpoint="deepview-checkpoints/audit",
        kept_batches=16,
        kept_bytes=282_000_000,
        kept_at=1_764_547_200.0,
        note="No checkpoint could be written: the disk is full.",
    ),
    "origin": messages.Origin(
        seq=2,
        run=RUN,
        code='run = deepview_lab.start(data, IUA.spec(), checkpoint="deepview-checkpoints/audit")',
        variable="run",
        checkpoint="deepview-checkpoints/audit",
    ),
    "layers": messages.Layers(
        seq=3,
        run=RUN,
        layers=[
            messages.LayerInfo(
                name="conv_1", kind="conv_2d", type="Conv2D", shape=[None, 28, 28, 16], units=16, group=CONV_GROUP
            ),
            messages.LayerInfo(
                name="block/relu_1", kind="relu", type="ReLU", shape=[None, 28, 28, 16], units=16, group=CONV_GROUP
            ),
            messages.LayerInfo(name="flatten", kind="unknown", type="Flatten", shape=[None, 8192], units=8192),
            messages.LayerInfo(
                name="dense", kind="linear", type="Dense", shape=[None, 10], units=10, group=DENSE_GROUP
            ),
        ],
    ),
    "iua": messages.Snapshot(seq=4, run=RUN, introspector="iua", analysis="iua", samples=8448, final=False),
    "pfa": messages.Snapshot(seq=5, run=RUN, introspector="pfa", analysis="pfa", samples=8448, final=False),
    "own": messages.Snapshot(
        seq=5, run=RUN, introspector="ranges", analysis="activation_range", samples=8448, final=True
    ),
    "namespace": messages.Namespace(
        seq=6,
        sources=[
            messages.Source(name="net", role="model", type="mnist_cnn · Keras", size=90602, ends_in_model=False),
            messages.Source(
                name="raw", role="framework_model", type="Functional · Keras", size=None, ends_in_model=False
            ),
            messages.Source(name="train_ds", role="producer", type="StubProducer", size=12400, ends_in_model=False),
            messages.Source(name="whole", role="pipeline", type="MeanStdNormalizer", size=5000, ends_in_model=True),
            messages.Source(name="batches", role="candidate", type="function", size=None, ends_in_model=False),
        ],
        taken=["run"],
    ),
    "source_layers": messages.SourceLayers(
        seq=7,
        source="net",
        layers=[
            messages.LayerInfo(name="conv_1", kind="conv_2d", type="Conv2D", shape=[None, 28, 28, 16], units=16),
            messages.LayerInfo(name="block/relu_1", kind="relu", type="ReLU", shape=[None, 28, 28, 16], units=16),
            messages.LayerInfo(name="block/relu_2", kind="relu", type="ReLU", shape=[None, None, 8], units=8),
            messages.LayerInfo(name="dense", kind="linear", type="Dense", shape=[None, 10], units=10),
        ],
        usual=["block/relu_1", "block/relu_2"],
        problem=None,
    ),
    "layer_detail": messages.LayerDetail(
        seq=8,
        run=RUN,
        layer="block/relu_1",
        parts=[
            messages.DetailPart(introspector="iua", analysis="iua", samples=8448),
            messages.DetailPart(introspector="pfa", analysis="pfa", samples=8448),
        ],
    ),
    "recommendation": messages.Recommendation(seq=9, run=RUN, introspector="pfa", strategy="energy", value=THRESHOLD),
    "findings": messages.Findings(
        seq=10,
        run=RUN,
        introspector="familiarity",
        analysis="familiarity",
        summary="3 samples, rarest first.",
        samples=8448,
        rows=8448,
        final=True,
    ),
    "samples": messages.Samples(
        seq=11,
        run=RUN,
        introspector="report",
        version=3,
        rows=4,
        columns=[
            _column("id", "id", "int", "id"),
            _column("label", "label", "category", "label"),
            _column("dataset", "split", "category", "dataset"),
            _column("projection_dense_x", "x", "float", "projection x", response="dense", since=3),
            _column("projection_dense_y", "y", "float", "projection y", response="dense", since=3),
            _column("familiarity_dense", "score", "float", "familiarity", response="dense", since=2),
            _column("duplicates_dense", "set", "int", "duplicates", response="dense", since=2),
            _column("filename", "text", "text", "filename"),
        ],
        sort_by="familiarity_dense",
        descending=False,
    ),
    "sample_chunk": messages.SampleChunk(
        seq=12, run=RUN, introspector="report", column="label", type="category", since=1, start=0, rows=4
    ),
    "pictures": messages.Pictures(
        seq=13,
        run=RUN,
        introspector="report",
        column="picture",
        edge=32,
        across=2,
        rows=[3, 0],
        problems=[messages.NoPicture(row=1, why=""), messages.NoPicture(row=2, why="<b>broken</b>")],
    ),
    "sample_choice": messages.SampleChoice(
        seq=13,
        run=RUN,
        introspector="report",
        rows=4,
        filter='label == "cat"',
        group_by=["label"],
        tags=["<b>night</b>"],
    ),
    "sent_to_python": messages.SentToPython(
        seq=14,
        run=RUN,
        introspector="report",
        variable="rare_ids",
        outcome="taken",
        samples=0,
        type="list",
        problem=None,
    ),
    "ack": messages.Ack(client="c1", seq=5),
    "cancel": messages.Cancel(client="c1", run=RUN),
    "pause": messages.Pause(client="c1", run=RUN),
    "resume": messages.Resume(client="c1", run=RUN),
    "resync": messages.Resync(client="c1"),
    "scan": messages.Scan(client="c1"),
    "inspect": messages.Inspect(client="c1", source="net"),
    "read_pictures": messages.ReadPictures(
        client="c1", run=RUN, introspector="report", column="picture", edge=32, rows=[3, 0, 1, 2]
    ),
    "choose": messages.Choose(
        client="c1", run=RUN, introspector="report", rows=4, selected="Aw==", tags={"night": "AQ=="}
    ),
    "send_to_python": messages.SendToPython(
        client="c1", run=RUN, introspector="report", variable="rare_ids", overwrite=False
    ),
    "read_column": messages.ReadColumn(client="c1", run=RUN, introspector="report", column="label", since=1, start=0),
    "focus": messages.Focus(client="c1", run=RUN, layer="block/relu_1", strategy="energy", value=THRESHOLD),
}


def _text(*values: str) -> np.ndarray:
    return np.array(values, dtype=object)


def _recommended() -> dict[str, np.ndarray]:
    """Return what a recipe of these spectra says."""
    covariances = {
        name: PFACovariancesResult(np.diag(values), np.empty(0, np.intp), 8448, 0) for name, values in SPECTRA.items()
    }
    recipe = PFAResults(8448, covariances, (), {}).get_recipe(strategy=Energy(THRESHOLD))
    counts = [layer.recommended_output_count for layer in recipe.values()]
    return {"layer": _text(*recipe), "keep": np.array(counts, np.int32)}


TABLES = {
    "iua": {
        "layer": _text(*LAYERS),
        "samples": np.array([8448, 8448, 8448, 8446], np.int64),
        "nonfinite": np.array([0, 0, 0, 2], np.int64),
        "units": np.array(UNITS, np.int32),
        "inactive_mean": np.array([0.0, 0.506, 0.739, 1.0]),
        "inactive_std": np.array([0.0, 0.063, 0.11, 0.0]),
        "dead": np.array([0, 3, 412, -1], np.int32),
        "strip": np.stack(
            [
                np.zeros(64, np.uint8),
                np.r_[np.full(12, 255), np.linspace(254, 20, 52)].astype(np.uint8),
                np.r_[np.full(7, 255), np.linspace(254, 90, 57)].astype(np.uint8),
                np.full(64, 254, np.uint8),
            ]
        ),
        "stable_since": np.array([1024, -1, 4096, -1], np.int64),
        "note": _text("", "", "", f"{small_note(1e-6)} 2 samples left out: NaN, infinite or above 3.4e+38."),
    },
    "pfa": {
        "layer": _text(*LAYERS),
        "samples": np.array([8448, 8448, 8448, 8446], np.int64),
        "nonfinite": np.array([0, 0, 0, 2], np.int64),
        "units": np.array(UNITS, np.int32),
        "constant": np.array([0, 3, -1, -1], np.int32),
        "needed": np.array([16, 16, 8192, 10], np.int64),
        "state": _text("ok", "ok", "thin", "waiting"),
        "keep": np.array([12, 7, -1, -1], np.int32),
        "kl": np.array([0.69, 1.43, np.nan, np.nan]),
        "energy": np.stack(
            [
                np.sqrt(np.linspace(0, 1, 25)),
                np.linspace(0, 1, 25) ** 0.2,
                np.full(25, np.nan),
                np.full(25, np.nan),
            ]
        ).astype(np.float32),
        "age": np.array([8448, 8000, 0, 0], np.int64),
        "stable_since": np.full(4, -1, np.int64),
        "note": _text("", "", "8,448 samples for 8,192 units: computed, but 16,384 samples would be safer.", ""),
    },
    "own": {
        "layer": _text(*LAYERS),
        "samples": np.array([8448, 8448, 8448, 0], np.int64),
        "histogram": np.zeros((4, 8), np.float32),
        "nonfinite": np.zeros(4, np.int64),
        "stable_since": np.full(4, -1, np.int64),
        "note": _text("", "", "", "<b>nothing</b> seen"),
        "lowest": np.array([-0.25, 0.0, 0.0, np.nan]),
    },
    "layer_detail_iua": {"share": np.r_[np.linspace(0.0, 0.96, 13), 1.0, 1.0, 1.0]},
    "layer_detail_own": {"lowest": np.linspace(0.0, 0.75, 16), "highest": np.arange(16.0)},
    "layer_detail_pfa": {
        "eigenvalue": SPECTRA["block/relu_1"],
        "energy": cumulative_energy(SPECTRA["block/relu_1"]),
    },
    "recommendation": _recommended(),
    "sample_chunk_value": {"value": np.array([1, 0, -1, 1], np.int32)},
    "sample_chunk_word": {"word": _text("cat", "<b>dog</b>")},
    "findings": {
        "id": np.array([17, 4, 1200], np.int64),
        "label": _text("seven", "", "<b>one</b>"),
        "familiarity": np.array([-310.5, np.nan, -80.25]),
        "leak": np.array([True, False, False]),
    },
}


@dataclass(frozen=True)
class _Table:
    """As much of a layer table as the static HTML needs."""

    _columns: dict[str, np.ndarray]

    @property
    def samples(self) -> int:
        return int(self._columns["samples"].max())

    @property
    def layers(self) -> tuple[str, ...]:
        return tuple(self._columns["layer"])

    def columns(self) -> dict[str, np.ndarray]:
        return self._columns


def _static_html() -> str:
    found = MESSAGES["findings"]
    assert isinstance(found, messages.Findings)
    rows = Findings(found.summary, found.samples, TABLES["findings"])
    own = Findings.of_layers(found.samples, TABLES["own"])
    return layer_table_html(
        "audit & <b>",
        "running, 8,448 samples",
        LAYERS,
        _Table(TABLES["iua"]),
        _Table(TABLES["pfa"]),
        status="running",
        total=12400,
    ) + "".join(findings_html(name, table) for name, table in (("familiarity", rows), ("ranges", own)))


def write(folder: Path) -> None:
    """Write one JSON file per message, one Arrow stream per table, and the static HTML of them all."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, message in MESSAGES.items():
        (folder / f"{name}.json").write_bytes(msgspec.json.format(msgspec.json.encode(message), indent=2) + b"\n")
    seen = {
        "names": [(text, visible_text(text)) for text in NAMES],
        "lines": [(text, visible_lines(text)) for text in SENTENCES],
    }
    (folder / "visible_text.json").write_text(json.dumps(seen, indent=1) + "\n", encoding="ascii")
    (folder / "static_table.html").write_text(_static_html() + "\n", encoding="utf-8")
    for name, columns in TABLES.items():
        (folder / f"{name}.arrow").write_bytes(encode_columns(columns))


if __name__ == "__main__":
    write(Path(sys.argv[1]))
