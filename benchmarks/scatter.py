"""The scatter plot beside regl-scatterplot, on the same points in one Chromium.

``python benchmarks/scatter.py [--rounds 3] [1000000 5000000]``; needs Node, npm's registry (the peer goes into a
temporary folder), the `dev` extra. Chromium computes WebGL with the processor here, as on machines without a graphics
processor. Counted is the processor time of all processes of the browser, which depends less than time that passes on
what else the machine does. Ours is measured as it chooses to draw there (without WebGL), and with WebGL.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
OURS = ROOT / "js" / "src" / "render" / "scatter" / "createScatter.ts"
PEER = "regl-scatterplot@1.16.0"
FRAMES = 8
LASSOS = 5
CHROMIUM = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--js-flags=--expose-gc"]
PACKAGES = {"ours": "oursWith('auto')", "ours, WebGL": "oursWith('webgl')", "regl": "regl"}


def bundle(source: str, name: str, folder: str) -> str:
    """Return a script that defines ``name`` as what the module ``source`` exports."""
    command = [ROOT / "node_modules" / ".bin" / "esbuild", source, "--bundle", "--minify", "--format=iife"]
    done = subprocess.run(
        [*command, f"--global-name={name}"], check=True, capture_output=True, text=True, cwd=folder, timeout=300
    )
    return done.stdout


def scripts() -> list[str]:
    """Return both packages and the benchmark's own functions."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "install", "--no-audit", "--no-fund", "--silent", "--prefix", folder, PEER]
        subprocess.run(command, check=True, timeout=600)
        peer = f"{folder}/node_modules/regl-scatterplot/dist/regl-scatterplot.esm.js"
        packages = [bundle(str(OURS), "scatter", folder), bundle(peer, "reglScatterplot", folder)]
    return [(ROOT / "benchmarks" / "shared" / "scatter_pages.js").read_text(), *packages]


def cpu_ms() -> float:
    """Return the processor time that the browser's processes have taken."""
    total = 0.0
    for process in psutil.Process().children(recursive=True):
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        if "chrom" in process.name():
            total += times.user + times.system
    return 1000 * total


@contextmanager
def plot_page(browser: Browser, package: str, count: int, code: list[str]) -> Iterator[Page]:
    """Open a page with an empty plot, the points beside it."""
    page = browser.new_page(viewport={"width": 1000, "height": 700})
    page.set_default_timeout(0)
    page.set_content('<body style="margin: 0"><div id="plot" style="position: relative; width: 1000px; height: 700px">')
    for script in code:
        page.add_script_tag(content=script)
    page.evaluate(f"count => {{ makeData(count); makeLasso(); window.makePlot = {PACKAGES[package]}; }}", count)
    page.evaluate("() => start()")
    yield page
    page.close()


def taken(page: Page, call: str) -> float:
    """Return the processor time of a call, in milliseconds."""
    before = cpu_ms()
    page.evaluate(f"() => {call}")
    return cpu_ms() - before


def heap_mb(page: Page) -> float:
    """Return what the page keeps: objects and arrays."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    usage = session.send("Runtime.getHeapUsage")
    return float(usage["usedSize"] + usage.get("backingStorageSize", 0)) / 1e6


def measure(browser: Browser, package: str, count: int, code: list[str]) -> dict[str, float]:
    """Return what one page of a package takes."""
    with plot_page(browser, package, count, code) as page:
        empty = heap_mb(page)
        first = taken(page, "firstFrame()")
        heap = heap_mb(page) - empty
        page.evaluate("() => move(2)")
        moving = taken(page, f"move({FRAMES})") / FRAMES
        rest = taken(page, "restFrame()")
        lassos = page.evaluate("rounds => select(rounds)", LASSOS if count <= 1_000_000 else 1)
        selected, wrong = page.evaluate("() => checkSelection()")
    return {
        "first frame, CPU ms": first,
        "moving frame, CPU ms": moving,
        "frame at rest, CPU ms": rest,
        "lasso of 400 corners, ms": statistics.median(lassos),
        "rows in the lasso": selected,
        "wrong rows": wrong,
        "heap, MB": heap,
    }


def measure_all(browser: Browser, count: int, code: list[str]) -> dict[str, dict[str, float]]:
    """Measure each package once, and print what is known so far."""
    found = {}
    for package in PACKAGES:
        found[package] = measure(browser, package, count, code)
        print(f"  {package}: {found[package]}", flush=True)
    return found


def main(counts: list[int], rounds: int) -> None:
    """Print medians over rounds in which the packages take turns."""
    code = scripts()
    executable = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM)
        for count in counts:
            found = [measure_all(browser, count, code) for _ in range(rounds)]
            print(f"{count:,} points, median of {rounds}")
            for what in found[0]["ours"]:
                medians = {package: statistics.median(run[package][what] for run in found) for package in PACKAGES}
                ratio = medians["regl"] / medians["ours"] if medians["ours"] else float("nan")
                numbers = "".join(f"{package} {value:10,.1f}   " for package, value in medians.items())
                print(f"  {what:<26}{numbers}regl / ours {ratio:6.1f}", flush=True)
        browser.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("counts", nargs="*", type=int, default=[1_000_000, 5_000_000], help="numbers of points")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    main(given.counts, given.rounds)
