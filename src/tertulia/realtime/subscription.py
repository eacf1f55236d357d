"""One connection's wish to hear one topic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertulia.realtime.connection import Connection
from tertulia.realtime.topic import Topic

if TYPE_CHECKING:
    from tertulia.realtime.audience import Audience
    from tertulia.realtime.hub import Hub

MAX_HELD = 1000
"""How many messages wait for a subscription to open; at one more the connection is closed."""


class Subscription:
    """Held at first: what happens is kept until `open`, so that a snapshot can be read meanwhile.

    `after_seq` is what the snapshot covered, and None where nothing is counted.
    """

    __slots__ = ("after_seq", "audience", "connection", "cut_seq", "held", "hub", "topic")

    def __init__(self, hub: Hub, audience: Audience, connection: Connection, topic: Topic) -> None:
        self.hub = hub
        self.audience = audience
        self.connection = connection
        self.topic = topic
        self.after_seq: int | None = None
        self.cut_seq: float | None = None
        self.held: list[tuple[int | None, bytes]] | None = []

    def open(self, after_seq: int | None = None) -> None:
        """Let the messages through, those kept first, without changes up to `after_seq`.

        Does nothing for a subscription that has ended.
        """
        self.hub.open(self, after_seq)
