"""What a pipeline is made of, as short texts that can be stored, compared, and shown when they differ."""

from __future__ import annotations

from collections.abc import Mapping

from deepview_lab.base.digest import Digest, array_text, digest
from deepview_lab.base.model import Model, ModelStage
from deepview_lab.base.pipeline import Pipeline
from deepview_lab.base.producer import Producer, sample_count

__all__ = ["data_fingerprint", "differences", "fingerprint", "model_fingerprint"]


def fingerprint(producer: Producer) -> dict[str, str]:
    """Return what ``producer`` is made of: its data, its stages and their settings, its model and what is asked of it.

    Parameters
    ----------
    producer : Producer
        A pipeline, or another producer. Nothing of it is run.

    Returns
    -------
    dict of str to str
        Texts by what they describe, in order: ``source``, ``stage 2 (Pooler) dims``. Equal in every process.

    Notes
    -----
    Arrays above 1 MiB are told apart by 64 of their blocks, functions by their code and the data that it names. What
    cannot be looked into (an open file, another library's object) counts by its class.
    """
    stages = producer.stages if isinstance(producer, Pipeline) else ()
    found = data_fingerprint(producer)
    for position, stage in enumerate(stages, start=1):
        label = f"stage {position} ({type(stage).__name__})"
        if isinstance(stage, ModelStage):
            found[f"{label} requested"] = ", ".join(stage.requested)
            found |= {f"{label} {name}": text for name, text in model_fingerprint(stage.model).items()}
        else:
            found[label] = f"{type(stage).__module__}.{type(stage).__qualname__}"
            if not getattr(stage, "passes_on", False):
                found |= {f"{label} {name}": text for name, text in Digest().attributes(stage).items()}
    return found


def data_fingerprint(producer: Producer) -> dict[str, str]:
    """Return what the source of ``producer`` is made of, without its stages."""
    source = producer.source if isinstance(producer, Pipeline) else producer
    looking = Digest()
    found = {"source": looking.name(source)}
    count = sample_count(source)
    if count is not None:
        found["source samples"] = str(count)
    return found | {f"source {name}": text for name, text in looking.attributes(source).items()}


def model_fingerprint(model: Model) -> dict[str, str]:
    """Return the model's architecture and, where they can be had, its weights."""
    infos = [
        f"{info.name} {info.dtype} {info.shape} {info.layer.kind.name} {info.unit_axis}"
        for info in model.response_infos.values()
    ]
    found = {"architecture": f"{len(infos)} responses {digest(infos)}"}
    weights = model.details.weights()
    if weights is None:
        return found | Digest().attributes(model.details)
    return found | {"weights": digest([array_text(values) for values in weights])}


def differences(before: Mapping[str, str], now: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Return what differs: its name, what it was, what it is."""
    names = dict.fromkeys([*before, *now])
    absent = "not there"
    return [
        (name, before.get(name, absent), now.get(name, absent)) for name in names if before.get(name) != now.get(name)
    ]
