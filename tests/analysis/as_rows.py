"""Arrays as the rows of a run."""

import numpy as np

from deepview_lab.analysis.contract import StandaloneContext
from deepview_lab.analysis.rows import Rows


def as_rows(fields, *, ids=None, labels=None, paths=None):
    fields = {name: np.asarray(values, dtype=np.float32) for name, values in fields.items()}
    count = len(next(iter(fields.values())))
    usable = {name: np.isfinite(values).all(axis=1) for name, values in fields.items()}
    return Rows(fields, usable, range(count) if ids is None else ids, ids is None, labels or {}, paths)


def finished(spec, fields, **about):
    return spec.finish(spec.create(), StandaloneContext(as_rows(fields, **about)))
