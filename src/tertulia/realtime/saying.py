"""One event as it is said on one topic, worded once for each dialect."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from uuid import UUID

from tertulia.core.events import Event, MemberLeft
from tertulia.realtime.dialect import Dialect
from tertulia.realtime.topic import Topic

_log = logging.getLogger(__name__)


class Saying:
    """`seq` is the one that the event took of its conversation, if it took one."""

    __slots__ = ("_words", "event", "seq", "topic")

    def __init__(self, topic: Topic, event: Event) -> None:
        self.topic = topic
        self.event = event
        self.seq: int | None = getattr(event, "seq", None)
        self._words: dict[Dialect, Sequence[bytes]] = {}

    def word(self, dialect: Dialect) -> Sequence[bytes]:
        """Return the texts for everyone who speaks this dialect; none where it has no word."""
        try:
            return self._words[dialect]
        except KeyError:
            word = self._words[dialect] = self._ask(dialect)
            return word

    def ends_listening_of(self, account_id: UUID) -> bool:
        """Whether this person loses the right to listen with this event."""
        return isinstance(self.event, MemberLeft) and self.event.member.account_id == account_id

    def _ask(self, dialect: Dialect) -> Sequence[bytes]:
        try:
            return dialect.word(self.topic, self.event)
        except Exception:
            # A bug in one dialect; what the others say of this event must go out.
            _log.exception("A dialect failed to word an event", extra={"topic": str(self.topic)})
            return ()
