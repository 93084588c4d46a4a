"""The browser tests fail when code of DeepView fails in the page, whatever its error says."""

from __future__ import annotations

import pytest
from pages import PageErrors, new_page

PLANTED = "setTimeout(() => { throw new Error('planted'); });"


@pytest.mark.parametrize(("script", "known"), [("deepview-lab", True), ("another", False)])
def test_an_error_that_nobody_catches_is_known_by_the_script_it_comes_from(browser, script, known):
    page = new_page(browser)
    errors = PageErrors(page)
    page.route("http://lab.test/**", lambda route: route.fulfill(body=PLANTED, content_type="text/javascript"))
    page.goto("about:blank")
    with page.expect_event("pageerror"):
        page.add_script_tag(url=f"http://lab.test/lab/extensions/{script}/static/main.js")
    assert [error.splitlines()[0] for error in errors.of_deepview] == (["planted"] if known else [])
    page.context.close()
