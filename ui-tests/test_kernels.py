"""Other ipykernels: what Stop does there (the table in docs/kernels.md)."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from playwright.sync_api import expect
from test_cancel import begin, finish
from test_live import SOURCE, START


@pytest.fixture(scope="session")
def older_kernel(server, tmp_path_factory):
    """Return a function that makes a kernelspec with another ipykernel in front of the environment's own."""
    _, home = server

    def make(version):
        name = f"ipykernel-{version}"
        target = tmp_path_factory.mktemp(name)
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", f"--target={target}"]
        subprocess.run([*pip, f"ipykernel=={version}"], check=True)
        folder = home / "data" / "kernels" / name
        folder.mkdir(parents=True, exist_ok=True)
        launch = (
            f"import sys; sys.path.insert(0, {str(target)!r}); import ipykernel; "
            f"assert ipykernel.__version__ == {version!r}; "
            "from ipykernel.kernelapp import launch_new_instance; launch_new_instance()"
        )
        argv = [sys.executable, "-c", launch, "-f", "{connection_file}"]
        spec = {"argv": argv, "display_name": name, "language": "python"}
        (folder / "kernel.json").write_text(json.dumps(spec))
        return name

    return make


@pytest.mark.ci_only
def test_ipykernel_7_1_hears_stop_mid_cell(lab, older_kernel):
    begin(lab, "seven", kernel=older_kernel("7.1.0"))
    lab.card("seven").get_by_test_id("dv-cancel").click()
    expect(lab.card("seven")).to_have_attribute("data-status", "cancelled")
    lab.expect_busy(2)
    finish(lab, "seven")


@pytest.mark.ci_only
def test_ipykernel_6_29_hears_stop_after_the_cell_and_an_interrupt_at_once(lab, older_kernel):
    wait = START.format(name="six", held="{3}") + "\ndisplay(run)\nresults = run.wait()"
    shown = "print(run.status, run.results['iua'].results['dense'].samples)"
    lab.write_notebook("six.ipynb", "%load_ext deepview_lab", SOURCE, wait, shown, kernel=older_kernel("6.29.5"))
    lab.open("six.ipynb")
    lab.run_cell(0)
    lab.run_cell(1)
    lab.expect_done(1)
    expect(lab.show_panel()).to_contain_text("Nothing has run yet")
    lab.run_cell(2)
    canvas = lab.output_canvas
    expect(canvas.get_by_test_id("dv-progress")).to_contain_text("96 of 256")
    canvas.get_by_test_id("dv-cancel").click()
    expect(canvas).to_contain_text("Interrupt the kernel")
    lab.expect_busy(2)
    expect(canvas).to_have_attribute("data-status", "running")
    lab.command("notebook:interrupt-kernel")
    expect(canvas).to_have_attribute("data-status", "cancelled")
    lab.expect_done(2)
    lab.run_cell(3)
    expect(lab.cell(3).locator(".jp-OutputArea")).to_contain_text("cancelled 96")
