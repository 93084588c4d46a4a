"""What Keras downloads: where it looks on this machine, and what is said when a file is neither there nor reachable."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from deepview_lab.exceptions import DownloadError, ModelFileError
from deepview_lab.tensorflow.frameworks import reason_of

__all__ = ["fetching_dataset", "fetching_weights"]

_ADDRESS: Final = re.compile(r"https?://[^\s:]+/([\w.-]+\.h5)\b")


@contextmanager
def fetching_dataset(name: str, files: Mapping[str, str]) -> Iterator[None]:
    """Turn whatever Keras raises into an error that says which file is missing and where it belongs.

    Parameters
    ----------
    name : str
        The data set, one of ``TFDatasetExamples``.
    files : mapping of str to str
        Where Keras expects what it downloads, below its folder, by address.
    """
    try:
        yield
    except Exception as error:
        places = {address: _keras_folder() / "datasets" / place for address, place in files.items()}
        missing = {address: place for address, place in places.items() if not place.exists()}
        instead = f"arrays of your own: TFDatasetExamples.{name}(split_dataset=((x_train, y_train), (x_test, y_test)))"
        raise DownloadError(name, reason_of(error), missing or places, instead) from error


@contextmanager
def fetching_weights(name: str) -> Iterator[None]:
    """Turn whatever Keras raises into an error that says which file is missing and where it belongs.

    Parameters
    ----------
    name : str
        The network, one of ``TFModelExamples``.
    """
    try:
        yield
    except Exception as error:
        folder = _keras_folder() / "models"
        address = _ADDRESS.search(str(error))
        if address is None:
            raise ModelFileError(
                f"Keras could not load the ImageNet weights of {name}: {reason_of(error)} If their file in {folder} is "
                "broken, delete it; it is then downloaded again."
            ) from error
        places = {address[0]: folder / address[1]}
        instead = (
            "a model of your own, TFModelWrapper.from_keras(model, preprocessing); a file of weights, "
            f"TFModelExamples.{name}(weights=path); or random weights, TFModelExamples.{name}(weights=None)"
        )
        raise DownloadError(f"The ImageNet weights of {name}", reason_of(error), places, instead) from error


def _keras_folder() -> Path:
    from keras.src.backend.config import keras_home

    return Path(str(keras_home())).expanduser()
