"""Does one task with one package and prints what it took as JSON. Started by side_by_side.py, for either package.

It uses only what both packages have, by the same names, and runs on Python 3.11 with either of them.
"""

import contextlib
import importlib
import json
import os
import sys
import time
import warnings
from pathlib import Path

import numpy as np

warnings.simplefilter("ignore")


def module(package, name):
    return importlib.import_module(f"{package}.{name}")


def producer(package, arrays, stop=None):
    batch_of = module(package, "base").Batch
    rows = min(len(next(iter(arrays.values()))), stop or sys.maxsize)

    def produce(batch_size):
        for start in range(0, rows, batch_size):
            yield batch_of({name: array[start : min(start + batch_size, rows)] for name, array in arrays.items()})

    return produce


def timed(action):
    started = time.perf_counter()
    result = action()
    return time.perf_counter() - started, result


def iua(package, arrays, *, repeats, compiled=True):
    face = module(package, "introspectors").IUA

    def run(stop=None):
        if package == "deepview":
            return face.introspect(producer(package, arrays, stop), batch_size=32)
        spec = face.spec(compiled=compiled)
        return module(package, "engine").introspect(producer(package, arrays, stop), spec, batch_size=32)["iua"]

    run(64)
    times = []
    for _ in range(repeats):
        seconds, result = timed(run)
        times.append(seconds)
    check = {name: [item.mean_inactive, item.std_inactive] for name, item in result.results.items()}
    return {"seconds": times, "check": check}


def pfa(package, arrays, *, repeats):
    face = module(package, "introspectors").PFA

    def run():
        result = face.introspect(producer(package, arrays), batch_size=32)
        if package == "deepview":
            return {name: item.eigenvalues for name, item in result._internal_result.items()}
        return {name: item.eigenvalues for name, item in result.covariances.items()}

    times = []
    for _ in range(repeats):
        seconds, spectra = timed(run)
        times.append(seconds)
    return {"seconds": times, "check": {name: values[:50].tolist() for name, values in spectra.items()}}


def recipe(package, arrays, *, repeats, unit_strategy):
    face = module(package, "introspectors").PFA
    result = face.introspect(producer(package, arrays), batch_size=32)
    strategy = getattr(face.UnitSelectionStrategy, unit_strategy)()
    times = []
    for _ in range(repeats):
        seconds, found = timed(lambda: result.get_recipe(unit_strategy=strategy))
        times.append(seconds)
    units = {name: [int(unit) for unit in item.maximally_correlated_units] for name, item in found.items()}
    return {"seconds": times, "check": units}


TASKS = {"iua": iua, "pfa": pfa, "recipe": recipe}


def main():
    package, task, folder, options = sys.argv[1:5]
    arrays = {path.stem: np.load(path, mmap_mode="r") for path in sorted(Path(folder).glob("*.npy"))}
    with contextlib.redirect_stdout(sys.stderr):
        answer = TASKS[task](package, arrays, **json.loads(options))
    print(json.dumps({**answer, "threads": os.cpu_count(), "numpy": np.__version__}))


if __name__ == "__main__":
    main()
