"""Rows in files: what an attempt to write that failed has left there is neither lost nor counted twice."""

from __future__ import annotations

import errno

import numpy as np
import pytest

from deepview_lab.analysis.rows import RowsWanted
from deepview_lab.engine.checkpoint.append_file import AppendFile
from deepview_lab.engine.checkpoint.rows import KeptRows
from deepview_lab.engine.work.row_store import RowStore

from .rowing import batch


def filled(*spans):
    store = RowStore(None, {})
    for start, stop in spans:
        store.add(batch(start, stop), [RowsWanted()])
    return store


@pytest.mark.parametrize("fails_at", ["0.0.rows", "0.0.usable", "0.samples"])
def test_rows_are_there_once_after_a_write_that_failed_halfway(tmp_path, monkeypatch, fails_at):
    store, kept = filled((0, 3)), KeptRows(tmp_path, 0)
    kept.append(store)
    store.add(batch(3, 8), [RowsWanted()])
    append = AppendFile.append

    def full(file, *parts):
        if file.path.name == fails_at:
            raise OSError(errno.ENOSPC, "No space left on device")
        append(file, *parts)

    with monkeypatch.context() as patched:
        patched.setattr(AppendFile, "append", full)
        with pytest.raises(OSError, match="No space left"):
            kept.append(store)
    store.add(batch(8, 9), [RowsWanted()])
    facts = kept.append(store)

    assert (tmp_path / "0.0.rows").stat().st_size == 9 * 4
    rows = KeptRows(tmp_path, 0).restore(facts, None, {}).rows()
    np.testing.assert_array_equal(rows.fields["x"][:, 0], np.arange(9))
    assert list(rows.ids) == [f"s{number}" for number in range(9)]
    assert rows.labels == {"odd": [number % 2 for number in range(9)]}
