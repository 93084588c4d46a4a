"""UMAP, PaCMAP and t-SNE: seeded, watched, stoppable, and clear about what they cannot do."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from deepview_lab.analysis.contract import StandaloneContext
from deepview_lab.analysis.projection.manifold import TSNE, UMAP, PaCMAP
from deepview_lab.analysis.projection.spec import ProjectionSpec
from deepview_lab.base import Batch
from deepview_lab.exceptions import CancelledError, DeepViewException, MissingExtraError, TooFewSamplesError
from tests.analysis.as_rows import as_rows
from tests.analysis.heard import Heard

QUICK = {
    "UMAP": lambda seed=0, dimensions=2: UMAP(dimensions, seed=seed, n_epochs=30),
    "PaCMAP": lambda seed=0, dimensions=2: PaCMAP(dimensions, seed=seed, num_iters=(20, 20, 20)),
    "TSNE": lambda seed=0, dimensions=2: TSNE(dimensions, seed=seed, max_iter=60, init="random"),
}
STAGES = {"UMAP": "Fitting UMAP", "PaCMAP": "Fitting PaCMAP", "TSNE": "Fitting t-SNE"}
# What scikit-learn says of the clusters below, when it lays out their centres for umap.
pytestmark = pytest.mark.filterwarnings("ignore:Graph is not fully connected")
every = pytest.mark.parametrize("name", QUICK)


def clusters(count=150, units=8):
    rng = np.random.default_rng(0)
    labels = np.arange(count) % 3
    return (rng.standard_normal((count, units)) + 20 * np.eye(3, units)[labels]).astype(np.float32), labels


def fitted(strategy, context):
    spec = ProjectionSpec(strategy)
    return spec.finish(spec.update(spec.create(), Batch(dict(context.rows.fields))), context)


def positions(strategy, values, **about):
    return fitted(strategy, StandaloneContext(as_rows({"x": values}, **about))).positions["x"]


@every
def test_neighbours_stay_together(name):
    values, labels = clusters()
    found = positions({"UMAP": UMAP(2, n_epochs=150), "PaCMAP": PaCMAP(2), "TSNE": TSNE(2, max_iter=400)}[name], values)
    distances = np.linalg.norm(found[:, None] - found[None], axis=2)
    np.fill_diagonal(distances, np.inf)
    assert (labels[distances.argmin(axis=1)] == labels).mean() > 0.97


@every
def test_equal_seeds_give_equal_positions(name):
    values, _ = clusters()
    first, again, other = (positions(QUICK[name](seed), values) for seed in (3, 3, 4))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


@every
def test_it_says_how_far_it_is(name):
    values, _ = clusters()
    context = Heard(as_rows({"x": values}))
    fitted(QUICK[name](), context)
    shares = [done for stage, done in context.steps if stage == STAGES[name] and done is not None]
    assert len(shares) >= 4
    assert shares == sorted(shares)
    assert shares[0] <= 0.4
    assert 0.8 <= shares[-1] <= 1


@every
def test_it_can_be_stopped_in_the_middle_and_works_again_afterwards(name):
    values, _ = clusters()
    context = Heard(as_rows({"x": values}), stop_at=STAGES[name], stop_after=0.4)
    with pytest.raises(CancelledError):
        fitted(QUICK[name](), context)
    assert 0.4 <= context.steps[-1][1] < 0.8
    assert np.isfinite(positions(QUICK[name](), values)).all()


@every
def test_fitted_samples_keep_their_positions_joined_by_id_and_new_ones_join_their_cluster(name):
    values, labels = clusters()
    ids = [f"s{index}" for index in range(150)]
    result = fitted(QUICK[name](), StandaloneContext(as_rows({"x": values}, ids=ids)))
    order = np.random.default_rng(1).permutation(150)
    builder = Batch.Builder({"x": values[order]})
    builder.metadata[Batch.StdKeys.IDENTIFIER] = [ids[index] for index in order]
    np.testing.assert_array_equal(result.projected(builder.make_batch()).fields["x"], result.positions["x"][order])
    new, new_labels = clusters(30)
    placed = result.projected(Batch({"x": new + 0.3})).fields["x"]
    nearest = np.linalg.norm(placed[:, None] - result.positions["x"][None], axis=2).argmin(axis=1)
    assert (labels[nearest] == new_labels).mean() > 0.8


@every
def test_samples_with_nan_have_no_position(name):
    values, _ = clusters()
    values[5, 0] = np.nan
    found = positions(QUICK[name](), values)
    assert np.flatnonzero(np.isnan(found).any(axis=1)).tolist() == [5]


@every
@pytest.mark.parametrize("dimensions", [1, 3])
def test_other_numbers_of_dimensions(name, dimensions):
    found = positions(QUICK[name](dimensions=dimensions), clusters(60)[0])
    assert found.shape == (60, dimensions)
    assert np.isfinite(found).all()


@every
@pytest.mark.parametrize("kind", ["fewest", "equal", "constant columns"])
def test_poor_data_has_finite_positions(name, kind):
    values, _ = clusters(40)
    if kind == "fewest":
        values = values[: QUICK[name]().least_samples]
    elif kind == "equal":
        values[:] = 3
    else:
        values[:, 2:] = 5
    assert np.isfinite(positions(QUICK[name](), values)).all()


@every
def test_too_few_samples_are_an_error_that_names_field_needed_and_got(name):
    strategy = QUICK[name]()
    few = strategy.least_samples - 1
    with pytest.raises(TooFewSamplesError, match=rf"at least {few + 1} samples of response 'x' .* got {few}"):
        positions(strategy, clusters()[0][:few])


@pytest.mark.parametrize("strategy", [UMAP(2, colour=1), PaCMAP(2, colour=1), TSNE(2, colour=1)], ids=repr)
def test_a_setting_that_the_library_does_not_know_is_an_error_that_names_the_response(strategy):
    with pytest.raises(DeepViewException, match=r"cannot project response 'x'.*colour"):
        positions(strategy, clusters(30)[0])


@pytest.mark.parametrize(
    ("strategy", "module", "library"),
    [(UMAP(2), "umap", "umap-learn"), (PaCMAP(2), "pacmap.pacmap", "pacmap"), (TSNE(2), "openTSNE", "openTSNE")],
    ids=["UMAP", "PaCMAP", "TSNE"],
)
def test_a_missing_library_is_named_with_the_extra_that_has_it(strategy, module, library, monkeypatch):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtraError, match=rf"needs {library}, .*deepview_lab\[report\]"):
        positions(strategy, clusters(30)[0])


def test_settings_change_the_result():
    values, _ = clusters()
    plain = positions(UMAP(2, n_epochs=30), values)
    for settings in (
        {"min_dist": 0.9},
        {"n_neighbors": 5},
        {"metric": "manhattan"},
        {"random_state": 5},
        {"repulsion_strength": 3.0},
        {"negative_sample_rate": 2},
        {"learning_rate": 0.5},
    ):
        assert not np.array_equal(positions(UMAP(2, n_epochs=30, **settings), values), plain), settings


def test_umap_does_itself_what_our_loop_does_not():
    values, _ = clusters()
    context = Heard(as_rows({"x": values}))
    found = fitted(UMAP(2, n_epochs=[10, 30]), context).positions["x"]
    assert np.isfinite(found).all()
    assert not np.array_equal(found, positions(UMAP(2, n_epochs=30), values))
    assert [done for stage, done in context.steps if stage == STAGES["UMAP"] and done is not None][-1] == 29 / 30


def test_t_sne_of_more_than_three_dimensions_is_refused():
    with pytest.raises(DeepViewException, match="at most 3 dimensions, not into 4"):
        TSNE(4)


def test_umap_does_not_load_tensorflow_and_leaves_its_parametric_class_there(tmp_path):
    import subprocess

    code = (
        "import sys\n"
        "from deepview_lab.analysis.projection.libraries import load_umap\n"
        "umap = load_umap()\n"
        "assert 'tensorflow' not in sys.modules\n"
        "assert load_umap() is umap\n"
        "assert not hasattr(umap, 'nothing')\n"
        "assert umap.ParametricUMAP.__module__ == 'umap.parametric_umap'\n"
    )
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


# Two that our loop leaves to umap-learn with a seed, and one without; see load_umap.
THEIRS = {
    "densmap": {"densmap": True, "dens_frac": 0.5},
    "output metric": {"output_metric": "manhattan"},
    "all threads": {"random_state": None},
}
theirs = pytest.mark.parametrize("settings", THEIRS.values(), ids=THEIRS)


@theirs
def test_what_umap_optimises_itself_keeps_neighbours_together_and_says_how_far_it_is(settings):
    values, labels = clusters()
    context = Heard(as_rows({"x": values}))
    found = fitted(UMAP(2, n_epochs=150, **settings), context).positions["x"]
    assert found.shape == (150, 2)
    assert found.dtype == np.float32
    distances = np.linalg.norm(found[:, None] - found[None], axis=2)
    np.fill_diagonal(distances, np.inf)
    assert (labels[distances.argmin(axis=1)] == labels).mean() > 0.97
    shares = [done for stage, done in context.steps if stage == STAGES["UMAP"] and done is not None]
    assert shares == [epoch / 150 for epoch in range(150)]


@theirs
def test_what_umap_optimises_itself_can_be_stopped_in_the_middle(settings):
    context = Heard(as_rows({"x": clusters()[0]}), stop_at=STAGES["UMAP"], stop_after=0.4)
    with pytest.raises(CancelledError):
        fitted(UMAP(2, n_epochs=30, **settings), context)
    assert context.steps[-1] == (STAGES["UMAP"], 0.4)


@pytest.mark.parametrize("name", ["densmap", "output metric"])
def test_with_a_seed_the_positions_are_those_of_umap_learn_with_these_settings(name):
    from umap import UMAP as Theirs

    values, _ = clusters()
    # With this metric umap searches the neighbours too. The precision of the curve is ours.
    plain = {"n_epochs": 30, "metric": "manhattan", "a": np.float32(1.5), "b": np.float32(0.9)}
    settings = plain | THEIRS[name]
    found = positions(UMAP(2, seed=7, **settings), values)
    expected = Theirs(n_components=2, random_state=7, n_jobs=1, **settings).fit(values).embedding_
    np.testing.assert_array_equal(found, expected)
    assert not np.array_equal(found, positions(UMAP(2, seed=7, **plain), values))


def test_without_a_seed_each_embedding_is_another():
    values, _ = clusters()
    first, second = (positions(UMAP(2, n_epochs=30, **THEIRS["all threads"]), values) for _ in range(2))
    assert not np.array_equal(first, second)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"output_metric": "furlong"}, "output_metric is neither callable nor a recognised string"),
        ({"output_metric": "manhattan", "densmap": True}, "Non-Euclidean output metric not supported for densMAP"),
        ({"densmap": True, "dens_frac": 2}, "dens_frac must be between 0.0 and 1.0"),
    ],
    ids=str,
)
def test_what_umap_learn_refuses_is_an_error_that_names_the_response_and_says_why(settings, told):
    with pytest.raises(DeepViewException, match=rf"cannot project response 'x'.*{told}"):
        positions(UMAP(2, **settings), clusters(30)[0])
