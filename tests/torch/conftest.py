"""Without PyTorch there is nothing to collect here: `make test-torch` has it."""

from importlib.util import find_spec

collect_ignore_glob = [] if find_spec("torch") else ["*.py"]
