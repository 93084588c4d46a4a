"""Scale fields by a mean and a standard deviation."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deepview_lab.base import ResponseInfo
from deepview_lab.processors.processor import Processor
from deepview_lab.typing import OneManyOrNone

__all__ = ["MeanStdNormalizer"]


class MeanStdNormalizer(Processor):
    """Replace x by ``(x - mean) / std``.

    Floating fields keep their dtype; integers become float64.

    Parameters
    ----------
    mean, std : float or array
        One number, or an array that broadcasts against the field, such as one value per channel (channels last).
    fields : None, str or collection of str
        The fields to scale; None means all.

    Raises
    ------
    ValueError
        when a mean is not finite, or a standard deviation is not finite or not above 0.
    """

    def __init__(self, *, mean: ArrayLike, std: ArrayLike, fields: OneManyOrNone[str] = None) -> None:
        self._mean = np.array(mean, dtype=np.float64)
        self._std = np.array(std, dtype=np.float64)
        if not np.all(np.isfinite(self._mean)):
            raise ValueError(f"MeanStdNormalizer needs a finite mean, but got {mean!r}.")
        if not np.all(np.isfinite(self._std) & (self._std > 0)):
            raise ValueError(
                f"MeanStdNormalizer divides by std, which must be finite and above 0, but got {std!r}. "
                "Use std=1 for values that are constant."
            )
        super().__init__(self._normalised, fields=fields)

    def _normalised(self, array: NDArray[Any]) -> NDArray[Any]:
        dtype = _result_dtype(array.dtype)
        scaled = np.subtract(array, self._mean.astype(dtype), dtype=dtype)
        normalised: NDArray[Any] = np.divide(scaled, self._std.astype(dtype), out=scaled)
        return normalised

    def _described(self, info: ResponseInfo) -> ResponseInfo:
        return replace(info, dtype=_result_dtype(info.dtype))


def _result_dtype(dtype: np.dtype[Any]) -> np.dtype[Any]:
    return dtype if np.issubdtype(dtype, np.floating) else np.dtype(np.float64)
