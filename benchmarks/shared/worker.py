"""Does one task with one package and prints what it took as JSON. Started by side_by_side.py, for either package.

It uses only what both packages have, by the same names, and runs on Python 3.11 with either of them.
"""

import contextlib
import importlib
import json
import resource
import sys
import tempfile
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


def _cached(package, arrays, folder):
    cacher = module(package, "processors").Cacher(Path(folder))
    return module(package, "base").pipeline(producer(package, arrays), cacher)


def _bits(batches):
    return sum(int(np.bitwise_xor.reduce(batch.fields["dense"].view("u8"), axis=None)) for batch in batches)


def cache_write(package, arrays, *, repeats):
    watch = Stopwatch()
    for _ in range(repeats):
        with tempfile.TemporaryDirectory() as folder:
            cached = _cached(package, arrays, folder)
            watch.run(lambda cached=cached: sum(batch.batch_size for batch in cached(32)))
            check = _bits(cached(32))
    return watch.answer({"bits": check})


def _cache_read(package, arrays, repeats, look):
    watch = Stopwatch()
    with tempfile.TemporaryDirectory() as folder:
        cached = _cached(package, arrays, folder)
        look(cached(32))
        for _ in range(repeats):
            check = watch.run(lambda: look(cached(32)))
    return watch.answer({"seen": check})


def cache_read(package, arrays, *, repeats):
    return _cache_read(package, arrays, repeats, _bits)


def cache_pass(package, arrays, *, repeats):
    return _cache_read(package, arrays, repeats, lambda batches: sum(batch.batch_size for batch in batches))


def duplicates(package, arrays, *, repeats, options=None):
    """The check holds the sets that were found, and the recall of the search for neighbours."""
    face = module(package, "introspectors").Duplicates
    rows = arrays["dense"]
    ours = {} if package == "deepview" else {name: getattr(face, value)() for name, value in (options or {}).items()}

    watch = Stopwatch()
    for _ in range(repeats):
        result = watch.run(lambda: face.introspect(producer(package, arrays), batch_size=1024, **ours))
    sets = [sorted(int(index) for index in found.indices) for found in result.results["dense"]]
    recall = _annoy_recall(rows) if package == "deepview" else result.responses["dense"].recall or 1.0
    return watch.answer({"sets": sets, "recall": recall})


def _annoy_recall(rows, asked=200):
    """Return which share of the true ten neighbours an index like DeepView's finds, itself not counted."""
    import annoy

    scaled = rows / np.linalg.norm(rows, axis=0)
    index = annoy.AnnoyIndex(rows.shape[1], "euclidean")
    index.set_seed(0)
    for number, row in enumerate(scaled):
        index.add_item(number, row)
    index.build(30)
    found = []
    for number in np.random.default_rng(0).choice(len(rows), asked, replace=False):
        distances = ((scaled - scaled[number]) ** 2).sum(axis=1)
        true = set(np.argpartition(distances, 10)[:10].tolist()) - {int(number)}
        found.append(len(true & set(index.get_nns_by_item(int(number), 10))) / len(true))
    return float(np.mean(found))


def labelled(package, rows):
    """Return a producer with ids, ten classes and two splits."""
    batch_of = module(package, "base").Batch
    keys = batch_of.StdKeys

    def produce(batch_size):
        for start in range(0, len(rows), batch_size):
            end = min(start + batch_size, len(rows))
            builder = batch_of.Builder({"dense": rows[start:end]})
            builder.metadata[keys.IDENTIFIER] = list(range(start, end))
            builder.metadata[keys.LABELS] = {
                "class": [f"class {index % 10}" for index in range(start, end)],
                "dataset": ["test" if index % 5 == 0 else "train" for index in range(start, end)],
            }
            yield builder.make_batch()

    return produce


def dataset_report(package, arrays, *, repeats, projection=True):
    faces = module(package, "introspectors")
    given = {} if projection else {"projection": faces.DimensionReduction.Strategy.PCA(2)}

    watch = Stopwatch()
    for _ in range(repeats):
        config = faces.ReportConfig(**given)
        found = watch.run(
            lambda config=config: (
                faces.DatasetReport.introspect(labelled(package, arrays["dense"]), config=config, batch_size=1024).data
            )
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return watch.answer({"rows": len(found), "columns": len(found.columns), "gib": peak})


def familiarity_fit(package, arrays, *, repeats):
    face = module(package, "introspectors").Familiarity
    watch = Stopwatch()
    for _ in range(repeats):
        strategy = face.Strategy.GMM(_random_state=0)
        fitted = watch.run(lambda strategy=strategy: face.introspect(producer(package, arrays), strategy=strategy))
    return watch.answer({"mean": _mean_score(package, arrays, fitted)})


def familiarity_score(package, arrays, *, repeats):
    face = module(package, "introspectors").Familiarity
    fitted = face.introspect(producer(package, arrays), strategy=face.Strategy.GMM(_random_state=0))
    watch = Stopwatch()
    for _ in range(repeats):
        mean = watch.run(lambda: _mean_score(package, arrays, fitted))
    return watch.answer({"mean": mean})


def _mean_score(package, arrays, fitted):
    """Score all samples in a pipeline, as a user would."""
    scored = module(package, "base").pipeline(producer(package, arrays), fitted)
    results = [one for batch in scored(1024) for one in batch.metadata[fitted.meta_key]["dense"]]
    return float(np.mean([one.score for one in results]))


def projection(package, arrays, *, repeats, strategy, dimensions):
    """Fit, and project the same data; the first run, which compiles, comes first."""
    face = module(package, "introspectors").DimensionReduction
    watch = Stopwatch()

    def run():
        chosen = getattr(face.Strategy, strategy)(dimensions)
        fitted = face.introspect(producer(package, arrays), strategies=chosen)
        projected = module(package, "base").pipeline(producer(package, arrays), fitted)
        return np.concatenate([batch.fields["dense"] for batch in projected(1024)])

    for _ in range(repeats):
        positions = watch.run(run)
    return watch.answer({"spread": positions.std(axis=0, dtype=np.float64).tolist()})


TASKS = {
    "familiarity_fit": familiarity_fit,
    "familiarity_score": familiarity_score,
    "projection": projection,
    "dataset_report": dataset_report,
    "duplicates": duplicates,
    "cache_pass": cache_pass,
    "cache_read": cache_read,
    "cache_write": cache_write,
    "iua": iua,
    "pfa": pfa,
    "recipe": recipe,
}


def main():
    package, task, folder, options = sys.argv[1:5]
    arrays = {path.stem: np.load(path) for path in sorted(Path(folder).glob("*.npy"))}
    with contextlib.redirect_stdout(sys.stderr):
        answer = TASKS[task](package, arrays, **json.loads(options))
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
