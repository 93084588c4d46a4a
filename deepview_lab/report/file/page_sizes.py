"""What the pages of a Parquet column unpack to, read from the pages themselves.

A reader allocates what a page says of its own size and number of values; the footer may say less. Apache Arrow offers
no way to bound that, so the headers of the pages are read before it sees them.

References
----------
Apache Parquet, ``parquet.thrift`` (PageHeader, DataPageHeader, DataPageHeaderV2).
"""

from __future__ import annotations

from typing import Final, NamedTuple

from deepview_lab.report.file.thrift import Compact, Wanted

__all__ = ["PageSizes", "page_sizes"]

_MOST_PAGES: Final = 100_000
_UNCOMPRESSED, _COMPRESSED, _DATA_V1, _DATA_V2, _NUMBER = 2, 3, 5, 8, 1
_HEADER: Final[Wanted] = {
    _UNCOMPRESSED: None,
    _COMPRESSED: None,
    _DATA_V1: {_NUMBER: None},
    _DATA_V2: {_NUMBER: None},
}


class PageSizes(NamedTuple):
    """Bytes that the pages unpack to, and values of its data pages."""

    unpacked: int
    values: int


def page_sizes(raw: memoryview) -> PageSizes:
    """Return what the pages in ``raw``, the bytes of one column chunk, unpack to.

    Raises
    ------
    ValueError
        when they are no pages, or more than 100,000.
    """
    headers = Compact(raw)
    unpacked = values = pages = 0
    while headers.position < len(raw):
        pages += 1
        if pages > _MOST_PAGES:
            raise ValueError(f"a column has more than {_MOST_PAGES:,} pages")
        size, packed, number = _header(headers)
        if min(size, packed, number) < 0:
            raise ValueError("the header of a page is none")
        headers.move(packed)
        unpacked += size
        values += number
    return PageSizes(unpacked, values)


def _header(headers: Compact) -> tuple[int, int, int]:
    """Return the bytes that a page unpacks to, those that it takes, and its values."""
    try:
        header = headers.struct(_HEADER)
        values = [header.get(kind, {}).get(_NUMBER, 0) for kind in (_DATA_V1, _DATA_V2)]
        return header.get(_UNCOMPRESSED, -1), header.get(_COMPRESSED, -1), max(values)
    except (ValueError, TypeError, AttributeError) as error:
        raise ValueError(f"the header of a page is none ({error})") from None
