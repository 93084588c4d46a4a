"""Accessibility, as far as a machine can tell: axe-core on a part of the page."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parents[1] / "node_modules" / "axe-core" / "axe.min.js"
SEVERE = {"serious", "critical"}


def severe_findings(page: Page, selector: str) -> list[str]:
    """Return what axe calls serious or critical inside ``selector``: rule, help and the elements."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("selector => axe.run(selector, { resultTypes: ['violations'] })", selector)
    return [
        f"{violation['id']}: {violation['help']}: {[node['html'] for node in violation['nodes']]}"
        for violation in found["violations"]
        if violation["impact"] in SEVERE
    ]
