"""Small producers of seeded random or given data, for tests, examples and first steps."""

from deepview_lab.samples.arrays import StubProducer
from deepview_lab.samples.random_data import StubGatedAdditionDataset, StubImageDataset

__all__ = ["StubGatedAdditionDataset", "StubImageDataset", "StubProducer"]
