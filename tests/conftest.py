"""For all Python tests."""

from hypothesis import settings

# Machines are shared: how long an example takes says nothing.
settings.register_profile("deepview_lab", deadline=None)
settings.load_profile("deepview_lab")
