"""What a town is reckoned to need follows from what things cost."""

from __future__ import annotations

from dataclasses import replace

from bench.growth import Costs, measured, simulate

COSTS = Costs(
    message_s=200e-6,
    delivery_s=0.5e-6,
    heard_s=50e-6,
    commits_per_s=10_000,
    redis_per_s=100_000,
    socket_bytes=10_000,
)


def needed(costs: Costs, part: str, *people: int) -> list[float]:
    """Return how much of a part each number of people needs."""
    rows = simulate(costs, people or (1_000, 1_000_000, 100_000_000))
    return [row.needed for row in rows if row.part == part]


def test_a_club_needs_one_of_each_and_no_redis() -> None:
    assert needed(COSTS, "nodes", 1_000) == [1]
    assert needed(COSTS, "databases", 1_000) == [1]
    assert needed(COSTS, "Redis servers", 1_000) == [0]


def test_more_people_never_need_less() -> None:
    for part in ("nodes", "databases", "Redis servers", "messages/s"):
        counts = needed(COSTS, part)
        assert counts == sorted(counts), part


def test_sockets_alone_make_more_nodes_necessary() -> None:
    nothing = replace(COSTS, message_s=0, delivery_s=0, heard_s=0)
    # 100,000 people online by 130,000 sockets, of which a node takes 50,000.
    assert needed(nothing, "nodes", 1_000_000) == [3]


def test_twice_the_cost_takes_twice_the_nodes() -> None:
    doubled = replace(COSTS, message_s=400e-6, delivery_s=1e-6, heard_s=100e-6)
    (once,), (twice,) = needed(COSTS, "nodes", 10**8), needed(doubled, "nodes", 10**8)
    assert 1.9 < twice / once < 2.1


def test_the_kept_results_and_a_real_redis_say_what_things_cost() -> None:
    costs = measured()
    assert 0 < costs.delivery_s < costs.message_s < 0.1
    assert 0 < costs.heard_s < 0.1
    assert costs.redis_per_s > 1000
