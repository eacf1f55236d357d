"""How a gateway words events, as far as the hub has to know it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from tertulia.core.events import Event
from tertulia.realtime.topic import Topic


class Dialect(Protocol):
    """One wire's words. There is one object of it for all connections that speak it."""

    def word(self, topic: Topic, event: Event) -> Sequence[bytes]:
        """Word an event for everyone who hears it on this topic, as UTF-8 text messages.

        None of them says that this dialect has no word for it. It is called once for each event and
        topic, however many listen, so no word can depend on who reads it.
        """
