"""A Cacher stores what passes once, and gives it back as it was."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from deepview_lab.base import Batch, peek_first_batch, pipeline
from deepview_lab.base import CachedProducer as OfBase
from deepview_lab.base.cache.lock import FolderLock
from deepview_lab.exceptions import (
    CacheError,
    CacheMismatchError,
    DeepViewException,
    DeepViewWarning,
    NoSpaceError,
    ShapeChangedError,
)
from deepview_lab.introspectors import PFA
from deepview_lab.processors import CachedProducer, Cacher, FieldRenamer, MeanStdNormalizer, Pooler, Processor
from deepview_lab.samples import StubProducer
from tests.processors.cache.sources import ID, LABELS, Rows, assert_same, maps_model

SIZES = [1, 3, 8, 20, 100]


def fill(folder, source, *stages, batch_size=8):
    return list(pipeline(source, *stages, Cacher(folder))(batch_size))


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "cache"


@pytest.mark.parametrize("batch_size", SIZES)
def test_a_later_pass_gives_the_same_in_any_batch_size_without_asking_the_source(folder, batch_size):
    source, cacher = Rows(20), Cacher(folder)
    cached = pipeline(source, cacher)
    assert_same(cached(8), source(8))
    source.calls.clear()
    batches = list(cached(batch_size))
    assert_same(batches, Rows(20)(20))
    assert {batch.batch_size for batch in batches[:-1]} <= {batch_size}
    assert Rows.calls == [20]
    assert cacher.cached


def test_another_process_s_finished_cache_is_simply_used(folder):
    fill(folder, Rows(20))
    source = Rows(20)
    assert_same(pipeline(source, Cacher(str(folder)))(6), CachedProducer(folder)(20))
    assert source.calls == []


def test_cached_arrays_are_read_only_views_of_the_files(folder):
    fill(folder, Rows(20))
    array = peek_first_batch(CachedProducer(folder), 5).fields["x"]
    owner = array
    while isinstance(owner, np.ndarray) and owner.base is not None:
        owner = owner.base
    assert type(owner).__name__ == "mmap"
    assert not array.flags.writeable


def test_it_can_stand_anywhere_and_more_than_once(folder, tmp_path):
    model, details = maps_model()
    stages = [
        Cacher(folder),
        model(),
        Cacher(tmp_path / "maps"),
        FieldRenamer({"maps": "pooled"}),
        Pooler(dim=(2, 3), method=Pooler.Method.MAX),
    ]
    through = pipeline(Rows(20), *stages)
    once, again = list(through(8)), list(through(5))
    np.testing.assert_array_equal(
        np.concatenate([batch.fields["pooled"] for batch in once]),
        np.concatenate([batch.fields["pooled"] for batch in again]),
    )
    assert details.seen == 20


def test_a_run_over_a_finished_cache_does_not_run_the_model_and_knows_its_units(folder):
    model, details = maps_model()
    fresh = PFA.introspect(pipeline(Rows(40), model(), Cacher(folder)), pool="average")
    seen = details.seen
    again = PFA.introspect(pipeline(Rows(40), model(), Cacher(folder)), pool="average")
    alone = PFA.introspect(CachedProducer(folder), pool="average")
    assert seen == 40
    assert details.seen == 40
    for pfa in (again, alone):
        np.testing.assert_array_equal(pfa.covariances["maps"].covariances, fresh.covariances["maps"].covariances)
    assert fresh.covariances["maps"].original_output_count == 3


def test_responses_come_back_with_layer_kind_and_unit_axis(folder):
    model, _ = maps_model()
    through = pipeline(Rows(8), model(), Cacher(folder))
    list(through(8))
    assert dict(CachedProducer(folder).responses) == dict(through.responses)
    pooled = pipeline(CachedProducer(folder), Pooler(dim=(2, 3), method=Pooler.Method.MAX))
    assert pooled.responses["maps"].units == 3


def test_the_number_of_samples_is_known_from_the_cache(folder):
    def unknown(batch_size):
        yield from Rows(20)(batch_size)

    through = pipeline(unknown, Cacher(folder))
    with pytest.raises(TypeError):
        len(through)
    list(through(8))
    assert len(through) == len(CachedProducer(folder)) == 20


@pytest.mark.parametrize(("first", "then"), [(8, 8), (8, 5), (3, 7), (1, 20)])
def test_an_interrupted_pass_is_gone_on_with_and_stored_samples_do_not_reach_the_model_again(folder, first, then):
    model, details = maps_model()
    source = Rows(20)
    type(source).fails_at = 13
    with pytest.raises(InterruptedError):
        fill(folder, source, model(), batch_size=first)
    stored = 13 // first * first
    assert details.seen == stored
    source = Rows(20)
    model, details = maps_model()
    cacher = Cacher(folder)
    whole = list(pipeline(source, model(), cacher)(then))
    assert details.seen == 20 - stored
    assert cacher.cached
    assert_same(whole, cacher.as_producer()(4))
    assert_same(whole, pipeline(Rows(20), maps_model()[0]())(20))


def test_a_run_goes_on_with_an_interrupted_cache_through_its_prefetch(folder):
    import deepview_lab
    from deepview_lab.introspectors import IUA

    model, details = maps_model()
    through = pipeline(Rows(20), MeanStdNormalizer(mean=0, std=2), model(), Cacher(folder))
    next(iter(through(6)))
    assert details.seen == 6
    assert deepview_lab.start(through, IUA.spec(), batch_size=4).wait(300)["iua"].samples == 20
    assert details.seen == 20


def test_whoever_looks_at_one_batch_begins_the_cache(folder):
    through = pipeline(Rows(20), Cacher(folder))
    peek_first_batch(through, 3)
    assert_same(through(8), Rows(20)(8))


def test_running_numbers_identify_samples_that_have_no_identifier(folder):
    through = pipeline(StubProducer({"x": np.arange(5.0)}), Cacher(folder))
    for _ in range(2):
        assert [list(batch.metadata[ID]) for batch in through(2)] == [[0, 1], [2, 3], [4]]


def test_running_numbers_go_on_behind_an_interruption(folder):
    through = pipeline(StubProducer({"x": np.arange(5.0)}), Cacher(folder))
    next(iter(through(2)))
    assert [number for batch in through(3) for number in batch.metadata[ID]] == [0, 1, 2, 3, 4]


def test_snapshots_and_metadata_without_fields_come_back(folder):
    inner = Batch.Builder({"before": np.arange(4, dtype=np.uint8).reshape(2, 2)})
    inner.metadata[ID] = [Path("a/b.png"), ("t", 1)]
    builder = Batch.Builder()
    builder.metadata[Batch.MetaKey("my.key")] = [None, {"a": [1.5, b"\x00"]}]
    builder.snapshots["early"] = inner.make_batch()
    batch = builder.make_batch()
    through = pipeline(lambda batch_size: [batch, batch], Cacher(folder))
    list(through(2))
    (again,) = through(4)
    assert again.metadata[Batch.MetaKey("my.key")] == (None, {"a": [1.5, b"\x00"]}) * 2
    assert again.snapshots["early"].fields["before"].tolist() == [[0, 1], [2, 3]] * 2
    assert again.snapshots["early"].metadata[ID] == (Path("a/b.png"), ("t", 1)) * 2
    assert dict(again.fields) == {}


@pytest.mark.parametrize("dtype", ["?", "i1", "u8", "f2", "f8", ">f4", "c8", "U5", "S3", "M8[s]"])
def test_fields_keep_their_dtype(folder, dtype):
    values = np.zeros((3, 2), dtype)
    values[1] = np.ones(2, dtype)
    through = pipeline(StubProducer({"x": values, "single": values[:, 0], "empty": values[:, :0]}), Cacher(folder))
    list(through(2))
    fields = peek_first_batch(through, 3).fields
    np.testing.assert_array_equal(fields["x"], values)
    assert fields["x"].dtype == values.dtype.newbyteorder("=")
    assert (fields["single"].shape, fields["empty"].shape) == ((3,), (3, 0))


def test_no_sample_at_all_is_a_finished_cache_of_none(folder):
    through = pipeline(lambda batch_size: [Batch({"x": np.zeros((0, 3))})], Cacher(folder))
    list(through(2))
    assert len(through) == 0
    assert list(through(2)) == []


class Point(NamedTuple):
    x: int


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"field": np.array([{}, {}])}, CacheError, "Field 'field' has the dtype object"),
        (
            {"ids": [object(), 1]},
            CacheError,
            r"identifier holds a value of type builtins\.object, but only int",
        ),
        ({"ids": [Point(1), Point(2)]}, CacheError, r"identifier holds a value of type .*Point"),
        ({"labels": {"digit": [np.longdouble(1), 2]}}, CacheError, r"labels\['digit'\] holds a value of .*longdouble"),
        ({"labels": {Point(1): [1, 2]}}, CacheError, r"labels: a sub key is a value of type .*Point"),
    ],
)
def test_what_cannot_be_stored_is_refused_by_its_name(folder, change, error, message):
    builder = Batch.Builder({"field": change.get("field", np.zeros(2))})
    builder.metadata[ID] = change.get("ids", [1, 2])
    builder.metadata[LABELS] = change.get("labels", {"digit": [1, 2]})
    with pytest.raises(error, match=message):
        list(pipeline(lambda batch_size: [builder.make_batch()], Cacher(folder))(2))


def with_labels(labels):
    builder = Batch.Builder({"x": np.zeros((2, 3))})
    builder.metadata[LABELS] = labels
    return builder.make_batch()


@pytest.mark.parametrize(
    ("second", "error", "message"),
    [
        (
            Batch({"x": np.zeros((2, 4))}),
            ShapeChangedError,
            r"'x' had samples of shape \(3,\) and now",
        ),
        (Batch({"x": np.zeros((2, 3), "f4")}), CacheError, r"dtype of field 'x' .* \['<f8'\] came \['<f4'\]"),
        (Batch({"y": np.zeros((2, 3))}), CacheError, r"same fields in every batch, but after \['x'\] came \['y'\]"),
        (with_labels({"digit": [1, 2]}), CacheError, r"same metadata in every batch"),
    ],
)
def test_batches_that_differ_in_kind_are_refused_and_those_before_stay(folder, second, error, message):
    first = Batch({"x": np.zeros((2, 3))})

    def produce(batch_size):
        yield first
        yield second

    with pytest.raises(error, match=message):
        list(pipeline(produce, Cacher(folder))(2))
    assert next(iter(pipeline(produce, Cacher(folder))(2))).fields == first.fields


def test_a_cache_of_another_pipeline_is_refused_and_what_differs_is_said(folder):
    model, _ = maps_model()
    fill(folder, Rows(20), MeanStdNormalizer(mean=0, std=2), model("maps"))
    other, _ = maps_model(weight=3.0)

    def refused(source, *stages):
        with pytest.raises(CacheMismatchError) as caught:
            fill(folder, source, *stages)
        return caught.value.message

    normal = MeanStdNormalizer(mean=0, std=2)
    assert "source factor was 1.0, now is 2.0" in refused(Rows(20, factor=2.0), normal, model("maps"))
    assert "source samples was 20, now is 21" in refused(Rows(21), normal, model("maps"))
    assert "stage 1 (MeanStdNormalizer) std" in refused(Rows(20), MeanStdNormalizer(mean=0, std=3), model("maps"))
    assert "stage 2 (ModelStage) weights" in refused(Rows(20), normal, other("maps"))
    assert "stage 1 (MeanStdNormalizer)" in refused(Rows(20), model("maps"))
    assert f"Cacher.clear({str(folder)!r})" in refused(Rows(20))


def test_functions_are_told_apart_by_their_code_and_the_data_they_use(folder):
    def scaled(by):
        return Processor(lambda x: x * by)

    fill(folder, Rows(20), scaled(2))
    fill(folder, Rows(20), scaled(2))
    with pytest.raises(CacheMismatchError, match="stage 1"):
        fill(folder, Rows(20), scaled(3))
    with pytest.raises(CacheMismatchError, match="stage 1"):
        fill(folder, Rows(20), Processor(lambda x: x + 2))


def test_what_changes_while_a_producer_works_is_no_part_of_it(folder):
    class Counting(Rows):
        def __init__(self):
            super().__init__(20)
            self.asked = 0
            self.finished = False

        def __call__(self, batch_size):
            self.asked += 1
            yield from super().__call__(batch_size)
            self.finished = True

    source = Counting()
    fill(folder, source)
    fill(folder, source)
    fill(folder, Counting())
    assert source.asked == 1


def test_an_interrupted_cache_of_shuffled_data_is_refused(folder):
    order = np.arange(20)

    class Shuffled:
        def __call__(self, batch_size):
            for start in range(0, 20, batch_size):
                yield Batch({"x": SHUFFLED[0][start : start + batch_size]})

    SHUFFLED = [order]
    next(iter(pipeline(Shuffled(), Cacher(folder))(8)))
    SHUFFLED[0] = order[::-1].copy()
    with pytest.raises(CacheMismatchError, match="the source's first sample"):
        list(pipeline(Shuffled(), Cacher(folder))(8))


def test_one_cacher_serves_one_pipeline_and_what_is_built_upon_it():
    cacher, source = Cacher(), Rows(20)
    through = pipeline(source, cacher)
    assert_same(pipeline(through, FieldRenamer({"x": "y"}))(5), pipeline(source, FieldRenamer({"x": "y"}))(5))
    pipeline(source, cacher)
    with pytest.raises(DeepViewException, match="Give each pipeline its own Cacher"):
        pipeline(Rows(20), cacher)
    with pytest.raises(DeepViewException, match="Give each pipeline its own Cacher"):
        pipeline(source, FieldRenamer({"x": "y"}), cacher)
    Cacher.clear(cacher.storage_path)
    assert not cacher.storage_path.exists()


def test_a_second_pass_at_the_same_time_goes_on_without_the_cache(folder):
    through = pipeline(Rows(20), Cacher(folder))
    first = iter(through(8))
    next(first)
    lock_holder = subprocess.run(
        [sys.executable, "-c", ANOTHER_PROCESS.format(folder=str(folder))], capture_output=True, text=True, check=True
    )
    assert f"process {os.getpid()}" in lock_holder.stdout
    with pytest.warns(DeepViewWarning, match="unfinished loop of this process"):
        assert_same(through(20), Rows(20)(20))
    list(first)
    assert_same(through(7), Rows(20)(7))


ANOTHER_PROCESS = """
import warnings
from deepview_lab.base import pipeline
from deepview_lab.processors import Cacher
from tests.processors.cache.sources import Rows, assert_same
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    assert_same(pipeline(Rows(20), Cacher({folder!r}))(8), Rows(20)(8))
print(caught[0].message)
"""


def test_many_readers_use_one_cache_at_a_time(folder):
    fill(folder, Rows(20))
    readers = [iter(CachedProducer(folder)(size)) for size in SIZES]
    heads = [next(reader) for reader in readers]
    for head, reader in zip(heads, readers, strict=True):
        assert_same([head, *reader], Rows(20)(20))


def test_a_disk_that_is_too_small_is_told_before_anything_is_written(folder, monkeypatch):
    usage = type("usage", (), {"free": 100})
    monkeypatch.setattr("shutil.disk_usage", lambda path: usage)
    with pytest.raises(NoSpaceError, match="240 more bytes are needed and 100 are available"):
        fill(folder, Rows(20))
    assert sum(path.stat().st_size for path in folder.glob("field-*")) == 0
    monkeypatch.undo()
    assert_same(fill(folder, Rows(20)), Rows(20)(8))


FULL_DISK = """
import resource
from deepview_lab.base import pipeline
from deepview_lab.exceptions import NoSpaceError
from deepview_lab.processors import Cacher
from tests.processors.cache.sources import Rows
source = Rows(2000)
resource.setrlimit(resource.RLIMIT_FSIZE, (9000, resource.RLIM_INFINITY))
try:
    list(pipeline(source, Cacher({folder!r}))(8))
except NoSpaceError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="file size limits are of POSIX")
def test_a_disk_that_gets_full_keeps_what_counts_and_is_gone_on_with(folder):
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK.format(folder=str(folder))], capture_output=True, text=True, check=True
    )
    assert "samples are kept; the next pass resumes there" in done.stdout
    sizes = {path.stat().st_size % (8 * 12) for path in folder.glob("field-*")}
    assert sizes == {0}
    assert_same(fill(folder, Rows(2000)), Rows(2000)(8))


def damage(folder, name, change):
    path = folder / name
    path.write_bytes(change(path.read_bytes()))


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("index.json", lambda raw: raw[:-20], "is no index of a cache"),
        ("index.json", lambda raw: raw.replace(b'"samples":20', b'"samples":30'), "its checksum is wrong"),
        ("index.json", lambda raw: raw.replace(b'"version":2', b'"version":9'), "newer DeepView Lab"),
        ("index.json", lambda raw: raw.replace(b"deepview-cache", b"other"), "is no index of a cache"),
        ("batches.jsonl", lambda raw: raw[:-1], "is not what was written"),
        ("batches.jsonl", lambda raw: raw.replace(b"row 3", b"row 4"), "is not what was written"),
        ("field-0000.bin", lambda raw: raw[:-4], "has 236 bytes instead of 240"),
    ],
)
def test_damage_is_found_and_told(folder, name, change, message):
    fill(folder, Rows(20))
    damage(folder, name, change)
    with pytest.raises(CacheError, match=message):
        CachedProducer(folder)


def test_a_missing_file_is_told(folder):
    fill(folder, Rows(20))
    (folder / "field-0000.bin").unlink()
    with pytest.raises(CacheError, match=r"field-0000.bin, which holds field 'x', is not there"):
        CachedProducer(folder)


def test_after_a_loss_of_power_only_what_was_on_the_disk_safely_counts(folder):
    through = pipeline(Rows(20), Cacher(folder))
    batches = iter(through(4))
    for _ in range(3):
        next(batches)
    batches.close()
    index = json.loads((folder / "index.json").read_text())
    assert index["index"]["samples"] == 4  # forced to the disk with the first batch
    from msgspec.structs import replace

    from deepview_lab.base.cache.index import read_index, write_index

    write_index(folder, replace(read_index(folder), boot="another"))
    damage(folder, "field-0000.bin", lambda raw: raw[:50] + bytes(len(raw) - 50))
    assert_same(fill(folder, Rows(20)), Rows(20)(8))


def test_producers_say_what_is_wrong(folder):
    cacher = Cacher(folder)
    with pytest.raises(CacheError, match="There is no cache in"):
        cacher.as_producer()
    next(iter(pipeline(Rows(20), cacher)(8)))
    assert not cacher.cached
    with pytest.raises(CacheError, match="is not complete"):
        CachedProducer(folder)
    producer = CachedProducer(fill(folder, Rows(20)) and folder)
    with pytest.raises(ValueError, match="at least 1, but is 0"):
        producer(0)
    Cacher.clear(folder)
    with pytest.raises(CacheError, match="has been removed"):
        producer(4)
    assert OfBase is CachedProducer


def test_a_file_and_a_folder_of_deepview_are_no_place_for_a_cache(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(NotADirectoryError):
        Cacher(tmp_path / "file")
    (tmp_path / ".dni_cache_dir").write_text("")
    with pytest.raises(CacheError, match="holds a cache of DeepView"):
        fill(tmp_path, Rows(20))
    with pytest.raises(CacheError, match="opening it can run code"):
        CachedProducer(tmp_path)


def test_files_that_are_in_the_way_are_not_overwritten(folder):
    folder.mkdir()
    (folder / "field-0000.bin").write_text("mine")
    with pytest.raises(CacheError, match=r"files called field-0000\.bin"):
        fill(folder, Rows(20))
    assert (folder / "field-0000.bin").read_text() == "mine"


def test_copies_are_whole_and_replace_nothing_unasked(folder, tmp_path):
    fill(folder, Rows(20))
    producer, target = CachedProducer(folder), tmp_path / "deep" / "copy"
    assert_same(producer.copy_to(target)(7), Rows(20)(7))
    with pytest.raises(CacheError, match="pass overwrite=True"):
        producer.copy_to(target)
    Cacher.clear(folder)
    fill(folder, Rows(20, factor=2.0))
    assert_same(CachedProducer(folder).copy_to(target, overwrite=True)(7), Rows(20, factor=2.0)(7))
    with pytest.raises(CacheError, match="is the cache itself"):
        producer.copy_to(folder, overwrite=True)


def test_clear_removes_caches_and_nothing_else(folder, tmp_path):
    fill(folder, Rows(20))
    fill(tmp_path, Rows(20))
    (tmp_path / "mine.txt").write_text("mine")
    Cacher.clear(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    with pytest.raises(NotADirectoryError):
        Cacher.clear(tmp_path / "mine.txt")


def test_clear_leaves_a_cache_that_is_being_written(folder):
    fill(folder, Rows(20))
    with FolderLock.take(folder), pytest.warns(DeepViewWarning, match="it stays"):
        Cacher.clear(folder)
    assert_same(CachedProducer(folder)(8), Rows(20)(8))


def test_clear_without_a_folder_removes_what_cachers_made_in_the_temporary_one(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    cachers = [Cacher(), Cacher()]
    list(pipeline(Rows(20), cachers[0])(8))
    fill(tmp_path / "other", Rows(20))
    Cacher.clear()
    assert [path.name for path in tmp_path.iterdir()] == ["other"]
