"""Read Keras models from files without running code from them."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from deepview_lab.exceptions import ModelFileError
from deepview_lab.tensorflow.frameworks import reason_of, require_keras

__all__ = ["HDF5", "loading", "parsed_config", "read_keras_file", "refuse_lambdas", "renamed"]

HDF5: Final = (".h5", ".hdf5", ".hdf", ".he5")
_WEIGHTS: Final = ".weights.h5"  # for Keras another format than .h5
_SUPPORTED: Final = (
    "Supported are files ending in .keras, HDF5 files of a whole model (.h5, .hdf5, .hdf, .he5), directories of a "
    "SavedModel, and directories with an architecture (.json) and its weights (HDF5)"
)


def read_keras_file(path: Path) -> Any:  # Any: Keras has no usable types
    """Return the Keras model in a file; see ``load_tf_model_from_path``."""
    if path.suffix.lower() not in (".keras", *HDF5):
        raise ModelFileError(
            f"The file {path} ends in {path.suffix!r}. {_SUPPORTED}: save the model with model.save('model.keras')."
        )
    keras = require_keras()
    text = _config(path)
    refuse_lambdas(path, parsed_config(path, text))
    with loading(path), renamed(path, ".keras" if path.suffix.lower() == ".keras" else ".h5") as file:
        return keras.models.load_model(file, compile=False, safe_mode=True)


@contextmanager
def loading(path: Path) -> Iterator[None]:
    """Turn whatever Keras raises into an error that names the file and says what to do."""
    try:
        yield
    except Exception as error:
        raise ModelFileError(
            f"Keras could not load {path}: {reason_of(error)} If the model has layers of your own, import the module "
            "that registers them (keras.saving.register_keras_serializable), or load the model yourself and pass it to "
            "load_tf_model_from_memory."
        ) from error


@contextmanager
def renamed(path: Path, suffix: str) -> Iterator[Path]:
    """Yield the file under a suffix that Keras takes: it tells the format from nothing else."""
    if suffix == (_WEIGHTS if path.name.endswith(_WEIGHTS) else path.suffix):
        yield path
        return
    with TemporaryDirectory(prefix="deepview-lab-") as folder:
        yield Path(shutil.copyfile(path, Path(folder, f"model{suffix}")))


def parsed_config(path: Path, text: str) -> Any:
    """Return the description of the model's layers that a file holds: JSON, as yet harmless."""
    try:
        return json.loads(text)
    except ValueError as error:
        raise _broken(path, error) from error


def _config(path: Path) -> str:
    try:
        return _hdf5_config(path) if path.suffix.lower() in HDF5 else _archive_config(path)
    except ModelFileError:
        raise
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise _broken(path, error) from error


def _broken(path: Path, error: Exception) -> ModelFileError:
    return ModelFileError(
        f"{path} is broken or no Keras model ({reason_of(error)}). Save the model again with model.save('model.keras')."
    )


def _archive_config(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read("config.json").decode()


def _hdf5_config(path: Path) -> str:
    import h5py

    with h5py.File(path, "r") as file:
        config = file.attrs.get("model_config")
    if config is None:
        raise ModelFileError(
            f"{path} holds no model, perhaps only weights. Put them in a directory together with the architecture "
            "(model.to_json() as a .json file) and give its path; or build the model, call "
            f"model.load_weights({path.name!a}), and pass it to load_tf_model_from_memory."
        )
    return config.decode() if isinstance(config, bytes) else str(config)


def refuse_lambdas(path: Path, config: Any) -> None:
    """Raise when the description of a model holds code.

    Raises
    ------
    ModelFileError
        (a ValueError) that says what to do instead.
    """
    # Not left to Keras alone: before 3.11.3 it ran lambdas of HDF5 files in spite of safe_mode (CVE-2025-9905).
    for part in _parts(config):
        if part.get("class_name") == "__lambda__" or part.get("function_type") == "lambda":
            raise ModelFileError(
                f"{path} holds a Lambda layer with code, which is never run from a file. Build the model in the "
                "notebook, call model.load_weights, and pass it to load_tf_model_from_memory; or write the lambda as a "
                "registered layer."
            )


def _parts(config: Any) -> Iterator[dict[str, Any]]:
    waiting = [config]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            yield part
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)
