"""Export the message schema: ``python -m deepview_lab.transport.wire.schema protocol/messages.schema.json``."""

from __future__ import annotations

import inspect
import json
import sys
from pathlib import Path
from typing import Any

import msgspec

from deepview_lab import __version__
from deepview_lab.transport.wire import messages

__all__ = ["schema"]


def schema() -> dict[str, Any]:
    """Return the JSON Schema of all messages, with the two unions and the constants that both sides share."""
    unions = {"DataMessage": messages.DataMessage, "ControlMessage": messages.ControlMessage}
    references, definitions = msgspec.json.schema_components(
        [*unions.values(), messages.SavedRun], ref_template="#/definitions/{name}"
    )
    definitions["SavedRun"]["properties"]["messages"]["items"] = {"$ref": "#/definitions/DataMessage"}
    for name, reference in zip(unions, references, strict=False):
        reference.pop("discriminator", None)
        definitions[name] = reference
    for definition in definitions.values():
        if "description" in definition:  # releases of msgspec differ in whether they take the indentation away
            definition["description"] = inspect.cleandoc(definition["description"])
        if "properties" in definition:  # defaults are always written out, so the reader can rely on every field
            definition["required"] = list(definition["properties"])
    constants = {
        name: {"const": getattr(messages, name)}
        for name in (
            "PROTOCOL_VERSION",
            "HELLO_TARGET",
            "DATA_TARGET",
            "CONTROL_TARGET",
            "SAVED_MIME",
            "SAVED_VERSION",
            "MOST_SAVED_BYTES",
        )
    }
    constants["VERSION"] = {"const": __version__}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Messages",
        "description": "Made from deepview_lab/transport/wire/messages.py; do not edit.",
        "x-constants": constants,
        "definitions": definitions,
    }


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(schema(), indent=2) + "\n", encoding="utf-8")
