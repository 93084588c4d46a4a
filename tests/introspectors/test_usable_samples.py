"""One rule for all analyses says which samples are left out, whatever their dtype, pooling and place."""

from __future__ import annotations

import numpy as np
import pytest

from deepview_lab.base import Batch
from deepview_lab.engine import introspect
from deepview_lab.exceptions import NonFiniteError
from deepview_lab.introspectors import IUA, PFA, DimensionReduction, Duplicates, Familiarity, LabelProblems
from deepview_lab.samples import StubProducer

SAMPLES, ODD = 40, 7
FLOAT32 = [np.nan, np.inf, -np.inf]
FLOAT64 = [*FLOAT32, 1e39, -1e160, 1e300]
UNUSABLE = [*((np.float32, value) for value in FLOAT32), *((np.float64, value) for value in FLOAT64)]
PCA = DimensionReduction.Strategy.PCA(2)


def left_out_by_score(result):
    (scores,) = result.scores.values()
    return int(np.isnan(scores).sum())


def left_out_by_position(result):
    return int(np.isnan(result.positions["x"]).any(axis=1).sum())


ANALYSES = {
    "iua": (IUA.spec, lambda result: result.results["x"].nonfinite),
    "pfa": (PFA.spec, lambda result: result.covariances["x"].nonfinite),
    "familiarity": (Familiarity.spec, left_out_by_score),
    "duplicates": (Duplicates.spec, lambda result: result.responses["x"].left_out),
    "label problems": (
        LabelProblems.spec,
        lambda result: int((result.results["x"]["class"].neighbours[:, 0] < 0).sum()),
    ),
    "reduction": (lambda **pool: DimensionReduction.spec(strategies=PCA, **pool), left_out_by_position),
}


def values_with(dtype, odd, shape):
    values = np.random.default_rng(3).standard_normal((SAMPLES, *shape)).astype(dtype)
    if odd is not None:
        values[(ODD, *(0 for _ in shape))] = odd
    return values


def producer(values):
    def produce(batch_size):
        for start in range(0, len(values), batch_size):
            part = values[start : start + batch_size]
            builder = Batch.Builder({"x": part})
            builder.metadata[Batch.StdKeys.LABELS]["class"] = [(start + i) % 2 for i in range(len(part))]
            yield builder.make_batch()

    return produce


def left_out(analysis, values, **pool):
    spec, count = ANALYSES[analysis]
    (result,) = introspect(producer(values), spec(**pool)).values()
    return count(result)


@pytest.mark.parametrize("analysis", ANALYSES)
@pytest.mark.parametrize(("dtype", "odd"), UNUSABLE)
def test_the_same_samples_are_left_out_of_every_analysis(analysis, dtype, odd):
    assert left_out(analysis, values_with(dtype, odd, (3,))) == 1


@pytest.mark.parametrize("analysis", ANALYSES)
@pytest.mark.parametrize(("dtype", "large"), [(np.float16, 6e4), (np.float32, 3e38), (np.float64, 3e38)])
def test_numbers_up_to_the_largest_of_float32_are_left_out_of_none(analysis, dtype, large):
    with np.errstate(over="ignore"):
        assert left_out(analysis, values_with(dtype, large, (3,))) == 0


@pytest.mark.parametrize("pool", ["average", "max"])
@pytest.mark.parametrize(("dtype", "odd"), UNUSABLE)
def test_pooling_hides_nothing(pool, dtype, odd):
    values = values_with(dtype, odd, (2, 2, 3))
    if np.isfinite(odd):
        values[ODD, 1, 1, 0] = -odd  # a mean of 0
    assert left_out("iua", values) == 1
    assert left_out("pfa", values, pool=pool) == 1
    assert left_out("duplicates", values, pool=pool) == 1


@pytest.mark.parametrize("spec", [IUA.spec, PFA.spec])
def test_told_to_raise_they_raise_for_the_same_samples(spec):
    with pytest.raises(NonFiniteError, match=r"NaN, infinite or above 3\.4e\+38 in 1 sample"):
        introspect(StubProducer({"x": values_with(np.float64, 1e160, (3,))}), spec(on_nonfinite="raise")).values()


@pytest.mark.parametrize("compiled", [True, False])
def test_compiled_or_not_the_same_samples_are_left_out(compiled):
    for dtype, odd in UNUSABLE:
        spec = IUA.spec(compiled=compiled)
        (result,) = introspect(StubProducer({"x": values_with(dtype, odd, (3,))}), spec).values()
        assert result.results["x"].nonfinite == 1
        assert result.results["x"].per_sample[ODD] == -1
