"""Puts the changes of one conversation into the order of their seq.

Two tasks that commit at nearly the same moment may announce in the wrong order. What comes early
waits for what is missing; if that does not come, the hole is jumped and clients, who see it in the
seq, ask for the changes.
"""

from __future__ import annotations

from tertulia.core.events import LastingChange

MAX_EARLY = 1000
"""How many changes wait for a hole to fill; at one more the hole is jumped."""


class Sequencer:
    """What has been delivered of one conversation, and what waits.

    Until somebody has opened a subscription `head` is None and everything waits.
    """

    __slots__ = ("_early", "head")

    def __init__(self) -> None:
        self.head: int | None = None
        self._early: dict[int, LastingChange] = {}

    @property
    def has_hole(self) -> bool:
        """Whether changes wait for one that is missing."""
        return self.head is not None and bool(self._early)

    def start(self, head: int) -> list[LastingChange]:
        """Begin after `head`, unless begun already, and return what can go out now."""
        if self.head is not None:
            return []
        self.head = head
        self._early = {seq: change for seq, change in self._early.items() if seq > head}
        return self._ready()

    def take(self, change: LastingChange) -> list[LastingChange]:
        """Take a change and return what can go out now; a change seen before is dropped."""
        if self.head is None:
            self._early[change.seq] = change
            if len(self._early) > MAX_EARLY:
                del self._early[min(self._early)]
            return []
        if change.seq <= self.head:
            return []
        if change.seq == self.head + 1 and not self._early:
            self.head = change.seq
            return [change]
        self._early[change.seq] = change
        return self.jump() if len(self._early) > MAX_EARLY else self._ready()

    def jump(self) -> list[LastingChange]:
        """Give up on what is missing and return what can go out now."""
        if not self.has_hole:
            return []
        self.head = min(self._early) - 1
        return self._ready()

    def _ready(self) -> list[LastingChange]:
        ready: list[LastingChange] = []
        while self.head is not None and (change := self._early.pop(self.head + 1, None)):
            self.head = change.seq
            ready.append(change)
        return ready
