"""How much one socket may push: a token bucket that can run into debt.

Each push takes one token, whether it is granted or not. While there is a debt pushes are refused,
with the time after which it is paid off; who goes on regardless sinks deeper, and at a debt of a
whole burst is flooding.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PushRate:
    """What every socket is allowed: `per_s` pushes a second in the long run, `burst` at once."""

    per_s: float
    burst: float


class Allowance:
    """What one socket has left of its rate."""

    __slots__ = ("_at_s", "_left", "_rate")

    def __init__(self, rate: PushRate, now_s: float) -> None:
        self._rate = rate
        self._left = rate.burst
        self._at_s = now_s

    def spend(self, now_s: float) -> None:
        """Take one token."""
        rate = self._rate
        self._left = min(rate.burst, self._left + (now_s - self._at_s) * rate.per_s) - 1
        self._at_s = now_s

    def wait_s(self, now_s: float) -> float:
        """Return how long it takes until there is no debt: 0 where there is none."""
        return max(0.0, -self._left / self._rate.per_s - (now_s - self._at_s))

    @property
    def is_flooding(self) -> bool:
        """Whether the debt has reached a whole burst."""
        return self._left <= -self._rate.burst
