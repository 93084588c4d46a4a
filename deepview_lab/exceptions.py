"""What can go wrong. Each exception builds its own message: what was expected, what came, what to do."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from deepview_lab.visible_text import visible_lines

__all__ = [
    "AnalysisConflictError",
    "BatchFieldError",
    "BatchSizeError",
    "CacheError",
    "CacheMismatchError",
    "CancelledError",
    "DataError",
    "DeepViewDeprecationWarning",
    "DeepViewException",
    "DeepViewWarning",
    "DownloadError",
    "EmptyProducerError",
    "ExampleError",
    "ForeignFileError",
    "ImageFileError",
    "MetadataError",
    "MissingExtraError",
    "MissingResponseError",
    "ModelFileError",
    "NoSpaceError",
    "NonFiniteError",
    "NotAProducerError",
    "NotASpecError",
    "NotAStageError",
    "NotCopiedError",
    "NotFieldsError",
    "OptionError",
    "OptionTypeError",
    "PartialResultWarning",
    "ReportFileError",
    "RunElsewhereError",
    "ShapeChangedError",
    "TooFewSamplesError",
    "TooManyUnitsError",
    "UnknownNameError",
    "UnpooledResponseError",
    "enable_deprecation_warnings",
]

_MOST_NAMES = 12
_INTROSPECTORS = ("IUA", "PFA", "Familiarity", "Duplicates", "LabelProblems", "DimensionReduction", "DatasetReport")
_MOST_DIFFERENCES = 4
_LONGEST_DIFFERENCE = 200


def _listed(differences: Iterable[tuple[str, str, str]]) -> str:
    """Return what differs; texts come from a file, so they are cut, and control characters are escaped."""
    listed = [f"{_plain(what)} was {_plain(was)}, now is {_plain(now)}" for what, was, now in differences]
    more = f" ({len(listed) - _MOST_DIFFERENCES} more)" if len(listed) > _MOST_DIFFERENCES else ""
    return "; ".join(listed[:_MOST_DIFFERENCES]) + more


def _plain(text: str) -> str:
    cut = text if len(text) <= _LONGEST_DIFFERENCE else text[:_LONGEST_DIFFERENCE] + "..."
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in cut)


class DeepViewException(RuntimeError):  # noqa: N818 - DeepView's own name, which ported notebooks catch
    """Base of every error of DeepView Lab.

    Parameters
    ----------
    message : str
        A sentence for the user, also available as ``.message``, where nothing in it is hidden.
    """

    def __init__(self, message: str) -> None:
        self.message = visible_lines(message)
        super().__init__(self.message)

    def __str__(self) -> str:
        return self.message


class CancelledError(DeepViewException):
    """A run was asked to stop. An analysis that meets it in ``finish`` may return what it has, or let it pass."""

    def __init__(self) -> None:
        super().__init__("The run was stopped.")


class DeepViewWarning(UserWarning):
    """Base of every warning of DeepView Lab."""

    def __init__(self, message: str) -> None:
        super().__init__(visible_lines(message))


class PartialResultWarning(DeepViewWarning):
    """A run was cancelled: its result covers only the samples seen until then."""


class DeepViewDeprecationWarning(DeprecationWarning):
    """Something that DeepView offered and that has a better replacement here."""


def enable_deprecation_warnings(*, error: bool = False) -> None:
    """Show every :class:`DeepViewDeprecationWarning`, or raise it with ``error=True``."""
    warnings.simplefilter("error" if error else "default", DeepViewDeprecationWarning)


class BatchSizeError(DeepViewException, ValueError):
    """The parts of one batch do not have the same number of samples."""

    def __init__(self, sizes: Mapping[str, int]) -> None:
        listed = ", ".join(f"{name} has {size}" for name, size in sizes.items())
        super().__init__(
            f"All parts of a batch must have the same number of samples (dimension 0), but {listed}. "
            "Slice or pad them to one length before making the Batch."
        )


class BatchFieldError(DeepViewException, ValueError):
    """Something in a batch is no array of samples."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(
            f"Field {name!r} must be an array whose dimension 0 counts samples, but it is none: {why}. Pass one array, "
            "in which all samples have the same shape."
        )


class NotFieldsError(DeepViewException, TypeError):
    """The fields of a batch or producer are no mapping of names to arrays."""

    def __init__(self, maker: str, came: object, write: str) -> None:
        super().__init__(
            f"{maker} needs a mapping of field names to arrays, but got an object of type {type(came).__name__}. Write "
            f"{maker}({write}), with a field name of your choice."
        )


class OptionError(DeepViewException, ValueError):
    """An argument has the right type, but a value that is not allowed."""


class OptionTypeError(DeepViewException, TypeError):
    """An argument is of another type than it needs; ``write`` is what to write instead."""

    def __init__(self, option: str, expected: str, came: object, write: str) -> None:
        plain = isinstance(came, str | float | int | None)
        shown = repr(came) if plain else f"an object of type {type(came).__name__}"
        super().__init__(f"{option} must be {expected}, but got {shown[:_LONGEST_DIFFERENCE]}. Write {write}.")


class MetadataError(DeepViewException, TypeError):
    """Metadata has a key or values of another type than it needs."""


class NotASpecError(DeepViewException, TypeError):
    """Something that is to be computed is no spec."""

    def __init__(self, given: object) -> None:
        if isinstance(given, type):
            came, write = f"the class {given.__name__}", f"{given.__name__}.spec()"
        elif isinstance(given, str):
            named = {name.casefold(): name for name in _INTROSPECTORS}
            near = get_close_matches(given.casefold(), named, n=1)
            came, write = f"the text {given[:80]!r}", f"{named[near[0]] if near else 'IUA'}.spec()"
        else:
            came, write = f"an object of type {type(given).__name__}", "IUA.spec()"
        super().__init__(
            f"A run computes specs of introspectors, but got {came}. Write {write}, without quotes; introspectors are "
            "in deepview_lab.introspectors."
        )


class NotCopiedError(DeepViewException, TypeError):
    """A run was to be pickled or copied."""

    def __init__(self, run: str) -> None:
        super().__init__(
            f"Run {run!r} cannot be pickled or copied: it belongs to the threads and files of this process. Pickle "
            "or copy run.results, or write them into a file with run.save('NAME.dvreport')."
        )


class RunElsewhereError(DeepViewException):
    """A run works in the process from which this one was forked."""

    def __init__(self, run: str, process: int) -> None:
        super().__init__(
            f"Run {run!r} was at work when this process was forked, and goes on in process {process} only. Wait for it "
            "there, or start it again here."
        )


class UnknownNameError(DeepViewException, KeyError):
    """A name was asked for that is not there; near matches are shown."""

    def __init__(self, what: str, name: object, known: Iterable[object]) -> None:
        names = [str(item) for item in known]
        near = get_close_matches(str(name), names, n=3, cutoff=0.4)
        if near:
            hint = "Did you mean " + " or ".join(repr(item) for item in near) + "?"
        elif names:
            shown = ", ".join(repr(item) for item in names[:_MOST_NAMES])
            hint = f"Known: {shown}{', ...' if len(names) > _MOST_NAMES else ''}."
        else:
            hint = "There is none."
        super().__init__(f"Unknown {what} {str(name)!r}. {hint}")


class AnalysisConflictError(DeepViewException, ValueError):
    """An analysis cannot be registered beside another one; ``reason`` says what is taken, and what to do."""

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(f"The analysis {kind!r} cannot be registered: {reason}.")


class MissingResponseError(UnknownNameError):
    """An analysis is to look at a response that the data does not have."""

    def __init__(self, analysis: str, name: object, known: Iterable[object]) -> None:
        names = [repr(str(item)) for item in known]
        there = ", ".join(names[:_MOST_NAMES]) + (", ..." if len(names) > _MOST_NAMES else "")
        DeepViewException.__init__(
            self,
            f"{analysis} is to look at the response {str(name)!r}, but the data has {there or 'none'}. Name one of "
            "these, or request that response of the model.",
        )


class NotAStageError(DeepViewException, TypeError):
    """Something in a pipeline is no stage."""

    def __init__(self, position: int, stage: object, *, known: tuple[str, str] | None = None) -> None:
        if known is not None:
            came, remedy = known
        elif isinstance(stage, type):
            came, remedy = f"the class {stage.__name__}", f"Make one: {stage.__name__}(...)."
        else:
            came, remedy = f"an object of type {type(stage).__name__}", "Wrap a function as Processor(function)."
        super().__init__(f"Stage {position} of the pipeline must be a PipelineStage, but is {came}. {remedy}")


class NotAProducerError(DeepViewException, TypeError):
    """Something that should produce batches does not."""

    def __init__(self, producer: object, came: str, *, name: str | None = None, remedy: str | None = None) -> None:
        label = name or getattr(producer, "__name__", f"the given {type(producer).__name__}")
        write = remedy or "Wrap arrays as StubProducer({'name': array}) or write a function with `yield Batch({...})`."
        super().__init__(
            f"A producer is a callable that takes a batch size and yields Batch objects, but {label} is not: {came}. "
            f"{write}"
        )


class DataError(DeepViewException, ValueError):
    """Data cannot become a producer as it is, or not with these options."""


class EmptyProducerError(DeepViewException):
    """A producer yielded no batch."""

    def __init__(self, producer: object) -> None:
        label = getattr(producer, "__name__", type(producer).__name__)
        super().__init__(
            f"The producer {label} yielded no batch, but at least one is needed. Check that its data "
            "is there, and that calling it twice starts again (a used-up generator yields nothing)."
        )


class ShapeChangedError(DeepViewException, ValueError):
    """A field has another shape than in the batches before."""

    def __init__(self, field: str, expected: tuple[int, ...], got: tuple[int, ...]) -> None:
        super().__init__(
            f"Field {field!r} had samples of shape {expected} and now has shape {got}. Every batch must have the same "
            "shape behind dimension 0: resize, pad or pool the field first."
        )


class NonFiniteError(DeepViewException, ValueError):
    """A response holds NaN or infinity and the settings say to stop."""

    def __init__(self, field: str, count: int) -> None:
        super().__init__(
            f"Response {field!r} has values that are NaN, infinite or above 3.4e+38 in {count} sample(s) of this "
            "batch. Check the model's input scaling and weights, or use on_nonfinite='skip' to leave those samples out "
            "of that layer."
        )


class UnpooledResponseError(DeepViewException, ValueError):
    """An analysis got feature maps without being told how to pool them."""

    def __init__(self, field: str, shape: tuple[int, ...], analysis: str = "PFA") -> None:
        super().__init__(
            f"{analysis} needs one value per unit and sample, but response {field!r} has samples of shape {shape}. "
            "Pool it with pool='average' or pool='max', or add Pooler(dim=(1, 2), method=Pooler.Method.MAX) to the "
            "pipeline."
        )


class TooFewSamplesError(DeepViewException, ValueError):
    """An analysis needs more samples of a response than it got."""

    def __init__(self, analysis: str, field: str, *, needed: int, got: int) -> None:
        super().__init__(
            f"{analysis} needs at least {needed} samples of response {field!r} that are finite in float32, but got "
            f"{got}. Give it more data, or leave the response out."
        )


class TooManyUnitsError(DeepViewException, ValueError):
    """PFA would need a covariance matrix that is too large."""

    def __init__(self, field: str, units: int, limit: int) -> None:
        gib = units * units * 8 / 2**30
        super().__init__(
            f"Response {field!r} has {units:,} units; PFA allows {limit:,} because the covariance matrix alone would "
            f"take {gib:.1f} GiB. Pool the response, choose another layer, or allow it with max_units={units}."
        )


class MissingExtraError(DeepViewException, ImportError):
    """An optional library is needed that is not installed."""

    def __init__(self, feature: str, library: str, extra: str) -> None:
        super().__init__(f"{feature} needs {library}, which is not installed. Run: pip install 'deepview_lab[{extra}]'")


class ImageFileError(DeepViewException, ValueError):
    """A file is no image, is broken, or differs from the others."""

    def __init__(self, path: object, why: str) -> None:
        super().__init__(f"Image {path}: {why}. Repair the file, or take it out of the folder.")


class DownloadError(DeepViewException, OSError):
    """What Keras offers for download can neither be downloaded nor found on this machine."""

    def __init__(self, what: str, reason: str, places: Mapping[str, object], instead: str) -> None:
        listed = "; ".join(f"{url} to {place}" for url, place in places.items())
        super().__init__(
            f"{what} could not be loaded: {reason} If this machine cannot download, copy the file by hand: {listed}. "
            f"Or use {instead}."
        )


class ExampleError(DeepViewException, ValueError):
    """A model cannot be called with the samples from which it was to be told the shape of its input."""


class ModelFileError(DeepViewException, ValueError):
    """A model file is not there, of an unknown kind, or broken."""


class CacheError(DeepViewException):
    """A cache is not complete, not readable, or cannot take what it is given."""


class CacheMismatchError(CacheError):
    """A cache was made by another pipeline."""

    def __init__(self, path: object, differences: Iterable[tuple[str, str, str]]) -> None:
        super().__init__(
            f"The cache in {path} was made by another pipeline: {_listed(differences)}. Give this "
            f" Cacher another storage_path, or remove the old cache with Cacher.clear({str(path)!r})."
        )


class ForeignFileError(DeepViewException, OSError):
    """A link, a folder, a pipe or somebody else's file is in the place of a file that DeepView Lab writes."""

    def __init__(self, path: object, came: str) -> None:
        super().__init__(
            f"{path} should be a file that DeepView Lab wrote, but is {came}. Nothing was read or written through it. "
            "Remove it, or use another folder."
        )


class NoSpaceError(DeepViewException, OSError):
    """A disk has no room for what is to be written."""

    def __init__(self, path: object, needed: int, available: int, kept: str) -> None:
        # Only a limit on the size of files, such as of ulimit -f, refuses a write for which there is room.
        limit = f" The {available:,} that are free do not help: this process may not write larger files (ulimit -f)."
        there = f" and {available:,} are available." if available < needed else f".{limit}"
        super().__init__(f"There is no room for {path}: {needed:,} more bytes are needed{there} {kept}")


class ReportFileError(DeepViewException, ValueError):
    """A report file is not there, of an unknown kind or version, or broken."""


class CheckpointError(DeepViewException):
    """A checkpoint cannot be used: it is damaged, in use, of another version, or of another run."""

    def __init__(self, path: object, why: str, remedy: str) -> None:
        super().__init__(f"The checkpoint in {path} {why}. {remedy}")


class CheckpointMismatchError(CheckpointError):
    """A checkpoint is of another run."""

    def __init__(self, path: object, differences: Iterable[tuple[str, str, str]]) -> None:
        super().__init__(
            path,
            f"is of another run: {_listed(differences)}",
            "Give this run another path, or delete the folder to start anew.",
        )
