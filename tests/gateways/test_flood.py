"""The token bucket of a socket, at times of the test's choosing."""

import pytest

from tertulia.gateways.flood import Allowance, PushRate

RATE = PushRate(per_s=10, burst=5)


def spend(allowance: Allowance, times: int, now_s: float = 0) -> None:
    for _ in range(times):
        allowance.spend(now_s)


def test_a_burst_is_granted_and_one_more_has_to_wait() -> None:
    allowance = Allowance(RATE, 0)
    spend(allowance, 5)
    assert allowance.wait_s(0) == 0
    spend(allowance, 1)
    assert allowance.wait_s(0) == pytest.approx(0.1)
    assert allowance.wait_s(0.1) == 0


def test_what_is_not_used_does_not_pile_up() -> None:
    allowance = Allowance(RATE, 0)
    spend(allowance, 6, now_s=1000)
    assert allowance.wait_s(1000) > 0


def test_a_debt_is_paid_off_with_time() -> None:
    allowance = Allowance(RATE, 0)
    spend(allowance, 8)
    assert allowance.wait_s(0) == pytest.approx(0.3)
    spend(allowance, 1, now_s=0.4)
    assert allowance.wait_s(0.4) == 0


def test_who_goes_on_regardless_is_flooding() -> None:
    allowance = Allowance(RATE, 0)
    spend(allowance, 9)
    assert not allowance.is_flooding
    spend(allowance, 1)
    assert allowance.is_flooding
