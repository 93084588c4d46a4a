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
from deepview_lab.tensorflow.frameworks import require_keras

__all__ = ["read_keras_file"]

_HDF5_OF_KERAS: Final = (".h5", ".hdf5")
_HDF5: Final = (*_HDF5_OF_KERAS, ".hdf", ".he5")
_SUPPORTED: Final = "Supported are files ending in .keras, and HDF5 files of a whole model (.h5, .hdf5, .hdf, .he5)"


def read_keras_file(path: Path) -> Any:  # Any: Keras has no usable types
    """Return the Keras model in a file; see ``load_tf_model_from_path``."""
    _require_supported(path)
    keras = require_keras()
    _refuse_lambdas(path, _config(path))
    try:
        with _named_as_keras_expects(path) as file:
            return keras.models.load_model(file, compile=False, safe_mode=True)
    except Exception as error:
        raise ModelFileError(
            f"Keras could not load {path}: {_first_line(error)} If the model has layers of your own, import the module "
            "that registers them (keras.saving.register_keras_serializable), or load the model yourself and pass it to "
            "load_tf_model_from_memory."
        ) from error


def _require_supported(path: Path) -> None:
    if not path.exists():
        raise ModelFileError(f"There is no model file {path}. Check the path; relative paths start at {Path.cwd()}.")
    if path.is_dir():
        kind = "SavedModel directory" if (path / "saved_model.pb").exists() else "directory"
        raise ModelFileError(
            f"{path} is a {kind}, which cannot be loaded. {_SUPPORTED}: save the model with model.save('model.keras')."
        )
    if path.suffix.lower() not in (".keras", *_HDF5):
        raise ModelFileError(
            f"The file {path} ends in {path.suffix!r}. {_SUPPORTED}: save the model with model.save('model.keras')."
        )


def _config(path: Path) -> Any:
    """Return the description of the model's layers that the file holds: JSON, as yet harmless."""
    try:
        text = _hdf5_config(path) if path.suffix.lower() in _HDF5 else _archive_config(path)
        return json.loads(text)
    except ModelFileError:
        raise
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise ModelFileError(
            f"{path} is broken or no Keras model ({_first_line(error)}). Save the model again with "
            "model.save('model.keras')."
        ) from error


def _archive_config(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read("config.json").decode()


def _hdf5_config(path: Path) -> str:
    import h5py

    with h5py.File(path, "r") as file:
        config = file.attrs.get("model_config")
    if config is None:
        raise ModelFileError(
            f"{path} holds no model, perhaps only weights. Build the model, call "
            f"model.load_weights({path.name!r}), and pass it to load_tf_model_from_memory."
        )
    return config.decode() if isinstance(config, bytes) else str(config)


def _refuse_lambdas(path: Path, config: Any) -> None:
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


@contextmanager
def _named_as_keras_expects(path: Path) -> Iterator[Path]:
    """Yield the file under a suffix that Keras takes: it tells the format from nothing else."""
    if path.suffix in (".keras", *_HDF5_OF_KERAS):
        yield path
        return
    suffix = ".h5" if path.suffix.lower() in _HDF5 else ".keras"
    with TemporaryDirectory(prefix="deepview-lab-") as folder:
        yield Path(shutil.copyfile(path, Path(folder, "model").with_suffix(suffix)))


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    text = lines[0].strip() if lines else type(error).__name__
    return text if text.endswith(".") else f"{text}."
