"""Allowances that are spent for good: however long a test takes, nothing of them comes back."""

from __future__ import annotations

import pytest

from tertulia import composition, server
from tertulia.core.limits import Limit, sends_of
from tertulia.gateways.flood import PushRate

SLOWER = 1_000
"""How many times as long as by the settings it takes until another one is allowed."""


def refilled_slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have what is opened from now on allow as much at once as ever, and then hardly any more."""

    def slow_sends(per_s: float, burst: int) -> Limit:
        return sends_of(per_s / SLOWER, burst)

    def slow_pushes(per_s: float, burst: float) -> PushRate:
        return PushRate(per_s / SLOWER, burst)

    monkeypatch.setattr(composition, "sends_of", slow_sends)
    monkeypatch.setattr(server, "PushRate", slow_pushes)
