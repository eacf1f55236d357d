"""One connection's wish to hear one topic."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from tertulia.realtime.connection import Connection
from tertulia.realtime.saying import Saying
from tertulia.realtime.sequencer import Sequencer
from tertulia.realtime.topic import Topic

if TYPE_CHECKING:
    from tertulia.realtime.audience import Audience
    from tertulia.realtime.hub import Hub


class Subscription:
    """Held at first, so that a snapshot can be read; then catching up; then live.

    While it is held the audience keeps what is said; `since` is where that begins, and `shut_at`
    where the right to listen was lost, if it was. While it catches up it has an `order` of its own,
    since its snapshot may be ahead of what the others have heard, or behind. Live, it hears what
    all hear.
    """

    __slots__ = ("audience", "connection", "hub", "is_held", "order", "shut_at", "since")

    def __init__(self, hub: Hub, audience: Audience, connection: Connection) -> None:
        self.hub = hub
        self.audience = audience
        self.connection = connection
        self.is_held = True
        self.since = audience.kept_until
        self.shut_at: int | None = None
        self.order: Sequencer | None = None

    @property
    def topic(self) -> Topic:
        """What is listened to."""
        return self.audience.topic

    @property
    def is_live(self) -> bool:
        """Whether it hears what all hear."""
        return not self.is_held and self not in self.audience.catching_up

    def open(self, after_seq: int | None = None) -> None:
        """Let through what was kept, without changes up to `after_seq`, and what follows.

        `after_seq` is what the snapshot of a conversation covers; other topics have none. Does
        nothing for a subscription that has ended or is open.
        """
        self.hub.open(self, after_seq)

    def take(self, sayings: Iterable[Saying]) -> Sequence[Saying]:
        """Return what this connection is to hear now of these."""
        if self.order is None:
            return self._until_cut(sayings)
        return self._until_cut(each for saying in sayings for each in self.order.take(saying))

    def recover(self, sayings: Iterable[Saying], up_to: int) -> Sequence[Saying]:
        """Do as `Sequencer.recover` does, and return what this connection is to hear now."""
        if self.order is None:
            return ()
        return self._until_cut(self.order.recover(sayings, up_to))

    def jump(self) -> Sequence[Saying]:
        """Give up on a missing change, and return what this connection is to hear now."""
        return self._until_cut(self.order.jump()) if self.order is not None else ()

    def is_cut_by(self, sayings: Sequence[Saying]) -> bool:
        """Whether the last of these takes the right to listen away."""
        return bool(sayings) and sayings[-1].ends_listening_of(self.connection.account_id)

    def _until_cut(self, sayings: Iterable[Saying]) -> Sequence[Saying]:
        heard: list[Saying] = []
        for saying in sayings:
            heard.append(saying)
            if self.is_cut_by(heard):
                break
        return heard
