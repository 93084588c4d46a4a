"""A page with scatter plots alone, drawn by the renderer that esbuild bundles from its source."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path
from typing import Any

from lab import PATIENCE
from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "js" / "src" / "render" / "scatter" / "createScatter.ts"

# Keeps the WebGL contexts that plots make, and offers what the tests need in short.
SET_UP = """() => {
  window.contexts = [];
  const original = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
    const context = original.call(this, kind, ...rest);
    if (kind === 'webgl2' && context !== null) window.contexts.push(context);
    return context;
  };
  const next = () => new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)));
  window.complete = async view => { while (!view.isComplete) await next(); };
  window.plot = (painter, data, colours, options = {}) => {
    const host = document.createElement('div');
    host.style.cssText = 'position: relative; width: 400px; height: 300px';
    document.body.append(host);
    const style = { ...scatter.LIGHT_STYLE, opacityFactor: Infinity, ...options.style };
    const view = scatter.createScatter(host, { painter, style });
    view.resize(400, 300, options.ratio ?? 1);
    view.setData({ x: Float64Array.from(data.x), y: Float64Array.from(data.y) });
    view.setColours({ ...colours, codes: Uint8Array.from(colours.codes) });
    view.host = host;
    return view;
  };
  window.bits = rows => {
    const words = new Int32Array(32);
    for (const row of rows) words[row >>> 5] |= 1 << (row & 31);
    return words;
  };
  window.pixels = view => {
    const canvas = view.host.querySelector('canvas');
    return [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data];
  };
  window.colourAt = (view, x, y, ratio = 1) => {
    const place = view.toScreen(x, y);
    const context = view.host.querySelector('canvas').getContext('2d');
    return [...context.getImageData(Math.floor(ratio * place.x), Math.floor(ratio * place.y), 1, 1).data].slice(0, 3);
  };
}"""


@cache
def bundle() -> str:
    """Return the renderer as a script that defines ``scatter``."""
    command = [ROOT / "node_modules" / ".bin" / "esbuild", SOURCE, "--bundle", "--format=iife", "--global-name=scatter"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return done.stdout


def open_scatter_page(browser: Browser) -> Page:
    """Open an empty page that can draw plots."""
    page = browser.new_context(viewport={"width": 800, "height": 700}).new_page()
    page.set_default_timeout(PATIENCE)
    page.set_content('<body style="margin: 0">')
    page.add_script_tag(content=bundle())
    page.evaluate(SET_UP)
    return page


def run_in(page: Page, script: str, *values: Any) -> Any:
    """Run the body of an asynchronous function of ``values``, and return what it returns."""
    return page.evaluate(f"async values => {{ {script} }}", list(values))
