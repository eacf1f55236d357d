"""One connection's wish to hear one topic."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tertulia.realtime.connection import Connection
from tertulia.realtime.topic import Topic

if TYPE_CHECKING:
    from tertulia.realtime.audience import Audience
    from tertulia.realtime.hub import Hub

MAX_HELD = 1000
"""How many messages wait for a subscription to open; at one more the connection is closed."""

Worded = tuple[int | None, bytes]
"""A seq, if the event took one, and the words for it."""


class Subscription:
    """Held at first: what happens is kept until `open`, so that a snapshot can be read meanwhile.

    `after_seq` is what the snapshot covered, and None where nothing is counted. Among what is
    `held`, None instead of words says that the right to listen was lost there.
    """

    __slots__ = ("after_seq", "audience", "connection", "held", "hub", "topic")

    def __init__(self, hub: Hub, audience: Audience, connection: Connection, topic: Topic) -> None:
        self.hub = hub
        self.audience = audience
        self.connection = connection
        self.topic = topic
        self.after_seq: int | None = None
        self.held: list[tuple[int | None, bytes | None]] | None = []

    def open(self, after_seq: int | None = None) -> None:
        """Let the messages through, those kept first, without changes up to `after_seq`.

        Does nothing for a subscription that has ended or is open.
        """
        self.hub.open(self, after_seq)

    def wants(self, seq: int | None) -> bool:
        """Whether something with this seq is not covered by the snapshot."""
        return seq is None or self.after_seq is None or seq > self.after_seq

    def keep(self, worded: Sequence[Worded]) -> bool:
        """Keep these until the subscription opens; False if that would be too many."""
        held = self.held
        if held is None or len(held) + len(worded) > MAX_HELD:
            return False
        held.extend(worded)
        return True

    def keep_cut(self, seq: int | None) -> None:
        """Note that the right to listen was lost with the change that took this seq."""
        if self.held is not None:
            self.held.append((seq, None))

    def release(self, after_seq: int | None) -> tuple[list[bytes], bool]:
        """Be open: return what was kept and is wanted, and whether the right was lost after it."""
        self.after_seq = after_seq
        held, self.held = self.held or [], None
        payloads: list[bytes] = []
        for seq, payload in held:
            if self.wants(seq):
                if payload is None:
                    return payloads, True
                payloads.append(payload)
        return payloads, False
