"""What to write instead of an object that was given in the wrong place, recognised without importing its library."""

from __future__ import annotations

from collections.abc import Mapping

from deepview_lab.base.framework import framework_of, is_readable

__all__ = ["Remedy", "instead_of_fields", "instead_of_producer", "instead_of_stage", "is_model"]

Remedy = tuple[str, str]  # what it is, what to write

_YIELD = "Write a function that takes a batch size and yields Batch({'images': part})."
_OF_PACKAGES: Mapping[str, Remedy] = {
    package: (f"it is an object of {library}", _YIELD)
    for package, library in {
        "numpy": "NumPy",
        "pandas": "pandas",
        "polars": "Polars",
        "tensorflow": "TensorFlow",
    }.items()
}
_OF_KINDS: Mapping[type, Remedy] = {
    list: ("it is a list", "Write np.asarray(samples), or np.stack(samples) for a list of arrays."),
    tuple: ("it is a tuple", "Pass one array of samples, or a pair of arrays: data and labels."),
    dict: ("it is a dict", "Pass a dict of field names to arrays: {'images': np.asarray(images)}."),
    str: ("it is text", "Pass the object itself, without quotes, or the path of a file or folder that exists."),
}
_TABLES = frozenset({"pandas", "polars"})
_CALL = "model(requested_responses=['layer'])"


def instead_of_producer(value: object) -> Remedy | None:
    """Return what ``value`` is and how it becomes a producer; None for what is not known."""
    if is_model(value):
        write = _CALL if is_readable(value) else "model"
        return f"it is {_model_word(value)}", f"A model is a stage behind the data: pipeline(producer, {write})."
    if hasattr(value, "_get_batch_processor"):
        return "it is a stage", "A stage follows the data: pipeline(producer, stage)."
    packages = _packages(value)
    return next((remedy for package, remedy in _OF_PACKAGES.items() if package in packages), None) or next(
        (remedy for kind, remedy in _OF_KINDS.items() if isinstance(value, kind)), None
    )


def instead_of_stage(value: object) -> Remedy | None:
    """Return what ``value`` is and how it becomes a stage; None for what is not known."""
    return (_model_word(value), f"Write {_CALL}.") if is_readable(value) else None


def instead_of_fields(value: object) -> str:
    """Return a mapping of fields to write instead of ``value``."""
    return "{'features': table.to_numpy()}" if _packages(value) & _TABLES else "{'images': array}"


def is_model(value: object) -> bool:
    """Return whether ``value`` is a model, of ours or of a framework. It can be called, and yet is no producer."""
    return is_readable(value) or framework_of(value) is not None


def _model_word(value: object) -> str:
    found = framework_of(value)
    return "a model" if found is None else f"a {found[1]}"


def _packages(value: object) -> set[str]:
    """Return the top-level packages of the classes that ``value`` is made of."""
    return {str(kind.__module__).partition(".")[0] for kind in type(value).__mro__}
