"""Where runs meet clients: keeps the last state of every run and passes changes on to all channels."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Hashable
from typing import Any, assert_never

import msgspec

from deepview_lab.engine import ENDED, Event, Registry, ResponsesKnown, RunChanged, RunView, SnapshotTaken
from deepview_lab.transport.delivery.channel import Channel, Envelope, Send
from deepview_lab.transport.delivery.clients import Client, Clients
from deepview_lab.transport.delivery.pace import SharedBandwidth
from deepview_lab.transport.feeds.choices import Choices
from deepview_lab.transport.feeds.coalescing_queue import CoalescingQueue
from deepview_lab.transport.feeds.focus import FocusFeed, Offer, saved_details
from deepview_lab.transport.feeds.last_states import LastStates
from deepview_lab.transport.feeds.sample_requests import BindsVariables, SampleMessage, SampleRequests
from deepview_lab.transport.feeds.saved import SavedState
from deepview_lab.transport.feeds.sources import Explorer, SourceFeed
from deepview_lab.transport.wire import messages
from deepview_lab.transport.wire.analyses import analysis_infos
from deepview_lab.transport.wire.describe import origin_envelope, state_envelope

__all__ = ["Hub"]

SILENCE_SECONDS = 120.0
_logger = logging.getLogger(__name__)


_STEPS: dict[type[messages.Cancel | messages.Pause | messages.Resume], Callable[[RunView], None]] = {
    messages.Cancel: lambda run: run.cancel(),
    messages.Pause: lambda run: run.pause(),
    messages.Resume: lambda run: run.resume(),
}


class Hub:
    """Passes the events of ``registry`` on to clients, and their wishes back.

    A run that the registry has forgotten is forgotten here, with the clients that show only that.

    Parameters
    ----------
    registry : Registry
        The runs of this kernel.
    version : str
        Of deepview_lab.
    session : str
        Tells this kernel from the one before a restart; kept as an attribute.
    explorer : Explorer, optional
        Looks through the user's variables, for clients that show all runs.
    variables : BindsVariables, optional
        Where selected samples are sent to.
    """

    def __init__(
        self,
        registry: Registry,
        *,
        version: str,
        session: str,
        explorer: Explorer | None = None,
        variables: BindsVariables | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._registry = registry
        self._version = version
        self.session = session
        self._sources = SourceFeed(explorer) if explorer is not None else None
        self._focus = FocusFeed()
        self._samples = SampleRequests(self._tell_choice, variables)
        self._completion: CoalescingQueue[str, RunView] = CoalescingQueue(
            "deepview-tables", lambda _, run: run.complete_tables(), "Could not complete the tables of a run"
        )
        self._clock = clock
        self._clients = Clients()
        self._bandwidth = SharedBandwidth()
        self._states = LastStates()
        self._analyses = analysis_infos()  # after the last cell
        self._unwatch = registry.watch(self._observe, lambda run: bool(self._clients.hearing_of(run.id)))

    @property
    def choices(self) -> Choices:
        """What users have chosen among samples."""
        return self._samples.choices

    def close(self) -> None:
        """Stop watching and forget all clients."""
        self._unwatch()
        self._focus.close()
        self._samples.close()
        self._completion.close()
        if self._sources is not None:
            self._sources.close()
        for client in self._clients.names():
            self.disconnect(client)

    def connect(
        self,
        client: str,
        send: Send,
        *,
        run: str | None = None,
        on_heard: Callable[[], None] = lambda: None,
        on_dropped: Callable[[], None] | None = None,
    ) -> None:
        """Add a client and send it all there is.

        Parameters
        ----------
        client : str
            Its name; one that is known already is replaced.
        send : callable
            Takes the numbered messages.
        run : str, optional
            The only run that it wants to know of.
        on_heard : callable
            Called whenever the client speaks.
        on_dropped : callable, optional
            Called when the client is given up because it has owed an answer for two minutes and another one came.
            Pages go without a word when the connection is down. A client without this function is never given up.
        """
        self._drop_silent()
        self.disconnect(client)
        self._clients.add(client, Client(Channel(send, self._clock, line=self._bandwidth), run, on_heard, on_dropped))
        self._resync(client)

    def disconnect(self, client: str) -> None:
        """Forget a client."""
        known = self._clients.remove(client)
        if known is not None:
            known.channel.close()
        self._focus.forget(client=client)
        self._samples.leave(client)
        if self._sources is not None:
            self._sources.forget(client)

    def _drop_silent(self) -> None:
        """Give up clients that do not answer: a kernel that hears a new client has had time to hear the old ones."""
        for name in self._clients.names():
            client = self._clients.get(name)
            if client is not None and client.drop is not None and client.channel.silence() > SILENCE_SECONDS:
                self.disconnect(name)
                client.drop()

    def look_again(self) -> None:
        """Tell the clients, if any, what has changed among the user's variables and analyses. Returns at once."""
        known, self._analyses = self._analyses, analysis_infos()
        for client, _ in self._clients.of_all_runs():
            if self._analyses != known:
                self._resync(client)
            else:
                self._look(client, fresh=False)

    def control(self, data: Any) -> bool:  # Any: it comes from outside and is checked here
        """Do what a client asks for: quick, safe on any thread. What is no control message is logged and ignored.

        Returns
        -------
        bool
            Whether the client is known. One that was dropped must connect again to hear anything.
        """
        try:
            message = msgspec.convert(data, messages.ControlMessage)
        except msgspec.ValidationError as error:
            _logger.warning("Ignored a control message that is none: %s", error)
            return True
        client = self._clients.get(message.client)
        if client is not None:
            client.hear()
        match message:
            case messages.Ack():
                if client is not None:
                    client.channel.acknowledge(message.seq)
            case messages.Cancel() | messages.Pause() | messages.Resume():
                self._steer(message.run, _STEPS[type(message)])
            case messages.Resync():
                self._resync(message.client)
            case messages.Scan() | messages.Inspect():
                self._explore(message)
            case (
                messages.Focus()
                | messages.ReadColumn()
                | messages.ReadPictures()
                | messages.Choose()
                | messages.SendToPython()
            ):
                if client is not None:
                    self._show(message, client.channel.offer)
            case _:
                assert_never(message)
        return client is not None

    def _show(self, message: messages.Focus | SampleMessage, offer: Offer) -> None:
        if isinstance(message, messages.Focus):
            self._steer(message.run, lambda run: self._look_at(message, run, offer))
        else:
            self._steer(message.run, lambda run: self._samples.take(message, run, offer))

    def _look_at(self, focus: messages.Focus, run: RunView, offer: Offer) -> None:
        self._focus.set(focus, run, offer)
        if run.status in ENDED and not all(map(run.is_whole, run.introspectors)):
            self._completion.add(run.id, run)

    def _steer(self, wanted: str, do: Callable[[RunView], None]) -> None:
        for run in self._registry.runs():
            if run.id == wanted:
                do(run)

    def saved(self, run: RunView) -> SavedState:
        """Return the last state of a run, to be kept where no kernel answers; details as far as they are small."""
        envelopes = [envelope for _, envelope in self._states.of(run)]
        details = saved_details(run)
        if details is None:
            return SavedState(self.session, run.id, envelopes, ["details"])
        return SavedState(self.session, run.id, [*envelopes, *details])

    def _observe(self, event: Event) -> None:
        if event.run.id not in self._states.runs():  # with a new run, an old one may have gone
            self._forget_with_the_registry()
        match event:
            case RunChanged():
                # What somebody waits for (it stops, it has ended) does not wait for an acknowledgement.
                urgent = event.run.status != "running"
                self._offer(event.run, ("run", event.run.id), state_envelope(event.run), urgent=urgent)
                if self._states.is_new(event.run):
                    self._tell_origin(event.run)
            case ResponsesKnown():
                self._offer(event.run, ("layers", event.run.id), self._states.layers(event))
            case SnapshotTaken():
                envelope = self._states.table(event)
                self._offer(event.run, ("snapshot", event.run.id, event.name), envelope, urgent=event.final)
                samples = self._samples.news(event.run, event.name)
                if samples is not None:
                    self._offer(event.run, ("samples", event.run.id, event.name), samples)
                self._refocus(event.run)
            case _:
                assert_never(event)

    def _tell_choice(self, run: str, key: Hashable, envelope: Envelope, by: str | None) -> None:
        others = [(name, client) for name, client in self._clients.hearing_of(run) if name != by]
        self._offer_to(others, key, envelope)

    def _tell_origin(self, run: RunView) -> None:
        """Tell the clients that may start it again; a canvas of one run cannot, and would keep it in the notebook."""
        envelope = origin_envelope(run)
        if envelope is not None:
            self._offer_to(self._clients.of_all_runs(), ("origin", run.id), envelope)

    def _forget_with_the_registry(self) -> None:
        # Asked before the registry is: a run that came meanwhile must not look like one that is gone.
        shown = self._states.runs() | self._clients.runs()
        for run in shown - {known.id for known in self._registry.runs()}:
            for name, _ in self._clients.of_run(run):
                self.disconnect(name)
            self._focus.forget(run=run)
            self._samples.forget(run)
            self._states.forget(run)

    def _offer(self, run: RunView, key: Hashable, envelope: Envelope, *, urgent: bool = False) -> None:
        self._offer_to(self._clients.hearing_of(run.id), key, envelope, urgent=urgent)

    def _offer_to(
        self, clients: list[tuple[str, Client]], key: Hashable, envelope: Envelope, *, urgent: bool = False
    ) -> None:
        for name, client in clients:
            try:
                client.channel.offer(key, envelope, urgent=urgent)
            except Exception:
                _logger.exception("Could not send to a client; it is dropped")
                self.disconnect(name)

    def _resync(self, name: str) -> None:
        client = self._clients.get(name)
        if client is None:
            return

        def collect() -> list[tuple[Hashable | None, Envelope]]:
            runs = [run for run in self._registry.runs() if client.run in (None, run.id)]
            ids, analyses = [run.id for run in runs], analysis_infos()
            hello = messages.Hello(version=self._version, session=self.session, runs=ids, analyses=analyses)
            state: list[tuple[Hashable | None, Envelope]] = [(None, Envelope(hello))]
            for run in runs:
                state += self._states.of(run)
                state += self._samples.of(run)
                origin = origin_envelope(run)
                if client.run is None and origin is not None:
                    state.append((("origin", run.id), origin))
            return state

        client.channel.restart(collect)
        for run in self._registry.runs():
            self._focus.renew(name, run, client.channel.offer)
        self._look(name, fresh=True)

    def _refocus(self, run: RunView) -> None:
        for name, client in self._clients.hearing_of(run.id):
            self._focus.renew(name, run, client.channel.offer)

    def _look(self, name: str, *, fresh: bool) -> None:
        client = self._clients.get(name)
        if client is not None and client.run is None and self._sources is not None:
            self._sources.look(name, client.channel.offer, fresh=fresh)

    def _explore(self, message: messages.Scan | messages.Inspect) -> None:
        if isinstance(message, messages.Inspect) and self._sources is not None:
            self._sources.inspect(message.client, message.source)
        self._look(message.client, fresh=True)
