"""Data in a namespace: arrays, tables and data sets are listed with their size, labels and settings are not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from PIL import Image
from sklearn.datasets import load_iris

from deepview_lab.lab.discovery.namespace import producers
from deepview_lab.lab.discovery.scan import Scanner

ROOT = Path(__file__).parents[2]
X, Y = np.maximum(np.random.default_rng(0).standard_normal((7, 3)), 0), np.arange(7)


def told(**namespace):
    return {s.name: (s.role, s.type, s.size) for s in Scanner(lambda: namespace).scan().sources}


def test_data_is_listed_with_what_it_is_and_its_size(tmp_path):
    Image.new("L", (3, 3)).save(tmp_path / "a.png")
    table = pd.DataFrame({"a": Y})
    assert told(
        x=X,
        table=table,
        arrow=pa.table({"a": Y}),
        fields={"image": X, "label": Y},
        pair=(X, Y),
        splits=((X, Y), (X, Y)),
        paths=[tmp_path / "a.png"],
        iris=load_iris(),
        folder=tmp_path,
    ) == {
        "x": ("data", "NumPy array", 7),
        "table": ("data", "pandas table", 7),
        "arrow": ("data", "Arrow table", 7),
        "fields": ("data", "dict of arrays", 7),
        "pair": ("data", "data and labels", 7),
        "splits": ("data", "training and test data", 14),
        "paths": ("data", "list of paths", 1),
        "iris": ("data", "scikit-learn bunch", 150),
        "folder": ("data", "folder of pictures", None),
    }


@pytest.mark.parametrize(
    "value",
    [Y, "a.png", str(Path.cwd()), Path.cwd(), [X], {"a": 3}, {}, (), np.array(["a"]), X.dtype, pd.Series(Y), 3.0],
)
def test_labels_texts_and_settings_are_not_listed(value):
    assert told(value=value) == {}


class Longer(pd.DataFrame):
    """A user's own kind of table, whose code must not run while a cell does something else."""

    def __len__(self):
        raise AssertionError("took the length")


def test_the_length_of_a_users_own_class_is_not_asked_for():
    assert told(table=Longer({"a": Y})) == {"table": ("data", "pandas table", None)}


def test_data_is_listed_up_to_a_hundred_variables():
    assert len(told(**{f"x{n}": X for n in range(150)})) == 100


def test_the_magic_takes_data_by_its_name(shell):
    shell.user_ns.update(x=X, y=Y)
    assert set(producers(shell.user_ns)) == {"digits", "x"}
    iua = shell.run_line_magic("deepview", "iua x --wait --atol 0")
    assert iua.results["data"].unit_inactive_count == (X == 0).sum(axis=0).tolist()
