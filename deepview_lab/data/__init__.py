"""Data that people have, as producers: arrays, tables, folders, data sets of frameworks.

``deepview_lab.as_producer`` recognises what it is given; the modules here are imported when it needs them.
"""

from deepview_lab.data.data_producer import DataProducer

__all__ = ["DataProducer"]
