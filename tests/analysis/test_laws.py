"""Both analyses obey the laws, on hard data cut in any way."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deepview_lab.analysis import IUASpec, PFASpec
from deepview_lab.testing import HARD_DATA, LAWS, cut

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
