"""Reports of which something was changed, as an attacker would who can make checksums right."""

from __future__ import annotations

import copy
import json

import pyarrow as pa
import pyarrow.parquet as pq

from deepview_lab.report.file.parquet import parquet_of
from tests.report.hostile import read_table

VALUES = [None, True, -1, 0, 1, 2**31, 2**53 + 1, 2**63, 2**64, 10**400, -0.5, 1e308, float("nan"), float("inf"), "",
          "x", "\ud800", "\0", "..", "iua", "pfa", "report", "duplicates", "\u202e<script>\x1b[2J\u2028", [], {}, [[]],
          [None], {"a": 1}, [1, 2, 3]]  # fmt: skip


def mutated(members, rng):
    """Return members of which one or two were changed."""
    for _ in range(1 + int(rng.random() < 0.2)):
        name = _chosen(rng, list(members))
        if name == "manifest.json":
            change = _chosen(rng, [_manifest_value, _manifest_value, _manifest_value, _manifest_bytes])
            members = members | {name: change(members[name], rng)}
        elif not name.endswith(".parquet"):
            continue
        else:
            change = _chosen(rng, [_bytes, _footer, _column, _column, _value, _value, _rows, _written, _swapped])
            members = change(members, name, rng)
    return members


def _chosen(rng, choices):
    return choices[int(rng.integers(len(choices)))]


def _places(value, path=()):
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, held in inner:
        yield (*path, key)
        yield from _places(held, (*path, key))


def _manifest_value(raw, rng):
    try:
        changed = copy.deepcopy(json.loads(raw))
    except (ValueError, RecursionError):
        return raw
    changed.pop("members", None)
    places = list(_places(changed))
    if not places:
        return raw
    *above, last = _chosen(rng, places)
    holder = changed
    for key in above:
        holder = holder[key]
    if rng.random() < 0.15:
        del holder[last]
    elif rng.random() < 0.1 and isinstance(holder, dict):
        holder[_chosen(rng, ["\ud800", "\0", "x" * 1000, "\u202e", ""])] = holder.pop(last)
    else:
        holder[last] = _chosen(rng, VALUES)
    return json.dumps(changed).encode()


def _manifest_bytes(raw, rng):
    pieces = [b"null", b"-1", b"1e999", b'"x"', b"[]", b"{}", b"[" * 60, b"9" * 40, b'"\\ud800"', b"true", b"\xff"]
    start = int(rng.integers(len(raw)))
    return raw[:start] + _chosen(rng, pieces) + raw[start + int(rng.integers(8)) :]


def _bytes(members, name, rng):
    raw = bytearray(members[name])
    for _ in range(int(rng.integers(1, 4))):
        raw[int(rng.integers(len(raw)))] = int(rng.integers(256))
    return members | {name: bytes(raw)}


def _footer(members, name, rng):
    """Change bytes of the footer, which says what is in the file and where."""
    raw = bytearray(members[name])
    length = min(int.from_bytes(raw[-8:-4], "little"), len(raw) - 12)
    for _ in range(int(rng.integers(1, 3))):
        raw[len(raw) - 8 - 1 - int(rng.integers(max(length, 1)))] = int(rng.integers(256))
    return members | {name: bytes(raw)}


def _column(members, name, rng):
    rows = _readable(members[name])
    if rows is None or not rows.num_columns:
        return members
    column, length = int(rng.integers(rows.num_columns)), rows.num_rows
    kind = rows.schema.field(column).type
    others = [
        lambda: pa.nulls(length),
        lambda: pa.nulls(length, kind),
        lambda: pa.array([-1] * length, pa.int64()),
        lambda: pa.array([2**62] * length, pa.int64()),
        lambda: pa.array([2**64 - 1] * length, pa.uint64()),
        lambda: pa.array([float("inf")] * length),
        lambda: pa.array([float("nan")] * length, pa.float32()),
        lambda: pa.array([1.5] * length, pa.float16()),
        lambda: pa.array(["\u202e<script>"] * length),
        lambda: pa.array(["x\0y"] * length).dictionary_encode(),
        lambda: pa.array([[1, None]] * length, pa.list_(pa.int64())),
        lambda: pa.array([[0.5, 0.5]] * length, pa.list_(pa.float64(), 2)),
        lambda: pa.array([[]] * length, pa.list_(pa.float64(), 0)),
        lambda: pa.array([["a", None]] * length, pa.list_(pa.string())),
        lambda: pa.array([b"\xff\xfe"] * length, pa.binary()).view(pa.string()),
        lambda: pa.array([[[1]]] * length),
        lambda: pa.array([{"a": 1}] * length),
        lambda: pa.array([2**62] * length, pa.timestamp("ns")),
        lambda: pa.array([True] * length),
        lambda: pa.array(["x"] * length, pa.large_string()),
    ]
    try:
        changed = rows.set_column(column, rows.schema.names[column], _chosen(rng, others)())
        return members | {name: bytes(parquet_of(changed))}
    except (pa.ArrowException, ValueError, OverflowError):
        return members


def _value(members, name, rng):
    """Change one value of a column and keep its type."""
    rows = _readable(members[name])
    if rows is None or not rows.num_columns or not rows.num_rows:
        return members
    column = int(rng.integers(rows.num_columns))
    field = rows.schema.field(column)
    values = rows.column(column).to_pylist()
    place = int(rng.integers(len(values)))
    others = [-1, 0, 1, 2, 2**31 - 1, 2**31, 2**40, 2**62, -(2**63), 0.5, -0.5, 1e308, float("nan"), float("inf"), None,
              "", "x", "\ud800", "\0", "(1 2)f8,f4", "<U999999999", "RELU", values[0], values[-1],
              [], [0], [-1], [1] * 70, [2**29, 0], [2**40, 2**40], ["x"], [None], True, False]  # fmt: skip
    values[place] = _chosen(rng, others)
    try:
        changed = rows.set_column(column, field, pa.array(values, field.type))
        return members | {name: bytes(parquet_of(changed))}
    except (pa.ArrowException, ValueError, OverflowError, TypeError):
        return members


def _rows(members, name, rng):
    """Give a table other rows, columns in another order, or another name for a column."""
    rows = _readable(members[name])
    if rows is None:
        return members
    names = list(rows.schema.names)
    choices = [
        lambda: rows.slice(0, 0),
        lambda: rows.slice(1),
        lambda: rows.slice(0, max(rows.num_rows - 1, 0)),
        lambda: pa.concat_tables([rows, rows]),
        lambda: rows.select(names[::-1]),
        lambda: rows.select(names[1:]),
        lambda: rows.rename_columns([_chosen(rng, ["", "x", "id", "\ud7ff\0", "layer", "a.b"]), *names[1:]]),
        lambda: rows.append_column("more", pa.array([0] * rows.num_rows)),
        lambda: rows.append_column(names[0] if names else "x", pa.array([0] * rows.num_rows)),
    ]
    try:
        return members | {name: bytes(parquet_of(_chosen(rng, choices)()))}
    except (pa.ArrowException, ValueError, KeyError):
        return members


def _written(members, name, rng):
    """Write a table in another way than ours."""
    rows = _readable(members[name])
    if rows is None:
        return members
    ways = [
        {"compression": "snappy"},
        {"compression": "none"},
        {"data_page_version": "2.0"},
        {"row_group_size": 1},
        {"use_dictionary": False},
        {"store_schema": False},
        {"version": "1.0"},
        {"data_page_size": 1},
        {"use_byte_stream_split": True, "use_dictionary": False},
        {"write_page_index": True},
    ]
    sink = pa.BufferOutputStream()
    try:
        pq.write_table(rows, sink, **({"compression": "zstd"} | _chosen(rng, ways)))
    except (pa.ArrowException, OSError, ValueError):
        return members
    return members | {name: bytes(sink.getvalue())}


def _swapped(members, name, rng):
    """Put a table in the place of another, or leave it out."""
    other = _chosen(rng, [member for member in members if member != "manifest.json"])
    if rng.random() < 0.3:
        return {member: raw for member, raw in members.items() if member != other}
    return members | {other: members[name], name: members.get(other, members[name])}


def _readable(raw):
    try:
        rows = read_table(raw)
        rows.validate(full=True)
    except Exception:  # changed before
        return None
    return rows
