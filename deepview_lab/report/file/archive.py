"""Reading a report file. The reader trusts nothing: it checks before it unpacks, and runs nothing."""

from __future__ import annotations

import re
import stat
import zipfile
import zlib
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, final

from deepview_lab.exceptions import ReportFileError, UnknownNameError
from deepview_lab.report.file.damage import damaged
from deepview_lab.report.file.manifest import MANIFEST, MEMBER_PATTERN, Manifest, Member, checksum, read_manifest
from deepview_lab.report.file.parquet import UNREADABLE, Parquet, most_bytes
from deepview_lab.typing import PathOrStr, resolve_path_or_str

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["MOST_LISTED_ROWS", "MOST_MANIFEST_BYTES", "ReportFile", "read_report"]

_MOST_MEMBERS = 4096
MOST_MANIFEST_BYTES: Final = 4 * 2**20
_MOST_BYTES = 16 * 2**30
MOST_LISTED_ROWS: Final = 10_000
_MOST_LISTED_BYTES = 16 * 2**20
_LONGEST_TEXT = 100_000
_TABLE = re.compile(r"^tables/(?P<name>.+)\.parquet$")
_ENCRYPTED = 0x1


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

    @cached_property
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
            :func:`~deepview_lab.report.file.parquet.most_bytes`.
        """
        parquet = self._parquet(name, columns)
        left = self._budget(name, parquet.cost(columns))
        try:
            return parquet.read(columns, left)
        except UNREADABLE as error:
            raise self._unreadable(name, error) from None

    def _parquet(self, name: str, columns: Sequence[str] | None = None, most: int | None = None) -> Parquet:
        """Return a table of which only the footer was read; refuse one of which that takes more than ``most`` bytes."""
        if name not in self.tables:
            raise UnknownNameError("table", name, self.tables)
        said = self.tables[name]
        raw = self.file(f"tables/{name}.parquet")
        try:
            parquet = Parquet(raw)
            cost = parquet.cost(columns)
        except UNREADABLE as error:
            raise self._unreadable(name, error) from None
        if (parquet.rows, len(parquet.columns)) != (said.rows, said.columns):
            raise damaged(self.path, f"table {name!r} is not of the size that its manifest tells")
        missing = [column for column in columns or () if column not in parquet.columns]
        if missing:
            raise damaged(self.path, f"table {name!r} has no column {missing[0]!r}")
        if most is not None and cost > most:
            raise self._refused(f"table {name!r} takes {cost:,} bytes, and at most {most:,} fit")
        return parquet

    def _unreadable(self, name: str, error: BaseException) -> ReportFileError:
        return damaged(self.path, f"table {name!r} cannot be read ({str(error)[:400]})")

    def rows(
        self,
        name: str,
        types: Mapping[str, str],
        *,
        nullable: Collection[str] = (),
        added: Mapping[str, str] | None = None,
    ) -> list[dict[str, Any]]:
        """Return a short table as a mapping for each row.

        Parameters
        ----------
        name : str
            The table.
        types : mapping of str to str
            Its columns and their Arrow types, all there must be; ``list<int64>`` and ``list<string>`` for lists.
        nullable : collection of str
            Columns in which values may be missing.
        added : mapping of str to str
            Columns, like ``types``, that files of earlier versions lack: there their values are None.

        Raises
        ------
        UnknownNameError
            (a KeyError) when there is none of that name.
        ReportFileError
            when it is damaged, has more than 10,000 rows or 16 MiB, a text of more than 100,000 characters, other
            columns, or lacks values.
        """
        if name in self.tables and self.tables[name].rows > MOST_LISTED_ROWS:
            raise self._refused(f"table {name!r} has more than {MOST_LISTED_ROWS:,} rows")
        self._parquet(name, most=_MOST_LISTED_BYTES)
        table = self.table(name)
        found = {field.name: re.sub(r"<\w+: ", "<", str(field.type)) for field in table.schema}
        needed = {**types, **{column: type_ for column, type_ in (added or {}).items() if column in found}}
        if found != needed:
            raise damaged(self.path, f"table {name!r} has the columns {found}, and needs {needed}")
        lacking = [column for column in found if table[column].null_count and column not in nullable]
        if lacking:
            raise damaged(self.path, f"column {lacking[0]!r} of table {name!r} lacks values")
        if table.nbytes > _MOST_LISTED_BYTES:
            raise self._refused(f"table {name!r} takes {table.nbytes:,} bytes, and at most {_MOST_LISTED_BYTES:,} fit")
        listed: list[dict[str, Any]] = table.to_pylist()
        longest = max((len(value) for row in listed for value in row.values() if isinstance(value, str)), default=0)
        if longest > _LONGEST_TEXT:
            raise self._refused(
                f"table {name!r} has a text of {longest:,} characters, and at most {_LONGEST_TEXT:,} fit"
            )
        return [{**dict.fromkeys(added or ()), **row} for row in listed]

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
        if len(raw) != said.size or checksum(raw) != said.checksum:
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
    file = resolve_path_or_str(path, example="audit.dvreport")
    if not file.is_file():
        raise FileNotFoundError(f"There is no report {file}.")
    with _opened(file) as archive:
        _check_members(archive, file)
        raw = _read(archive, MANIFEST, MOST_MANIFEST_BYTES, file)
        manifest = read_manifest(raw, file)
        sizes = {item.filename: item.file_size for item in archive.infolist() if item.filename != MANIFEST}
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
    if MANIFEST not in names:
        raise ReportFileError(f"{path} is no report of DeepView Lab: it has no {MANIFEST}.")
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
    if item.filename == MANIFEST:
        return "is too large" if item.file_size > MOST_MANIFEST_BYTES else ""
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
