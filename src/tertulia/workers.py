"""Several processes of one server on one machine, which share the socket that it listens on.

The process that was started serves nobody. It listens, begins the workers, begins another one where
one dies, and has all of them end together. Between it and each worker is a pair of sockets: the
worker says by one byte that it serves, and learns by the end of it that the first process is gone.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import msgspec

READY = b"+"
"""What a worker says when it serves."""

FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 30.0
"""How soon another worker is begun where one has died, and where they die again and again."""

_STAYED_S = 60.0
_BACKLOG = 2048

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a worker is told: which of them it is, its sockets, and the inner ports of all."""

    number: int
    listening_fd: int
    inner_fd: int
    parent_fd: int
    ports: tuple[int, ...]

    def worded(self) -> str:
        """Word it for the command line."""
        return msgspec.json.encode(self).decode()

    @classmethod
    def read(cls, text: str) -> Place:
        """Read it from the command line."""
        return msgspec.json.decode(text, type=cls)


@dataclass(slots=True)
class Workers:
    """A worker for each of `inner`, the sockets by which they reach one another.

    They may take `stop_s` to end; `ready` is called once all of them serve.
    """

    listening: socket.socket
    inner: Sequence[socket.socket]
    stop_s: float
    ready: Callable[[], None]
    _processes: set[asyncio.subprocess.Process] = field(default_factory=set)
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)
    _serving: int = 0
    _has_failed: bool = False

    async def run(self) -> bool:
        """Serve until a signal says to stop; return whether that is why it ended."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stopping.set)
        keeping = [asyncio.create_task(self._keep(at + 1)) for at in range(len(self.inner))]
        await self._stopping.wait()
        # Whoever comes now is refused at once, instead of waiting for nobody.
        for each in (self.listening, *self.inner):
            each.close()
        self._tell_all(signal.SIGTERM)
        _, late = await asyncio.wait(keeping, timeout=self.stop_s)
        if late:
            _log.warning("%d workers had to be killed", len(late))
            self._tell_all(signal.SIGKILL)
        await asyncio.gather(*keeping)
        return not self._has_failed

    async def _keep(self, number: int) -> None:
        """Have one worker after the other be there."""
        wait_s, has_served = FIRST_WAIT_S, False
        while not self._stopping.is_set():
            begun = time.monotonic()
            served, status = await self._one(number, is_first=not has_served)
            has_served |= served
            if self._stopping.is_set():
                return
            if not has_served:
                # What keeps it from serving at the very start, nobody mends but the operator.
                self._has_failed = True
                self._stopping.set()
                return
            _log.warning("worker %d ended with status %s; another one begins", number, status)
            wait_s = FIRST_WAIT_S if time.monotonic() - begun > _STAYED_S else wait_s
            with suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    await self._stopping.wait()
            wait_s = min(LONGEST_WAIT_S, 2 * wait_s)

    async def _one(self, number: int, *, is_first: bool) -> tuple[bool, int]:
        """Run a worker to its end; return whether it served, and its status."""
        ours, theirs = socket.socketpair()
        with theirs:
            place = Place(
                number=number,
                listening_fd=self.listening.fileno(),
                inner_fd=self.inner[number - 1].fileno(),
                parent_fd=theirs.fileno(),
                ports=tuple(each.getsockname()[1] for each in self.inner),
            )
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tertulia", "serve", "--worker", place.worded()),
                pass_fds=(place.listening_fd, place.inner_fd, place.parent_fd),
                # Ctrl-C is for the first process, which then ends the others.
                start_new_session=True,
            )
        self._processes.add(process)
        if self._stopping.is_set():
            process.terminate()
        reader, writer = await asyncio.open_connection(sock=ours)
        try:
            served = await reader.read(len(READY)) == READY
            if served and is_first:
                self._serving += 1
                if self._serving == len(self.inner):
                    self.ready()
            return served, await process.wait()
        finally:
            writer.close()
            self._processes.discard(process)

    def _tell_all(self, what: signal.Signals) -> None:
        for process in self._processes:
            with suppress(ProcessLookupError):
                process.send_signal(what)


def listen(host: str, port: int) -> socket.socket:
    """Listen at the first address of a host. Raises OSError."""
    (family, *_, address), *_ = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )
    return socket.create_server(address[:2], family=family, backlog=_BACKLOG)


def listen_inside() -> socket.socket:
    """Listen on a port that only this machine reaches."""
    return socket.create_server(("127.0.0.1", 0))
