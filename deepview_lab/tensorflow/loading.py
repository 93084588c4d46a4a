"""Make DeepView models of Keras models in memory and of files."""

from __future__ import annotations

from typing import Any

from deepview_lab.base import Model
from deepview_lab.exceptions import DeepViewException
from deepview_lab.tensorflow.files import read_keras_file
from deepview_lab.tensorflow.frameworks import require_keras
from deepview_lab.tensorflow.graph import has_graph
from deepview_lab.tensorflow.keras_details import KerasDetails
from deepview_lab.typing import PathOrStr, resolve_path_or_str

__all__ = ["load_tf_model_from_memory", "load_tf_model_from_path"]


def load_tf_model_from_memory(model: Any = None) -> Model:  # Any: Keras has no usable types
    """Return a model whose responses can be read, of a Keras model.

    Parameters
    ----------
    model : keras.Model
        A Functional model, or a Sequential model that is built. It is only read, and stays as it is.

    Raises
    ------
    ValueError
        when no model is given.
    DeepViewException
        when it is no Keras model, not built, or made by subclassing.
    MissingExtraError
        (an ImportError) when TensorFlow is not installed.

    Examples
    --------
    >>> import keras
    >>> layers = [keras.Input((8, 8, 3)), keras.layers.Conv2D(4, 3, name="conv"), keras.layers.Flatten(name="flat")]
    >>> model = load_tf_model_from_memory(model=keras.Sequential(layers, name="small"))
    >>> model.response_infos["conv"].shape
    (None, 6, 6, 4)
    >>> model(requested_responses="conv")
    small(conv)
    """
    if model is None:
        raise ValueError("load_tf_model_from_memory needs a Keras model: load_tf_model_from_memory(model=model).")
    keras = require_keras()
    if not isinstance(model, keras.Model):
        came = f"{type(model).__module__}.{type(model).__name__}"
        raise DeepViewException(
            f"load_tf_model_from_memory needs a keras.Model, but got a {came}. Models of Keras 2 (tf_keras) must be "
            "rebuilt with Keras 3."
        )
    if isinstance(model, keras.Sequential) and not model.built:
        raise DeepViewException(
            f"The Sequential model {model.name!r} is not built, so its layers have no shapes yet. Call it once on a "
            "batch, or start it with keras.Input(shape=...)."
        )
    if not has_graph(model):
        raise DeepViewException(
            f"The model {model.name!r} ({type(model).__name__}) is made by subclassing keras.Model, so it has no graph "
            "from which inner responses could be read. Functional and Sequential models are supported."
        )
    return Model(KerasDetails(model), name=model.name)


def load_tf_model_from_path(path: PathOrStr) -> Model:
    """Return a model whose responses can be read, of a file that Keras saved.

    Code in the file is never run: lambda layers are refused, and no optimizer or loss is restored.

    Parameters
    ----------
    path : str or Path
        A file ending in ``.keras``, or an HDF5 file of a whole model (``.h5``, ``.hdf5``, ``.hdf``, ``.he5``).

    Raises
    ------
    ModelFileError
        (a ValueError) when the file is not there, of another kind, broken, or holds code.
    DeepViewException
        when the model in it has no graph.
    MissingExtraError
        (an ImportError) when TensorFlow is not installed.
    """
    return load_tf_model_from_memory(model=read_keras_file(resolve_path_or_str(path)))
