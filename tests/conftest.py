"""For all Python tests."""

import signal
from pathlib import Path

import pytest
from hypothesis import settings

# Machines are shared: how long an example takes says nothing.
settings.register_profile("deepview_lab", deadline=None)
settings.load_profile("deepview_lab")

HERE = Path(__file__).parent
# Kernels, TensorFlow, processes that are killed, libraries that compile: `make test-fast` leaves them out.
SLOW = {
    "analysis/test_projection_manifold.py",
    "analysis/test_label_problems_familiarity.py",
    "compat",
    "demo",
    "engine/test_checkpoint_resume.py",
    "engine/test_origin.py",
    "introspectors/test_dimension_reduction.py",
    "tensorflow",
    "test_readme.py",
}


def pytest_configure():
    # A shell starts what runs in its background, such as a lane of `make test`, with Ctrl-C ignored; processes that
    # tests start would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(HERE):
            path = item.path.relative_to(HERE)
            if SLOW & {str(path), path.parts[0]}:
                item.add_marker(pytest.mark.slow)
