"""The rules of Phoenix Channels for one socket: frames in, actions out, nothing awaited.

A client joins topics and pushes events to them. Each topic is served like a process of its own, one
frame after another, so that a slow one holds up neither the heartbeat nor other topics. The rules
are those of Phoenix.Socket and Phoenix.Channel.Server:

- `heartbeat` on the topic `phoenix` is answered at once.
- `phx_join` is answered by a `phx_reply`, ok or error; its join_ref names this join from then on.
- Joining a topic that is joined closes the old channel (`phx_close` under the old join_ref) and
  joins anew: that is how a client comes back that lost sight of its first join.
- A push is answered under its own ref. One under another join_ref was meant for a channel that is
  no more, and is dropped without a word; so is such a `phx_leave`.
- `phx_leave` is answered ok and followed by `phx_close`; where nothing is joined, only answered.
- Any other event on a topic that is not joined is answered {reason: "unmatched topic"}.
- A channel that breaks says `phx_error`, and the client joins again.
- A channel that the server ends says `phx_close`, after the reply to the push in hand, if any.

    > ["1", "1", "user:0198...", "phx_join", {}]
    < ["1", "1", "user:0198...", "phx_reply", {"status": "ok", "response": {}}]
    > ["1", "2", "user:0198...", "phx_leave", {}]
    < ["1", "2", "user:0198...", "phx_reply", {"status": "ok", "response": {}}]
    < ["1", "1", "user:0198...", "phx_close", {}]
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Literal

from msgspec import Raw

from tertulia.gateways.phoenix.frames import Frame, Ref, Serializer

Status = Literal["ok", "error"]

UNMATCHED = {"reason": "unmatched topic"}
_CRASHED = {"reason": "join crashed"}
_TOO_MANY = {"reason": "too_many_topics", "detail": "This socket has joined too many topics."}
_QUEUE_FULL = {
    "reason": "rate_limited",
    "detail": "Too many pushes wait on this topic.",
    "retry_after_s": 1,
}


@dataclass(frozen=True, slots=True)
class Send:
    """Write this text message."""

    text: bytes


@dataclass(frozen=True, slots=True)
class Join:
    """Ask whether this join is granted, then call `replied` or `crashed`."""

    topic: str
    payload: Raw


@dataclass(frozen=True, slots=True)
class Push:
    """Do what this push asks for, then call `replied` or `crashed`."""

    topic: str
    event: str
    payload: Raw


@dataclass(frozen=True, slots=True)
class Opened:
    """The reply to the join is written: whatever the topic has to say may follow."""

    topic: str


@dataclass(frozen=True, slots=True)
class Ended:
    """Nothing more is said on this topic: give back what its join took.

    `is_left` where the client asked for it.
    """

    topic: str
    is_left: bool = False


Action = Send | Join | Push | Opened | Ended


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much one socket may hold: topics joined, joins and pushes in hand, frames in a queue."""

    topics: int = 1000
    in_hand: int = 8
    queued: int = 32


class PhoenixProtocol:
    """One socket's channels, and the frames that wait for them.

    Every method returns what is to be done, in this order. At most one Join or Push is in hand for
    each topic, and the socket's bound of them in all.
    """

    __slots__ = ("_bounds", "_channels", "_in_hand", "_queues", "_ready", "_serializer")

    def __init__(self, serializer: Serializer, bounds: Bounds) -> None:
        self._serializer = serializer
        self._bounds = bounds
        self._channels: dict[str, _Channel] = {}
        # What is under way: the frames of a topic, its first one being the one in hand or the next;
        # and the topics whose first frame waits for its turn. Both are empty in an idle socket.
        self._queues: dict[str, deque[Frame]] = {}
        self._ready: list[str] = []
        self._in_hand = 0

    def receive(self, frame: Frame) -> list[Action]:
        """Take a frame from the client."""
        topic = frame.topic
        if topic == "phoenix" and frame.event == "heartbeat":
            return [self._reply(frame, "ok", {})]
        queue = self._queues.get(topic)
        if queue is not None:
            # A client waits for nothing but its leave when it goes, so that is never turned away.
            if len(queue) > self._bounds.queued and frame.event != "phx_leave":
                return [self._reply(frame, "error", _QUEUE_FULL)]
            queue.append(frame)
            return []
        if topic not in self._channels:
            if frame.event != "phx_join":
                return [self._reply_for_absent(frame)]
            if self._is_full:
                return [self._reply(frame, "error", _TOO_MANY)]
        self._queues[topic] = deque((frame,))
        self._ready.append(topic)
        actions: list[Action] = []
        self._advance(actions)
        return actions

    def has_place_for(self, frame: Frame) -> bool:
        """Whether a frame joins a topic that is not joined yet, within the bound of topics."""
        topic = frame.topic
        is_new = topic not in self._channels and topic not in self._queues
        return frame.event == "phx_join" and is_new and not self._is_full

    def refuse(self, frame: Frame, response: object) -> list[Action]:
        """Turn a frame away unread."""
        return [self._reply(frame, "error", response)]

    def replied(self, topic: str, status: Status, response: object) -> list[Action]:
        """Note the outcome of the Join or Push in hand."""
        actions: list[Action] = []
        finished = self._finish(topic)
        if finished is not None:
            channel, frame = finished
            actions.append(self._reply(frame, status, response))
            is_join = frame.event == "phx_join"
            if is_join and status == "ok":
                actions.append(Opened(topic))
            if is_join and status == "error":
                self._end(topic, None, actions)
            elif channel.is_closing:
                self._end(topic, "phx_close", actions)
            self._resume(topic, actions)
        return actions

    def crashed(self, topic: str) -> list[Action]:
        """Note that the Join or Push in hand broke."""
        actions: list[Action] = []
        finished = self._finish(topic)
        if finished is not None:
            channel, frame = finished
            if frame.event == "phx_join":
                actions.append(self._reply(frame, "error", _CRASHED))
                self._end(topic, None, actions)
            else:
                # One who may not be here any more is not invited back.
                self._end(topic, "phx_close" if channel.is_closing else "phx_error", actions)
            self._resume(topic, actions)
        return actions

    def push(self, topic: str, event: str, payload: object) -> list[Action]:
        """Say something on a joined topic to this client alone."""
        channel = self._channels.get(topic)
        if channel is None:
            return []
        return [Send(self._serializer.word(channel.join_ref, None, topic, event, payload))]

    def close(self, topic: str) -> list[Action]:
        """End a channel from this side, after the reply to what is in hand."""
        actions: list[Action] = []
        channel = self._channels.get(topic)
        if channel is not None:
            if channel.is_busy:
                channel.is_closing = True
            else:
                self._end(topic, "phx_close", actions)
        return actions

    def shut(self) -> list[Action]:
        """Note that the socket is gone: all channels end, and what was in hand answers to none."""
        actions: list[Action] = [Ended(topic) for topic in self._channels]
        self._channels.clear()
        self._queues.clear()
        self._ready.clear()
        return actions

    @property
    def _is_full(self) -> bool:
        return len(self._channels) + len(self._ready) >= self._bounds.topics

    def _finish(self, topic: str) -> tuple[_Channel, Frame] | None:
        channel = self._channels.get(topic)
        if channel is None:
            return None
        channel.is_busy = False
        self._in_hand -= 1
        return channel, self._queues[topic].popleft()

    def _resume(self, topic: str, actions: list[Action]) -> None:
        if self._queues[topic]:
            self._ready.append(topic)
        else:
            del self._queues[topic]
        self._advance(actions)

    def _advance(self, actions: list[Action]) -> None:
        while self._ready and self._in_hand < self._bounds.in_hand:
            topic = self._ready.pop(0)
            queue = self._queues[topic]
            while queue and not self._begin(queue[0], actions):
                queue.popleft()
            if not queue:
                del self._queues[topic]

    def _begin(self, frame: Frame, actions: list[Action]) -> bool:
        """Act on a frame whose turn has come; whether that takes a Join or Push."""
        topic = frame.topic
        channel = self._channels.get(topic)
        if frame.event == "phx_join":
            if channel is not None:
                self._end(topic, "phx_close", actions)
            channel = self._channels[topic] = _Channel(frame.join_ref)
            actions.append(Join(topic, frame.payload))
        elif channel is None:
            actions.append(self._reply_for_absent(frame))
            return False
        elif channel.join_ref is not None and channel.join_ref != frame.join_ref:
            return False
        elif frame.event == "phx_leave":
            actions.append(self._reply(frame, "ok", {}))
            self._end(topic, "phx_close", actions, is_left=True)
            return False
        else:
            actions.append(Push(topic, frame.event, frame.payload))
        channel.is_busy = True
        self._in_hand += 1
        return True

    def _end(
        self, topic: str, event: str | None, actions: list[Action], *, is_left: bool = False
    ) -> None:
        ref = self._channels.pop(topic).join_ref
        if event is not None:
            actions.append(Send(self._serializer.word(ref, ref, topic, event, {})))
        actions.append(Ended(topic, is_left))

    def _reply_for_absent(self, frame: Frame) -> Send:
        if frame.event == "phx_leave":
            return self._reply(frame, "ok", {})
        return self._reply(frame, "error", UNMATCHED)

    def _reply(self, frame: Frame, status: Status, response: object) -> Send:
        payload = {"status": status, "response": response}
        word = self._serializer.word
        return Send(word(frame.join_ref, frame.ref, frame.topic, "phx_reply", payload))


class _Channel:
    """One join of a topic, from the moment it is taken in hand to its end."""

    __slots__ = ("is_busy", "is_closing", "join_ref")

    def __init__(self, join_ref: Ref) -> None:
        self.join_ref = join_ref
        self.is_busy = False
        self.is_closing = False
