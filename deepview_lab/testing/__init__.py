"""For tests of analyses: the laws they obey, and data that is hard on them."""

from deepview_lab.testing.hard_data import HARD_DATA, cut, producer_of
from deepview_lab.testing.laws import LAWS, assert_same_table

__all__ = ["HARD_DATA", "LAWS", "assert_same_table", "cut", "producer_of"]
