"""The manifest of a report file: what is in it, and where it came from."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import msgspec

from deepview_lab import __version__
from deepview_lab.exceptions import ReportFileError
from deepview_lab.report.file.damage import damaged

__all__ = [
    "MANIFEST",
    "MEMBER_PATTERN",
    "SUFFIX",
    "VERSION",
    "Manifest",
    "Member",
    "checksum",
    "libraries",
    "now",
    "read_manifest",
]

SUFFIX: Final = ".dvreport"
MANIFEST: Final = "manifest.json"
VERSION = 1
_FORMAT: Final = "dvreport"
_LIBRARIES = ("numpy", "pyarrow", "tensorflow", "keras", "scikit-learn", "umap-learn", "pacmap")

# What a zip member may be called: one of these folders, then a plain name. Nothing leaves the folder it is unpacked to.
MEMBER_PATTERN = r"^(tables|media|view)/[A-Za-z0-9][A-Za-z0-9._-]*$"
_Few = msgspec.Meta(max_length=256)
_Size = Annotated[int, msgspec.Meta(ge=0, le=2**53)]


class Member(msgspec.Struct, frozen=True):
    """A file in the zip besides the manifest.

    Attributes
    ----------
    size : int
        Bytes.
    checksum : str
        BLAKE2b of 16 bytes, hexadecimal.
    rows, columns : int
        Of a table; 0 for other files.
    """

    size: _Size
    checksum: str
    rows: _Size = 0
    columns: _Size = 0


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """Where a report came from. All but ``kind`` and ``name`` may be left out by who has nothing to say.

    Attributes
    ----------
    kind : 'run' or 'report'
        Results of a run's introspectors, or a dataset report.
    name : str
        For people.
    created : str
        Time in UTC, ISO 8601.
    samples : int or None
        Samples seen.
    complete : bool
        False when it was stopped before all samples were seen.
    introspectors : mapping of str to str
        Kinds of analysis by name.
    parameters, thresholds, seeds : mapping
        Settings, thresholds that were actually used, and seeds, by introspector.
    provenance : mapping of str to str
        Fingerprint of the data, the stages and the model (``deepview_lab.base.fingerprint``).
    layers : sequence of str
        Responses that were analysed.
    libraries : mapping of str to str
        Versions of what computed it.
    left_out : mapping of str to str
        What is not in the file, and why.
    extra : mapping
        Whatever else the writer wants to keep: JSON.
    members : mapping of str to Member
        Filled in by the writer.
    """

    kind: Literal["run", "report"]
    name: str
    created: str = ""
    samples: _Size | None = None
    complete: bool = True
    introspectors: Annotated[Mapping[str, str], _Few] = {}
    # Any, because JSON holds all kinds of values
    parameters: Mapping[str, Mapping[str, Any]] = {}
    thresholds: Mapping[str, Mapping[str, Any]] = {}
    seeds: Mapping[str, int | None] = {}
    provenance: Mapping[str, str] = {}
    layers: tuple[str, ...] = ()
    libraries: Mapping[str, str] = {}
    left_out: Annotated[Mapping[str, str], _Few] = {}
    extra: Mapping[str, Any] = {}
    members: Mapping[Annotated[str, msgspec.Meta(pattern=MEMBER_PATTERN)], Member] = {}
    format: Literal["dvreport"] = _FORMAT
    version: int = VERSION


class _Header(msgspec.Struct, frozen=True):
    format: str
    version: int


def read_manifest(raw: bytes, path: Path) -> Manifest:
    """Return the manifest that ``raw`` is.

    Raises
    ------
    ReportFileError
        when it is none, or of a newer version.
    """
    try:
        header = msgspec.json.decode(raw, type=_Header)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ReportFileError(f"{path} is no report of DeepView Lab: its manifest is not readable ({error}).") from None
    if header.format != _FORMAT:
        raise ReportFileError(f"{path} is no report of DeepView Lab: its format is {header.format[:40]!r}.")
    if header.version > VERSION:
        raise ReportFileError(
            f"{path} has format version {header.version}, and DeepView Lab {__version__} reads up to {VERSION}. Update "
            "it: pip install -U deepview_lab."
        )
    try:
        return msgspec.json.decode(raw, type=Manifest)
    except (msgspec.DecodeError, RecursionError) as error:
        raise damaged(path, f"its manifest does not fit the format ({error})") from None


def checksum(raw: bytes | memoryview) -> str:
    """Return the checksum of a member."""
    return blake2b(raw, digest_size=16).hexdigest()


def now() -> str:
    """Return the time in UTC, ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def libraries() -> dict[str, str]:
    """Return the versions of Python, DeepView Lab, and the libraries it computes with that are installed."""
    found = {"python": platform.python_version(), "deepview_lab": __version__}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
