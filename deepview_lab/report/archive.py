"""Writing and reading a report file. The reader trusts nothing: it checks before it unpacks, and runs nothing."""

from __future__ import annotations

import re
import stat
import zipfile
import zlib
from collections.abc import Collection, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, final

import msgspec

from deepview_lab.exceptions import ReportFileError, UnknownNameError
from deepview_lab.report.atomic import replacing
from deepview_lab.report.damage import damaged
from deepview_lab.report.manifest import MEMBER_PATTERN, Manifest, Member, libraries, now, read_manifest
from deepview_lab.report.parquet import UNREADABLE, Parquet, most_bytes, parquet_of
from deepview_lab.typing import PathOrStr, resolve_path_or_str

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["SUFFIX", "ReportFile", "read_report", "write_report"]

SUFFIX: Final = ".dvreport"
_MANIFEST = "manifest.json"
_MOST_MEMBERS = 4096
_MOST_MANIFEST_BYTES = 16 * 2**20
_MOST_BYTES = 16 * 2**30
MOST_LISTED_ROWS: Final = 100_000
_MOST_LISTED_BYTES = 64 * 2**20
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
            raw = _readable(name, table)
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
        self._size = sum(member.size for member in manifest.members.values())
        self._costs: dict[str, int] = {}

    @property
    def tables(self) -> Mapping[str, Member]:
        """The tables by name: their rows, columns and bytes."""
        found = {name: _TABLE.match(name) for name in self.manifest.members}
        return {match["name"]: self.manifest.members[name] for name, match in found.items() if match}

    def table(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        """Read a table, or some of its columns.

        Raises
        ------
        UnknownNameError
            (a KeyError) when there is none of that name.
        ReportFileError
            when it is damaged, not of the size that the manifest tells, or the tables read so far take more than
            :func:`~deepview_lab.report.parquet.most_bytes`.
        """
        if name not in self.tables:
            raise UnknownNameError("table", name, self.tables)
        said = self.tables[name]
        raw = self.file(f"tables/{name}.parquet")
        try:
            parquet = Parquet(raw)
            cost = parquet.cost(columns)
        except UNREADABLE as error:
            raise damaged(self.path, f"table {name!r} cannot be read ({str(error)[:400]})") from None
        if (parquet.rows, len(parquet.columns)) != (said.rows, said.columns):
            raise damaged(self.path, f"table {name!r} is not of the size that its manifest tells")
        missing = [column for column in columns or () if column not in parquet.columns]
        if missing:
            raise damaged(self.path, f"table {name!r} has no column {missing[0]!r}")
        left = self._budget(name, cost)
        try:
            return parquet.read(columns, left)
        except UNREADABLE as error:
            raise damaged(self.path, f"table {name!r} cannot be read ({str(error)[:400]})") from None

    def rows(self, name: str, types: Mapping[str, str], *, nullable: Collection[str] = ()) -> list[dict[str, Any]]:
        """Return a short table as a mapping for each row.

        Parameters
        ----------
        name : str
            The table.
        types : mapping of str to str
            Its columns and their Arrow types, all there must be; ``list<int64>`` and ``list<string>`` for lists.
        nullable : collection of str
            Columns in which values may be missing.

        Raises
        ------
        UnknownNameError
            (a KeyError) when there is none of that name.
        ReportFileError
            when it is damaged, has more than 100,000 rows or 64 MiB, other columns, or lacks values.
        """
        if name in self.tables and self.tables[name].rows > MOST_LISTED_ROWS:
            raise self._refused(f"table {name!r} has more than {MOST_LISTED_ROWS:,} rows")
        table = self.table(name)
        found = {field.name: re.sub(r"<\w+: ", "<", str(field.type)) for field in table.schema}
        if found != dict(types):
            raise damaged(self.path, f"table {name!r} has the columns {found}, and needs {dict(types)}")
        lacking = [column for column in found if table[column].null_count and column not in nullable]
        if lacking:
            raise damaged(self.path, f"column {lacking[0]!r} of table {name!r} lacks values")
        if table.nbytes > _MOST_LISTED_BYTES:
            raise self._refused(f"table {name!r} takes {table.nbytes:,} bytes, and at most {_MOST_LISTED_BYTES:,} fit")
        listed: list[dict[str, Any]] = table.to_pylist()
        return listed

    def _budget(self, name: str, cost: int) -> int:
        """Return how many bytes are left for the text of a table; refuse more than all may take together."""
        most = most_bytes(self._size)
        self._costs[name] = max(cost, self._costs.get(name, 0))
        spent = sum(self._costs.values())
        if spent > most:
            raise self._refused(f"its tables take {spent:,} bytes in memory, and at most {most:,} are read from it")
        return most - spent

    def _refused(self, why: str) -> ReportFileError:
        return ReportFileError(f"{self.path} is refused: {why}. Ask for a report of fewer layers or samples.")

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
