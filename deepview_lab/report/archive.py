"""Writing and reading a report file. The reader trusts nothing: it checks before it unpacks, and runs nothing."""

from __future__ import annotations

import re
import stat
import zipfile
import zlib
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Final, final

import msgspec

from deepview_lab.exceptions import ReportFileError, UnknownNameError
from deepview_lab.report.atomic import replacing
from deepview_lab.report.damage import damaged
from deepview_lab.report.manifest import MEMBER_PATTERN, Manifest, Member, libraries, now, read_manifest
from deepview_lab.typing import PathOrStr, resolve_path_or_str

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["SUFFIX", "ReportFile", "read_report", "write_report"]

SUFFIX: Final = ".dvreport"
_MANIFEST = "manifest.json"
_MOST_MEMBERS = 4096
_MOST_MANIFEST_BYTES = 16 * 2**20
_MOST_BYTES = 16 * 2**30
_MOST_CELLS = 2**31
_TABLE = re.compile(r"^tables/(?P<name>.+)\.parquet$")
_ENCRYPTED = 0x1


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
    >>> path = Path(tempfile.mkdtemp(), "labels.dvreport")
    >>> written = write_report(path, Manifest(kind="report", name="labels"), {"labels": pa.table({"id": [1, 2]})})
    >>> report = read_report(path)
    >>> report.manifest.name, list(report.tables), report.table("labels").num_rows
    ('labels', ['labels'], 2)
    """
    target = resolve_path_or_str(path)
    if target.suffix != SUFFIX:
        raise ReportFileError(f"A report is a file with the suffix {SUFFIX}, but {target.name!r} has another one.")
    with replacing(target) as file, zipfile.ZipFile(file, "w") as archive:
        members: dict[str, Member] = {}
        for name, table in tables.items():
            raw = _parquet(table)
            member = _member(raw, rows=table.num_rows, columns=table.num_columns)
            _add(archive, members, f"tables/{name}.parquet", raw, member)
        for name, content in (files or {}).items():
            _add(archive, members, name, content, _member(content))
        filled = msgspec.structs.replace(
            manifest,
            members=members,
            created=manifest.created or now(),
            libraries={**libraries(), **manifest.libraries},
        )
        archive.writestr(_MANIFEST, msgspec.json.format(msgspec.json.encode(filled)), zipfile.ZIP_DEFLATED)
    return target


def _parquet(table: pa.Table) -> memoryview:
    import pyarrow as pa  # noqa: PLC0415 - slow to load
    import pyarrow.parquet as pq  # noqa: PLC0415

    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    return memoryview(sink.getvalue())


def _member(raw: bytes | memoryview, *, rows: int = 0, columns: int = 0) -> Member:
    return Member(len(raw), _checksum(raw), rows, columns)


def _checksum(raw: bytes | memoryview) -> str:
    return blake2b(raw, digest_size=16).hexdigest()


def _add(
    archive: zipfile.ZipFile, members: dict[str, Member], name: str, raw: bytes | memoryview, member: Member
) -> None:
    if not re.match(MEMBER_PATTERN, name) or ".." in name:
        raise ReportFileError(f"A report cannot have a member {name!r}: use letters, digits, '.', '_' and '-'.")
    members[name] = member
    archive.writestr(zipfile.ZipInfo(name), bytes(raw))  # Parquet is compressed already


@final
class ReportFile:
    """A report file that has been checked. Tables are read when they are asked for.

    Made by :func:`read_report`.

    Attributes
    ----------
    path : Path
        Where it is.
    manifest : Manifest
        Where it came from.
    """

    def __init__(self, path: Path, manifest: Manifest) -> None:
        self.path: Final = path
        self.manifest: Final = manifest

    @property
    def tables(self) -> Mapping[str, Member]:
        """The tables by name: their rows, columns and bytes."""
        found = {name: _TABLE.match(name) for name in self.manifest.members}
        return {match["name"]: self.manifest.members[name] for name, match in found.items() if match}

    def table(self, name: str) -> pa.Table:
        """Read a table.

        Raises
        ------
        UnknownNameError
            (a KeyError) when there is none of that name.
        ReportFileError
            when it is damaged, or larger than it says.
        """
        if name not in self.tables:
            raise UnknownNameError("table", name, self.tables)
        import pyarrow as pa  # noqa: PLC0415 - slow to load
        import pyarrow.parquet as pq  # noqa: PLC0415

        said = self.tables[name]
        try:
            file = pq.ParquetFile(pa.BufferReader(self.file(f"tables/{name}.parquet")))
            there = (file.metadata.num_rows, len(file.schema_arrow.names))
            unpacked = sum(file.metadata.row_group(i).total_byte_size for i in range(file.metadata.num_row_groups))
            if there != (said.rows, said.columns) or said.rows * said.columns > _MOST_CELLS or unpacked > _MOST_BYTES:
                raise damaged(self.path, f"table {name!r} is not of the size that its manifest tells")
            return file.read()
        except pa.ArrowException as error:
            raise damaged(self.path, f"table {name!r} cannot be read ({error})") from None

    def file(self, name: str) -> bytes:
        """Return the bytes of a member, checked.

        Raises
        ------
        UnknownNameError
            (a KeyError) when there is none of that name.
        ReportFileError
            when it is damaged.
        """
        if name not in self.manifest.members:
            raise UnknownNameError("member", name, self.manifest.members)
        said = self.manifest.members[name]
        with _opened(self.path) as archive:
            raw = _read(archive, name, said.size, self.path)
        if len(raw) != said.size or _checksum(raw) != said.checksum:
            raise damaged(self.path, f"{name} is not what was written")
        return raw


def read_report(path: PathOrStr) -> ReportFile:
    """Check a report file and return it. Only its manifest is read.

    Raises
    ------
    FileNotFoundError
        when there is no file.
    ReportFileError
        (a ValueError) when it is no report, of a newer version, damaged, or made to harm: with members that lead
        elsewhere, come twice, are not in the manifest, or unpack to more than they should.
    """
    file = resolve_path_or_str(path)
    if not file.is_file():
        raise FileNotFoundError(f"There is no report {file}.")
    with _opened(file) as archive:
        _check_members(archive, file)
        raw = _read(archive, _MANIFEST, _MOST_MANIFEST_BYTES, file)
        manifest = read_manifest(raw, file)
        sizes = {item.filename: item.file_size for item in archive.infolist() if item.filename != _MANIFEST}
    if sizes != {name: member.size for name, member in manifest.members.items()}:
        raise damaged(file, "its members are not those that its manifest lists")
    return ReportFile(file, manifest)


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError) as error:
        raise ReportFileError(f"{path} is no report of DeepView Lab, or damaged: {error}.") from None


def _check_members(archive: zipfile.ZipFile, path: Path) -> None:
    """Refuse what a writer of ours would not make, before a byte is unpacked."""
    items = archive.infolist()
    names = [item.filename for item in items]
    if _MANIFEST not in names:
        raise ReportFileError(f"{path} is no report of DeepView Lab: it has no {_MANIFEST}.")
    if len(names) > _MOST_MEMBERS or len(set(names)) < len(names):
        raise ReportFileError(f"{path} is refused: it has {len(names)} members, too many or some of them twice.")
    for item in items:
        wrong = _wrong(item)
        if wrong:
            raise ReportFileError(f"{path} is refused: its member {item.filename[:80]!r} {wrong}.")
    if sum(item.compress_size for item in items) > path.stat().st_size:
        raise ReportFileError(f"{path} is refused: its members overlap.")
    if sum(item.file_size for item in items) > _MOST_BYTES:
        raise ReportFileError(f"{path} is refused: it would unpack to more than {_MOST_BYTES:,} bytes.")


def _wrong(item: zipfile.ZipInfo) -> str:
    if item.orig_filename != item.filename or item.flag_bits & _ENCRYPTED:
        return "has a name that is not plain, or is encrypted"
    if stat.S_ISLNK(item.external_attr >> 16):
        return "is a link"
    if item.filename == _MANIFEST:
        return "is too large" if item.file_size > _MOST_MANIFEST_BYTES else ""
    if not re.match(MEMBER_PATTERN, item.filename) or ".." in item.filename:
        return "is none that a report has"
    if item.compress_type != zipfile.ZIP_STORED or item.file_size != item.compress_size:
        return "is compressed, which those of a report are not"
    return ""


def _read(archive: zipfile.ZipFile, name: str, most: int, path: Path) -> bytes:
    try:
        with archive.open(name) as file:
            raw = file.read(most + 1)
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, ValueError, KeyError) as error:
        raise damaged(path, f"{name} cannot be read ({error})") from None
    except zlib.error as error:
        raise damaged(path, f"{name} cannot be unpacked ({error})") from None
    if len(raw) > most:
        raise ReportFileError(f"{path} is refused: {name} unpacks to more than it says.")
    return raw
