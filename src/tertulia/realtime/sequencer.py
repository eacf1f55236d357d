"""Puts the changes of one conversation into the order of their seq.

Two tasks that commit at nearly the same moment may announce in the wrong order. What comes early
waits for what is missing. What is done if that does not come is up to `holes.py`; where the hole is
jumped, clients see it in the seq and ask for the changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tertulia.realtime.saying import Saying

MAX_EARLY = 1000
"""How many changes wait for a hole to fill; at one more it is waited for no longer."""


class Sequencer:
    """What waits for its turn after `head`, the seq up to which everything has gone out."""

    __slots__ = ("_early", "head")

    def __init__(self, head: int) -> None:
        self.head = head
        self._early: dict[int, Saying] = {}

    @property
    def has_hole(self) -> bool:
        """Whether changes wait for one that is missing."""
        return bool(self._early)

    @property
    def is_full(self) -> bool:
        """Whether more changes wait than may."""
        return len(self._early) > MAX_EARLY

    def take(self, saying: Saying) -> Sequence[Saying]:
        """Return what can go out now; a change seen before is dropped.

        What took no seq has no place in the order and goes out at once.
        """
        seq = saying.seq
        if seq is None:
            return (saying,)
        if seq <= self.head:
            return ()
        if seq == self.head + 1 and not self._early:
            self.head = seq
            return (saying,)
        self._early[seq] = saying
        return self._ready()

    def recover(self, sayings: Iterable[Saying], up_to: int) -> list[Saying]:
        """Return what can go out now, of these and of what waits.

        They are all there is up to this seq: what is not among them has nothing left to tell. What
        came by itself says more than what was looked up.
        """
        for saying in sayings:
            if saying.seq is not None and saying.seq > self.head:
                self._early.setdefault(saying.seq, saying)
        ready = [self._early.pop(seq) for seq in sorted(self._early) if seq <= up_to]
        self.head = max(self.head, up_to)
        return ready + self._ready()

    def jump(self) -> list[Saying]:
        """Give up on what is missing and return what can go out now."""
        if self._early:
            self.head = min(self._early) - 1
        return self._ready()

    def _ready(self) -> list[Saying]:
        ready: list[Saying] = []
        while (saying := self._early.pop(self.head + 1, None)) is not None:
            self.head += 1
            ready.append(saying)
        return ready
