"""Frameworks whose models can be read. Implementations are in other packages, imported when an object needs them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from deepview_lab.base.kinds import mro_of, package_of
from deepview_lab.base.plugins import Plugins, made
from deepview_lab.built_in import FRAMEWORKS, MODEL_FILES
from deepview_lab.exceptions import DeepViewException

if TYPE_CHECKING:
    from deepview_lab.base.model import Model
    from deepview_lab.base.response import ResponseInfo

__all__ = ["Framework", "as_model", "framework_of", "is_readable"]


class Framework(Protocol):
    """One framework whose models can be read.

    It is registered under the top-level package of its models' classes, such as ``keras``, and asked only about objects
    whose class derives from one of that package. In code, ``deepview_lab.as_model(variable)`` makes a model of each.

    Any: a model of a framework that need not be installed.
    """

    def recognises(self, value: Any, /) -> str | None:
        """Return what ``value`` is, in words such as "Keras model"; None of anything but a model.

        It may be called with any object of the user's, on any thread: look at types only (``deepview_lab.base.kinds``),
        and import no library.
        """
        ...

    def is_own(self, value: Any, /) -> bool:
        """Return whether the framework itself defines the class of a recognised model: its layers run no other code."""
        ...

    def layers(self, value: Any, /) -> Mapping[str, ResponseInfo]:
        """Return what can be read of a recognised model, in the order of the network, without running it on data.

        Where the framework tells which layers only pass channels on, each info has the group of its channels.

        Raises
        ------
        DeepViewException
            when it cannot be read, saying why and what to do.
        """
        ...

    def load(self, value: Any, example: Callable[[], Any] | None = None, /) -> Model:
        """Return a recognised model as one whose responses can be read. The user's model stays as it is.

        Parameters
        ----------
        value : object
            The model.
        example : callable, optional
            Returns some samples of the data: for frameworks whose models do not know of what shape their input is.

        Raises
        ------
        DeepViewException
            when it cannot be read, saying why and what to do.
        """
        ...


_frameworks: Final[Plugins[Framework]] = Plugins(FRAMEWORKS)


def framework_of(value: Any) -> tuple[Framework, str] | None:
    """Return the framework that recognises ``value`` as a model, and what it is in words."""
    for package in dict.fromkeys(map(package_of, mro_of(type(value)))):
        framework = _frameworks.named(package)
        what = None if framework is None else framework.recognises(value)
        if framework is not None and what is not None:
            return framework, what
    return None


def is_readable(value: object) -> bool:
    """Return whether ``value`` is a model whose responses can be read already."""
    return hasattr(value, "response_infos") and not isinstance(value, type)


def as_model(model: Any, *, example: Any = None) -> Model:  # Any: a model of a framework that need not be installed
    """Return a model whose responses can be read, of a model that you have: of a framework, or in a file.

    Parameters
    ----------
    model : object
        A Keras model; a PyTorch module; the path of what Keras or TensorFlow saved. A DeepView model is returned as it
        is.
    example : array, mapping of str to array, or callable that returns one of these
        Some samples of the data, of which a PyTorch module is told the shape of its input. Where it is not given, that
        is assumed from the module's first layers. Keras models know it.

    Raises
    ------
    DeepViewException
        when it is nothing of that, or cannot be read. The message says what to do.
    MissingExtraError
        (an ImportError) when the framework is not installed.
    """
    if is_readable(model):
        readable: Model = getattr(model, "model", model)
        return readable
    if isinstance(model, str | Path):
        loaded: Model = made(MODEL_FILES, model)
        return loaded
    found = framework_of(model)
    if found is None:
        kind = type(model)
        raise DeepViewException(
            f"A Keras or PyTorch model is needed, or the path of a saved one, but got {_named(model, kind)}. "
            "Write as_model(model), with the model itself."
        )
    framework, _ = found
    if example is None:
        return framework.load(model)
    return framework.load(model, example if callable(example) else lambda: example)


def _named(model: Any, kind: type) -> str:
    if isinstance(model, type):
        return f"the class {model.__name__}; make an object of it"
    package = kind.__module__.partition(".")[0]
    return f"an object of type {kind.__qualname__ if package == 'builtins' else f'{package}.{kind.__qualname__}'}"
