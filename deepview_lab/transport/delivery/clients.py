"""Who is told what: the clients, by the run that they show."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from deepview_lab.transport.delivery.channel import Channel

__all__ = ["Client", "Clients"]


@dataclass(frozen=True)
class Client:
    """One client.

    Attributes
    ----------
    channel : Channel
        The way to it.
    run : str or None
        The only run that it wants to know of; None for all.
    hear : callable
        Called whenever it speaks.
    drop : callable or None
        Called when it is given up; None for one that never is.
    """

    channel: Channel
    run: str | None
    hear: Callable[[], None]
    drop: Callable[[], None] | None


class Clients:
    """The clients by name, kept so that an event of one run costs nothing for those of other runs: they may be many."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._run_of: dict[str, str | None] = {}
        self._by_run: dict[str | None, dict[str, Client]] = {}

    def add(self, name: str, client: Client) -> None:
        """Add a client whose name is not taken."""
        with self._lock:
            self._run_of[name] = client.run
            self._by_run.setdefault(client.run, {})[name] = client

    def remove(self, name: str) -> Client | None:
        """Forget a client and return it; None for one that is not known."""
        with self._lock:
            if name not in self._run_of:
                return None
            run = self._run_of.pop(name)
            client = self._by_run[run].pop(name)
            if not self._by_run[run]:
                del self._by_run[run]
            return client

    def get(self, name: str) -> Client | None:
        """Return a client, None for one that is not known."""
        with self._lock:
            return self._by_run[self._run_of[name]][name] if name in self._run_of else None

    def names(self) -> list[str]:
        """Return the names of all."""
        with self._lock:
            return list(self._run_of)

    def runs(self) -> set[str]:
        """Return the runs that somebody shows who shows no other."""
        with self._lock:
            return {run for run in self._by_run if run is not None}

    def of_run(self, run: str) -> list[tuple[str, Client]]:
        """Return those that show this run and no other."""
        with self._lock:
            return list(self._by_run.get(run, {}).items())

    def of_all_runs(self) -> list[tuple[str, Client]]:
        """Return those that show all runs."""
        with self._lock:
            return list(self._by_run.get(None, {}).items())

    def hearing_of(self, run: str) -> list[tuple[str, Client]]:
        """Return all that are told of a run."""
        return self.of_run(run) + self.of_all_runs()
