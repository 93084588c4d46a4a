"""The cases that both evaluators share."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from deepview_lab.analysis.expression import (
    ExpressionError,
    ExpressionTable,
    MediaColumn,
    NumberColumn,
    SetColumn,
    TextColumn,
    TruthColumn,
    parse,
)

CASES = json.loads((Path(__file__).parents[3] / "protocol/expressions.json").read_text(encoding="utf-8"))


def column_of(spec):
    values = spec["values"]
    if spec["role"] == "set":
        return SetColumn(np.array(values))
    match spec["kind"]:
        case "float":
            return NumberColumn(np.array(values, dtype=np.float64))
        case "int":
            return NumberColumn(np.array(values, dtype=np.int32))
        case "bool":
            return TruthColumn(np.array([value is True for value in values]), np.array([v is None for v in values]))
        case "media":
            return MediaColumn(np.array(values, dtype=np.uint8))
    words = sorted({value for value in values if value is not None})
    return TextColumn(np.array([-1 if value is None else words.index(value) for value in values]), words)


def mask(rows, count):
    return np.isin(np.arange(count), rows)


def table_of(spec):
    count = spec["rows"]
    similar = {name: mask(rows, count) for name, rows in spec["similar"].items()}
    return ExpressionTable(
        count,
        {name: column_of(column) for name, column in spec["columns"].items()},
        tags={name: mask(rows, count) for name, rows in spec["tags"].items()},
        similar=similar.get,
    )


TABLE = table_of(CASES["table"])


def spelled(text):
    """Return the tree of an expression as one line, or where it is wrong."""
    try:
        return _spelled(parse(text))
    except ExpressionError as error:
        return f"{error.start}-{error.end}: {error.message}"


def _spelled(node):
    value = "" if node.kind == "number" else f" {node.value}"
    parts = "".join(f" {_spelled(operand)}" for operand in node.operands)
    return f"({node.kind}{value}{' negated' if node.negated else ''} {node.start}-{node.end}{parts})"
