"""The messages between kernel and canvas: the one source of both languages.

``python -m deepview_lab.transport.wire.schema`` exports them to ``protocol/messages.schema.json``, from which
``npm run generate`` makes ``js/src/protocol/messages.ts``. CI regenerates both and fails on a difference.

Numbers that may be NaN, and everything of one value per unit or layer, travel as Arrow IPC in the message's buffers;
the columns of each snapshot are those of the analysis's ``columns()``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final, Literal, TypeAlias

import msgspec

from deepview_lab.analysis.detail import StrategyName
from deepview_lab.engine import Status
from deepview_lab.transport.wire.analyses import AnalysisInfo

__all__ = [
    "CONTROL_TARGET",
    "DATA_TARGET",
    "HELLO_TARGET",
    "MOST_SAVED_BYTES",
    "PROTOCOL_VERSION",
    "SAVED_MIME",
    "SAVED_PARTS",
    "SAVED_VERSION",
    "Ack",
    "Cancel",
    "Choose",
    "ControlMessage",
    "DataMessage",
    "DetailPart",
    "Findings",
    "Focus",
    "Hello",
    "Inspect",
    "Introspection",
    "LayerDetail",
    "LayerInfo",
    "Layers",
    "LeftOut",
    "Namespace",
    "NoPicture",
    "Origin",
    "Pause",
    "Pictures",
    "ReadColumn",
    "ReadPictures",
    "Recommendation",
    "Resume",
    "Resync",
    "RunError",
    "RunState",
    "SampleChoice",
    "SampleChunk",
    "SampleColumn",
    "SampleColumnRole",
    "SampleColumnType",
    "Samples",
    "SavedRun",
    "Scan",
    "SendToPython",
    "SentOutcome",
    "SentToPython",
    "Snapshot",
    "Source",
    "SourceLayers",
    "SourceRole",
]

PROTOCOL_VERSION = 1

# Comm targets. The kernel opens HELLO when it loads; the front end opens the other two. The kernel never publishes on
# CONTROL: ipykernel 7.4 handles a comm's messages on the thread that last published on it, which may be a busy one.
HELLO_TARGET = "deepview_lab.hello"
DATA_TARGET = "deepview_lab"
CONTROL_TARGET = "deepview_lab.ctl"

# A run in a notebook's output: the MIME type, the version of its content, and how large it is at most, as JSON.
SAVED_MIME = "application/vnd.deepview-lab.run+json"
SAVED_VERSION = 1
MOST_SAVED_BYTES = 1_000_000

SourceRole: TypeAlias = Literal["model", "framework_model", "pipeline", "producer", "data", "candidate"]
SampleColumnRole: TypeAlias = Literal["id", "label", "split", "x", "y", "score", "set", "media", "text", "number"]
SampleColumnType: TypeAlias = Literal["float", "int", "category", "text", "media"]
LeftOut: TypeAlias = Literal["details", "tables", "layers"]
SentOutcome: TypeAlias = Literal["done", "taken", "refused"]


class _Message(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", forbid_unknown_fields=False):
    v: int = PROTOCOL_VERSION


class _Sequenced(_Message, frozen=True, kw_only=True):
    seq: int = 0


class Hello(_Sequenced, frozen=True, kw_only=True, tag="hello"):
    """First message on a data comm and answer to a resync: who speaks, and which runs there are (oldest first).

    `analyses` is the catalogue of analyses; once it has changed, clients of all runs get everything again.
    """

    version: str
    session: str
    runs: list[str]
    analyses: list[AnalysisInfo]


class Introspection(msgspec.Struct, frozen=True, kw_only=True):
    """One introspector of a run: its name in the run, and the kind of analysis, which may have no row anywhere."""

    name: str
    analysis: str


class RunError(msgspec.Struct, frozen=True, kw_only=True):
    """What went wrong, for people: one sentence, and the traceback for those who want it."""

    type: str
    message: str
    traceback: str
    introspector: str | None = None


class RunState(_Sequenced, frozen=True, kw_only=True, tag="run"):
    """Everything about a run but its numbers. Times are in seconds, `created` since the epoch; rate in samples/s.

    `stage` is what is done once all samples are read, `stage_done` the share (0..1) of it, where that is known.
    `checkpoint` is the folder in which it is kept, `kept_batches` how many batches are on disk there, in
    `kept_bytes` bytes, since `kept_at` (since the epoch); `note` is what there is to say that is no error.
    `file` is the report file from which an ended run was read; null of others.
    """

    run: str
    name: str
    status: Status
    introspections: list[Introspection]
    batch_size: int
    batches: int
    total_batches: int | None
    samples: int
    total_samples: int | None
    rate: float | None
    eta: float | None
    elapsed: float
    created: float
    errors: list[RunError]
    stage: str | None = None
    stage_done: float | None = None
    checkpoint: str | None = None
    kept_batches: int | None = None
    kept_bytes: int | None = None
    kept_at: float | None = None
    note: str | None = None
    file: str | None = None


class Origin(_Sequenced, frozen=True, kw_only=True, tag="origin"):
    """The code that started a run, told once, to clients of all runs: a cell, or what DeepView's panel wrote.

    The latter binds the run to `variable` and may keep it in the folder `checkpoint`; both are null of a cell.
    """

    run: str
    code: str
    variable: str | None
    checkpoint: str | None


class ChannelLink(msgspec.Struct, frozen=True, kw_only=True):
    """Parameters of kernels between the channels of two groups; `group` is empty for channels that are not pruned."""

    group: str
    parameters: int


class ChannelGroup(msgspec.Struct, frozen=True, kw_only=True):
    """The channels that some layers share, and the parameters that go with them."""

    name: str
    parameters: int
    links: list[ChannelLink]


class LayerInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A layer before its numbers. `type` is the class in the framework, `kind` DeepView's LayerKind in lower case.

    `group` is absent in messages of earlier versions, and null where it is not known whose channels these are.
    """

    name: str
    kind: str
    type: str
    shape: list[int | None]
    units: int | None
    group: ChannelGroup | None = None


class Layers(_Sequenced, frozen=True, kw_only=True, tag="layers"):
    """The layers of a run in the order of the network."""

    run: str
    layers: list[LayerInfo]


class Snapshot(_Sequenced, frozen=True, kw_only=True, tag="snapshot"):
    """The whole table of one introspector so far; one Arrow IPC stream in the buffers, one row per layer.

    Of kinds that the page does not draw itself it shows the columns of one number or text per layer, by their names.
    """

    run: str
    introspector: str
    analysis: str
    samples: int
    final: bool


class DetailPart(msgspec.Struct, frozen=True, kw_only=True):
    """What one introspector knows of a layer; the message has an Arrow IPC stream for each part, in their order.

    The columns are `share` (of `iua`, one row per unit, 1 = dead) or `eigenvalue` and `energy` (of `pfa`, one row per
    component, largest first; cumulative, NaN without any energy); of other kinds, columns for people.
    """

    introspector: str
    analysis: str
    samples: int


class LayerDetail(_Sequenced, frozen=True, kw_only=True, tag="layer_detail"):
    """The layer that the client has open in a run; parts of which nothing is known yet are left out."""

    run: str
    layer: str
    parts: list[DetailPart]


class Recommendation(_Sequenced, frozen=True, kw_only=True, tag="recommendation"):
    """Units to keep by the strategy that the client chose; one Arrow IPC stream with `layer` and `keep`."""

    run: str
    introspector: str
    strategy: StrategyName
    value: float


class Findings(_Sequenced, frozen=True, kw_only=True, tag="findings"):
    """What an analysis of samples found: a sentence, and the first of `rows` rows in one Arrow IPC stream.

    The columns are for people: their names are headings, their values numbers, truth values or text.
    """

    run: str
    introspector: str
    analysis: str
    summary: str
    samples: int
    rows: int
    final: bool


class SampleColumn(msgspec.Struct, frozen=True, kw_only=True):
    """A column of a table of samples, before its values.

    `title` is for people and does not name the `response` that the column is about; the `x` and `y` of one response are
    a projection. `since` is the version of the table that was the first to have these values.
    """

    name: str
    role: SampleColumnRole
    type: SampleColumnType
    title: str
    response: str | None
    since: int


class Samples(_Sequenced, frozen=True, kw_only=True, tag="samples"):
    """What is known of each sample: the columns of a table, whose values are sent when the client asks for them.

    `version` goes up whenever columns or values change. The most telling samples come first by the column `sort_by`.
    """

    run: str
    introspector: str
    version: int
    rows: int
    columns: list[SampleColumn]
    sort_by: str | None
    descending: bool


class SampleChunk(_Sequenced, frozen=True, kw_only=True, tag="sample_chunk"):
    """The values of `rows` rows of a column from row `start` on, as Arrow IPC streams of at most 4 MiB together.

    The first stream has the column `value`: numbers (NaN for missing), texts, codes of categories (-1 for missing), or
    of media 0 where there is something to show and 1 where there is nothing.
    Categories have a second stream, with the `word` of each code of this chunk.
    """

    run: str
    introspector: str
    column: str
    type: SampleColumnType
    since: int
    start: int
    rows: int


class NoPicture(msgspec.Struct, frozen=True, kw_only=True):
    """Why a sample has no picture, for people; empty where it never had one."""

    row: int
    why: str


class Pictures(_Sequenced, frozen=True, kw_only=True, tag="pictures"):
    """Pictures of samples in one sheet, a WebP in the buffer: squares of `edge` pixels, `across` of them in a row.

    `rows` are the samples in the order of the squares. Of all others that were asked for, `problems` says why not.
    """

    run: str
    introspector: str
    column: str
    edge: int
    across: int
    rows: list[int]
    problems: list[NoPicture]


class SampleChoice(_Sequenced, frozen=True, kw_only=True, tag="sample_choice"):
    """What is filtered, selected, grouped and tagged in a table of samples, as Python or another page has set it.

    `filter` is an expression, empty for none. The buffers are bits of rows, row r as bit r % 8 of byte r / 8: of the
    selected samples, of the excluded ones, and of those of each of `tags`.
    """

    run: str
    introspector: str
    rows: int
    filter: str
    group_by: list[str]
    tags: list[str]


class SentToPython(_Sequenced, frozen=True, kw_only=True, tag="sent_to_python"):
    """What became of `SendToPython`: `samples` ids are in the variable, or it is `taken` by a `type`, or `refused`.

    `problem` says why it was refused, for people.
    """

    run: str
    introspector: str
    variable: str
    outcome: SentOutcome
    samples: int
    type: str | None
    problem: str | None


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """A variable that a run may use.

    `model` is a DeepView model and `framework_model` one of Keras or another framework, which `as_model` wraps;
    `pipeline` and `producer` are data, of our own classes, and `data` is what `as_producer` makes one of;
    `candidate` can be called with one argument, and only its owner knows whether that makes batches. `type` is for
    people. `size` counts parameters of models and samples of data. `ends_in_model`: its layers are its own.
    """

    name: str
    role: SourceRole
    type: str
    size: int | None
    ends_in_model: bool


class Namespace(_Sequenced, frozen=True, kw_only=True, tag="namespace"):
    """The variables that a run may use, in the order of their definition.

    `taken` are the names among DeepView's own (`run`, `report`, `IUA` and others) that hold something else here, so
    that code must not bind them.
    """

    sources: list[Source]
    taken: list[str]


class SourceLayers(_Sequenced, frozen=True, kw_only=True, tag="source_layers"):
    """The layers of the variable that the client inspects, in the order of the network; or why there are none.

    `usual` names those that a run looks at when none are chosen.
    """

    source: str
    layers: list[LayerInfo]
    usual: list[str]
    problem: str | None


class _Control(_Message, frozen=True, kw_only=True):
    client: str


class _Steering(_Control, frozen=True, kw_only=True):
    run: str


class Ack(_Control, frozen=True, kw_only=True, tag="ack"):
    """The client has shown the message of this sequence number and is ready for the next of its kind."""

    seq: int


class Cancel(_Steering, frozen=True, kw_only=True, tag="cancel"):
    """Stop a run after its current batch and keep what it has."""


class Pause(_Steering, frozen=True, kw_only=True, tag="pause"):
    """Pause a run after its current batch."""


class Resume(_Steering, frozen=True, kw_only=True, tag="resume"):
    """Resume a paused run."""


class Resync(_Control, frozen=True, kw_only=True, tag="resync"):
    """The client missed something: send everything again."""


class Scan(_Control, frozen=True, kw_only=True, tag="scan"):
    """Look again at the variables, and at the layers of the one that the client inspects."""


class Inspect(_Control, frozen=True, kw_only=True, tag="inspect"):
    """Send the layers of a variable now, and again whenever they change; null: of none."""

    source: str | None


class Focus(_Control, frozen=True, kw_only=True, tag="focus"):
    """What the client looks at in a run beyond its tables, from now on: one layer or none, and a recipe strategy.

    `value` is the share (0 to 1) that the strategies `energy` and `size` take. The tables have the numbers of `kl`.
    """

    run: str
    layer: str | None
    strategy: StrategyName
    value: Annotated[float, msgspec.Meta(ge=0, le=1)]


class ReadColumn(_Steering, frozen=True, kw_only=True, tag="read_column"):
    """Send the next rows of a column of samples, from row `start` on, if its values are still those of `since`."""

    introspector: str
    column: str
    since: int
    start: Annotated[int, msgspec.Meta(ge=0)]


class ReadPictures(_Steering, frozen=True, kw_only=True, tag="read_pictures"):
    """Send pictures of some samples of a column of media, fitted into squares of `edge` pixels."""

    introspector: str
    column: str
    edge: Annotated[int, msgspec.Meta(ge=16, le=1024)]
    rows: Annotated[list[Annotated[int, msgspec.Meta(ge=0)]], msgspec.Meta(max_length=128)]


class Choose(_Steering, frozen=True, kw_only=True, tag="choose"):
    """What the user filters, selects, groups and tags from now on; null leaves a part as it was.

    Rows are bits as in `SampleChoice`, in base64; `tags` has all tags.
    """

    introspector: str
    rows: Annotated[int, msgspec.Meta(ge=0)]
    selected: str | None = None
    excluded: str | None = None
    tags: dict[str, str] | None = None
    filter: str | None = None
    group_by: list[str] | None = None


class SendToPython(_Steering, frozen=True, kw_only=True, tag="send_to_python"):
    """Bind a variable to the list of ids of the selected samples; one that is taken only with `overwrite`."""

    introspector: str
    variable: str
    overwrite: bool


DataMessage: TypeAlias = (
    Hello
    | RunState
    | Origin
    | Layers
    | Snapshot
    | Findings
    | Samples
    | SampleChunk
    | Pictures
    | SampleChoice
    | SentToPython
    | Namespace
    | SourceLayers
    | LayerDetail
    | Recommendation
)
ControlMessage: TypeAlias = (
    Ack | Cancel | Pause | Resume | Resync | Scan | Inspect | Focus | ReadColumn | ReadPictures | Choose | SendToPython
)

# What is left out of an output that would be too large, in this order.
SAVED_PARTS: Final[Mapping[LeftOut, tuple[type[DataMessage], ...]]] = {
    "details": (LayerDetail,),
    "tables": (Snapshot, Findings),
    "layers": (Layers,),
}


class SavedRun(msgspec.Struct, frozen=True, kw_only=True):
    """The last state of a run, as a notebook's output keeps it. Readers must not trust it.

    `messages` hold the newest of each kind and `buffers` their Arrow IPC streams in base64, in order. `session` and
    `run` say which live run it is, where there is one. `left_out` names what would have made the output too large.
    """

    v: int = SAVED_VERSION
    session: str
    run: str
    messages: list[DataMessage]
    buffers: list[str]
    left_out: list[LeftOut]
