"""Where the public names of DeepView 3.9.6 and DNIKit 2.0.0 are here; what a target lacks does not exist yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["COUNTERPARTS", "FAMILIES", "Counterpart"]


@dataclass(frozen=True)
class Counterpart:
    """What stands in for a module of DeepView or DNIKit.

    Attributes
    ----------
    target : str
        The module here, which may not exist yet.
    names : tuple of str
        The public names of the module there.
    renamed : mapping of str to str
        Those that are called differently here.
    """

    target: str
    names: tuple[str, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_CORE = {
    "": Counterpart("deepview_lab"),
    ".base": Counterpart(
        "deepview_lab.base",
        _names(
            "Batch CachedProducer ImageFormat ImageProducer Introspector Model PipelineStage PixelFormat Producer "
            "ResponseInfo TrainTestSplitProducer multi_introspect peek_first_batch pipeline"
        ),
    ),
    ".introspectors": Counterpart(
        "deepview_lab.introspectors",
        _names(
            "DatasetReport DimensionReduction DimensionReductionStrategyType Duplicates DuplicatesConfig "
            "DuplicatesStrategyType DuplicatesThresholdStrategyType Familiarity FamiliarityDistribution "
            "FamiliarityResult FamiliarityStrategyType GMMCovarianceType IUA OneOrManyDimStrategies PFA "
            "PFACovariancesResult PFAEnergyDiagnostics PFAKLDiagnostics PFARecipe PFAStrategyType "
            "PFAUnitSelectionStrategyType ReportConfig"
        ),
    ),
    ".processors": Counterpart(
        "deepview_lab.processors",
        _names(
            "Cacher Composer Concatenator FieldRemover FieldRenamer Flattener ImageGammaContrastProcessor "
            "ImageGaussianBlurProcessor ImageResizer ImageRotationProcessor MeanStdNormalizer MetadataRemover "
            "MetadataRenamer PipelineDebugger Pooler Processor SnapshotRemover SnapshotSaver Transposer"
        ),
    ),
    ".exceptions": Counterpart(
        "deepview_lab.exceptions",
        _names("DeepViewDeprecationWarning DeepViewException enable_deprecation_warnings"),
    ),
    ".typing": Counterpart(
        "deepview_lab.typing",
        _names(
            "OneManyOrNone OneOrMany PathOrStr StringLike TrainTestSplitType resolve_one_many_or_none "
            "resolve_one_or_many resolve_one_or_many_to_list resolve_path_or_str"
        ),
    ),
    ".samples": Counterpart("deepview_lab.samples", _names("StubGatedAdditionDataset StubImageDataset StubProducer")),
    "_tensorflow": Counterpart(
        "deepview_lab.tensorflow",
        _names("TFDatasetExamples TFModelExamples TFModelWrapper load_tf_model_from_memory load_tf_model_from_path"),
    ),
    "_tensorflow.samples": Counterpart("deepview_lab.tensorflow.samples", _names("get_simple_cnn_model")),
    "_torch": Counterpart("deepview_lab.torch", _names("ProducerTorchDataset TorchProducer")),
}

COUNTERPARTS: Mapping[str, Counterpart] = {
    **{f"deepview{suffix}": counterpart for suffix, counterpart in _CORE.items()},
    **{f"dnikit{suffix}": counterpart for suffix, counterpart in _CORE.items()},
    "dnikit.exceptions": Counterpart(
        "deepview_lab.exceptions",
        _names("DNIKitDeprecationWarning DNIKitException enable_deprecation_warnings"),
        {"DNIKitDeprecationWarning": "DeepViewDeprecationWarning", "DNIKitException": "DeepViewException"},
    ),
    "deepview_data": Counterpart("deepview_lab.compat.data", _names("CustomDatasets")),
}

FAMILIES: Mapping[str, frozenset[str]] = {
    "DeepView": frozenset(name for name in COUNTERPARTS if name.startswith("deepview") and "." not in name),
    "DNIKit": frozenset(name for name in COUNTERPARTS if name.startswith("dnikit") and "." not in name),
}
