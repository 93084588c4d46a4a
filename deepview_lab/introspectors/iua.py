"""IUA: inactive unit analysis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, TypeAlias, final

from deepview_lab.analysis.contract import FinishContext
from deepview_lab.analysis.faces import register_face
from deepview_lab.analysis.iua.accumulator import IUAAccumulator
from deepview_lab.analysis.iua.result import IUAResults, LayerInactivity
from deepview_lab.analysis.iua.spec import IUASpec
from deepview_lab.analysis.responses import OnNonFinite
from deepview_lab.base import Producer
from deepview_lab.engine import introspect
from deepview_lab.exceptions import DeepViewException
from deepview_lab.figures import iua_chart, iua_frame
from deepview_lab.introspectors.naming import checked_names, vis_type_error

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

__all__ = ["IUA"]


@final
@dataclass(frozen=True, eq=False)
class IUA(IUAResults):
    """Inactive unit analysis: which values of each response are zero, how often, and which units always are.

    Make one with :meth:`introspect`, or give :meth:`spec` to ``deepview_lab.start`` for a live run.

    Examples
    --------
    >>> import numpy as np
    >>> from deepview_lab.samples import StubProducer
    >>> iua = IUA.introspect(StubProducer({"relu": np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 2.0]])}))
    >>> iua.results["relu"].mean_inactive
    2.0
    >>> iua.results["relu"].unit_inactive_count
    [2, 1, 1]
    >>> IUA.show(iua)
      response  mean inactive  std inactive
    0     relu            2.0           0.0
    """

    Result: ClassVar[TypeAlias] = LayerInactivity

    class VisType(StrEnum):
        """What :meth:`IUA.show` makes."""

        CHART = "chart"
        TABLE = "table"

    @staticmethod
    def spec(
        *, atol: float = 1e-8, per_sample: bool = True, on_nonfinite: OnNonFinite = "skip", compiled: bool = True
    ) -> IUASpec:
        """Return settings for ``deepview_lab.start``, whose result is an :class:`IUA`; see :class:`IUASpec`."""
        return _Spec(atol=atol, per_sample=per_sample, on_nonfinite=on_nonfinite, compiled=compiled)

    @staticmethod
    def introspect(
        producer: Producer,
        *,
        batch_size: int = 32,
        rtol: float | None = None,  # noqa: ARG004 - DeepView's argument
        atol: float = 1e-8,
    ) -> IUA:
        """Count the inactive values of all fields that ``producer`` yields.

        Parameters
        ----------
        producer : Producer
            Yields responses; every field is analysed.
        batch_size : int
            Samples per batch.
        rtol : float, optional
            Accepted because DeepView has it. It has no effect there either: a tolerance relative to zero is zero.
        atol : float
            Largest magnitude that counts as inactive.

        Returns
        -------
        IUA
            See :attr:`results`.

        Raises
        ------
        DeepViewException
            whatever :func:`deepview_lab.engine.introspect` and :class:`IUASpec` raise.
        """
        result: IUA = introspect(producer, IUA.spec(atol=atol), batch_size=batch_size)["iua"]
        return result

    @staticmethod
    def show(
        iua: IUA, *, vis_type: str = VisType.TABLE, response_names: Sequence[str] | None = None, details: bool = False
    ) -> pd.DataFrame | go.Figure:
        """Show the result as a table or a chart.

        Parameters
        ----------
        iua : IUA
            What :meth:`introspect` returned.
        vis_type : IUA.VisType or str
            TABLE for a DataFrame with the columns ``response``, ``mean inactive`` and ``std inactive``, in the order of
            the network;
            CHART for a plotly figure with the inactive share of each unit.
        response_names : sequence of str, optional
            Which responses; all by default.
        details : bool
            Add the columns ``units``, ``dead units``, ``inactive share``, ``samples``, ``left out`` and ``note``.

        Raises
        ------
        ValueError
            for an unknown kind of figure, an unknown response, or no response at all.
        DeepViewException
            when ``iua`` is no IUA.
        """
        if not isinstance(iua, IUA):
            raise DeepViewException(
                f"IUA.show takes what IUA.introspect returned, but got a {type(iua).__name__}. A run's result is "
                "run.wait()['iua']."
            )
        results = {name: iua.results[name] for name in checked_names(iua.results, response_names)}
        if vis_type == IUA.VisType.TABLE:
            return iua_frame(results, details=details)
        if vis_type == IUA.VisType.CHART:
            return iua_chart(results)
        raise vis_type_error("IUA", vis_type)


class _Spec(IUASpec):
    """The same settings; the result is the public face."""

    def finish(self, acc: IUAAccumulator, context: FinishContext | None = None) -> IUA:
        """Return the result."""
        found = super().finish(acc, context)
        return IUA(found.samples, found.results)


def _opened(found: IUAResults) -> IUA:
    return IUA(found.samples, found.results)


register_face("iua", IUA, module="deepview_lab.introspectors", from_file=_opened)
