"""What looking through the user's namespace costs, against the 50 ms that a cell's end may take.

``python benchmarks/scan.py``; 1,000 names of the kinds that notebooks hold, and 1,000 of the dearest kind alone.
"""

from __future__ import annotations

import statistics
import time
import types

import numpy as np

from deepview_lab.base import pipeline
from deepview_lab.lab.discovery.scan import Scanner
from deepview_lab.processors import MeanStdNormalizer
from deepview_lab.samples import StubProducer

ROUNDS = 30
NAMES = 1000


class Counter:
    def __init__(self, number):
        self.number = number

    def __call__(self, _):
        return iter(())


def kinds():
    """Return what makes an object of each kind, the nth of its kind."""
    digits = StubProducer({"x": np.zeros((12, 4))})
    return {
        "number": lambda n: n,
        "text": str,
        "array": lambda _: np.zeros(4),
        "class": lambda n: type(f"Kind{n}", (), {}),
        "module": lambda n: types.ModuleType(f"module_{n}"),
        "function": lambda _: lambda _: iter(()),
        "callable object": Counter,
        "producer": lambda n: StubProducer({"x": np.zeros((n + 1, 2))}),
        "pipeline": lambda _: pipeline(digits, MeanStdNormalizer(mean=0, std=1)),
    }


def measured(namespace):
    scanner = Scanner(lambda: namespace)
    found = len(scanner.scan().sources)
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        scanner.scan()
        times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times), max(times), found


def main():
    makers = kinds()
    mixed = list(makers.values())
    spaces = {"all kinds": {f"name_{n}": mixed[n % len(mixed)](n) for n in range(NAMES)}}
    spaces |= {kind: {f"name_{n}": make(n) for n in range(NAMES)} for kind, make in makers.items()}
    for kind, namespace in spaces.items():
        median, worst, found = measured(namespace)
        print(f"{kind:16} {median:6.2f} ms (worst of {ROUNDS}: {worst:.2f}), {found} listed of {NAMES} names")


if __name__ == "__main__":
    main()
