"""What a dataset report is to contain."""

from __future__ import annotations

import importlib.util
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

from deepview_lab.analysis.duplicates.strategies import KNN
from deepview_lab.analysis.duplicates.thresholds import Relative, Threshold
from deepview_lab.analysis.familiarity.mixture import GMMSettings
from deepview_lab.analysis.familiarity.protocols import FamiliarityStrategyType
from deepview_lab.analysis.projection.manifold import UMAP
from deepview_lab.analysis.projection.protocols import OneOrManyDimStrategies

__all__ = ["DuplicatesConfig", "ReportConfig"]

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class DuplicatesConfig:
    """How a report looks for duplicates.

    Attributes
    ----------
    threshold : Threshold or None
        How close duplicates are; ``Relative()`` by default.
    strategy : KNN or None
        How neighbours are searched.
    """

    threshold: Threshold | None = None
    strategy: KNN | None = None

    @classmethod
    def default(cls) -> DuplicatesConfig:
        """Return the usual settings."""
        return cls(Relative(), KNN())


def _usual_projection() -> OneOrManyDimStrategies | None:
    if importlib.util.find_spec("umap") is None:
        _logger.warning("A report has no projection without umap-learn. Run: pip install 'deepview_lab[report]'")
        return None
    return UMAP(2)


@dataclass(frozen=True)
class ReportConfig:
    """What a dataset report contains. None leaves a part out.

    Attributes
    ----------
    projection : strategy, mapping of str to strategy, or None
        Where the samples are on a map; UMAP to two dimensions by default, where umap-learn is installed.
    duplicates : DuplicatesConfig or None
        Which samples are there twice.
    familiarity : GMM, FamiliarityStrategyType, or None
        Which samples are rare, among all and among those of their label.
    dim_reduction : strategy, mapping of str to strategy, or None
        What is done to the responses before all of these. None is PCA to 40 dimensions for responses of more units; an
        empty mapping leaves all responses as they are, as `Familiarity` does by itself. Log densities in 40 dimensions
        and in 1,280 are different numbers: the report says which ones it has.
    split_familiarity_min : int
        Samples of a label without which it gets no distribution of its own.
    """

    projection: OneOrManyDimStrategies | None = field(default_factory=_usual_projection)
    duplicates: DuplicatesConfig | None = field(default_factory=DuplicatesConfig.default)
    familiarity: GMMSettings | FamiliarityStrategyType | None = field(default_factory=GMMSettings)
    dim_reduction: OneOrManyDimStrategies | None = None
    split_familiarity_min: int = 50

    def __post_init__(self) -> None:
        if self.split_familiarity_min < 1:
            raise ValueError(f"split_familiarity_min must be at least 1, but is {self.split_familiarity_min}.")

    @property
    def fields(self) -> frozenset[str] | None:
        """The responses that any part looks at, None for all; only a projection may be of some."""
        if self.duplicates is not None or self.familiarity is not None:
            return None
        if self.projection is None:
            return frozenset()
        return frozenset(map(str, self.projection)) if isinstance(self.projection, Mapping) else None

    @property
    def use_dim_reduction(self) -> bool:
        """Whether any part works on reduced responses."""
        return any(part is not None for part in (self.projection, self.duplicates, self.familiarity)) and not (
            isinstance(self.dim_reduction, Mapping) and not self.dim_reduction
        )

    @property
    def n_stages(self) -> int:
        """DeepView's number of passes, which is here the number of kinds of work; the model is passed once."""
        if self.familiarity is not None or self.projection is not None:
            return 3
        return 2 if self.duplicates is not None else 1
