"""Faults that are planted one at a time, to see that a test fails. `tests/README.md` says how to add one."""
