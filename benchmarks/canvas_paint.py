"""How long the canvas takes to decode, reduce and paint a snapshot, in Chromium.

``python benchmarks/canvas_paint.py``; needs the built canvas and the `dev` extra. From the arrival of the messages in
the page to the first frame painted with their numbers.
"""

from __future__ import annotations

import statistics

from playwright.sync_api import CDPSession
from shared.canvas_page import canvas_page, receive, wire
from shared.large_run import LargeRun

ROUNDS = 15
AS_IN_A_TAB = ".dv-Canvas.inline { height: 880px; max-height: none }"

# The canvas takes in what has come four times a second. A first message is taken in at once; the snapshots after it
# wait for the timer, so that one frame shows both, and the wait is not counted.
WATCH_TIMER = """() => {
  const real = window.setTimeout;
  window.setTimeout = (callback, ms, ...rest) =>
    real(() => { if (ms > 50) window.woken = performance.now(); callback(); }, ms, ...rest);
}"""
CPU = ("ScriptDuration", "LayoutDuration", "RecalcStyleDuration", "TaskDuration")
PREPARE = """messages => new Promise(resolve => {
  window.ready = messages.map(([message, buffers]) => [
    message, buffers.map(text => new DataView(Uint8Array.from(atob(text), c => c.charCodeAt(0)).buffer)),
  ]);
  setTimeout(resolve, 400);
})"""
SEND = """seq => new Promise(resolve => {
  const canvas = document.querySelector('[data-testid="dv-canvas"]');
  window.receive(...window.ready[0]);
  const began = performance.now();
  for (const message of window.ready.slice(1)) window.receive(...message);
  const decoded = performance.now() - began;
  const observer = new MutationObserver(() => {
    if (Number(canvas.dataset.seq) < seq) return;
    observer.disconnect();
    const reduced = performance.now() - window.woken;
    requestAnimationFrame(() => {
      const painted = new MessageChannel();
      painted.port1.onmessage = () => resolve([decoded, reduced, performance.now() - window.woken]);
      painted.port2.postMessage(null);
    });
  });
  observer.observe(canvas, { attributes: true, attributeFilter: ['data-seq'] });
})"""


def cpu_times(session: CDPSession) -> list[float]:
    """Return the processor time of the page's main thread in milliseconds: script, layout, style, everything."""
    told = {metric["name"]: metric["value"] for metric in session.send("Performance.getMetrics")["metrics"]}
    return [1000 * told[name] for name in CPU]


def measure(layers: int, units: int, *, pfa: bool, detail: bool = False) -> None:
    """Print medians over ``ROUNDS`` snapshots."""
    run = LargeRun(layers, units, pfa=pfa)
    times, size = [], 0
    with canvas_page() as page:
        receive(page, [*run.beginning(), *run.snapshots()])
        page.get_by_test_id("dv-layer-row").nth(3).wait_for()
        if detail:
            page.get_by_test_id("dv-layer-row").nth(3).click()
        page.emulate_media(reduced_motion="reduce")  # the pulse of a running run would be counted too
        page.evaluate(WATCH_TIMER)
        page.add_style_tag(content=AS_IN_A_TAB)
        session = page.context.new_cdp_session(page)
        session.send("Performance.setTimeDomain", {"timeDomain": "threadTicks"})
        session.send("Performance.enable")
        seq, cpu = 10, []
        for _ in range(ROUNDS):
            details = [run.detail(run.names[3])] if detail else []
            envelopes = [run.state(seq), *run.snapshots(), *details]
            size = sum(len(buffer) for envelope in envelopes for buffer in envelope.buffers)
            messages = [wire(envelope, seq + i) for i, envelope in enumerate(envelopes)]
            seq += len(envelopes)
            page.evaluate(PREPARE, messages)
            before = cpu_times(session)
            times.append(page.evaluate(SEND, seq - 1))
            cpu.append([after - start for start, after in zip(before, cpu_times(session), strict=True)])
        rows = page.get_by_test_id("dv-layer-row").count()
    decoded, reduced, painted = (statistics.median(column) for column in zip(*times, strict=True))
    script, layout, style, task = (statistics.median(column) for column in zip(*cpu, strict=True))
    worst = max(decode + paint for decode, _, paint in times)
    kinds = "IUA and PFA" if pfa else "IUA"
    print(
        f"{layers} layers x {units:,} units, {kinds}{', details open' if detail else ''}: "
        f"decoded {decoded:.1f} ms + reduced and drawn {reduced:.1f} ms, painted after {decoded + painted:.0f} ms "
        f"(worst {worst:.0f}); {size / 1024:.0f} KiB, {rows} rows in the page. Processor time of the main thread: "
        f"{task:.0f} ms (script {script:.0f}, layout {layout:.0f}, style {style:.0f})"
    )


if __name__ == "__main__":
    measure(300, 512, pfa=True)
    measure(300, 512, pfa=True, detail=True)
    measure(300, 4096, pfa=False)
