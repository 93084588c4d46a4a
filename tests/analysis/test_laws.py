"""The analyses that are streams obey the laws, on hard data cut in any way; what reads its rows later can be kept."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deepview_lab.analysis import IUASpec, PFASpec
from deepview_lab.analysis.dataset.config import ReportConfig
from deepview_lab.analysis.dataset.spec import DatasetSpec
from deepview_lab.analysis.projection.spec import ProjectionSpec
from deepview_lab.analysis.projection.strategies import PCA, StandardPCA
from deepview_lab.base import Batch
from deepview_lab.testing import HARD_DATA, LAWS, cut
from deepview_lab.testing.laws import restored_it_goes_on_as_if_never_interrupted

SPECS = {
    "iua": IUASpec(),
    "iua_plain": IUASpec(compiled=False, per_sample=False),
    "pfa_average": PFASpec(pool="average"),
    "pfa_max": PFASpec(pool="max"),
}


@st.composite
def batches(draw):
    """One to three fields of hard data, in batches of 0 to 9 rows."""
    names = draw(st.lists(st.sampled_from(sorted(HARD_DATA)), min_size=1, max_size=3, unique=True))
    rows = draw(st.integers(0, 24))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    fields = {name: HARD_DATA[name](rng, rows) for name in names}
    sizes = draw(st.lists(st.integers(0, 9), min_size=1, max_size=6))
    return list(cut(fields, sizes)) or list(cut(fields, [0]))


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS.keys())
@settings(derandomize=True, deadline=None, max_examples=25)
@given(given_batches=batches())
def test_law(spec, law, given_batches):
    law(spec, given_batches)


KEPT = {
    "exact axes": ProjectionSpec(PCA(1), pool="average"),
    "sketched axes": ProjectionSpec(PCA(1, max_exact_units=1), pool="max", positions=False),
    "rows": ProjectionSpec(StandardPCA(1), pool="average"),
    "report": DatasetSpec(ReportConfig(projection=None)),
}
ODD = st.one_of(
    st.none(), st.integers(), st.text(), st.booleans(), st.binary(), st.tuples(st.text(), st.integers()), st.dates()
)


@st.composite
def labelled(draw):
    """The same batches with labels of any kind in any dimensions, and response names of any characters."""
    cut = draw(batches())
    # The last character tells them apart.
    names = {name: f"{draw(st.text())}{index}" for index, name in enumerate(cut[0].fields)}
    named = []
    for batch in cut:
        builder = Batch.Builder({names[name]: values for name, values in batch.fields.items()})
        for dimension in draw(st.lists(ODD, max_size=2, unique_by=repr)):
            given = st.lists(ODD, min_size=batch.batch_size, max_size=batch.batch_size)
            builder.metadata[Batch.StdKeys.LABELS][dimension] = draw(given)
        named.append(builder.make_batch())
    return named


@pytest.mark.parametrize("spec", KEPT.values(), ids=KEPT.keys())
@settings(derandomize=True, deadline=None, max_examples=40)
@given(given_batches=labelled())
def test_what_reads_its_rows_at_the_end_goes_on_as_if_never_interrupted(spec, given_batches):
    restored_it_goes_on_as_if_never_interrupted(spec, given_batches)
