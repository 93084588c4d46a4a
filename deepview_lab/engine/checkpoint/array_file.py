"""Plain arrays in one file: the zip of ``.npy`` members that ``numpy.savez`` writes, read without trusting a byte."""

from __future__ import annotations

import os
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["DAMAGE", "read_arrays", "write_arrays"]

# What reading a damaged file raises. RuntimeError: too deeply nested, encrypted, of a kind that zipfile does not know.
DAMAGE = (
    OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RuntimeError, EOFError, MemoryError,
    zipfile.BadZipFile, zlib.error, struct.error,
)  # fmt: skip

_MOST_ARRAYS = 2**20
_MAGIC = b"\x93NUMPY\x01\x00"
# numpy.lib.format evaluates this text as Python; a pattern is enough for what it writes.
_HEADER = re.compile(
    rb"\{'descr': '([<>|][biufc]\d{1,2})', 'fortran_order': (True|False), "
    rb"'shape': \(((?:\d{1,15}(?:, ?\d{1,15})*,?)?)\), \} *\n"
)


def write_arrays(file: IO[bytes], arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write ``arrays`` of numbers or truth values by name.

    Raises
    ------
    TypeError
        for an array of anything else.
    OSError
        when ``file`` cannot be written.
    """
    for name, values in arrays.items():
        if values.dtype.kind not in "biufc":
            kind = "objects" if values.dtype.hasobject else str(values.dtype)
            raise TypeError(f"A checkpoint holds numbers, but {name} is an array of {kind}.")
    np.savez(file, **arrays, allow_pickle=False)  # type: ignore[arg-type,unused-ignore]


def read_arrays(file: IO[bytes]) -> dict[str, NDArray[Any]]:
    """Return the arrays that :func:`write_arrays` wrote. Takes no more memory than the file is long.

    Nothing is unpickled or evaluated. Members are stored, not compressed, so that none can be longer than the file;
    each must be exactly as long as its header says.

    Raises
    ------
    DAMAGE
        when it is no such file.
    """
    size = os.fstat(file.fileno()).st_size
    with zipfile.ZipFile(file) as archive:
        members = archive.infolist()
        _check(members, size)
        return {_name(member): _array(archive, member) for member in members}


def _check(members: list[zipfile.ZipInfo], size: int) -> None:
    if len(members) > _MOST_ARRAYS:
        raise ValueError(f"{len(members):,} arrays, but at most {_MOST_ARRAYS:,} are read")
    if len({_name(member) for member in members}) < len(members):
        raise ValueError("two arrays have one name")
    for member in members:
        if member.compress_type != zipfile.ZIP_STORED or member.file_size != member.compress_size:
            raise ValueError(f"{member.filename!r} is compressed, but checkpoints are written without compression")
    if sum(member.file_size for member in members) > size:
        raise ValueError(f"its arrays claim more bytes than the {size:,} of the file")


def _name(member: zipfile.ZipInfo) -> str:
    return member.filename.removesuffix(".npy")


def _array(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> NDArray[Any]:
    with archive.open(member) as file:
        start = file.read(len(_MAGIC) + 2)
        if start[: len(_MAGIC)] != _MAGIC:
            raise ValueError(f"{member.filename!r} is no array")
        length = int.from_bytes(start[len(_MAGIC) :], "little")
        dtype, shape, columns_first = _layout(member.filename, file.read(length))
        values = np.empty(_count(shape, dtype, member.file_size - len(start) - length, member.filename), dtype)
        target = memoryview(values.view(np.uint8).data)
        while target:
            # Reading to the end of a member compares its checksum.
            read = file.readinto(target)  # type: ignore[attr-defined,unused-ignore]
            if not read:
                raise ValueError(f"{member.filename!r} ends too early")
            target = target[read:]
    return values.reshape(shape, order="F" if columns_first else "C")


def _layout(name: str, header: bytes) -> tuple[np.dtype[Any], tuple[int, ...], bool]:
    found = _HEADER.fullmatch(header)
    if found is None:
        raise ValueError(f"{name!r} is no array of plain numbers")
    descr, columns_first, lengths = found.groups()
    shape = tuple(int(length) for length in lengths.split(b",") if length.strip())
    return np.dtype(descr.decode()), shape, columns_first == b"True"


def _count(shape: tuple[int, ...], dtype: np.dtype[Any], size: int, name: str) -> int:
    """Return how many numbers there are."""
    count = 1
    for length in shape:
        count *= length
    if count * dtype.itemsize != size:
        raise ValueError(f"{name!r} has {size:,} bytes, but its shape {shape} needs {count * dtype.itemsize:,}")
    return count
