"""Does one task with one package and prints what it took as JSON. Started by side_by_side.py, for either package.

It uses only what both packages have, by the same names, and runs on Python 3.11 with either of them.
"""

import contextlib
import importlib
import json
import sys
import time
import warnings
from pathlib import Path

import numpy as np

warnings.simplefilter("ignore")


def module(package, name):
    return importlib.import_module(f"{package}.{name}")


def producer(package, arrays):
    batch_of = module(package, "base").Batch
    rows = len(next(iter(arrays.values())))

    def produce(batch_size):
        for start in range(0, rows, batch_size):
            yield batch_of({name: array[start : min(start + batch_size, rows)] for name, array in arrays.items()})

    return produce


class Stopwatch:
    """Times actions: seconds that passed, and seconds of processor time of all threads."""

    def __init__(self):
        self.seconds, self.cpu = [], []

    def run(self, action):
        wall, cpu = time.perf_counter(), time.process_time()
        result = action()
        self.seconds.append(time.perf_counter() - wall)
        self.cpu.append(time.process_time() - cpu)
        return result

    def answer(self, check):
        return {"seconds": self.seconds, "cpu": self.cpu, "check": check}


def iua(package, arrays, *, repeats, compiled=True):
    face = module(package, "introspectors").IUA

    def run():
        if package == "deepview":
            return face.introspect(producer(package, arrays), batch_size=32)
        spec = face.spec(compiled=compiled)
        return module(package, "engine").introspect(producer(package, arrays), spec, batch_size=32)["iua"]

    run()
    watch = Stopwatch()
    for _ in range(repeats):
        result = watch.run(run)
    return watch.answer({name: [item.mean_inactive, item.std_inactive] for name, item in result.results.items()})


def pfa(package, arrays, *, repeats, eigenvalues=True):
    face = module(package, "introspectors").PFA

    def spectra(result):
        layers = result._internal_result if package == "deepview" else result.covariances
        return {name: layer.eigenvalues for name, layer in layers.items()}

    def run():
        result = face.introspect(producer(package, arrays), batch_size=32)
        if eigenvalues:
            spectra(result)
        return result

    watch = Stopwatch()
    for _ in range(repeats):
        result = watch.run(run)
    return watch.answer({name: values[:50].tolist() for name, values in spectra(result).items()})


def recipe(package, arrays, *, repeats, unit_strategy):
    face = module(package, "introspectors").PFA
    result = face.introspect(producer(package, arrays), batch_size=32)
    strategy = getattr(face.UnitSelectionStrategy, unit_strategy)()
    watch = Stopwatch()
    for _ in range(repeats):
        found = watch.run(lambda: result.get_recipe(unit_strategy=strategy))
    return watch.answer({name: [int(unit) for unit in item.maximally_correlated_units] for name, item in found.items()})


TASKS = {"iua": iua, "pfa": pfa, "recipe": recipe}


def main():
    package, task, folder, options = sys.argv[1:5]
    arrays = {path.stem: np.load(path) for path in sorted(Path(folder).glob("*.npy"))}
    with contextlib.redirect_stdout(sys.stderr):
        answer = TASKS[task](package, arrays, **json.loads(options))
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
