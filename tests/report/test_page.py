"""Pages: the run's own numbers, nothing of the machine, nothing that a stranger's name could start."""

import threading
import warnings
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

import deepview_lab
from deepview_lab.exceptions import DeepViewException, DeepViewWarning, ReportFileError
from deepview_lab.introspectors import IUA, Duplicates, Familiarity
from deepview_lab.report.page import saving
from deepview_lab.report.page.paths import without_paths
from deepview_lab.samples import StubProducer
from deepview_lab.transport.wire.arrow import decode_columns, encode_columns
from tests.report.pages import Taken, shared_of, tables_of
from tests.report.runs import both, saved_run

HOSTILE = "</script><script>alert(1)</script><!--<img src=x onerror=alert(2)>'\"&\u2028\u202e"


@pytest.fixture(scope="module")
def run():
    return saved_run(*both())


@pytest.fixture(scope="module")
def page(run, tmp_path_factory):
    return run.to_html(tmp_path_factory.mktemp("page") / "x.html")


def same(one, other):
    assert list(one) == list(other)
    for name, column in one.items():
        np.testing.assert_array_equal(column, other[name])


def sent(columns):
    return decode_columns(encode_columns(columns))


def test_the_run_its_file_and_its_page_have_the_same_numbers(run, page, tmp_path):
    report = deepview_lab.open_report(run.save(tmp_path / "x.dvreport"))
    again = tables_of(shared_of(report.to_html(tmp_path / "again.html")))
    tables = tables_of(shared_of(page))
    for name in ("iua", "pfa"):
        _, (columns,) = tables["snapshot", name, None, None, None]
        same(columns, sent(run.snapshot(name).columns()))
        same(columns, sent(report.tables[name].columns()))
        same(columns, again["snapshot", name, None, None, None][1][0])
        for layer in run.responses:
            known = [run.snapshot(part).detail(layer) for part in ("iua", "pfa")]
            _, details = tables["layer_detail", None, layer, None, None]
            for found, expected in zip(details, [detail for detail in known if detail is not None], strict=True):
                same(found, sent(expected))
    assert set(again) == set(tables)


def test_all_columns_of_all_samples_are_in_the_page(tmp_path):
    rng = np.random.default_rng(0)
    data = StubProducer({"dense": rng.normal(size=(60, 4))})
    run = deepview_lab.start(data, Duplicates.spec(), Familiarity.spec(), batch_size=16, name="samples")
    run.wait(300)
    tables = tables_of(shared_of(run.to_html(tmp_path / "x.html")))
    for name in ("duplicates", "familiarity"):
        for column in run.sample_table(name).columns:
            _, (values, *words) = tables["sample_chunk", name, None, column.name, 0]
            got = values["value"]
            if words:
                got = np.array([*words[0]["word"], ""], dtype=object)[got]
            np.testing.assert_array_equal(got, column.array())
    lean = shared_of(run.to_html(tmp_path / "x.html", include_samples=False))
    assert not any(message["kind"].startswith("sample") for message in lean["messages"])
    assert "single samples" in lean["contents"][-1]


def test_the_policy_allows_one_script_and_no_network(page):
    taken = Taken(page)
    (policy,) = [meta["content"] for meta in taken.of("meta") if "http-equiv" in meta]
    scripts = taken.of("script")
    assert scripts == [{"type": "application/json", "id": "dv-run"}, {}]
    digest = b64encode(sha256(taken.texts["script"].encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; img-src data: blob:; "
        "worker-src blob:; base-uri 'none'; form-action 'none'"
    )
    assert not any({"src", "href", "srcset", "action"} & set(attributes) for _, attributes in taken.elements)


def test_hostile_names_are_text(tmp_path):
    run = deepview_lab.start(StubProducer({HOSTILE: np.eye(4)}), IUA.spec(), name=HOSTILE)
    run.wait(300)
    path = run.to_html(tmp_path / "x.html")
    taken = Taken(path)
    assert [tag for tag, _ in taken.elements if tag in {"script", "img", "iframe"}] == ["script", "script"]
    assert not any(name.startswith("on") for _, attributes in taken.elements for name in attributes)
    layers = next(message for message in shared_of(path)["messages"] if message["kind"] == "layers")
    assert layers["layers"][0]["name"] == HOSTILE
    assert "\u202e" not in taken.texts["title"]


def test_paths_users_and_code_stay_at_home_unless_asked_for(tmp_path):
    def broken(batch_size):
        yield from StubProducer({"x": np.eye(4)})(batch_size)
        raise FileNotFoundError("No file /home/ada/secret project/images/cat.png; see C:\\Users\\ada\\notes.txt.")

    run = deepview_lab.start(broken, IUA.spec(), batch_size=2, name="audit", checkpoint=tmp_path / "home-of-ada")
    with pytest.raises(FileNotFoundError):
        run.wait(300)
    text = run.to_html(tmp_path / "x.html").read_text()
    state = next(message for message in shared_of(tmp_path / "x.html")["messages"] if message["kind"] == "run")
    assert (state["checkpoint"], state["file"], state["errors"][0]["traceback"]) == (None, None, "")
    for secret in ("/home/ada", "Users", str(Path.home()), "home-of-ada", str(tmp_path)):
        assert secret not in text, secret
    assert "notes.txt" in state["errors"][0]["message"]
    kept = run.to_html(tmp_path / "x.html", include_paths=True).read_text()
    assert "/home/ada/secret project" in kept


def test_code_is_in_the_page_only_if_asked_for(run, tmp_path, monkeypatch):
    from deepview_lab.engine.origin import Origin

    monkeypatch.setattr(run, "origin", Origin(code="secret = 1", variable=None, checkpoint=None), raising=False)
    assert shared_of(run.to_html(tmp_path / "x.html"))["code"] is None
    told = shared_of(run.to_html(tmp_path / "x.html", include_code=True))
    assert told["code"] == "secret = 1"
    assert "the code that started the run" in told["contents"]


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("/home/ada/cats.npz", "cats.npz"),
        ("~/work/x", "x"),
        ("file:///srv/a/b.png", "b.png"),
        ("\\\\server\\share\\a b.png", "a b.png"),
        ("see /data/a/b/c.txt, line 2", "see c.txt, line 2"),
        ("layer /block/conv", "layer conv"),
        ("block/conv and 3/4 of a/b", "block/conv and 3/4 of a/b"),
        ("https://example.org/a/b", "https://example.org/a/b"),
        ("no path", "no path"),
    ],
)
def test_of_absolute_paths_the_last_part_stays(text, seen):
    assert without_paths(text) == seen


def test_a_page_says_what_it_holds(run, page):
    lines = shared_of(page)["contents"]
    assert lines == saving.contents_of(run)
    assert lines[0] == "4 layers, with details"
    assert lines[-1] == "not in it: data, weights, code, local paths, and user names in them"


def test_a_large_page_says_so_before_it_is_written(run, tmp_path, monkeypatch):
    monkeypatch.setattr(saving, "LARGE_BYTES", 1000)
    path = tmp_path / "x.html"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(DeepViewWarning, match="include_samples=False, or share a report file"):
            run.to_html(path)
    assert not path.exists()


def test_what_cannot_be_a_page_is_refused(run, tmp_path):
    with pytest.raises(ReportFileError, match=r"suffix \.html, but 'x\.pdf'"):
        run.to_html(tmp_path / "x.pdf")
    with pytest.raises(FileNotFoundError):
        run.to_html(tmp_path / "nowhere" / "x.html")


def test_a_run_that_has_not_ended_is_refused(tmp_path):
    go = threading.Event()

    def waiting(batch_size):
        go.wait(300)
        yield from StubProducer({"x": np.eye(4)})(batch_size)

    run = deepview_lab.start(waiting, IUA.spec())
    with pytest.raises(DeepViewException, match="it has no results yet"):
        run.to_html(tmp_path / "x.html")
    go.set()
    run.wait(300)
