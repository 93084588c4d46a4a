"""The canvas in a notebook output: a widget of one run, with a static table for readers without a kernel."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import anywidget
import msgspec
import traitlets
from IPython.display import display, update_display

from deepview_lab.data.thumbnails import PictureCells
from deepview_lab.engine import ENDED, Event, ResponsesKnown, RunView, registry
from deepview_lab.figures.static_run import static_html
from deepview_lab.lab.chosen_samples import ChosenSamples
from deepview_lab.lab.frames.frame import Frame
from deepview_lab.lab.frames.frame_columns import FrameRoles, sample_table
from deepview_lab.lab.frames.table_run import table_run
from deepview_lab.lab.session import session
from deepview_lab.transport.wire.messages import SAVED_MIME, DataMessage

__all__ = ["Canvas"]

_STATIC = Path(__file__).parent.parent / "static"
_WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


class Canvas(ChosenSamples, anywidget.AnyWidget):
    """A run, live, or a table of samples.

    Displaying it (or the run itself, when the extension is loaded) puts three things into the cell's output: the run's
    last state (``SAVED_MIME``), which DeepView's extension of JupyterLab shows and brings up to date; the widget, for
    other live front ends; and a static HTML table for everybody else.

    Parameters
    ----------
    shown : RunView, DataFrame, Table, Path or str
        What ``deepview_lab.start`` returned, or one of ``deepview_lab.runs()``; or a table of pandas, Polars or Arrow,
        or the path of a Parquet file, with one row per sample.
    id_column, media, x, y, label, split : str, optional
        Columns of a table. Those that are not given are told by their names: ``id``, ``x`` and ``y``, ``label``,
        ``split`` and the like. Without ids, samples have the index of the table, else their row number.
        ``media`` holds pictures: paths, encoded bytes, arrays, or pictures of Pillow.
    media_root : Path or str, optional
        The folder below which pictures are read. Without it, paths in a table are read wherever they are, those in a
        Parquet file not at all.
    name : str, optional
        Of a table, for people.

    Raises
    ------
    TypeError
        when ``shown`` is something else, or columns are given of a run.
    UnknownNameError
        (a KeyError) when a column is given that is not there.
    DataError
        (a ValueError) when a table cannot be shown: it says why.

    Examples
    --------
    >>> import deepview_lab, pandas as pd
    >>> canvas = deepview_lab.Canvas(pd.DataFrame({"id": ["a", "b", "c"], "stars": [1, 5, 4]}))
    >>> canvas.selected = ["b"]
    >>> canvas.selection_frame()
      id  stars
    1  b      5
    """

    _esm = _STATIC / "canvas.js"
    _css = _STATIC / "canvas.css"
    _client = traitlets.Unicode().tag(sync=True)
    _run = traitlets.Unicode().tag(sync=True)
    # Any: the protocol's messages as plain data, and their Arrow buffers.
    _saved: traitlets.Dict[str, Any] = traitlets.Dict(default_value=None, allow_none=True).tag(sync=True)

    _shown: RunView | None = None

    # Any: tables of libraries that are not imported here.

    def __new__(cls, shown: Any, **_: Any) -> Self:
        """Refuse what cannot be shown before there is a widget that would have to be closed."""
        if not isinstance(shown, RunView) and not Frame.recognises(shown):
            raise TypeError(
                f"Canvas shows a run or a table, but got a {type(shown).__name__}. Pass what deepview_lab.start(...) "
                "returned, one of deepview_lab.runs(), a table of pandas, Polars or Arrow, or the path of a Parquet "
                "file."
            )
        made: Self = super().__new__(cls)
        return made

    def __init__(
        self,
        shown: Any,
        *,
        id_column: str | None = None,
        media: str | None = None,
        x: str | None = None,
        y: str | None = None,
        label: str | None = None,
        split: str | None = None,
        media_root: str | Path | None = None,
        name: str | None = None,
    ) -> None:
        roles = FrameRoles(id_column=id_column, media=media, x=x, y=y, label=label, split=split)
        run = _run_of(shown, roles, name, None if media_root is None else Path(media_root).expanduser())
        super().__init__(_client=uuid.uuid4().hex, _run=run.id)
        # Until it has ended and its tables are complete: ipywidgets keeps every widget for as long as the kernel lives.
        self._shown = run
        self._last_data: dict[str, Any] = {}
        self._hub = session().hub
        self._display_ids: list[str] = []
        self._heard = False
        self._final = False
        self.on_msg(self._on_message)
        run.complete_tables()
        self._hub.connect(self._client, self._send_message, run=run.id, on_heard=self._on_heard)
        self._unwatch = registry.watch(self._observe)
        self._follow(run.id)
        if run.status in ENDED:
            self._settle(run)

    def close(self) -> None:
        """Close the widget; the run continues."""
        if self._shown is None and not self._client:  # it was refused, and is collected
            return
        self._unwatch()
        self._leave()
        self._hub.disconnect(self._client)
        super().close()

    def _ipython_display_(self) -> None:
        display_id = uuid.uuid4().hex
        was_final = self._final
        display(self._bundle(view=True), raw=True, display_id=display_id)
        self._display_ids.append(display_id)
        if self._final and not was_final:  # it ended while its table was made
            self._update_output()

    def _bundle(self, *, view: bool) -> dict[str, Any]:
        run = self._shown
        data = self._last_data if run is None else {SAVED_MIME: self._hub.saved(run).output(), **_texts(run)}
        if not view:
            return data
        return {**data, _WIDGET_VIEW: {"version_major": 2, "version_minor": 1, "model_id": self.model_id}}

    def _send_message(self, message: DataMessage, buffers: Sequence[bytes]) -> None:
        if self._heard:  # JupyterLab shows the run by our extension: then nobody is at the other end
            self.send(msgspec.to_builtins(message), list(buffers))

    def _on_message(self, _: Any, content: Any, __: Any) -> None:
        self._hub.control(content)

    def _on_heard(self) -> None:
        first, self._heard = not self._heard, True
        if first and self._final:  # it was taken for a batch run when it ended: give it the live view after all
            self._update_output()

    def _observe(self, event: Event) -> None:
        if not isinstance(event, ResponsesKnown) and event.run is self._shown and event.run.status in ENDED:
            self._settle(event.run)

    def _settle(self, run: RunView) -> None:
        """Keep the last state where no kernel is needed to read it: in the widget's state and in the cell's output."""
        self._final = True
        saved = self._hub.saved(run)
        self._saved = saved.trait()
        self._last_data = {SAVED_MIME: saved.output(), **_texts(run)}
        if all(map(run.is_whole, run.introspectors)):
            self._shown = None
            self._unwatch()
        self._update_output()

    def _update_output(self) -> None:
        for display_id in self._display_ids:
            # Without a front end (nbconvert --execute, papermill) the view would only hide the table from readers.
            update_display(self._bundle(view=self._heard), raw=True, display_id=display_id)


def _run_of(shown: Any, roles: FrameRoles, name: str | None, root: Path | None) -> RunView:
    if not isinstance(shown, RunView):
        frame = Frame(shown)
        is_file = isinstance(shown, str | Path)
        usual = Path(shown).stem if is_file else "table"
        pictures = {}
        table = sample_table(frame, roles)
        if roles.media is not None:
            pictures[roles.media] = PictureCells(frame.columns[roles.media], root, anywhere=not is_file)
        return table_run(frame, table, name or usual, pictures)
    if roles != FrameRoles() or name is not None or root is not None:
        raise TypeError("Columns and a name are given of tables only: a run knows its own.")
    return shown


def _texts(run: RunView) -> dict[str, Any]:
    return {"text/plain": repr(run), "text/html": static_html(run)}
