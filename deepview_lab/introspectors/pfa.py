"""PFA: principal filter analysis."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias, cast, final

from deepview_lab.analysis.contract import FinishContext
from deepview_lab.analysis.faces import register_face
from deepview_lab.analysis.pfa.accumulator import PFAAccumulator
from deepview_lab.analysis.pfa.recipe import PFARecipe
from deepview_lab.analysis.pfa.result import PFAResults
from deepview_lab.analysis.pfa.spec import PFASpec
from deepview_lab.analysis.pfa.strategies import KL, Energy, Size
from deepview_lab.analysis.pfa.units import AbsMax, AbsMin, L1Max, L1Min, PFAUnitStrategy
from deepview_lab.analysis.pooling import Pool
from deepview_lab.analysis.responses import OnNonFinite
from deepview_lab.base import Producer
from deepview_lab.engine import introspect
from deepview_lab.exceptions import DeepViewWarning, OptionTypeError
from deepview_lab.figures import pfa_chart, pfa_frame
from deepview_lab.figures.pfa import RecipeId
from deepview_lab.introspectors.naming import vis_type_error

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

__all__ = ["PFA"]

Recipes: TypeAlias = Mapping[str, PFARecipe]


class _Strategy:
    """How many units each layer needs; a callable of your own works too (``PFAStrategy``)."""

    KL: ClassVar[TypeAlias] = KL
    Energy: ClassVar[TypeAlias] = Energy
    Size: ClassVar[TypeAlias] = Size


class _UnitSelectionStrategy:
    """Which units go; a callable of your own works too (``PFAUnitStrategy``)."""

    AbsMax: ClassVar[TypeAlias] = AbsMax
    AbsMin: ClassVar[TypeAlias] = AbsMin
    L1Max: ClassVar[TypeAlias] = L1Max
    L1Min: ClassVar[TypeAlias] = L1Min

    @classmethod
    def get_algos(cls) -> Iterator[PFAUnitStrategy]:
        """Yield one of each."""
        yield AbsMax()
        yield AbsMin()
        yield L1Max()
        yield L1Min()


@final
@dataclass(frozen=True, eq=False)
class PFA(PFAResults):
    """Principal filter analysis: how correlated the units of each layer are, and how many would do.

    Make one with :meth:`introspect`, or give :meth:`spec` to ``deepview_lab.start`` for a live run.

    Examples
    --------
    >>> import numpy as np
    >>> from deepview_lab.samples import StubProducer
    >>> rng = np.random.default_rng(0)
    >>> unit = rng.standard_normal((100, 1))
    >>> pfa = PFA.introspect(StubProducer({"dense": np.hstack([unit, 2 * unit, -unit])}))
    >>> recipe = pfa.get_recipe(strategy=PFA.Strategy.KL(), unit_strategy=PFA.UnitSelectionStrategy.L1Max())
    >>> recipe["dense"].recommended_output_count
    1
    >>> PFA.show(recipe, exclude_columns=["units to keep"])
      layer name  original count  recommended count
    0      dense               3                  1
    """

    Strategy: ClassVar[TypeAlias] = _Strategy
    UnitSelectionStrategy: ClassVar[TypeAlias] = _UnitSelectionStrategy
    Pool: ClassVar[TypeAlias] = Pool

    class VisType(StrEnum):
        """What :meth:`PFA.show` makes."""

        CHART = "chart"
        TABLE = "table"

    @staticmethod
    def spec(
        *,
        pool: Pool | str | Enum | None = None,
        epsilon_inactive: float = 1e-8,
        max_units: int = 8192,
        on_nonfinite: OnNonFinite = "skip",
    ) -> PFASpec:
        """Return settings for ``deepview_lab.start``, whose result is a :class:`PFA`; see :class:`PFASpec`."""
        return _Spec(pool=pool, epsilon_inactive=epsilon_inactive, max_units=max_units, on_nonfinite=on_nonfinite)

    @staticmethod
    def introspect(
        producer: Producer,
        *,
        batch_size: int = 32,
        epsilon_inactive: float = 1e-8,
        pool: Pool | str | Enum | None = None,
    ) -> PFA:
        """Analyse the covariances of all fields that ``producer`` yields.

        Parameters
        ----------
        producer : Producer
            Yields responses; every field is analysed. One row per sample [n, units] unless ``pool`` is given.
        batch_size : int
            Samples per batch.
        epsilon_inactive : float
            Units whose variance is below this share of the layer's largest are inactive (constant).
        pool : None, PFA.Pool, 'average' or 'max'
            How to pool feature maps over their positions; None refuses them.

        Returns
        -------
        PFA
            See :meth:`get_recipe`.

        Warns
        -----
        DeepViewWarning
            for each response with fewer samples than units (it is then in :attr:`failed_responses` and in no recipe)
            or with fewer than twice as many.

        Raises
        ------
        UnpooledResponseError
            when a response has more than two dimensions and no pooling is set.
        DeepViewException
            whatever else :func:`deepview_lab.engine.introspect` and :class:`PFASpec` raise.
        """
        spec = PFA.spec(pool=pool, epsilon_inactive=epsilon_inactive)
        result: PFA = introspect(producer, spec, batch_size=batch_size)["pfa"]
        for name, note in result.notes.items():
            warnings.warn(f"Response {name!r}: {note}", DeepViewWarning, stacklevel=2)
        return result

    @staticmethod
    def show(
        recipe_result: PFA | Recipes | Sequence[PFA | Recipes] | Mapping[str, PFA | Recipes],
        *,
        vis_type: str = VisType.TABLE,
        include_columns: Sequence[str] | None = None,
        exclude_columns: Sequence[str] | None = None,
    ) -> pd.DataFrame | go.Figure:
        """Show one or several recipes as a table or a chart.

        Parameters
        ----------
        recipe_result : Recipe or PFA, or a sequence or mapping of them
            Recipes from :meth:`get_recipe`; of a PFA its default recipe is shown. Several have their number, from 1,
            or in a mapping such as ``{"KL": first, "Energy": second}`` their name.
        vis_type : PFA.VisType or str
            TABLE for a DataFrame, CHART for a plotly figure of units to keep and units there are, by layer.
        include_columns : sequence of str, optional
            Which columns: ``layer name``, ``original count``, ``recommended count``, ``units to keep`` (those four by
            default, after ``recipe`` when there are several), ``KL divergence``, ``PFA strategy``, ``units ratio``,
            ``kept energy``.
        exclude_columns : sequence of str, optional
            Which of these not.

        Raises
        ------
        ValueError
            when there is no recipe, or for an unknown kind of figure.
        DeepViewException
            when no column is left, or a column is unknown.

        Notes
        -----
        DeepView has no column ``recipe``, so that the rows of several recipes cannot be told apart, and it charts one
        recipe only. Here one chart compares several; exclude the column to have DeepView's table.
        """
        recipes = _recipes(recipe_result)
        if vis_type == PFA.VisType.TABLE:
            return pfa_frame(recipes, include=include_columns, exclude=exclude_columns)
        if vis_type == PFA.VisType.CHART:
            return pfa_chart(recipes)
        raise vis_type_error("PFA", vis_type)


class _Spec(PFASpec):
    """The same settings; the result is the public face."""

    def finish(self, acc: PFAAccumulator, context: FinishContext | None = None) -> PFA:
        """Return the result."""
        found = super().finish(acc, context)
        return PFA(found.samples, found.covariances, found.failed_responses, found.notes)


def _recipes(given: PFA | Recipes | Sequence[PFA | Recipes] | Mapping[str, PFA | Recipes]) -> dict[RecipeId, Recipes]:
    """Return the recipes by name, or by number."""
    several: dict[RecipeId, PFA | Recipes] = {}
    asked: Any = given  # of a user
    if isinstance(given, PFA):
        several[1] = given
    elif isinstance(asked, str) or not isinstance(given, Iterable):
        raise OptionTypeError(
            "PFA.show takes what PFA.introspect or get_recipe returned. recipe_result",
            "a PFA, a recipe or several",
            given,
            "PFA.show(run.wait()['pfa'])",
        )
    elif not isinstance(given, Mapping):
        several.update(enumerate(given, start=1))
    elif all(isinstance(value, PFARecipe) for value in given.values()):
        several[1] = cast("Recipes", given)
    else:
        several.update(cast("Mapping[str, PFA | Recipes]", given))
    recipes = {key: item.get_recipe() if isinstance(item, PFA) else item for key, item in several.items()}
    # A PFA in which every response failed has warned when it was made: its table is empty.
    if not any(recipes.values()) and not any(isinstance(item, PFA) for item in several.values()):
        raise ValueError(
            "There is no recipe to show. If every response failed, failed_responses and notes of the PFA say why: "
            "mostly more samples are needed than the layer has units."
        )
    return recipes


def _opened(found: PFAResults) -> PFA:
    return PFA(found.samples, found.covariances, found.failed_responses, found.notes)


register_face("pfa", PFA, module="deepview_lab.introspectors", from_file=_opened)
