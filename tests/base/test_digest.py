"""What a batch holds is in its digest, whatever its metadata are made of."""

from __future__ import annotations

import numpy as np

from deepview_lab.analysis.familiarity.mixture import MixtureScore
from deepview_lab.base import Batch
from deepview_lab.base.digest import Digest


def scored(*scores):
    builder = Batch.Builder({"x": np.zeros(len(scores))})
    builder.metadata[Batch.DictMetaKey("GMM")] = {"x": [MixtureScore(score) for score in scores]}
    return builder.make_batch()


def test_other_scores_give_another_digest():
    assert Digest().text(scored(1.0, 2.0)) == Digest().text(scored(1.0, 2.0))
    assert Digest().text(scored(1.0, 2.0)) != Digest().text(scored(1.0, 3.0))
