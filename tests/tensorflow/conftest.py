"""Keras as it is on a new machine: with nothing in its folder, and with no way to download."""

import urllib.error
from pathlib import Path

import pytest
from keras.src.backend import config
from keras.src.utils import file_utils


@pytest.fixture
def keras_folder(tmp_path, monkeypatch):
    """Keras' folder, empty."""
    monkeypatch.setattr(config, "_KERAS_DIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def offline(keras_folder, monkeypatch):
    """A machine that downloads nothing: (address, file) of what Keras wanted."""
    asked = []

    def refuse(address, target, *_):
        asked.append((address, Path(target)))
        raise urllib.error.URLError("no route to host")

    monkeypatch.setattr(file_utils, "urlretrieve", refuse)
    return asked
