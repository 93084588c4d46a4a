"""The index of a cache: what it holds, how far it is, and which pipeline made it. It is written atomically."""

from __future__ import annotations

import math
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import numpy as np

from deepview_lab.base import Layer, LayerKind, ResponseInfo
from deepview_lab.base.own_files import read_own, replace_own, write_all
from deepview_lab.base.plain_values import UNDECODABLE, Column, decoded, plain_dtype
from deepview_lab.exceptions import CacheError

__all__ = [
    "FILES",
    "INDEX",
    "JOURNAL",
    "LOCK",
    "ColumnSchema",
    "FieldSchema",
    "Index",
    "Response",
    "Section",
    "damaged",
    "field_file",
    "read_index",
    "write_index",
]

INDEX, JOURNAL, LOCK = "index.json", "batches.jsonl", "lock"
# What a cache may consist of: clearing one touches nothing else.
FILES = (INDEX, f".{INDEX}.partial", JOURNAL, LOCK, "field-*.bin")
_MAGIC = "deepview-cache"
_VERSION = 2
_WITHOUT_CHECKSUMS = 1
_MOST_DIMENSIONS = 31
_MOST_SAMPLE_BYTES = 2**40


def field_file(number: int) -> str:
    """Return the name of the file of a field."""
    return f"field-{number:04d}.bin"


Count = Annotated[int, msgspec.Meta(ge=0)]


class FieldSchema(msgspec.Struct, frozen=True):
    """One field: its name, the dtype (little-endian) and shape of its samples, the number of its file."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    number: int

    def numpy_dtype(self) -> np.dtype[np.generic]:
        """Return the dtype.

        Raises
        ------
        CacheError
            when it is none that a cache holds.
        """
        try:
            dtype = plain_dtype(self.dtype)
        except ValueError:
            dtype = None
        fits = len(self.shape) <= _MOST_DIMENSIONS and min(self.shape, default=0) >= 0
        if (
            dtype is None
            or not fits
            or max(1, dtype.itemsize) * math.prod(map(_at_least_1, self.shape)) > _MOST_SAMPLE_BYTES
        ):
            raise CacheError(f"Field {self.name!r} of the cache has the dtype {self.dtype!r} and shape {self.shape}.")
        return dtype

    @property
    def bytes_per_sample(self) -> int:
        """Bytes of one sample."""
        return math.prod(self.shape) * self.numpy_dtype().itemsize


class ColumnSchema(msgspec.Struct, frozen=True):
    """One sequence of metadata: the name of its key and, of a DictMetaKey, the encoded sub key."""

    key: str
    sub: Column | None = None


class Section(msgspec.Struct, frozen=True):
    """A batch or one of its snapshots, which has a name."""

    snapshot: str | None
    fields: tuple[FieldSchema, ...]
    columns: tuple[ColumnSchema, ...]


class Response(msgspec.Struct, frozen=True):
    """What a ResponseInfo says."""

    dtype: str
    shape: tuple[int | None, ...]
    layer: str
    kind: str
    typename: str
    unit_axis: int

    @classmethod
    def of(cls, info: ResponseInfo) -> Response:
        """Return what is stored of ``info``."""
        layer = info.layer
        return cls(info.dtype.str, info.shape, layer.name, layer.kind.name, layer.typename, info.unit_axis)

    def info(self, name: str) -> ResponseInfo:
        """Return the ResponseInfo; a kind that this version does not know is UNKNOWN."""
        kind = LayerKind.__members__.get(self.kind, LayerKind.UNKNOWN)
        return ResponseInfo(
            name, plain_dtype(self.dtype), self.shape, Layer(self.layer, kind, self.typename), self.unit_axis
        )


def _at_least_1(length: int) -> int:
    return max(length, 1)


class Index(msgspec.Struct, frozen=True):
    """What a cache holds.

    Attributes
    ----------
    state : 'writing' or 'complete'
        Whether the source has been read to its end.
    samples, journal_bytes : int
        How much of it is safe on the disk. While writing, the files hold what came since as well.
    journal_crc : int
        CRC-32 of those bytes of the journal.
    boot : str
        Which start of the machine wrote it, empty when that cannot be told.
    sections : tuple of Section
        Layout of the batches; empty before the first one.
    responses : mapping of str to Response
        What was known of the fields.
    fingerprint : mapping of str to str
        What the pipeline was made of.
    moving : tuple of str
        Parts of the fingerprint that changed while the pipeline worked, such as counters: they tell nothing.
    first : str
        Digest of the first sample of the source.
    checksums : bool
        Whether the journal has checksums of arrays. Those of format 1 have none.
    """

    fingerprint: Mapping[str, str]
    boot: str
    state: Literal["writing", "complete"] = "writing"
    samples: Count = 0
    journal_bytes: Count = 0
    journal_crc: Count = 0
    sections: tuple[Section, ...] = ()
    responses: Mapping[str, Response] = msgspec.field(default_factory=dict)
    moving: tuple[str, ...] = ()
    first: str = ""
    checksums: bool = True

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return self.state == "complete"


class _File(msgspec.Struct, frozen=True):
    magic: str
    version: int
    checksum: str
    index: msgspec.Raw


def _checksum(raw: bytes) -> str:
    return blake2b(raw, digest_size=16).hexdigest()


def write_index(folder: Path, index: Index) -> None:
    """Replace the index in ``folder`` by ``index``, so that at any moment either is there, whole and on the disk."""
    raw = msgspec.json.encode(index)
    with replace_own(folder / INDEX) as file:
        write_all(file, msgspec.json.encode(_File(_MAGIC, _VERSION, _checksum(raw), msgspec.Raw(raw))))


def read_index(folder: Path) -> Index | None:
    """Return the index in ``folder``, None when there is none.

    Raises
    ------
    CacheError
        when it is of another kind, of a newer version, or damaged.
    ForeignFileError
        (an OSError) when it is a link or no plain file.
    """
    try:
        raw = read_own(folder / INDEX)
    except (FileNotFoundError, NotADirectoryError):
        return None
    remedy = f"Remove it with Cacher.clear({str(folder)!r}), or use another storage_path."
    try:
        file = msgspec.json.decode(raw, type=_File)
    except (msgspec.DecodeError, RecursionError):
        raise CacheError(f"{folder / INDEX} is no index of a cache. Use another storage_path.") from None
    if file.magic != _MAGIC:
        raise CacheError(f"{folder / INDEX} is no index of a cache. Use another storage_path.")
    if file.version > _VERSION:
        raise CacheError(f"The cache in {folder} was written by a newer DeepView Lab (format {file.version}). {remedy}")
    if _checksum(bytes(file.index)) != file.checksum:
        raise CacheError(f"The index of the cache in {folder} is damaged: its checksum is wrong. {remedy}")
    try:
        index = msgspec.json.decode(file.index, type=Index)
        _check(index)
    except (msgspec.DecodeError, CacheError, *UNDECODABLE) as error:
        raise CacheError(f"The index of the cache in {folder} is damaged: {error}. {remedy}") from None
    if file.version > _WITHOUT_CHECKSUMS:
        return index
    if not index.complete:
        raise CacheError(f"The cache in {folder} is not complete, and was begun by an older version. {remedy}")
    return msgspec.structs.replace(index, checksums=False)


def _check(index: Index) -> None:
    """Refuse what no writer of ours makes; raises one of UNDECODABLE, or CacheError."""
    fields = [field for section in index.sections for field in section.fields]
    names = [(section.snapshot, field.name) for section in index.sections for field in section.fields]
    snapshots = [section.snapshot for section in index.sections]
    if [field.number for field in fields] != list(range(len(fields))) or len(set(names)) < len(names):
        raise ValueError("its fields are not numbered one by one, or two have one name")
    if snapshots and (snapshots[0] is not None or len(set(snapshots)) < len(snapshots)):
        raise ValueError("its snapshots are not those of a batch")
    for field in fields:
        field.numpy_dtype()
    for name, response in index.responses.items():
        response.info(name)
    for section in index.sections:
        for column in section.columns:
            if column.sub is not None:
                hash(decoded(column.sub)[0])


def damaged(folder: Path, how: str) -> CacheError:
    """Return the error of a cache that is not what was written, with what can be done about it."""
    return CacheError(
        f"The cache in {folder} is damaged: {how}. Remove it with Cacher.clear({str(folder)!r}) and let it be made "
        "again."
    )
