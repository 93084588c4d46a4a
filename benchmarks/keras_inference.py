"""Keras inference through a pipeline, against a loop of predict_on_batch, and the peer when it is there.

MobileNet without weights on 500 images of 128x128, one response, batch 32 and 8. Each round runs all contestants once,
in turn; the median of nine rounds counts. CPU seconds stand beside wall seconds: on a busy machine only they compare.

    python benchmarks/keras_inference.py
    DEEPVIEW_PEER_TF_PYTHON=/path/to/peer/bin/python python benchmarks/keras_inference.py

The peer runs in its own environment (deepview 3.9.6 with TensorFlow), in a process that waits between its turns, on the
same file of the same model.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

IMAGES, SIDE, ROUNDS = 500, 128, 9
RESPONSE = "conv_pw_13"
BOUNDS = {32: 1.05, 8: 1.1}

PEER = """
import sys, time
import numpy as np
from deepview.base import Batch, pipeline
from deepview_tensorflow import load_tf_model_from_path
images = np.load(sys.argv[2])
model = load_tf_model_from_path(sys.argv[1])
def producer(batch_size):
    for start in range(0, len(images), batch_size):
        yield Batch({"images": images[start:start + batch_size]})
chain = pipeline(producer, model(requested_responses=[sys.argv[3]]))
print("ready", flush=True)
for line in sys.stdin:
    start, cpu = time.perf_counter(), time.process_time()
    for batch in chain(int(line)):
        batch.fields[sys.argv[3]]
    print(time.perf_counter() - start, time.process_time() - cpu, flush=True)
"""


class Peer:
    """The peer in its own process, timed there."""

    def __init__(self, python: str, model: Path, images: Path) -> None:
        command = [python, "-c", PEER, str(model), str(images), RESPONSE]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        if self._answer() != "ready":
            raise SystemExit("The peer did not start: check DEEPVIEW_PEER_TF_PYTHON.")

    def _answer(self) -> str:
        return self._process.stdout.readline().strip()

    def seconds(self, batch_size: int) -> tuple[float, float]:
        self._process.stdin.write(f"{batch_size}\n")
        self._process.stdin.flush()
        wall, cpu = self._answer().split()
        return float(wall), float(cpu)

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait()


def timed(work) -> tuple[float, float]:
    """Return wall and CPU seconds."""
    start, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start, time.process_time() - cpu


def contestants(folder: Path):
    """Return functions of the batch size that return wall and CPU seconds, by name, and the peer to close."""
    import keras
    import numpy as np

    from deepview_lab.base import pipeline
    from deepview_lab.samples import StubProducer
    from deepview_lab.tensorflow import load_tf_model_from_memory

    keras.utils.set_random_seed(0)
    model = keras.applications.MobileNet(weights=None, input_shape=(SIDE, SIDE, 3))
    images = np.random.default_rng(0).random((IMAGES, SIDE, SIDE, 3), np.float32)
    inner = keras.Model(model.inputs, model.get_layer(RESPONSE).output)
    chain = pipeline(StubProducer({"images": images}), load_tf_model_from_memory(model=model)(RESPONSE))

    def loop(batch_size: int) -> None:
        for start in range(0, IMAGES, batch_size):
            inner.predict_on_batch(images[start : start + batch_size])

    def ours(batch_size: int) -> None:
        for batch in chain(batch_size):
            batch.fields[RESPONSE]

    np.testing.assert_allclose(
        next(iter(chain(8))).fields[RESPONSE], inner.predict_on_batch(images[:8]), rtol=1e-4, atol=1e-5
    )
    runs = {
        "predict_on_batch loop": lambda batch_size: timed(lambda: loop(batch_size)),
        "DeepView Lab": lambda batch_size: timed(lambda: ours(batch_size)),
    }
    python = os.environ.get("DEEPVIEW_PEER_TF_PYTHON")
    if not python:
        return runs, None
    model.save(folder / "mobilenet.keras")
    np.save(folder / "images.npy", images)
    peer = Peer(python, folder / "mobilenet.keras", folder / "images.npy")
    return {**runs, "deepview 3.9.6": peer.seconds}, peer


def measure(runs, batch_size: int) -> bool:
    """Print the medians and ratios for one batch size; return whether ours stays within its bound."""
    for run in runs.values():
        run(batch_size)  # traces
    rounds = [{name: run(batch_size) for name, run in runs.items()} for _ in range(ROUNDS)]
    medians = {name: [statistics.median(times[name][clock] for times in rounds) for clock in (0, 1)] for name in runs}
    base_wall, base_cpu = medians["predict_on_batch loop"]
    print(f"\nbatch {batch_size}: {IMAGES} images of {SIDE}x{SIDE}, median of {ROUNDS}")
    for name, (wall, cpu) in medians.items():
        print(f"  {name:<22} {wall:7.3f} s {wall / base_wall:5.2f} x    CPU {cpu:7.3f} s {cpu / base_cpu:5.2f} x")
    within = medians["DeepView Lab"][0] / base_wall <= BOUNDS[batch_size]
    print(f"  bound {BOUNDS[batch_size]} x: {'kept' if within else 'MISSED'}")
    return within


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        runs, peer = contestants(Path(folder))
        within = [measure(runs, batch_size) for batch_size in BOUNDS]
        if peer is not None:
            peer.close()
    return 0 if all(within) else 1


if __name__ == "__main__":
    sys.exit(main())
