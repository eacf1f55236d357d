"""A socket on which each message is one JSON object, for dialects that have no more to it.

What a client says is done one after the other, in the order of its coming, so that two messages
sent in a row take their places in history as they were sent.
"""

from __future__ import annotations

import logging
import time
from abc import ABC, abstractmethod
from collections import deque
from typing import ClassVar, Generic, TypeVar

from tertulia.core.errors import Invalid, RateLimited, Refusal
from tertulia.gateways.flood import Allowance, PushRate
from tertulia.gateways.tasks import Tasks
from tertulia.realtime.connection import BROKEN, Connection
from tertulia.realtime.topic import Topic

FLOODED = 1008
MAX_WAITING = 64
"""How much one client may have said that is not done yet."""

C = TypeVar("C")

_log = logging.getLogger(__name__)


class PlainSocket(ABC, Generic[C]):
    """The hub's Handler for one connection; `C` is what one message of the client asks for."""

    __slots__ = ("_allowance", "_is_busy", "_is_closed", "_tasks", "_waiting", "connection")

    flooded: ClassVar[int] = FLOODED
    """The code with which it is closed to who says far too much."""

    def __init__(self, connection: Connection, rate: PushRate, tasks: Tasks) -> None:
        self.connection = connection
        self._tasks = tasks
        self._allowance = Allowance(rate, time.monotonic())
        self._waiting: deque[C] = deque()
        self._is_busy = False
        self._is_closed = False

    @abstractmethod
    def parse(self, text: str) -> C:
        """Read one message; raises Invalid for one that cannot be understood."""

    @abstractmethod
    async def do(self, command: C) -> None:
        """Do what was asked for and answer it; the core's refusals are answered by `word`."""

    @abstractmethod
    def word(self, refusal: Refusal) -> bytes:
        """Word a refusal for the one who is refused."""

    def was_cut(self, topic: Topic) -> None:
        """Learn that the right to listen to a topic was lost."""

    @abstractmethod
    def leave(self) -> None:
        """Give back what was taken for this connection, which is gone."""

    def received(self, text: str) -> None:
        """Take one message."""
        refusal = self._too_much()
        if self._allowance.is_flooding:
            self._note(RateLimited("flood", retry_after_s=0))
            self.connection.close(self.flooded, "flood")
            return
        if refusal is not None:
            self._refuse(refusal)
            return
        try:
            command = self.parse(text)
        except Invalid as invalid:
            self._refuse(invalid)
            return
        self.ask(command)

    def ask(self, command: C) -> None:
        """Have this done after all that was asked for before."""
        self._waiting.append(command)
        if not self._is_busy:
            self._is_busy = True
            self._tasks.start(self._do_all())

    def closed(self) -> None:
        """Learn that the connection is gone; what it asked for before is still done."""
        self._is_closed = True
        self.leave()

    def _too_much(self) -> RateLimited | None:
        now_s = time.monotonic()
        self._allowance.spend(now_s)
        wait_s = self._allowance.wait_s(now_s)
        if wait_s == 0 and len(self._waiting) < MAX_WAITING:
            return None
        return RateLimited("Too many messages in too short a time.", retry_after_s=wait_s or 1.0)

    async def _do_all(self) -> None:
        try:
            while self._waiting:
                await self._do(self._waiting.popleft())
        finally:
            self._is_busy = False

    async def _do(self, command: C) -> None:
        try:
            await self.do(command)
        except Refusal as refusal:
            self._refuse(refusal)
        except Exception:
            _log.exception("A socket broke", extra=self._context())
            self._waiting.clear()
            self.connection.close(BROKEN, "error")

    def _refuse(self, refusal: Refusal) -> None:
        self._note(refusal)
        self.connection.send(self.word(refusal))

    def _note(self, refusal: Refusal) -> None:
        _log.info("Refused", extra={**self._context(), "code": refusal.code})

    def _context(self) -> dict[str, str]:
        return {
            "account_id": str(self.connection.account_id),
            "session_id": str(self.connection.session_id),
        }
