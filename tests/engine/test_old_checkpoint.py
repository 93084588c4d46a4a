"""Checkpoints that earlier versions wrote: read to the right result, or refused in words; never misread."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from deepview_lab.engine import introspect, runs

from .old_checkpoint import BATCH, KEPT, SAMPLES, SPECS, Source

FIXTURES = Path(__file__).with_name("fixtures")


def numbers(results):
    """What the runs of the fixtures find, by name."""
    found = {}
    if "iua" in results:
        for name, layer in results["iua"].results.items():
            found[f"{name} counts"] = layer.counts
            found[f"{name} per sample"] = layer.per_sample
        for name, covariance in results["pfa"].covariances.items():
            found[f"{name} covariance"] = covariance.covariances
        return found
    rowing = results["familiarity"]
    return {**rowing.lengths, "ids": np.array(rowing.ids)}


@pytest.mark.parametrize("name", SPECS)
def test_a_checkpoint_of_format_2_is_resumed_and_ends_with_the_numbers_of_a_run_in_one_go(name, tmp_path):
    folder = shutil.copytree(FIXTURES / "checkpoint-2" / name, tmp_path / name)
    found_at_first = []

    def on_batch(index):
        if index == 0:
            found_at_first.append(runs()[-1].progress.batches)

    resumed = introspect(Source(on_batch), *SPECS[name](), batch_size=BATCH, checkpoint=folder)
    expected = numbers(introspect(Source(), *SPECS[name](), batch_size=BATCH))
    assert found_at_first == [KEPT]
    found = numbers(resumed)
    assert found.keys() == expected.keys()
    for key, values in expected.items():
        if values.dtype == np.float64:
            np.testing.assert_allclose(found[key], values, rtol=1e-12, err_msg=key)
        else:
            np.testing.assert_array_equal(found[key], values, err_msg=key)
    told = json.loads((folder / "run.json").read_text())
    assert (told["batches"], told["done"]) == (SAMPLES // BATCH, True)
