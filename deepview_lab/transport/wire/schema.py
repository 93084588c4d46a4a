"""Export the message schema: ``python -m deepview_lab.transport.wire.schema protocol/messages.schema.json``."""

from __future__ import annotations

import inspect
import json
import sys
from pathlib import Path
from typing import Any, get_args

import msgspec

from deepview_lab import __version__
from deepview_lab.analysis import catalog
from deepview_lab.analysis.detail import StrategyName
from deepview_lab.analysis.iua.snapshot import DEAD
from deepview_lab.analysis.pfa.snapshot import LayerState
from deepview_lab.analysis.pfa.strategies import Size
from deepview_lab.engine import Status
from deepview_lab.transport.wire import messages
from deepview_lab.transport.wire.shared import SHARED_VERSION, SharedRun

__all__ = ["schema"]


def schema() -> dict[str, Any]:
    """Return the JSON Schema of all messages, with the two unions and the constants that both sides share."""
    unions = {"DataMessage": messages.DataMessage, "ControlMessage": messages.ControlMessage}
    references, definitions = msgspec.json.schema_components(
        [*unions.values(), messages.SavedRun, SharedRun], ref_template="#/definitions/{name}"
    )
    for kept in ("SavedRun", "SharedRun"):
        definitions[kept]["properties"]["messages"]["items"] = {"$ref": "#/definitions/DataMessage"}
    for name, reference in zip(unions, references, strict=False):
        reference.pop("discriminator", None)
        definitions[name] = reference
    for definition in definitions.values():
        if "description" in definition:  # releases of msgspec differ in whether they take the indentation away
            definition["description"] = inspect.cleandoc(definition["description"])
        if "properties" in definition:  # defaults are always written out, so the reader can rely on every field
            definition["required"] = list(definition["properties"])
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Messages",
        "description": "Made from deepview_lab/transport/wire/messages.py; do not edit.",
        "x-constants": {name: {"const": value} for name, value in _constants().items()},
        "x-labels": {row.kind: row.label for row in catalog.rows()},
        "x-words": _words(),
        "definitions": definitions,
    }


def _constants() -> dict[str, Any]:
    """Return what both sides must agree on beyond the form of messages."""
    plain = (
        "PROTOCOL_VERSION",
        "HELLO_TARGET",
        "DATA_TARGET",
        "CONTROL_TARGET",
        "SAVED_MIME",
        "SAVED_VERSION",
        "MOST_SAVED_BYTES",
    )
    lists = {
        "RUN_STATUSES": Status,
        "SOURCE_ROLES": messages.SourceRole,
        "STRATEGIES": StrategyName,
        "SAMPLE_COLUMN_ROLES": messages.SampleColumnRole,
        "SENT_OUTCOMES": messages.SentOutcome,
        "SAMPLE_COLUMN_TYPES": messages.SampleColumnType,
        "PFA_STATES": LayerState,
        "ABOUT": catalog.About,
    }
    return {
        **{name: getattr(messages, name) for name in plain},
        "SHARED_VERSION": SHARED_VERSION,
        "VERSION": __version__,
        "DATA_KINDS": [_tag(message) for message in get_args(messages.DataMessage)],
        **{name: list(get_args(literal)) for name, literal in lists.items()},
        "SAVED_PARTS": [[part, list(map(_tag, kinds))] for part, kinds in messages.SAVED_PARTS.items()],
        "DEAD": DEAD,
        "SIZE_EPSILON": Size.epsilon_energy,
    }


def _tag(message: type[msgspec.Struct]) -> str:
    return str(message.__struct_config__.tag)


def _words() -> list[str]:
    """Return the words of the catalogue that the page shows, each once, for translators."""
    words: dict[str, None] = {}
    for row in catalog.rows():
        words |= dict.fromkeys([row.label, row.hint])
        for option in row.options:
            if option.label:
                words |= dict.fromkeys([option.label, option.title, *(choice.label for choice in option.choices)])
    return list(words)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(schema(), indent=2) + "\n", encoding="utf-8")
