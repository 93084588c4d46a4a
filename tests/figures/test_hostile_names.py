"""Names of layers are text in every table and chart, whatever they look like."""

from html import unescape

import numpy as np
import pytest

import deepview_lab
from deepview_lab.figures.static_run import static_html
from deepview_lab.introspectors import IUA, PFA
from deepview_lab.samples import StubProducer
from tests.figures.test_static_table import Reader

NAMES = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"><svg onload='alert(1)'>",
    '<a href="javascript:alert(1)">conv</a>',
    "</td></tr></table><b>x</b>",
    "&lt;b&gt;x&#60;i&#62;",
    "{{7*7}}${7*7}%{x}",
]
IN_TABLES = {"div", "style", "table", "thead", "tbody", "tr", "th", "td", "span"}


@pytest.fixture(scope="module", params=NAMES)
def run(request):
    done = deepview_lab.start(
        StubProducer({request.param: np.eye(6)[:, :2]}), IUA.spec(), PFA.spec(), name=request.param
    )
    done.wait(300)
    return done


@pytest.fixture
def name(run):
    [layer] = run.responses or run.wait()["iua"].results
    return layer


def expect_text(html, name):
    """See that a table has no other tags than tables have, and the name in a cell; return its attributes."""
    reader = Reader(html)
    assert {tag for tag, _ in reader.tags} <= IN_TABLES
    assert name in [cell.strip() for row in reader.rows for cell in row]
    return {attribute for _, attributes in reader.tags for attribute in attributes}


def test_in_the_table_of_a_run_without_a_kernel(run, name):
    assert expect_text(static_html(run), name) <= {"class", "style", "scope", "colspan", "aria-hidden"}


def test_in_the_tables_of_results(run, name):
    results = run.wait()
    for frame in (IUA.show(results["iua"]), PFA.show(results["pfa"].get_recipe())):
        assert expect_text(frame._repr_html_(), name) <= {"class", "style", "border", "scoped"}


def test_in_charts_plotly_reads_the_name_as_text(run, name):
    results = run.wait()
    units = IUA.show(results["iua"], vis_type=IUA.VisType.CHART)
    title = units.layout.annotations[0].text
    assert "<" not in title
    assert unescape(title).startswith(f"{name}: 2 units")
    assert [bar.name for bar in units.data] == [None]
    recipe = PFA.show(results["pfa"].get_recipe(), vis_type=PFA.VisType.CHART)
    for line in recipe.data:
        assert [unescape(label) for label in line.x] == [name]
        assert "<" not in "".join(line.x)
