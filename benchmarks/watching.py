"""What watching costs: CPU of the kernel process with a canvas that acknowledges at once, against nobody watching.

``python benchmarks/watching.py [case ...]``; per case the same run with and without a canvas, alternately, on responses
made beforehand, so that nothing but the folding is there to hide the cost: with a model in front the share is smaller.
Messages go the way of the kernel: signed, serialised and sent by ZeroMQ, to a socket on which nobody listens.

``while it runs`` ends when the last batch is read, ``whole`` with the results: in between, who watches gets the final
table, with the spectra of all layers, which cost the others the same when they ask for a recipe.

On a machine that is busy with other things set ``OPENBLAS_NUM_THREADS=1``: threads that wait for each other count.
"""

from __future__ import annotations

import statistics
import sys
import threading
import time
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import msgspec
import numpy as np
import zmq
from jupyter_client.session import Session

from deepview_lab.base import Batch
from deepview_lab.engine import Run, registry, start
from deepview_lab.exceptions import PartialResultWarning
from deepview_lab.introspectors import IUA, PFA
from deepview_lab.transport.feeds.hub import Hub
from deepview_lab.transport.wire import messages

ROUNDS = 5
BATCH = 32


def six_layers():
    rng = np.random.default_rng(0)
    maps = {f"conv_{i}": np.maximum(rng.normal(size=(BATCH, 14, 14, 64)), 0).astype("float32") for i in range(4)}
    return maps | {f"dense_{i}": rng.normal(size=(BATCH, 512)).astype("float32") for i in range(2)}


def many_layers(units, layers=300):
    rng = np.random.default_rng(0)
    return {
        f"model/block_{i // 3}/layer_{i}": np.maximum(rng.normal(size=(BATCH, units)), 0).astype("float32")
        for i in range(layers)
    }


@dataclass(frozen=True)
class Case:
    responses: object  # makes them
    specs: Mapping[str, object]
    batches: int


CASES = {
    "6 layers, IUA and PFA": Case(six_layers, {"iua": IUA.spec(), "pfa": PFA.spec(pool="average")}, 1000),
    "300 layers x 512 units, IUA and PFA": Case(partial(many_layers, 512), {"iua": IUA.spec(), "pfa": PFA.spec()}, 150),
    "300 layers x 4,096 units, IUA": Case(partial(many_layers, 4096), {"iua": IUA.spec()}, 300),
}


class Canvas:
    """A client in this process that shows one run and is done with each message at once."""

    def __init__(self, run: Run):
        self.hub = Hub(registry, version="0", session="s")
        self.count = self.bytes = 0
        self.first: dict[str, float] = {}
        self.words: dict[tuple[str, str], float] = {}
        self._session = Session(key=b"key")
        self._socket = zmq.Context.instance().socket(zmq.PUB)
        self._socket.bind_to_random_port("tcp://127.0.0.1")
        self._lock = threading.Lock()
        self.hub.connect("c", self._send, run=run.id)

    def _send(self, message, buffers):
        content = {"comm_id": "c" * 32, "data": msgspec.to_builtins(message)}
        with self._lock:
            sent = self._session.send(self._socket, "comm_msg", content, ident=b"comm-c", buffers=list(buffers))
        self.count += 1
        self.bytes += sum(map(len, buffers)) + len(self._session.pack(sent["content"]))
        if isinstance(message, messages.Snapshot):
            self.first.setdefault(message.run, time.monotonic())
        if isinstance(message, messages.RunState):
            self.words.setdefault((message.run, message.status), time.monotonic())
        if not isinstance(message, messages.Hello):
            self.control(messages.Ack(client="c", seq=message.seq))

    def control(self, message):
        self.hub.control(msgspec.to_builtins(message))

    def close(self):
        self.hub.close()
        self._socket.close()


@dataclass(frozen=True)
class Cost:
    running: float
    whole: float


def begun(case, responses, on_read=lambda: None) -> Run:
    batch = Batch(responses)

    def producer(_):
        for _ in range(case.batches):
            yield batch
        on_read()

    return start(producer, *case.specs.values(), batch_size=BATCH)


def measured(case, responses, watch=lambda _: None) -> tuple[Cost, Canvas | None]:
    """Return what a run took, and what ``watch`` made of it when it had begun."""
    read = []
    began = time.process_time()
    run = begun(case, responses, lambda: read.append(time.process_time()))
    canvas = watch(run)
    run.wait()
    cost = Cost(read[0] - began, time.process_time() - began)
    if canvas is not None:
        canvas.close()
    return cost, canvas


def quickness(case, responses) -> tuple[float, float]:
    """Return the seconds from the start to the first table, and from Cancel to its acknowledgement in the middle."""
    tick = threading.Event()
    began = time.monotonic()
    run = begun(case, responses)
    canvas = Canvas(run)
    try:
        while run.id not in canvas.first or run.progress.batches < case.batches // 10:
            tick.wait(0.002)
        asked = time.monotonic()
        canvas.control(messages.Cancel(client="c", run=run.id))
        while (run.id, "cancelling") not in canvas.words:
            tick.wait(0.002)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", PartialResultWarning)
            run.wait()
        return canvas.first[run.id] - began, canvas.words[run.id, "cancelling"] - asked
    finally:
        canvas.close()


def report(name, case, rounds=ROUNDS):
    responses = case.responses()
    measured(case, responses)
    alone, seen = [], []
    for _ in range(rounds):
        alone.append(measured(case, responses)[0])
        cost, canvas = measured(case, responses, Canvas)
        seen.append(cost)
    print(f"\n{name}: {case.batches} batches of {BATCH}, {rounds} pairs; processor time")
    for part in ("running", "whole"):
        ours = [getattr(cost, part) for cost in seen]
        peer = [getattr(cost, part) for cost in alone]
        ratios = [a / b for a, b in zip(ours, peer, strict=True)]
        label = "while it runs" if part == "running" else "whole"
        print(
            f"  {label:13}  alone {statistics.median(peer):6.2f} s, watched {statistics.median(ours):6.2f} s, "
            f"ratio {statistics.median(ratios):.3f} (min {min(ratios):.3f}, max {max(ratios):.3f})"
        )
    print(f"  sent           {canvas.count} messages, {canvas.bytes / 1024:.0f} KiB")
    times = [quickness(case, responses) for _ in range(rounds)]
    for label, numbers in zip(("first table", "cancel heard"), zip(*times, strict=True), strict=True):
        print(f"  {label:13}  median {1000 * statistics.median(numbers):.0f} ms, worst {1000 * max(numbers):.0f} ms")


def main():
    wanted = sys.argv[1:]
    for name, case in CASES.items():
        if not wanted or any(word in name for word in wanted):
            report(name, case)


if __name__ == "__main__":
    main()
