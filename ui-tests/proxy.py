"""A connection that can be bad: cut, slow, narrow; and that counts what passes."""

from __future__ import annotations

import asyncio
import threading

CHUNK = 4096
# Chunks that may wait on the way, as in a router: 128 KiB in each direction of each connection.
ROOM = 32


class Proxy:
    """Passes TCP connections on to a local port.

    Parameters
    ----------
    target : int
        Where to.

    Attributes
    ----------
    port : int
        Where it listens.
    refused : int
        Connections turned away while it was cut.
    down : int
        Bytes that came from the server on WebSockets.
    """

    def __init__(self, target: int) -> None:
        self._target = target
        self._loop = asyncio.new_event_loop()
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._cut = False
        self._latency = 0.0
        self._rate: float | None = None
        self._free = {"up": 0.0, "down": 0.0}
        self.refused = 0
        self.down = 0
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True)
        self._thread.start()
        begin = asyncio.start_server(self._accept, "127.0.0.1", 0)
        self._server = asyncio.run_coroutine_threadsafe(begin, self._loop).result(60)
        self.port = int(self._server.sockets[0].getsockname()[1])

    def cut(self) -> None:
        """Break all connections, and refuse new ones until :meth:`mend`."""
        self._cut = True
        self._loop.call_soon_threadsafe(self._abort)

    def mend(self) -> None:
        """Take new connections again."""
        self._cut = False

    def throttle(self, *, latency: float, rate: float) -> None:
        """Let everything take ``latency`` seconds longer one way, and pass ``rate`` bytes a second each way."""
        self._latency = latency
        self._rate = rate

    def close(self) -> None:
        """Break everything and end."""

        async def end() -> None:
            self._server.close()
            self._abort()
            tasks = list(self._tasks)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

        asyncio.run_coroutine_threadsafe(end(), self._loop).result(60)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(60)
        self._loop.close()

    def _abort(self) -> None:
        for writer in self._writers:
            writer.transport.abort()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self._serve(reader, writer)
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._cut:
            self.refused += 1
            return
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target)
        own = {writer, far_writer}
        self._writers |= own
        try:
            first = await reader.read(CHUNK)
            far_writer.write(first)
            counted = b"upgrade: websocket" in first.lower()
            await asyncio.gather(
                self._pump(reader, far_writer, "up"), self._pump(far_reader, writer, "down", counted=counted)
            )
        finally:
            self._writers -= own
            far_writer.transport.abort()

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: str, *, counted: bool = False
    ) -> None:
        road: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(ROOM)

        async def read() -> None:
            while data := await reader.read(CHUNK):
                await road.put((self._loop.time() + self._latency, data))
            await road.put((0.0, b""))

        async def write() -> None:
            while True:
                due, data = await road.get()
                if not data:
                    writer.close()
                    return
                await asyncio.sleep(due - self._loop.time())
                await self._pass(len(data), way)
                writer.write(data)
                await writer.drain()
                if counted:
                    self.down += len(data)

        await asyncio.gather(read(), write())

    async def _pass(self, size: int, way: str) -> None:
        """Wait until the line, which all connections share, has carried so many bytes."""
        if self._rate is not None:
            now = self._loop.time()
            self._free[way] = max(now, self._free[way]) + size / self._rate
            await asyncio.sleep(self._free[way] - now)
