"""Read Keras models that are saved as an architecture and its weights, in one directory."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from deepview_lab.exceptions import ModelFileError
from deepview_lab.tensorflow.files.keras_files import HDF5, loading, parsed_config, refuse_lambdas, renamed
from deepview_lab.tensorflow.frameworks import reason_of, require_keras

__all__ = ["read_architecture_and_weights"]

_YAML: Final = (".yml", ".yaml")


def read_architecture_and_weights(folder: Path) -> Any:  # Any: Keras has no usable types
    """Return the Keras model in a directory with one ``.json`` and one HDF5 file; see ``load_tf_model_from_path``."""
    architecture, weights = _pair(folder)
    keras = require_keras()
    try:
        text = architecture.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ModelFileError(f"{architecture} cannot be read ({reason_of(error)})") from error
    config = parsed_config(architecture, text)
    refuse_lambdas(architecture, config)
    with loading(architecture):
        model = _of_keras_2(config) if _is_keras_2(config) else keras.models.model_from_json(text)
    if not isinstance(model, keras.Model):
        raise ModelFileError(
            f"{architecture} describes a {type(model).__name__}, not a Keras model. Write it with model.to_json()."
        )
    suffix = _weights_suffix(weights)
    with loading(weights), renamed(weights, suffix) as file:
        model.load_weights(file)
    return model


def _is_keras_2(config: Any) -> bool:
    return isinstance(config, dict) and "module" not in config


def _of_keras_2(config: Any) -> Any:
    """Return a model as Keras does for the same description in an HDF5 file; ``model_from_json`` knows only its own."""
    from keras.src.legacy.saving.saving_options import keras_option_scope
    from keras.src.legacy.saving.saving_utils import model_from_config
    from keras.src.saving.serialization_lib import SafeModeScope

    with keras_option_scope(use_legacy_config=True), SafeModeScope(safe_mode=True):
        return model_from_config(config)


def _pair(folder: Path) -> tuple[Path, Path]:
    files = sorted(item for item in folder.iterdir() if item.is_file())
    architectures = [file for file in files if file.suffix.lower() == ".json"]
    weights = [file for file in files if file.suffix.lower() in HDF5]
    yaml = [file.name for file in files if file.suffix.lower() in _YAML]
    if yaml and not architectures:
        raise ModelFileError(
            f"{folder} has its architecture as YAML ({yaml[0]}), which Keras 3 cannot read: from_yaml was taken out "
            "because it could run code. Load it with the Keras that wrote it, and write the architecture again with "
            "model.to_json()."
        )
    if len(architectures) == len(weights) == 1:
        return architectures[0], weights[0]
    listed = ", ".join(file.name for file in [*architectures, *weights]) or "none"
    raise ModelFileError(
        f"{folder} is a directory, but neither a SavedModel nor one with exactly one architecture (.json) and one "
        f"weights file ({', '.join(HDF5)}); of those it has: {listed}. Save with model.export(path), or with "
        "model.to_json() and model.save_weights('model.weights.h5'); or give the path of a file."
    )


def _weights_suffix(weights: Path) -> str:
    """Return the suffix by which Keras takes the file for what it is: both formats come as ``.h5``."""
    import h5py

    try:
        with h5py.File(weights, "r") as file:
            return ".h5" if "layer_names" in file.attrs or "model_weights" in file else ".weights.h5"
    except OSError as error:
        raise ModelFileError(
            f"{weights} is broken or no HDF5 file ({reason_of(error)}) Save the weights again with "
            "model.save_weights('model.weights.h5')."
        ) from error
