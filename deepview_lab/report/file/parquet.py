"""Tables as Parquet, and back. What a stranger's file may ask for is bounded before it is decoded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from deepview_lab.report.file.footer import Chunk, read_footer
from deepview_lab.report.file.page_sizes import page_sizes

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["UNREADABLE", "Parquet", "most_bytes", "parquet_of"]

_MOST_BYTES: Final = 256 * 2**20
_MOST_RATIO: Final = 64
_BYTES_PER_VALUE: Final = 8

# What Arrow raises besides ArrowException, which it makes of most: OSError for a codec, UnicodeDecodeError for a name.
UNREADABLE = (OSError, ValueError, TypeError, LookupError, ArithmeticError, RecursionError, MemoryError)

# Any: pyarrow has no types.


def most_bytes(size: int) -> int:
    """Return how many bytes the tables of a file of ``size`` bytes may take: 256 MiB, or 64 times its size."""
    return max(_MOST_BYTES, _MOST_RATIO * size)


def parquet_of(table: pa.Table) -> memoryview:
    """Return a table as Parquet."""
    import pyarrow as pa  # noqa: PLC0415 - slow to load
    import pyarrow.parquet as pq  # noqa: PLC0415

    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    return memoryview(sink.getvalue())


class Parquet:
    """A table as Parquet, of which only the footer has been read.

    Parameters
    ----------
    raw : bytes
        The file.

    Raises
    ------
    UNREADABLE
        when it is no Parquet, or has columns or an encoding that no table of ours has.
    """

    def __init__(self, raw: bytes | memoryview) -> None:
        import pyarrow as pa  # noqa: PLC0415 - slow to load
        import pyarrow.parquet as pq  # noqa: PLC0415

        self._raw = memoryview(raw).cast("B")
        self._footer = read_footer(self._raw)
        self.schema: Any = _file(pq.ParquetFile, pa.BufferReader(raw), pa).schema_arrow
        self._check()
        # Text stays a dictionary until it is known how much it is: one long string may stand in a billion rows.
        named = list(zip(self.columns, self.schema, strict=True))
        text = [name for name, field in named if _is_text(field.type)]
        lists = [name for name, field in named if _is_list(field.type) and _is_text(field.type.value_type)]
        text += [f"{name}.list.element" for name in lists]
        self._file = _file(pq.ParquetFile, pa.BufferReader(raw), pa, read_dictionary=text)

    @property
    def rows(self) -> int:
        """Rows."""
        return self._footer.rows

    @property
    def columns(self) -> Sequence[str]:
        """Names of the columns."""
        return [str(name) for name in self.schema.names]

    def _check(self) -> None:
        if len(set(self.columns)) < len(self.schema):
            raise ValueError("two of its columns have one name")
        for field in self.schema:
            if not _is_ours(field.type):
                raise ValueError(f"column {str(field.name)[:80]!r} is of the type {str(field.type)[:80]}")

    def _chunks(self, columns: Sequence[str] | None) -> Iterator[Chunk]:
        return (chunk for chunk in self._footer.chunks if columns is None or chunk.column in columns)

    def cost(self, columns: Sequence[str] | None = None) -> int:
        """Return how many bytes the columns take when they are decoded, text as a dictionary.

        Raises
        ------
        ValueError
            when the pages are not what they should be.
        """
        total = 0
        for chunk in self._chunks(columns):
            sizes = page_sizes(self._raw[chunk.start : chunk.stop])
            total += sizes.unpacked + sizes.values * _BYTES_PER_VALUE
        return total

    def read(self, columns: Sequence[str] | None, most: int) -> pa.Table:
        """Return the table, or some of its columns; ``most`` bounds its text in bytes.

        Raises
        ------
        UNREADABLE
            when it cannot be decoded, is not valid, or has more text.
        """
        if self.rows == 0:
            return self._wanted(self.columns if columns is None else columns).empty_table()
        table = self._file.read(columns=columns)
        table.validate(full=True)
        if table.num_rows != self.rows:
            raise ValueError(f"it has {table.num_rows:,} rows, and says {self.rows:,}")
        text = sum(_text_bytes(column) for column in table.columns)
        if text > most:
            raise ValueError(f"its text takes {text:,} bytes, and at most {most:,} are read")
        return table.cast(self._wanted(table.column_names))

    def _wanted(self, columns: Sequence[str]) -> Any:
        import pyarrow as pa  # noqa: PLC0415 - slow to load

        return pa.schema([self.schema.field(name) for name in columns])


def _file(kind: Any, source: Any, arrow: Any, **options: Any) -> Any:
    try:
        return kind(source, **options)
    except arrow.ArrowException as error:
        raise ValueError(str(error)) from None


def _is_list(kind: Any) -> bool:
    from pyarrow import types  # noqa: PLC0415 - slow to load

    return bool(types.is_list(kind) or types.is_fixed_size_list(kind))


def _is_text(kind: Any) -> bool:
    from pyarrow import types  # noqa: PLC0415 - slow to load

    return bool(types.is_string(kind))


def _is_ours(kind: Any) -> bool:
    """Return whether a column of a table of ours may be of this type."""
    from pyarrow import types  # noqa: PLC0415 - slow to load

    number = types.is_integer(kind) or types.is_float32(kind) or types.is_float64(kind) or types.is_boolean(kind)
    if number or types.is_string(kind) or types.is_float16(kind):
        return True
    if types.is_dictionary(kind):
        return bool(types.is_string(kind.value_type))
    if _is_list(kind):
        inner = kind.value_type
        return bool(types.is_integer(inner) or types.is_floating(inner) or types.is_string(inner))
    return False


def _text_bytes(column: Any) -> int:
    """Return the bytes of a column's text when each row has its own."""
    import pyarrow as pa  # noqa: PLC0415 - slow to load
    from pyarrow import compute  # noqa: PLC0415

    functions: Any = compute  # made at run time
    total = 0
    for chunk in column.chunks:
        flat = chunk.flatten() if _is_list(chunk.type) else chunk
        if not pa.types.is_dictionary(flat.type):
            continue
        lengths = functions.binary_length(flat.dictionary).cast(pa.int64())
        counts = functions.value_counts(flat.indices)
        numbers, times = counts.field("values"), counts.field("counts")
        known = functions.is_valid(numbers)
        taken = lengths.take(numbers.filter(known))
        total += int(functions.sum(functions.multiply(taken, times.filter(known))).as_py() or 0)
    return total
