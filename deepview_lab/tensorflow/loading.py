"""Make DeepView models of Keras models in memory, of files, and of directories."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from deepview_lab.base import Model
from deepview_lab.exceptions import DeepViewException, ModelFileError
from deepview_lab.tensorflow.files.architecture import read_architecture_and_weights
from deepview_lab.tensorflow.files.keras_files import read_keras_file
from deepview_lab.tensorflow.files.saved_model import SavedModelDetails
from deepview_lab.tensorflow.files.saved_model_folder import is_saved_model, read_signature
from deepview_lab.tensorflow.frameworks import require_keras
from deepview_lab.tensorflow.inference.keras_details import KerasDetails
from deepview_lab.typing import PathOrStr, resolve_path_or_str

__all__ = ["load_tf_model_from_memory", "load_tf_model_from_path"]

_FILES_OF_SAVED_MODELS = ".pb"


def load_tf_model_from_memory(model: Any = None) -> Model:  # Any: Keras has no usable types
    """Return a model whose responses can be read, of a Keras model.

    Parameters
    ----------
    model : keras.Model
        A model that is built. It is only read, and stays as it is.

    Raises
    ------
    ValueError
        when no model is given.
    DeepViewException
        when it is no Keras model, not built, or a subclassed model that cannot be traced.
    MissingExtraError
        (an ImportError) when TensorFlow is not installed.

    Notes ----- *Names.* A response is named as its layer is. Layers of a model within the model have the path as their
    name, ``backbone/conv1``, to any depth; the inner model's own output stays there as ``backbone``, behind its layers;
    its inputs are not repeated. Each further call of a shared layer is a response of its own: ``encoder``,
    ``encoder#2``, and within it ``encoder#2/conv1``. Several outputs are numbered, ``memory/0``; those of a model that
    returns a dict have its keys, ``detector/boxes`` (a subclassed one within a graph: numbers). An operation that is no
    layer, such as ``x + y``, is shown only where the model returns it.

    *Functional and Sequential models* are read from their graph, and only what is needed is run.

    *Subclassed models and layers* have no graph; reading them is best effort. The model is called once on shapes alone,
    and what its layers return is recorded; inner layers of Keras' own layers (``Bidirectional``) are not shown. While
    that lasts, in this thread, each layer carries a method around its ``call``, which is taken off again in any case;
    other threads can use the model meanwhile. Not possible are: layers called in loops or branches of TensorFlow;
    models whose Python code looks at values; inputs other than the first argument of ``call``, or of another dtype than
    the model's. Wrapping the model helps with the inputs: ``keras.Model(inputs, model(inputs))``.

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
        raise DeepViewException(_no_keras_model(model))
    if isinstance(model, keras.Sequential) and not model.built:
        raise DeepViewException(
            f"The Sequential model {model.name!r} is not built, so its layers have no shapes yet. Call it once on a "
            "batch, or start it with keras.Input(shape=...)."
        )
    return Model(KerasDetails(model), name=model.name)


def _no_keras_model(given: object) -> str:
    needed = "load_tf_model_from_memory needs a keras.Model"
    if isinstance(given, str | Path):
        return f"{needed}, but got a path. Write load_tf_model_from_path({str(given)!r}) to read a file."
    if isinstance(given, Model):
        return f"{needed}, but got the model that it returned before. Use that one as it is."
    kind = type(given)
    came = kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"
    return f"{needed}, but got a {came}. Models of Keras 2 (tf_keras) must be rebuilt with Keras 3."


def load_tf_model_from_path(path: PathOrStr) -> Model:
    """Return a model whose responses can be read, of what Keras or TensorFlow saved.

    Code in files is never run: lambda layers are refused, SavedModels with operations that reach outside (files,
    Python) too, and no optimizer or loss is restored.

    Parameters
    ----------
    path : str or Path
        The first of these that fits:

        1. a SavedModel directory (``model.export``), or its ``saved_model.pb``;
        2. a directory with exactly one architecture (``.json``, from ``model.to_json()``) and exactly one file of
           weights (``.h5``, ``.hdf5``, ``.hdf``, ``.he5``);
        3. a file ending in ``.keras``, or an HDF5 file of a whole model (``.h5``, ``.hdf5``, ``.hdf``, ``.he5``).

    Raises
    ------
    ModelFileError
        (a ValueError) when the file is not there, of another kind, broken, or holds code.
    DeepViewException
        when the model in it cannot be read, see :func:`load_tf_model_from_memory`.
    MissingExtraError
        (an ImportError) when TensorFlow is not installed.

    Warns
    -----
    DeepViewWarning
        once for each SavedModel that TensorFlow runs what is in it.

    Notes
    -----
    A SavedModel has no layers any more, but operations. Its final outputs can always be read, under the names of its
    signature. What is inside can be read where TensorFlow can put all functions in one graph: floating-point results
    with one row per sample, under the names in the file, such as ``conv2d_1/Relu``. What runs in loops (the steps of
    recurrent layers) or branches cannot, nor anything inside when the signature is for one batch size only. Whether
    channels come first is told by convolutions and the like and followed from there; where it is not known, they are
    taken to come last.
    """
    if not isinstance(path, str | Path):
        raise ModelFileError(
            f"load_tf_model_from_path needs the path of a file or folder, but got a {type(path).__name__}. For a model "
            "in memory write load_tf_model_from_memory(model=model)."
        )
    path = resolve_path_or_str(path)
    if not path.exists():
        raise ModelFileError(f"There is no model file {path}. Check the path; relative paths start at {Path.cwd()}.")
    folder = path.parent if path.suffix == _FILES_OF_SAVED_MODELS else path
    if is_saved_model(folder):
        return Model(SavedModelDetails(*read_signature(folder)), name=folder.resolve().name)
    if path.is_dir():
        return load_tf_model_from_memory(model=read_architecture_and_weights(path))
    return load_tf_model_from_memory(model=read_keras_file(path))
