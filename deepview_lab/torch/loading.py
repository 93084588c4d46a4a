"""Make DeepView models of PyTorch modules, and read weights into modules."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from deepview_lab.base import Model
from deepview_lab.exceptions import DeepViewException, ModelFileError
from deepview_lab.torch.details import TorchDetails
from deepview_lab.torch.libraries import reason_of, require_torch
from deepview_lab.torch.responses import assumed, probed
from deepview_lab.typing import PathOrStr, resolve_path_or_str

__all__ = ["load_torch_model", "load_torch_weights"]

# Any: PyTorch need not be installed where types are checked.

_STATE: Final = "state_dict"


def load_torch_model(module: Any, example: Any = None) -> Model:
    """Return a model whose responses can be read, of a PyTorch module.

    Parameters
    ----------
    module : torch.nn.Module
        The model. It is only called; modes, gradients, weights, hooks and device stay as they are.
    example : array, tensor, sequence of these, or mapping of str to these, optional
        Some samples, of which the module is told the shape of its input; a mapping has the names of its arguments.
        Where it is not given, the shape is assumed from the first layer, and zeros are fed.

    Raises
    ------
    DeepViewException
        when it is no module, is compiled or scripted, or cannot be called with the example.
    MissingExtraError
        (an ImportError) when PyTorch is not installed.

    Notes
    -----
    *Names.* A response has the path of its module, as ``named_modules`` gives it: ``layer1.0.conv2``. Each further call
    of a shared module is a response of its own, ``encoder#2``. Several outputs are numbered, ``lstm/0``, or have the
    keys of the dict. What the model returns is ``output``, unless its last module gives the same tensor. Activations
    that the model calls as functions have the name of the function behind the path of the module that calls it:
    ``layer1.0.relu()``, ``relu()#2``.

    *What can be read* are tensors whose first dimension counts samples. A recurrent layer needs ``batch_first=True``.

    Examples
    --------
    ``load_torch_model(module, x_train[:3])(["layer1.0.relu()"])`` is a stage.
    """
    torch = require_torch()
    if not isinstance(module, torch.nn.Module):
        raise DeepViewException(_no_module(module))
    _refuse_compiled(module)
    probe = assumed(module) if example is None else probed(module, example)
    if probe is None:
        raise DeepViewException(
            f"The PyTorch model {type(module).__name__} does not say of what shape its input is. Show it some samples: "
            "as_model(model, example=x_train[:3]), or a dict of arrays by the names of its arguments."
        )
    return Model(TorchDetails(module, probe, assumed=example is None), name=type(module).__name__)


def _no_module(given: object) -> str:
    if isinstance(given, dict):
        return (
            "load_torch_model needs a torch.nn.Module, but got a dict. A state dict holds weights, no network: make "
            "the module, call its load_state_dict, and pass the module."
        )
    return f"load_torch_model needs a torch.nn.Module, but got an object of type {type(given).__name__}."


def _refuse_compiled(module: Any) -> None:
    torch = require_torch()
    for path, inner in module.named_modules():
        where = f"Its module {path!r}" if path else "The model"
        kind = type(inner).__name__
        if isinstance(inner, torch.jit.ScriptModule | torch.jit.ScriptFunction):
            raise DeepViewException(
                f"{where} is TorchScript ({kind}), within which no layer can be watched. Pass the module from which it "
                "was scripted or traced."
            )
        if kind == "OptimizedModule":
            raise DeepViewException(
                f"{where} was compiled by torch.compile, within which no layer can be watched. Pass the module that "
                "was compiled: model._orig_mod."
            )
        if getattr(inner, "_compiled_call_impl", None) is not None:
            raise DeepViewException(
                f"{where} was compiled in place, by compile(), within which no layer can be watched. Make the model "
                "again without that, and copy its weights: fresh.load_state_dict(model.state_dict())."
            )
        if kind in ("DataParallel", "DistributedDataParallel", "FullyShardedDataParallel"):
            raise DeepViewException(f"{where} is a {kind}, which spreads batches. Pass what is in it: model.module.")


def load_torch_weights(module: Any, path: PathOrStr) -> Any:
    """Read the weights in a file into a module, and return the module. Code in files is never run.

    Parameters
    ----------
    module : torch.nn.Module
        A network of the same architecture. It is changed.
    path : str or Path
        A state dict that ``torch.save`` wrote (also within a checkpoint, under ``state_dict``), or a file of
        safetensors.

    Raises
    ------
    ModelFileError
        (a ValueError) when the file is not there, holds something else than tensors, or the weights of another network.
    """
    torch = require_torch()
    path = resolve_path_or_str(path)
    if not path.is_file():
        raise ModelFileError(f"There is no file {path}. Check the path; relative paths start at {Path.cwd()}.")
    state = _state_in(torch, path)
    try:
        module.load_state_dict(state)
    except RuntimeError as error:
        raise ModelFileError(
            f"{path} holds the weights of another network than {type(module).__name__}: {_differences(error)}"
        ) from error
    return module


def _state_in(torch: Any, path: Path) -> Any:
    if path.suffix == ".safetensors":
        try:
            from safetensors.torch import load_file
        except ImportError:
            raise ModelFileError(f"{path} is a file of safetensors. Run: pip install safetensors") from None
        return load_file(path)
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        raise ModelFileError(
            f"{path} cannot be read as weights alone, so it may hold code, which is not run ({reason_of(error)}) Where "
            "you trust it, save what is in it as weights: torch.save(model.state_dict(), path)."
        ) from error
    if isinstance(state, dict) and isinstance(state.get(_STATE), dict):
        state = state[_STATE]
    if not isinstance(state, dict):
        raise ModelFileError(f"{path} should hold a state dict, but holds an object of type {type(state).__name__}.")
    return state


def _differences(error: RuntimeError) -> str:
    lines = [line.strip() for line in str(error).splitlines()[1:] if line.strip()]
    return " ".join(lines[:3])[:600] or reason_of(error)
