"""One Janus as this node reaches it: by one WebSocket, which is opened again when it is gone.

All that is made over it goes with it: Janus ends a session as soon as nobody is connected to it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from itertools import count

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Subprotocol

from tertulia.adapters.janus_words import (
    PLUGIN,
    SUBPROTOCOL,
    JanusAway,
    JanusRefused,
    Jsep,
    Said,
    checked,
    is_answer,
    read,
    word,
)
from tertulia.backoff import backoff_s
from tertulia.ending import ended

ANSWER_S = 10.0
"""How long an answer may take: a description has in it all ways by which Janus can be reached."""
KEEP_ALIVE_S = 10.0
"""How often it is asked whether it is there; it forgets who says nothing for a minute."""
ALIVE_S = 5.0
# Whoever ends this waits a second before they do so again.
_GOODBYE_S = 0.5
FIRST_BACKOFF_S = 0.2
LONGEST_BACKOFF_S = 10.0
MAX_BYTES = 4 * 1024 * 1024

Hear = Callable[[Said], None]
Request = Mapping[str, object]

_OF_NO_SESSION = ("info", "create")

_log = logging.getLogger(__name__)


class JanusLink:
    """A session with Janus.

    `began` is awaited each time that there is one, before it `is_up`; it may raise JanusRefused,
    and then this Janus will not do. `came` and `went` are told when it is up, and no more;
    `last_words` are asked for before it is ended from here.
    """

    def __init__(
        self,
        url: str,
        secret: str | None,
        *,
        answer_s: float = ANSWER_S,
        keep_alive_s: float = KEEP_ALIVE_S,
        alive_s: float = ALIVE_S,
    ) -> None:
        self.is_up = False
        self.began: Callable[[], Awaitable[None]] = _nothing
        self.came: Callable[[], None] = lambda: None
        self.went: Callable[[], None] = lambda: None
        self.last_words: Callable[[], Iterable[Request]] = tuple
        self._url = url
        self._secret = secret
        self._answer_s = answer_s
        self._keep_alive_s = keep_alive_s
        self._alive_s = alive_s
        self._socket: ClientConnection | None = None
        self._reading: asyncio.Task[None] | None = None
        self._session: dict[str, object] = {}
        self._transactions = map(str, count(1))
        self._waiting: dict[str, tuple[str, asyncio.Future[Said]]] = {}
        self._handles: dict[int, Hear] = {}

    async def run(self) -> None:
        """Keep up the connection, until cancelled."""
        failures = 0
        while True:
            try:
                async with self.connected():
                    await self.began()
                    self.is_up = True
                    failures = 0
                    _log.info("Janus is there")
                    self.came()
                    await self._stay()
            except (JanusAway, JanusRefused) as error:
                if failures == 0:
                    _log.warning("Janus is away", extra={"error": str(error)})
            failures += 1
            wait_s = backoff_s(failures, first_s=FIRST_BACKOFF_S, longest_s=LONGEST_BACKOFF_S)
            await asyncio.sleep(wait_s)

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[None]:
        """Have a session, for as long as one is in here. Raises JanusAway and JanusRefused."""
        try:
            async with (
                connect(
                    self._url,
                    subprotocols=[Subprotocol(SUBPROTOCOL)],
                    proxy=None,
                    open_timeout=self._answer_s,
                    close_timeout=1,
                    ping_interval=None,
                    max_size=MAX_BYTES,
                ) as socket,
                self._session_over(socket),
            ):
                yield
        except (OSError, TimeoutError, WebSocketException) as error:
            raise JanusAway(str(error) or type(error).__name__) from error

    async def ask(
        self, request: str, more: Request | None = None, *, within_s: float | None = None
    ) -> Said:
        """Ask Janus, and return its answer. Raises JanusAway and JanusRefused."""
        transaction = next(self._transactions)
        session = {} if request in _OF_NO_SESSION else self._session
        answer: asyncio.Future[Said] = asyncio.get_running_loop().create_future()
        self._waiting[transaction] = (request, answer)
        try:
            async with asyncio.timeout(within_s or self._answer_s):
                await self._send({**(more or {}), **session, "janus": request}, transaction)
                return checked(await answer)
        except TimeoutError:
            raise JanusAway("it does not answer") from None
        except WebSocketException as error:
            raise JanusAway(str(error)) from error
        finally:
            del self._waiting[transaction]

    async def attach(self, hear: Hear) -> JanusHandle:
        """Return a new handle to the plugin; `hear` gets the news of it."""
        made = await self.ask("attach", {"plugin": PLUGIN})
        if made.data is None:
            raise JanusRefused(0, "Janus made nothing")
        self._handles[made.data.id] = hear
        return JanusHandle(self, made.data.id)

    def forget(self, handle_id: int) -> None:
        """Hear no more of a handle."""
        self._handles.pop(handle_id, None)

    @asynccontextmanager
    async def _session_over(self, socket: ClientConnection) -> AsyncIterator[None]:
        self._socket = socket
        self._reading = reading = asyncio.create_task(self._read(socket))
        try:
            made = await self.ask("create")
            self._session = {} if made.data is None else {"session_id": made.data.id}
            yield
        finally:
            was_up, self.is_up = self.is_up, False
            with suppress(WebSocketException):
                await self._say_goodbye()
            self._socket, self._reading, self._session = None, None, {}
            self._handles.clear()
            await ended(reading)
            if was_up:
                self.went()

    async def _stay(self) -> None:
        """Ask again and again whether it is there. Raises JanusAway when it is not."""
        while self._reading is not None:
            gone, _ = await asyncio.wait([self._reading], timeout=self._keep_alive_s)
            if gone:
                raise JanusAway("the connection is gone")
            await self.ask("keepalive", within_s=self._alive_s)

    async def _read(self, socket: ClientConnection) -> None:
        try:
            async for text in socket:
                try:
                    self._take(read(text))
                except msgspec.DecodeError:
                    _log.exception("Janus says what cannot be read")
        finally:
            for _, answer in self._waiting.values():
                if not answer.done():
                    answer.set_exception(JanusAway("the connection is gone"))

    def _take(self, said: Said) -> None:
        request, answer = self._waiting.get(said.transaction or "", ("", None))
        if answer is not None:
            if is_answer(said, request) and not answer.done():
                answer.set_result(said)
        elif said.sender is not None and said.sender in self._handles:
            self._handles[said.sender](said)

    async def _say_goodbye(self) -> None:
        # Janus answers messages beside one another, and forgets those whose session ends before.
        words = [self.ask("message", word, within_s=_GOODBYE_S) for word in self.last_words()]
        await asyncio.gather(*words, return_exceptions=True)
        await self._send({**self._session, "janus": "destroy"}, next(self._transactions))

    async def _send(self, request: Request, transaction: str) -> None:
        if self._socket is None:
            raise JanusAway("there is no connection")
        await self._socket.send(word(request, transaction, self._secret))


class JanusHandle:
    """One end of the plugin: a participant's connection, or somebody who only looks on."""

    def __init__(self, link: JanusLink, handle_id: int) -> None:
        self.id = handle_id
        self._link = link

    async def ask(
        self, request: str, more: Request | None = None, jsep: Jsep | None = None
    ) -> Said:
        """Ask the plugin, and return its answer. Raises JanusAway and JanusRefused."""
        asked: dict[str, object] = {
            "handle_id": self.id,
            "body": {**(more or {}), "request": request},
        }
        if jsep is not None:
            asked["jsep"] = jsep
        return await self._link.ask("message", asked)

    async def trickle(self, candidate: Mapping[str, object] | None) -> None:
        """Pass on a way by which the other end can be reached; None at the end."""
        told = {"completed": True} if candidate is None else candidate
        await self._link.ask("trickle", {"handle_id": self.id, "candidate": told})

    async def detach(self) -> None:
        """Give it back, with the connection that it has."""
        self._link.forget(self.id)
        await self._link.ask("detach", {"handle_id": self.id})


async def _nothing() -> None:
    pass
