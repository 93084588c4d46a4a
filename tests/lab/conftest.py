"""A real IPython shell with the extension loaded."""

from __future__ import annotations

import numpy as np
import pytest

from deepview_lab.lab.session import session
from deepview_lab.samples import StubProducer
from tests.shells import interactive_shell


@pytest.fixture
def shell():
    with interactive_shell() as made:
        made.run_line_magic("load_ext", "deepview_lab")
        rng = np.random.default_rng(0)
        relu = np.maximum(rng.normal(size=(96, 4, 4, 6)), 0)
        relu[..., 2] = 0
        made.user_ns["digits"] = StubProducer({"relu": relu, "dense": rng.normal(size=(96, 5))})
        yield made
        made.run_line_magic("unload_ext", "deepview_lab")
        session().hub.close()
        session.cache_clear()
