"""What clients are told of the layer that they have open, and of the recipe strategy that they chose."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TypeAlias

from deepview_lab.analysis.detail import Detailed, Recommends, StrategyName
from deepview_lab.engine import RunView
from deepview_lab.transport.delivery.channel import Envelope
from deepview_lab.transport.feeds.coalescing_queue import CoalescingQueue
from deepview_lab.transport.wire import messages
from deepview_lab.transport.wire.arrow import encode_columns

__all__ = ["FocusFeed", "detail_envelope", "recommendation_envelopes", "saved_details"]

# Details in a notebook file, all together: more would make it slow to open and to compare.
_MOST_DETAIL_BYTES = 512 * 1024

Offer: TypeAlias = Callable[[Hashable, Envelope], None]
# A client and the id of a run.
_Key: TypeAlias = tuple[str, str]


@dataclass(frozen=True)
class _Wish:
    run: RunView
    offer: Offer


class FocusFeed:
    """Makes details: neither a run nor a control message waits for them.

    Remembers what each client looks at in each run. A client's waiting wishes for one run are fulfilled by one look.
    Everything is taken from the tables that were told last, so that no spectrum is computed for it.
    """

    def __init__(self) -> None:
        self._focuses: dict[_Key, messages.Focus] = {}
        self._lock = threading.Lock()
        self._queue: CoalescingQueue[_Key, _Wish] = CoalescingQueue(
            "deepview-focus", self._fulfil, "Could not tell a client more of a run"
        )

    def set(self, focus: messages.Focus, run: RunView, offer: Offer) -> None:
        """Tell a client what it looks at in ``run``, now and whenever it is renewed. Returns at once."""
        key = focus.client, run.id
        with self._lock:
            if focus.layer is None and focus.strategy == "kl":
                self._focuses.pop(key, None)
                return
            self._focuses[key] = focus
        self.renew(focus.client, run, offer)

    def renew(self, client: str, run: RunView, offer: Offer) -> None:
        """Tell a client anew what it looks at in ``run``, if anything. Returns at once."""
        key = client, run.id
        if key in self._focuses:
            self._queue.add(key, _Wish(run, offer))

    def forget(self, *, client: str | None = None, run: str | None = None) -> None:
        """Forget a client, or a run."""

        def unwanted(key: _Key) -> bool:
            return key[0] == client or key[1] == run

        with self._lock:
            self._focuses = {key: focus for key, focus in self._focuses.items() if not unwanted(key)}
        self._queue.drop(unwanted)

    def close(self) -> None:
        """End the thread after what it does now."""
        self._queue.close()

    def _fulfil(self, key: _Key, wish: _Wish) -> None:
        run, focus = wish.run, self._focuses.get(key)
        if focus is None:  # it was closed meanwhile
            return
        if focus.layer is not None:
            wish.offer(("detail", run.id), detail_envelope(run, focus.layer))
        if focus.strategy != "kl":
            for name, envelope in recommendation_envelopes(run, focus.strategy, focus.value).items():
                wish.offer(("recommendation", run.id, name), envelope)


def detail_envelope(run: RunView, layer: str) -> Envelope:
    """Return what the introspectors of a run know of one layer."""
    parts, buffers = [], []
    for name, table in _tables(run).items():
        if isinstance(table, Detailed) and (columns := table.detail(layer)) is not None:
            part = messages.DetailPart(
                introspector=name,
                analysis=run.introspectors[name],
                samples=table.samples,
            )
            parts.append(part)
            buffers.append(encode_columns(columns))
    return Envelope(messages.LayerDetail(run=run.id, layer=layer, parts=parts), tuple(buffers))


def saved_details(run: RunView) -> list[Envelope] | None:
    """Return the details of all layers of a run, None when they are large together."""
    details, size = [], 0
    for layer in run.responses:
        detail = detail_envelope(run, layer)
        size += sum(map(len, detail.buffers))
        if size > _MOST_DETAIL_BYTES:
            return None
        if detail.buffers:
            details.append(detail)
    return details


def recommendation_envelopes(run: RunView, strategy: StrategyName, value: float) -> dict[str, Envelope]:
    """Return the units to keep, for each introspector of a run that recommends some, by its name."""
    envelopes = {}
    for name, table in _tables(run).items():
        if isinstance(table, Recommends):
            columns = encode_columns(table.recommendation(strategy, value))
            message = messages.Recommendation(run=run.id, introspector=name, strategy=strategy, value=value)
            envelopes[name] = Envelope(message, (columns,))
    return envelopes


def _tables(run: RunView) -> dict[str, object]:
    return {name: table for name in run.introspectors if (table := run.latest(name)) is not None}
