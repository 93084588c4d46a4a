"""The scatter plot draws the right points in the right colours, with WebGL, without it, and while a context is lost."""

from __future__ import annotations

import numpy as np
import pytest
from scatter_page import open_scatter_page, run_in

RED, BLUE, GREY, WHITE = [200, 0, 0], [0, 0, 200], [206, 206, 206], [255, 255, 255]
COLOURS = {"kind": "category", "codes": [0, 1, 0], "palette": [RED, BLUE], "other": [9, 9, 9]}
THREE = {"x": [0, 5, 10], "y": [0, 5, 10]}
PAINTERS = pytest.mark.parametrize("painter", ["webgl", "canvas"])


@pytest.fixture
def page(browser):
    opened = open_scatter_page(browser)
    yield opened
    errors = opened.page_errors()
    opened.context.close()
    assert errors == []


@PAINTERS
@pytest.mark.parametrize("ratio", [1, 2])
def test_each_row_has_the_colour_of_its_category_where_its_coordinates_say(page, painter, ratio):
    colours = run_in(
        page,
        """const [painter, data, colours, ratio] = values;
        const view = plot(painter, data, colours, { ratio });
        await complete(view);
        const found = [[0, 0], [5, 5], [10, 10], [0, 10]].map(([x, y]) => colourAt(view, x, y, ratio));
        return [view.painter, ...found];""",
        painter,
        THREE,
        COLOURS,
        ratio,
    )
    assert colours == [painter, RED, BLUE, RED, WHITE]


@PAINTERS
def test_hidden_rows_are_not_drawn_and_selected_ones_lie_above_grey_ones(page, painter):
    crowd = {"x": [0, 10] + [5] * 60, "y": [0, 10] + [5] * 60}
    colours = {**COLOURS, "codes": [0] * 62}
    found = run_in(
        page,
        """const [painter, data, colours] = values;
        const view = plot(painter, data, colours);
        const shown = bits([...Array(62).keys()].filter(row => row !== 1));
        view.setMasks({ shown, selected: bits([1, 20]), isolated: null });
        await complete(view);
        return [[0, 0], [5, 5], [10, 10]].map(([x, y]) => colourAt(view, x, y));""",
        painter,
        crowd,
        colours,
    )
    assert found == [GREY, RED, WHITE]


@PAINTERS
def test_points_stand_where_the_camera_says_when_a_millionth_of_a_far_map_fills_the_view(page, painter):
    data = {"x": [1e6, 1e6 + 0.5, 1e6 + 0.5 + 2e-7, 1e6 + 1], "y": [0, 0.5, 0.5, 1]}
    colours = {**COLOURS, "codes": [0, 0, 1, 0]}
    found = run_in(
        page,
        """const [painter, data, colours] = values;
        const view = plot(painter, data, colours);
        view.zoom(200, 150, 1e6);
        await complete(view);
        const [a, b] = [1, 2].map(row => view.toScreen(data.x[row], data.y[row]).x);
        return [b - a, ...[1, 2].map(row => colourAt(view, data.x[row], data.y[row]))];""",
        painter,
        data,
        colours,
    )
    assert found[0] > 30
    assert found[1:] == [RED, BLUE]


def test_both_painters_draw_the_same_picture(page):
    rng = np.random.default_rng(0)
    data = {"x": rng.normal(size=3000).tolist(), "y": rng.normal(size=3000).tolist()}
    colours = {**COLOURS, "codes": rng.integers(0, 2, 3000).tolist()}
    with_webgl, without = (
        np.array(
            run_in(
                page,
                """const [painter, data, colours] = values;
                const view = plot(painter, data, colours, { style: { opacityFactor: 1 } });
                await complete(view);
                return pixels(view);""",
                painter,
                data,
                colours,
            )
        ).reshape(300, 400, 4)
        for painter in ("webgl", "canvas")
    )
    painted = (without[..., :3] < 250).any(axis=-1)
    assert painted.mean() > 0.05
    # Points stand on quarters of pixels without WebGL: edges differ a little, whole points do not.
    assert np.abs(with_webgl - without)[painted].mean() < 15
    assert abs(with_webgl.mean() - without.mean()) < 1


def test_a_lost_context_is_bridged_and_comes_back(page):
    found = run_in(
        page,
        """const [data, colours] = values;
        const view = plot('webgl', data, colours);
        await complete(view);
        const { canvas } = contexts[0];
        const happened = name => new Promise(resolve => canvas.addEventListener(name, resolve, { once: true }));
        const loss = contexts[0].getExtension('WEBGL_lose_context');
        const seen = [view.painter];
        const lost = happened('webglcontextlost');
        loss.loseContext();
        await lost;
        view.pan(30, 0);
        await complete(view);
        seen.push(view.painter, colourAt(view, 5, 5));
        const restored = happened('webglcontextrestored');
        setTimeout(() => loss.restoreContext());
        await restored;
        await complete(view);
        view.setMasks({ shown: null, selected: bits([1]), isolated: null });
        await complete(view);
        return [...seen, view.painter, colourAt(view, 5, 5), colourAt(view, 0, 0)];""",
        THREE,
        COLOURS,
    )
    assert found == ["webgl", "canvas", BLUE, "webgl", BLUE, GREY]


def test_plots_of_a_page_share_one_context_which_the_last_one_gives_back(page):
    found = run_in(
        page,
        """const [data, colours] = values;
        const views = [1, 2, 3].map(() => plot('webgl', data, colours));
        for (const view of views) await complete(view);
        const seen = [contexts.length, ...views.map(view => colourAt(view, 5, 5))];
        views[0].dispose();
        views[1].dispose();
        views[1].dispose();
        views[2].pan(10, 10);
        await complete(views[2]);
        seen.push(contexts[0].isContextLost(), colourAt(views[2], 5, 5));
        views[2].dispose();
        seen.push(contexts[0].isContextLost());
        const next = plot('webgl', data, colours);
        await complete(next);
        return [...seen, contexts.length, colourAt(next, 5, 5)];""",
        THREE,
        COLOURS,
    )
    assert found == [1, BLUE, BLUE, BLUE, False, BLUE, True, 2, BLUE]


def test_software_webgl_is_not_used_unless_asked_for(page):
    found = run_in(page, "return [plot('auto', ...values).painter, plot('webgl', ...values).painter];", THREE, COLOURS)
    assert found == ["canvas", "webgl"]
