"""One client's socket: hands frames to the protocol and does what it says, no more.

What takes time runs in a task of its own, so an idle socket has none; the protocol bounds how many
there are.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Awaitable, Iterable
from typing import assert_never

from msgspec import UNSET, Raw, Struct, UnsetType

from tertulia.core.errors import ChannelFull, NotAuthenticated, RateLimited, Refusal
from tertulia.gateways.flood import Allowance, PushRate
from tertulia.gateways.payload import Payload
from tertulia.gateways.phoenix.channels import channel_for
from tertulia.gateways.phoenix.channels.channel import Caller, Channel
from tertulia.gateways.phoenix.dialect import topic_name
from tertulia.gateways.phoenix.frames import Frame, NotAFrame, Serializer
from tertulia.gateways.phoenix.protocol import (
    Action,
    Bounds,
    Ended,
    Join,
    Opened,
    PhoenixProtocol,
    Push,
    Send,
)
from tertulia.gateways.tasks import Tasks
from tertulia.realtime.topic import Topic

NOT_A_FRAME = 1002
FLOODED = 1008

_NEVER_REFUSED = frozenset(("heartbeat", "phx_leave"))

_log = logging.getLogger(__name__)


class PhoenixSocket:
    """The hub's Handler for one connection."""

    __slots__ = (
        "_allowance",
        "_caller",
        "_channels",
        "_is_closed",
        "_protocol",
        "_serializer",
        "_tasks",
    )

    def __init__(
        self,
        caller: Caller,
        serializer: Serializer,
        rate: PushRate,
        bounds: Bounds,
        tasks: Tasks,
    ) -> None:
        self._caller = caller
        self._serializer = serializer
        self._allowance = Allowance(rate, time.monotonic())
        self._protocol = PhoenixProtocol(serializer, bounds)
        self._tasks = tasks
        self._channels: dict[str, Channel] = {}
        # What goes on in a task may find the connection gone after each of its awaits.
        self._is_closed = False

    def received(self, text: str) -> None:
        """Take one text message."""
        try:
            frame = self._serializer.parse(text)
        except NotAFrame:
            self._caller.connection.close(NOT_A_FRAME, "not a frame")
            return
        if not self._is_flood(frame):
            self._perform(self._protocol.receive(frame))

    def was_cut(self, topic: Topic) -> None:
        """Learn that the right to listen to a topic was lost."""
        self._perform(self._protocol.close(topic_name(topic)))

    def closed(self) -> None:
        """Learn that the connection is gone."""
        self._is_closed = True
        self._perform(self._protocol.shut())

    def _is_flood(self, frame: Frame) -> bool:
        """Count a frame, and say whether it was more than this client may push."""
        now_s = time.monotonic()
        if self._protocol.has_place_for(frame) and self._allowance.wait_s(now_s) == 0:
            # A client comes back to all its topics at once; a join costs nothing unless it fails.
            return False
        self._allowance.spend(now_s)
        wait_s = self._allowance.wait_s(now_s)
        if self._allowance.is_flooding:
            self._note_refusal(frame.topic, frame.event, "flood")
            self._caller.connection.close(FLOODED, "flood")
            return True
        if wait_s == 0 or frame.event in _NEVER_REFUSED:
            return False
        refusal = RateLimited("Too many pushes in too short a time.", retry_after_s=wait_s)
        self._note_refusal(frame.topic, frame.event, refusal.code)
        self._perform(self._protocol.refuse(frame, _wording(refusal)))
        return True

    def _perform(self, actions: Iterable[Action]) -> None:
        for action in actions:
            match action:
                case Send():
                    self._caller.connection.send(action.text)
                case Join():
                    self._tasks.start(self._work(action.topic, "phx_join", self._join(action)))
                case Push():
                    self._tasks.start(self._work(action.topic, action.event, self._push(action)))
                case Opened():
                    self._open(action.topic)
                case Ended():
                    self._end(action)
                case _:
                    assert_never(action)

    def _end(self, ended: Ended) -> None:
        channel = self._channels.pop(ended.topic, None)
        if channel is None:
            return
        if ended.is_left:
            channel.leave()
        else:
            channel.close()

    async def _work(self, topic: str, event: str, work: Awaitable[object]) -> None:
        """Await what a Join or Push asked for, and answer it."""
        try:
            response = await work
        except Refusal as refusal:
            self._note_refusal(topic, event, refusal.code)
            actions = self._protocol.replied(topic, "error", _wording(refusal))
            if event == "phx_join":
                self._allowance.spend(time.monotonic())
        except Exception:
            _log.exception("A channel broke", extra=self._context(topic, event))
            actions = self._protocol.crashed(topic)
        else:
            actions = self._protocol.replied(topic, "ok", response)
        self._perform(actions)

    async def _join(self, join: Join) -> object:
        await self._check_token(join.payload)
        if self._is_closed:
            return None
        channel = channel_for(self._caller, join.topic)
        self._channels[join.topic] = channel
        try:
            return await channel.join(join.payload)
        finally:
            if self._channels.get(join.topic) is not channel:
                channel.close()  # it has been ended before it had taken everything

    async def _push(self, push: Push) -> object:
        await self._check_token(push.payload)
        if self._is_closed:
            return None
        return await self._channels[push.topic].push(push.event, push.payload)

    async def _check_token(self, payload: Raw) -> None:
        """Refuse a payload that carries a token which is not one of this person's own."""
        token = _CREDENTIAL.read(payload).token
        if token is UNSET:
            return
        if isinstance(token, str):
            actor = await self._caller.core.sessions.authenticate(token)
            if actor.account_id == self._caller.actor.account_id:
                return
        raise NotAuthenticated("This token is not valid here.", code="invalid_token")

    def _open(self, topic: str) -> None:
        channel = self._channels[topic]
        for event, payload in channel.greeting():
            self._perform(self._protocol.push(topic, event, payload))
        channel.flow()

    def _note_refusal(self, topic: str, event: str, code: str) -> None:
        _log.info("Refused", extra={**self._context(topic, event), "code": code})

    def _context(self, topic: str, event: str) -> dict[str, str]:
        actor = self._caller.actor
        return {
            "account_id": str(actor.account_id),
            "session_id": str(actor.session_id),
            "topic": topic,
            "push": event,
        }


class _Credential(Struct, frozen=True):
    token: object | UnsetType = UNSET


_CREDENTIAL = Payload(_Credential)


def _wording(refusal: Refusal) -> object:
    """Word a refusal as the response of an error reply."""
    if refusal.code == "invalid_token":
        return refusal.code  # bare: clients of this interface compare the whole response with it
    response: dict[str, object] = {"reason": refusal.code, "detail": refusal.detail}
    if refusal.attr is not None:
        response["attr"] = refusal.attr
    if isinstance(refusal, ChannelFull):
        response["limit"] = refusal.limit
    if isinstance(refusal, RateLimited):
        response["retry_after_s"] = math.ceil(refusal.retry_after_s * 10) / 10
    return response
