"""What watching costs: CPU of the kernel process with a client that acknowledges at once, against nobody watching.

``python benchmarks/watching.py``; the same run (IUA and PFA of six layers, responses made beforehand) interleaved.
"""

from __future__ import annotations

import json
import statistics
import time

import msgspec
import numpy as np

from deepview_lab.base import Batch
from deepview_lab.engine import introspect, registry
from deepview_lab.introspectors import IUA, PFA
from deepview_lab.transport import messages
from deepview_lab.transport.hub import Hub

ROUNDS = 5
BATCHES = 2000
RNG = np.random.default_rng(0)
RESPONSES = {f"conv_{i}": np.maximum(RNG.normal(size=(32, 14, 14, 64)), 0).astype("float32") for i in range(4)}
RESPONSES |= {f"dense_{i}": RNG.normal(size=(32, 512)).astype("float32") for i in range(2)}


def responses(_):
    for _ in range(BATCHES):
        yield Batch(RESPONSES)


def run():
    began = time.process_time()
    introspect(responses, IUA.spec(), PFA.spec(pool="average"), batch_size=32)
    return time.process_time() - began


def watched():
    hub = Hub(registry, version="0", session="s")
    sent = []

    def send(message, buffers):
        sent.append(sum(map(len, buffers)) + len(json.dumps(msgspec.to_builtins(message))))
        if not isinstance(message, messages.Hello):
            hub.control(msgspec.to_builtins(messages.Ack(client="c", seq=message.seq)))

    hub.connect("c", send)
    cpu = run()
    hub.close()
    return cpu, len(sent), sum(sent)


def main():
    run()
    alone, seen, ratios = [], [], []
    for _ in range(ROUNDS):
        alone.append(run())
        seen.append(watched())
        ratios.append(seen[-1][0] / alone[-1])
    print(f"nobody watching  {statistics.median(alone):.2f} s CPU (median of {ROUNDS})")
    print(f"one canvas       {statistics.median(cpu for cpu, _, _ in seen):.2f} s CPU")
    print(f"ratio            {statistics.median(ratios):.3f} (min {min(ratios):.3f}, max {max(ratios):.3f})")
    print(f"sent             {seen[-1][1]} messages, {seen[-1][2] / 1024:.0f} KiB")


if __name__ == "__main__":
    main()
