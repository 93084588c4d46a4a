"""DeepView where JupyterLab's users look for it: menu, palette, launcher, settings, toolbar, context menu, layout."""

from __future__ import annotations

import re

import pytest
from axe import severe_findings
from lab import RESULTS
from playwright.sync_api import expect
from test_live import SOURCE, START, release, row

import deepview_lab

OUR_KEYS = "() => window.jupyterapp.commands.keyBindings.filter(({ command }) => command.startsWith('deepview-lab:'))"

# Whether text is dark there.
THEMES = {"JupyterLab Light": True, "JupyterLab Dark": False, "JupyterLab Dark High Contrast": False}
IS_DARK = """part => {
  const [red, green, blue] = getComputedStyle(part).color.match(/[0-9.]+/g).map(Number);
  return red + green + blue < 3 * 128;
}"""


def menu_item(lab, name):
    return lab.page.locator(".lm-Menu-item").filter(has=lab.page.get_by_text(name, exact=True))


def open_menu(lab):
    lab.page.locator("#jp-MainMenu .lm-MenuBar-item").filter(has_text=re.compile(r"^DeepView$")).click()


def expect_enabled(item, *, enabled):
    disabled = re.compile(r"\blm-mod-disabled\b")
    if enabled:
        expect(item).not_to_have_class(disabled)
    else:
        expect(item).to_have_class(disabled)


def setting(lab, name):
    return lab.page.locator(f"[id='jp-SettingsEditor-deepview-lab:settings_{name}']")


def start_run(lab, name, held):
    """Open a notebook with a run that waits for the batches that are held back."""
    lab.write_notebook(f"{name}.ipynb", "%load_ext deepview_lab", SOURCE, START.format(name=name, held=held), "run")
    lab.open(f"{name}.ipynb")
    for index in range(4):
        lab.run_cell(index)
    return lab.output_canvas


def test_the_menu_steers_the_newest_run_and_offers_only_what_can_be_done(lab):
    start_run(lab, "menu", "{2}")
    card = lab.card("menu")  # it knows what the commands know; a menu is drawn once, when it is opened
    expect(card).to_have_attribute("data-status", "running")
    open_menu(lab)
    expect_enabled(menu_item(lab, "Load DeepView in This Kernel"), enabled=False)
    expect_enabled(menu_item(lab, "Resume the Newest Run"), enabled=False)
    expect_enabled(menu_item(lab, "Open the DeepView Demo"), enabled=True)
    lab.screenshot(RESULTS / "menu.png")
    menu_item(lab, "Pause the Newest Run").click()
    release(lab, "menu", 2)
    expect(card).to_have_attribute("data-status", "paused")
    open_menu(lab)
    expect_enabled(menu_item(lab, "Pause the Newest Run"), enabled=False)
    menu_item(lab, "Resume the Newest Run").click()
    expect(card).to_have_attribute("data-status", "done")
    open_menu(lab)
    expect_enabled(menu_item(lab, "Stop the Newest Run"), enabled=False)
    menu_item(lab, "Open a Run…").click()
    expect(lab.tab_canvas).to_have_attribute("data-status", "done")


def test_the_palette_lists_the_commands_and_no_key_is_taken(lab):
    lab.write_notebook("palette.ipynb", "1")
    lab.open("palette.ipynb")
    lab.command("apputils:activate-command-palette")
    lab.page.locator("#modal-command-palette input").fill("deepview")
    items = lab.page.locator("#modal-command-palette .lm-CommandPalette-itemLabel")
    expect(items.filter(has_text="Show the DeepView Panel")).to_be_visible()
    expect(items.filter(has_text="Open the DeepView Demo")).to_be_visible()
    lab.page.keyboard.press("Escape")
    assert lab.page.evaluate(OUR_KEYS) == []


@pytest.mark.own_page
def test_a_change_of_the_settings_takes_effect_at_once(lab, settings):
    start_run(lab, "settings", "{}")
    panel = lab.show_panel()
    batch = panel.get_by_test_id("dv-batch-size")
    expect(batch).to_have_value("64")
    lab.command("settingeditor:open", {"query": "DeepView"})
    setting(lab, "batchSize").fill("16")
    expect(batch).to_have_value("16")
    lab.screenshot(RESULTS / "settings.png")
    setting(lab, "panelSide").select_option(label="Right")
    expect(lab.page.locator("#jp-right-stack").get_by_test_id("dv-side-panel")).to_be_visible()
    expect(batch).to_have_value("16")


@pytest.mark.own_page
def test_a_side_that_was_set_while_no_page_was_open_wins_over_the_layout(lab, settings):
    start_run(lab, "side", "{}")
    lab.show_panel()
    expect(lab.page.locator("#jp-left-stack").get_by_test_id("dv-side-panel")).to_be_visible()
    lab.wait_for_layout("deepview-lab-panel")
    lab.page.goto("about:blank")
    settings('{"panelSide": "right"}')
    lab.page.goto(f"{lab.url}/lab/workspaces/side/tree/side.ipynb")
    lab.wait_for_notebook()
    lab.show_panel()
    expect(lab.page.locator("#jp-right-stack").get_by_test_id("dv-side-panel")).to_be_visible()


@pytest.mark.own_page
def test_the_button_in_the_toolbar_shows_the_panel_and_loads_deepview(lab):
    lab.write_notebook("toolbar.ipynb", "1")
    lab.open("toolbar.ipynb")
    lab.page.locator('.jp-NotebookPanel-toolbar [data-jp-item-name="deepview"]').get_by_role("button").click()
    panel = lab.page.get_by_test_id("dv-side-panel")
    expect(panel).to_contain_text("Nothing has run yet")
    lab.screenshot(RESULTS / "toolbar.png")


def test_the_context_menu_of_an_output_opens_its_run(lab):
    canvas = start_run(lab, "context", "{}")
    expect(canvas).to_have_attribute("data-status", "done")
    row(canvas, "dense").click(button="right")
    lab.screenshot(RESULTS / "context-menu.png")
    menu_item(lab, "Open in DeepView").click()
    expect(row(lab.tab_canvas, "dense")).to_contain_text("16")


def test_the_context_menu_of_another_output_does_not_offer_it(lab):
    lab.write_notebook("plain.ipynb", "'plain'")
    lab.open("plain.ipynb")
    lab.run_cell(0)
    output = lab.cell(0).locator(".jp-OutputArea-output")
    expect(output).to_contain_text("plain")
    output.click(button="right")
    expect(menu_item(lab, "Create New View for Cell Output")).to_be_visible()
    expect(menu_item(lab, "Open in DeepView")).to_be_hidden()


@pytest.mark.own_page
def test_tab_and_panel_come_back_after_a_reload(lab):
    start_run(lab, "layout", "{}")
    lab.card("layout").get_by_test_id("dv-open").click()
    expect(row(lab.tab_canvas, "dense")).to_contain_text("16")
    lab.wait_for_layout('"current": "deepview-lab-panel"', "deepview-lab-canvas:")
    lab.page.reload()
    expect(lab.page.locator("#jp-left-stack").get_by_test_id("dv-side-panel")).to_be_visible()
    expect(row(lab.tab_canvas, "dense")).to_contain_text("16")
    expect(lab.tab_canvas).to_have_attribute("data-status", "done")
    expect(lab.card("layout")).to_have_attribute("data-status", "done")


@pytest.mark.own_page
def test_without_a_notebook_the_panel_opens_an_example(lab):
    lab.write_notebook("empty.ipynb", "1")
    lab.open("empty.ipynb")
    panel = lab.show_panel()
    lab.save()
    lab.command("application:close-all")
    expect(panel).to_contain_text("Open a notebook to start")
    lab.screenshot(RESULTS / "no-notebook.png")
    panel.get_by_test_id("dv-open-demo").click()
    expect(lab.page.locator(".jp-Notebook:visible")).to_contain_text("What is inside this network?")
    # Other tests open it as well.
    named = lab.page.locator(".lm-mod-current[role='tab']", has_text=re.compile(r"deepview-demo(-\d+)?\.ipynb"))
    expect(named).to_be_visible()


def test_help_says_how_to_begin_and_which_version_this_is(lab):
    lab.write_notebook("help.ipynb", "1")
    lab.open("help.ipynb")
    lab.command("deepview-lab:help")
    dialog = lab.page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"DeepView Lab {deepview_lab.__version__}")
    expect(dialog.get_by_test_id("dv-help")).to_contain_text("deepview_lab.introspect(model, x_train, labels=y_train)")
    lab.screenshot(RESULTS / "help.png")
    dialog.get_by_role("button", name="Close").click()


def test_text_and_background_follow_the_theme_and_stay_readable(lab):
    canvas = start_run(lab, "themes", "{}")
    expect(canvas).to_have_attribute("data-status", "done")
    lab.show_panel()
    row(canvas, "dense").click()
    for theme, text_is_dark in THEMES.items():
        lab.use_theme(theme)
        for part in (canvas, lab.show_panel()):
            assert part.evaluate(IS_DARK) == text_is_dark
        assert severe_findings(lab.page, ".jp-Notebook [data-testid='dv-canvas']") == []
        lab.screenshot(RESULTS / f"theme-{theme.lower().replace(' ', '-')}.png")
