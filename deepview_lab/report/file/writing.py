"""Writing a report file. What the reader would refuse is not written."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from deepview_lab.exceptions import ReportFileError
from deepview_lab.report.file.archive import MOST_MANIFEST_BYTES
from deepview_lab.report.file.atomic import replacing
from deepview_lab.report.file.manifest import (
    MANIFEST,
    MEMBER_PATTERN,
    SUFFIX,
    Manifest,
    Member,
    checksum,
    libraries,
    now,
    read_manifest,
)
from deepview_lab.report.file.parquet import Parquet, most_bytes, parquet_of
from deepview_lab.typing import PathOrStr, resolve_path_or_str

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["write_report"]


def write_report(
    path: PathOrStr, manifest: Manifest, tables: Mapping[str, pa.Table], *, files: Mapping[str, bytes] | None = None
) -> Path:
    """Write a report file. Until it is whole and on the disk, what was at ``path`` stays.

    Parameters
    ----------
    path : Path or str
        Where, with the suffix ``.dvreport``.
    manifest : Manifest
        Where the tables come from. ``created``, ``libraries`` and ``members`` are filled in.
    tables : mapping of str to pyarrow.Table
        By name: letters, digits, ``.``, ``_`` and ``-``. They become ``tables/NAME.parquet``.
    files : mapping of str to bytes, optional
        Whatever else, as ``media/NAME`` or ``view/NAME``.

    Returns
    -------
    Path
        Where it is.

    Raises
    ------
    ReportFileError
        (a ValueError) for another suffix or a name that a member cannot have.
    NoSpaceError
        (an OSError) when the disk is full.

    Examples
    --------
    >>> import pyarrow as pa, tempfile
    >>> from deepview_lab.report.file.archive import read_report
    >>> path = Path(tempfile.mkdtemp(), "labels.dvreport")
    >>> written = write_report(path, Manifest(kind="report", name="labels"), {"labels": pa.table({"id": [1, 2]})})
    >>> report = read_report(path)
    >>> report.manifest.name, list(report.tables), report.table("labels").num_rows
    ('labels', ['labels'], 2)
    """
    target = resolve_path_or_str(path, example="audit.dvreport")
    if target.suffix != SUFFIX:
        raise ReportFileError(f"A report is a file with the suffix {SUFFIX}, but {target.name!r} has another one.")
    with replacing(target) as file, zipfile.ZipFile(file, "w") as archive:
        members: dict[str, Member] = {}
        for name, table in tables.items():
            raw = _readable(name, table)
            member = _member(raw, rows=table.num_rows, columns=table.num_columns)
            _add(archive, members, f"tables/{name}.parquet", raw, member)
        for name, content in (files or {}).items():
            _add(archive, members, name, content, _member(content))
        archive.writestr(MANIFEST, _manifest(manifest, members, target), zipfile.ZIP_DEFLATED)
    return target


def _readable(name: str, table: pa.Table) -> memoryview:
    """Return a table as Parquet; refuse one that the reader would refuse."""
    raw = parquet_of(table)
    try:
        cost = Parquet(raw).cost()
    except ValueError as error:
        raise ReportFileError(f"Table {name!r} cannot be kept in a report: {error}.") from None
    if cost > most_bytes(len(raw)):
        raise ReportFileError(
            f"Table {name!r} cannot be kept in a report: it takes {cost:,} bytes, and a reader takes at most "
            f"{most_bytes(len(raw)):,} of a file of that size. Look at fewer layers, or leave out what there is of "
            "each sample (IUA.spec(per_sample=False))."
        )
    return raw


def _member(raw: bytes | memoryview, *, rows: int = 0, columns: int = 0) -> Member:
    return Member(len(raw), checksum(raw), rows, columns)


def _manifest(manifest: Manifest, members: Mapping[str, Member], target: Path) -> bytes:
    filled = msgspec.structs.replace(
        manifest,
        members=members,
        created=manifest.created or now(),
        libraries={**libraries(), **manifest.libraries},
    )
    raw = msgspec.json.format(msgspec.json.encode(filled))
    if len(raw) > MOST_MANIFEST_BYTES:
        raise ReportFileError(
            f"A report cannot say so much of itself: {len(raw):,} bytes of names and settings, and a reader takes at "
            f"most {MOST_MANIFEST_BYTES:,}. Give the run a shorter name, or look at fewer layers."
        )
    read_manifest(raw, target)
    return raw


def _add(
    archive: zipfile.ZipFile, members: dict[str, Member], name: str, raw: bytes | memoryview, member: Member
) -> None:
    if not re.match(MEMBER_PATTERN, name) or ".." in name:
        raise ReportFileError(f"A report cannot have a member {name!r}: use letters, digits, '.', '_' and '-'.")
    members[name] = member
    archive.writestr(zipfile.ZipInfo(name), bytes(raw))  # Parquet is compressed already
