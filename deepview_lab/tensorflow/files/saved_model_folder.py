"""Open a SavedModel directory without letting it reach outside itself."""

from __future__ import annotations

import re
import shutil
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path, PureWindowsPath
from tempfile import TemporaryDirectory
from typing import Any, Final

from deepview_lab.exceptions import DeepViewWarning, ModelFileError
from deepview_lab.tensorflow.frameworks import reason_of, require_tensorflow

__all__ = ["is_saved_model", "read_signature"]

_FILE: Final = "saved_model.pb"
_SIGNATURE: Final = "serving_default"
_DATA_FOLDERS: Final = ("variables", "assets")

# Operations by which a graph reads or writes files, opens connections or runs Python. TensorFlow runs whatever is in a
# SavedModel, some of it while loading: https://github.com/tensorflow/tensorflow/blob/master/SECURITY.md
_REACHES_OUT: Final = re.compile(
    r"ReadFile|WriteFile|MatchingFiles|PyFunc|PrintV2|^(Save|Restore|Debug|Import)|Checkpoint|Reader(V\d)?$|Dataset|"
    r"Iterator|Summary|Rpc|(De|En)codeProto|RemapMatrix|VocabRemapping|^_?(Host)?(Send|Recv)$"
)


def is_saved_model(path: Path) -> bool:
    """Return whether a directory holds a SavedModel."""
    return (path / _FILE).is_file()


def read_signature(folder: Path) -> tuple[Any, Any]:  # Any: TensorFlow has no usable types
    """Return a loaded SavedModel and the function that it is served by, which works while the first is kept.

    Parameters
    ----------
    folder : Path
        A directory for which :func:`is_saved_model` holds.

    Raises
    ------
    ModelFileError
        (a ValueError) when it is broken, made by TensorFlow 1, has no signature to call, or has operations that reach
        outside the model.
    """
    tf = require_tensorflow()
    description = _description(folder)
    _refuse_reaching_out(folder, description)
    _say_that_it_is_run(folder.resolve())
    options = tf.saved_model.LoadOptions(allow_partial_checkpoint=True)
    try:
        with _as_tensorflow_can_load(folder, description) as readable:
            loaded = tf.saved_model.load(str(readable), options=options)
    except Exception as error:
        raise ModelFileError(f"TensorFlow could not load the SavedModel {folder}: {reason_of(error)}") from error
    names = sorted(loaded.signatures)
    if _SIGNATURE not in names and len(names) != 1:
        raise ModelFileError(
            f"The SavedModel {folder} has no signature {_SIGNATURE!r}, but {names or 'none at all'}. Save the model "
            "with model.export(path)."
        )
    return loaded, loaded.signatures[_SIGNATURE if _SIGNATURE in names else names[0]]


@cache
def _say_that_it_is_run(folder: Path) -> None:
    """Warn once for each folder: what is refused is a list of operations, not a sandbox."""
    warnings.warn(
        f"{folder} is a SavedModel: TensorFlow runs the operations in it. Those that are known to reach files, the "
        "network or Python are refused; load it only if you trust who made it. A .keras file runs nothing.",
        DeepViewWarning,
        stacklevel=4,
    )


def _description(folder: Path) -> Any:
    from tensorflow.core.protobuf import saved_model_pb2

    description = saved_model_pb2.SavedModel()
    try:
        description.ParseFromString((folder / _FILE).read_bytes())
    except Exception as error:  # protobuf's DecodeError, or an OSError
        raise ModelFileError(f"{folder / _FILE} is broken or no SavedModel ({error}). Save the model again.") from error
    if len(description.meta_graphs) != 1 or not description.meta_graphs[0].object_graph_def.nodes:
        raise ModelFileError(
            f"{folder} is no SavedModel of TensorFlow 2 with one graph. Load it where it was made, and save it with "
            "TensorFlow 2 (model.export(path)) or as model.save('model.keras')."
        )
    return description


def _refuse_reaching_out(folder: Path, description: Any) -> None:
    graph = description.meta_graphs[0]
    for asset in graph.asset_file_def:
        name = asset.filename
        if Path(name).is_absolute() or PureWindowsPath(name).is_absolute() or ".." in PureWindowsPath(name).parts:
            raise ModelFileError(f"The SavedModel {folder} has the asset {name!r}, which lies outside of it.")
    # Saving and restoring functions are in every file, but not among those that loading gives out or runs.
    functions = {function.signature.name: function for function in graph.graph_def.library.function}
    for operation in _operations(graph.object_graph_def.concrete_functions, functions):
        if _REACHES_OUT.search(operation):
            raise ModelFileError(
                f"The SavedModel {folder} has the operation {operation}, which reaches outside the model (files, "
                "network, Python, or printing), so it is not run. Load it yourself if you trust it, and save the model "
                "again without that operation."
            )


def _operations(start: Iterable[str], functions: dict[str, Any]) -> Iterator[str]:
    """Yield the types of all operations that the functions ``start`` can come to run."""
    waiting, seen = list(start), set()
    while waiting:
        name = waiting.pop()
        if name in seen or name not in functions:
            continue
        seen.add(name)
        for node in functions[name].node_def:
            yield node.op
            waiting.append(node.op)  # a function may be called as if it were an operation
            for value in node.attr.values():
                waiting.extend(function.name for function in (value.func, *value.list.func) if function.name)


@contextmanager
def _as_tensorflow_can_load(folder: Path, description: Any) -> Iterator[Path]:
    """Yield a directory with what was checked, and without the optimizer's slots.

    TensorFlow asks Keras 2 for the optimizer to put the slots into, and fails when there is none ('_UserObject' object
    has no attribute 'add_slot').
    """
    for node in description.meta_graphs[0].object_graph_def.nodes:
        del node.slot_variables[:]
    with TemporaryDirectory(prefix="deepview-lab-") as temporary:
        copy = Path(temporary)
        (copy / _FILE).write_bytes(description.SerializeToString())
        for name in _DATA_FOLDERS:
            if (folder / name).is_dir():
                _show(folder / name, copy / name)
        yield copy


def _show(source: Path, target: Path) -> None:
    try:
        target.symlink_to(source.resolve(), target_is_directory=True)
    except OSError:  # Windows lets only some users make links
        shutil.copytree(source, target)
