"""The dataset report: one pass, DeepView's columns, parts that show up as they are made, a file that keeps all."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.mixture import GaussianMixture

from deepview_lab.analysis.contract import StandaloneContext
from deepview_lab.analysis.dataset.spec import DatasetSpec
from deepview_lab.analysis.findings import Findings
from deepview_lab.base import Batch
from deepview_lab.engine import runs, start
from deepview_lab.exceptions import (
    DeepViewException,
    DeepViewWarning,
    PartialResultWarning,
    ReportFileError,
    UnpooledResponseError,
)
from deepview_lab.introspectors import (
    DatasetReport,
    DimensionReduction,
    Duplicates,
    DuplicatesConfig,
    Familiarity,
    ReportConfig,
)
from deepview_lab.introspectors.dataset_report import face
from deepview_lab.introspectors.opened import open_report
from deepview_lab.samples import StubProducer

LABELS = Batch.StdKeys.LABELS
IDS = Batch.StdKeys.IDENTIFIER
QUICK = ReportConfig(projection=DimensionReduction.Strategy.PCA(2))


class Counted:
    """A producer that counts how often it is read."""

    def __init__(self, producer):
        self.producer = producer
        self.passes = 0

    def __call__(self, batch_size):
        self.passes += 1
        return self.producer(batch_size)


def responses(count=300, width=8, seed=0):
    values = np.random.default_rng(seed).standard_normal((count, width)).astype(np.float32)
    values[count // 2] = values[1]
    return values


def labelled(count=300, **fields):
    labels = {
        "label": ["cat", "dog", "cow"] * (count // 3),
        "dataset": ["train"] * (count // 2) + ["test"] * (count // 2),
    }
    ids = [("file", index) for index in range(count)]
    return StubProducer(fields or {"dense": responses(count)}, {LABELS: labels, IDS: ids})


def test_the_columns_are_those_of_deepview_in_the_order_of_the_producer():
    report = DatasetReport.introspect(labelled(), config=QUICK)
    assert list(report.data) == [
        "id",
        "label",
        "dataset",
        "duplicates_dense",
        "projection_dense_x",
        "projection_dense_y",
        "familiarity_dense",
        "splitFamiliarity_dense_byAttr_label",
        "splitFamiliarity_dense_byAttr_dataset",
    ]
    assert report.data["id"].tolist() == [str(("file", index)) for index in range(300)]
    assert report.data["dataset"].tolist() == ["train"] * 150 + ["test"] * 150


def test_the_producer_is_read_once():
    producer = Counted(labelled())
    DatasetReport.introspect(producer, config=QUICK, batch_size=64)
    assert producer.passes == 1


def test_every_part_is_what_the_analysis_alone_would_say():
    producer, values = labelled(), responses()
    report = DatasetReport.introspect(producer, config=QUICK)
    sets = Duplicates.introspect(producer).results["dense"]
    assert report.data.query("duplicates_dense == 0").index.tolist() == sets[0].indices == [1, 150]
    alone = Familiarity.introspect(producer)
    np.testing.assert_allclose(report.data["familiarity_dense"], alone.scores["dense"])
    centred = values.astype(np.float64) - values.mean(axis=0, dtype=np.float64)
    axes = np.linalg.svd(centred, full_matrices=False)[2][:2]
    found = report.data[["projection_dense_x", "projection_dense_y"]].to_numpy()
    np.testing.assert_allclose(np.abs(found), np.abs(centred @ axes.T), atol=1e-4)


def test_scores_by_label_are_log_densities_of_a_mixture_of_that_label():
    report = DatasetReport.introspect(labelled(), config=QUICK)
    values = responses().astype(np.float64)
    cats = values[::3]
    fitted = GaussianMixture(5, covariance_type="diag", init_params="k-means++", random_state=0, max_iter=200)
    fitted.fit(cats - cats.mean(axis=0))
    expected = fitted.score_samples(values - cats.mean(axis=0))
    found = [scores["cat"] for scores in report.data["splitFamiliarity_dense_byAttr_label"]]
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_labels_with_too_few_samples_have_no_scores_of_their_own():
    labels = {"label": ["usual"] * 290 + ["rare"] * 10}
    producer = StubProducer({"dense": responses()}, {LABELS: labels})
    report = DatasetReport.introspect(producer, config=QUICK)
    assert report.split_labels == {"splitFamiliarity_dense_byAttr_label": ("usual",)}
    none = ReportConfig(projection=None, split_familiarity_min=1000)
    assert "splitFamiliarity_dense_byAttr_label" not in DatasetReport.introspect(producer, config=none).data


def test_without_labels_and_ids_it_counts_the_samples_and_says_so():
    report = DatasetReport.introspect(StubProducer({"dense": responses()}), config=QUICK)
    assert report.data["id"].tolist() == [str(index) for index in range(300)]
    assert "Ids were made by counting" in report.summary
    assert "Ids were made by counting" not in DatasetReport.introspect(labelled(), config=QUICK).summary


def test_wide_responses_are_reduced_before_anything_else_also_with_duplicates_alone():
    wide = np.random.default_rng(1).standard_normal((300, 100)).astype(np.float32)
    wide[:, 40:] *= 1e-3
    wide[7] = wide[70] + 1e-3  # close in the first 40 axes
    only = ReportConfig(projection=None, familiarity=None)
    reduced = DatasetReport.introspect(StubProducer({"dense": wide}), config=only)
    assert reduced.data.query("duplicates_dense == 0").index.tolist() == [7, 70]
    # Each of the 60 narrow columns counts as much as a wide one where the responses are taken as they are.
    raw = ReportConfig(projection=None, familiarity=None, dim_reduction={})
    assert (DatasetReport.introspect(StubProducer({"dense": wide}), config=raw).data["duplicates_dense"] == -1).all()


def test_the_usual_map_is_that_of_umap():
    report = DatasetReport.introspect(labelled(), config=ReportConfig(duplicates=None, familiarity=None))
    alone = DimensionReduction.introspect(labelled(), strategies=DimensionReduction.Strategy.UMAP(2))
    expected = alone.reducers["dense"].positions
    np.testing.assert_array_equal(report.data[["projection_dense_x", "projection_dense_y"]], expected)


def test_several_responses_of_any_name_map_back_to_their_columns():
    fields = {"block/conv 1": responses(seed=1), "blockconv_1": responses(seed=2), "é/byAttr": responses(seed=3)}
    report = DatasetReport.introspect(labelled(**fields), config=QUICK)
    for name in fields:
        columns = [column for column, meaning in report.meanings.items() if meaning.response == name]
        assert len(columns) == 6, columns
    assert set(report.responses) == set(fields)


def test_samples_that_are_not_finite_stay_in_the_table_without_numbers():
    values = responses()
    values[5, 2] = np.nan
    report = DatasetReport.introspect(StubProducer({"dense": values}), config=QUICK)
    row = report.data.loc[5]
    assert row["duplicates_dense"] == -1
    assert np.isnan(row["familiarity_dense"])
    assert np.isnan(row["projection_dense_x"])
    assert report.data.drop(index=5).notna().all().all()


@pytest.mark.parametrize("batch_size", [1, 7, 300])
def test_the_batch_size_changes_nothing(batch_size):
    expected = DatasetReport.introspect(labelled(), config=QUICK).data
    found = DatasetReport.introspect(labelled(), config=QUICK, batch_size=batch_size).data
    assert found.equals(expected)


def test_parts_that_are_left_out_have_no_columns():
    config = ReportConfig(projection=None, duplicates=None, familiarity=None)
    assert list(DatasetReport.introspect(labelled(), config=config).data) == ["id", "label", "dataset"]
    assert (config.n_stages, config.use_dim_reduction) == (1, False)
    only = ReportConfig(projection=None, familiarity=None)
    assert (only.n_stages, only.use_dim_reduction) == (2, True)
    assert ReportConfig().n_stages == 3


def test_the_parts_are_shown_as_they_are_made():
    shown = []

    class Watching(StandaloneContext):
        def partial(self, result):
            shown.append(list(result.columns))

    from deepview_lab.analysis.rows import Rows

    values = responses()
    rows = Rows({"x": values}, {"x": np.ones(300, bool)}, ids=range(300), made_ids=True, labels={})
    spec = DatasetSpec(QUICK)
    spec.finish(spec.create(), Watching(rows))
    assert [len(columns) for columns in shown] == [1, 2, 3, 3, 5]
    assert shown[1] == ["id", "duplicates_x"]


def test_while_it_is_read_the_labels_are_counted():
    spec = DatasetSpec(QUICK)
    acc = spec.create()
    for batch in labelled()(64):
        acc = spec.update(acc, batch)
    table = spec.snapshot(acc, None)
    assert isinstance(table, Findings)
    counts = dict(zip(table.table["label"], table.table["samples"], strict=True))
    assert counts == {"cat": 100, "cow": 100, "dog": 100, "train": 150, "test": 150}


def test_a_report_that_is_stopped_keeps_the_parts_that_were_made():
    class Stopping(Familiarity.Strategy.GMM):
        def fit(self, field, rows, progress):
            run().cancel()
            return super().fit(field, rows, progress)

    def run():
        return next(run for run in reversed(runs()) if run.name == "to be stopped")

    config = ReportConfig(projection=None, familiarity=Stopping())
    started = start(labelled(), DatasetReport.spec(config=config), name="to be stopped")
    with pytest.warns(PartialResultWarning):
        results = started.wait(300)
    assert started.status == "cancelled"
    assert list(results["report"].data) == ["id", "label", "dataset", "duplicates_dense"]


def test_a_part_that_cannot_be_made_is_left_out_with_the_reason_and_the_others_stay():
    with pytest.warns(DeepViewWarning, match="The report has no familiarity: .*'dense'"):
        report = DatasetReport.introspect(
            StubProducer({"dense": responses()[:1]}), config=ReportConfig(projection=None)
        )
    assert list(report.data) == ["id", "duplicates_dense"]
    assert "No familiarity: " in report.summary


def test_a_file_keeps_every_number(tmp_path):
    report = DatasetReport.introspect(labelled(), config=QUICK)
    path = report.save(tmp_path / "digits.dvreport")
    read = DatasetReport.from_disk(path)
    assert read.data.equals(report.data)
    assert read.summary == report.summary
    assert read.findings().table["id"].tolist() == report.findings().table["id"].tolist()
    assert {name: meaning.kind for name, meaning in read.meanings.items()} == {
        name: meaning.kind for name, meaning in report.meanings.items()
    }


def test_a_run_of_several_analyses_of_samples_is_kept_whole(tmp_path):
    run = start(labelled(), Duplicates.spec(), DatasetReport.spec(config=QUICK), name="both")
    results = run.wait(300)
    opened = open_report(run.save(tmp_path / "both.dvreport"))
    assert opened.results["report"].data.equals(results["report"].data)
    assert isinstance(opened.results["report"], DatasetReport)
    told, kept = results["duplicates"].findings(), opened.results["duplicates"]
    assert kept.summary == told.summary
    assert {name: values.tolist() for name, values in kept.table.items()} == {
        name: values.tolist() for name, values in told.table.items()
    }
    assert "report: 300 samples" in opened.summary


def test_a_folder_is_replaced_only_when_told(tmp_path):
    report = DatasetReport.introspect(labelled(), config=QUICK)
    report.to_disk(tmp_path / "saved")
    with pytest.raises(FileExistsError, match="overwrite=True"):
        report.to_disk(tmp_path / "saved")
    report.to_disk(tmp_path / "saved", overwrite=True)
    with pytest.raises(FileNotFoundError):
        DatasetReport.from_disk(tmp_path / "elsewhere")


def test_a_file_whose_columns_do_not_fit_is_refused(tmp_path):
    import pyarrow as pa

    from deepview_lab.report import Manifest, write_report
    from deepview_lab.report.codecs.dataset import dataset_tables

    report = DatasetReport.introspect(labelled(), config=QUICK)
    tables = {f"report.{name}": table for name, table in dataset_tables(report).items()}
    tables["report.samples"] = pa.table({"id": ["a"]})
    manifest = Manifest(kind="report", name="odd", introspectors={"report": "report"})
    path = write_report(tmp_path / "odd.dvreport", manifest, tables)
    with pytest.raises(ReportFileError, match="other columns than it says"):
        DatasetReport.from_disk(path)


def test_feature_maps_are_refused_unless_pooled():
    maps = np.random.default_rng(0).random((60, 4, 4, 8)).astype(np.float32)
    with pytest.raises(UnpooledResponseError, match=r"dataset report needs one value.*'conv'.*pool='average'"):
        DatasetReport.introspect(StubProducer({"conv": maps}), config=QUICK)
    report = DatasetReport.introspect(StubProducer({"conv": maps}), config=QUICK, pool="average")
    assert len(report) == 60


def test_what_is_no_config_is_refused():
    with pytest.raises(DeepViewException, match="ReportConfig, but is a dict"):
        DatasetReport.spec(config={})
    with pytest.raises(ValueError, match="split_familiarity_min must be at least 1"):
        ReportConfig(split_familiarity_min=0)


def test_own_thresholds_are_used():
    config = ReportConfig(projection=None, familiarity=None, duplicates=DuplicatesConfig(Duplicates.Absolute(0.0)))
    report = DatasetReport.introspect(labelled(), config=config)
    assert report.parts.duplicates.thresholds["dense"] == 0.0


def test_the_face_has_what_the_analysis_found():
    spec = DatasetSpec(ReportConfig(projection=None, familiarity=None, duplicates=None))
    from deepview_lab.analysis.rows import Rows

    rows = Rows({"x": responses()}, {"x": np.ones(300, bool)}, ids=range(300), made_ids=True, labels={})
    assert list(face(spec.finish(spec.create(), StandaloneContext(rows))).data) == ["id"]


def test_densities_of_reduced_responses_have_another_name_than_those_of_familiarity(tmp_path):
    wide = responses(width=50)
    producer = labelled(dense=wide, narrow=responses())
    report = DatasetReport.introspect(producer, config=ReportConfig(projection=None, duplicates=None))
    titles = {column.name: column.title for column in report.sample_table().columns}
    assert titles["familiarity_dense"] == "familiarity in 40 dimensions"
    assert titles["splitFamiliarity_dense_byAttr_label"] == "familiarity among its label in 40 dimensions"
    assert titles["familiarity_narrow"] == "familiarity"
    assert "Of dense, the parts use 40 dimensions, reduced from 50." in report.findings().summary
    alone = Familiarity.introspect(StubProducer({"dense": wide}))
    assert [column.title for column in alone.sample_table().columns if column.role == "score"] == ["familiarity"]
    assert not np.allclose(alone.scores["dense"], report.data["familiarity_dense"], rtol=0.01)
    raw = ReportConfig(projection=None, duplicates=None, dim_reduction={})
    same = DatasetReport.introspect(producer, config=raw)
    np.testing.assert_allclose(alone.scores["dense"], same.data["familiarity_dense"])
    report.to_disk(tmp_path / "saved")
    read = DatasetReport.from_disk(tmp_path / "saved")
    assert {column.name: column.title for column in read.sample_table().columns} == titles
