"""What clients ask for of samples, and what they choose among them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Sequence
from typing import Any, Protocol, TypeAlias, assert_never

from deepview_lab.engine import RunView
from deepview_lab.transport.delivery.channel import Envelope
from deepview_lab.transport.feeds.choices import Choices
from deepview_lab.transport.feeds.picture_feed import PictureFeed
from deepview_lab.transport.feeds.samples import SampleFeed
from deepview_lab.transport.wire import messages

__all__ = ["BindsVariables", "SampleMessage", "SampleRequests"]

Offer: TypeAlias = Callable[[Hashable, Envelope], None]
SampleMessage: TypeAlias = messages.ReadColumn | messages.ReadPictures | messages.Choose | messages.SendToPython
_logger = logging.getLogger(__name__)


class BindsVariables(Protocol):
    """Puts values into the user's namespace."""

    # Any: a namespace holds anything.

    def problem_of(self, name: str) -> str | None:
        """Return why no variable can have this name, None where one can."""
        ...

    def type_of(self, name: str) -> str | None:
        """Return the type of what a variable holds, None where there is none."""
        ...

    def bind(self, name: str, value: Any) -> None:
        """Bind a variable."""
        ...


class SampleRequests:
    """Answers what clients ask for of samples.

    Attributes
    ----------
    choices : Choices
        What is filtered, selected, grouped and tagged.

    Parameters
    ----------
    tell : callable
        As of :class:`Choices`.
    variables : BindsVariables, optional
        Where selections are sent to; without it, none can be sent.
    """

    def __init__(
        self,
        tell: Callable[[str, Hashable, Envelope, str | None], None],
        variables: BindsVariables | None = None,
    ) -> None:
        self.choices = Choices(tell)
        self._columns = SampleFeed()
        self._pictures = PictureFeed()
        self._variables = variables

    def news(self, run: RunView, name: str) -> Envelope | None:
        """Return the description of an introspector's table of samples where it is new, else None."""
        return self._columns.news(run, name)

    def of(self, run: RunView) -> list[tuple[Hashable, Envelope]]:
        """Return the descriptions of the tables of a run, then what is chosen in them, under the keys of a channel."""
        return [*self._columns.of(run), *self.choices.envelopes(run.id)]

    def take(self, message: SampleMessage, run: RunView, offer: Offer) -> None:
        """Do what a client asks for. Returns at once; what does not fit is logged and ignored."""
        table = run.sample_table(message.introspector) if message.introspector in run.introspectors else None
        if table is None:
            return
        match message:
            case messages.ReadColumn():
                self._columns.read(message, run, offer)
            case messages.ReadPictures():
                self._pictures.read(message, run, offer)
            case messages.Choose():
                try:
                    self.choices.take(message, table.rows)
                except ValueError as error:
                    _logger.warning("Ignored what a client has chosen: %s", error)
            case messages.SendToPython():
                offer(("sent", run.id, message.introspector), Envelope(self._send(message, run)))
            case _:
                assert_never(message)

    def leave(self, client: str) -> None:
        """Forget what a client has asked for."""
        self._columns.leave(client)
        self._pictures.leave(client)

    def forget(self, run: str) -> None:
        """Forget a run."""
        self._columns.forget(run)
        self._pictures.forget(run)
        self.choices.forget(run)

    def close(self) -> None:
        """End the threads after what they do now."""
        self._columns.close()
        self._pictures.close()

    def _send(self, message: messages.SendToPython, run: RunView) -> messages.SentToPython:
        variables, name = self._variables, message.variable
        problem = "This kernel has no variables." if variables is None else variables.problem_of(name)
        ids: Sequence[Any] = ()
        held = None
        if variables is not None and problem is None:
            held = None if message.overwrite else variables.type_of(name)
            if held is None:
                ids = self._selected(run, message.introspector)
                variables.bind(name, list(ids))
        return messages.SentToPython(
            run=run.id,
            introspector=message.introspector,
            variable=name,
            outcome="refused" if problem is not None else "taken" if held is not None else "done",
            samples=len(ids),
            type=held,
            problem=problem,
        )

    def _selected(self, run: RunView, introspector: str) -> Sequence[Any]:
        table = run.sample_table(introspector)
        if table is None:
            return ()
        ids: Sequence[Any] = table.ids()[self.choices.of(run.id, introspector, table.rows).selected].tolist()
        return ids
