"""What people say of how it is with them: who hears it, and how long it holds."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

import pytest

from tertulia.core.presence import TTL_S, PresenceBoard
from tertulia.core.presence_events import StatusChanged, VisibilityChanged
from tertulia.core.roster import RosterEntry
from tests.core.presence_town import ANA, BEA, CARO, DANI, Town, come, running
from tests.waiting import until


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def board(town: Town) -> PresenceBoard:
    return town.node()


async def test_a_status_is_told_once_and_holds_for_as_long_as_one_is_online(
    town: Town, board: PresenceBoard
) -> None:
    await board.set_status(ANA, "away")
    assert (town.statuses, await board.statuses([ANA])) == ([], {ANA: "online"})
    refs = [board.join(ANA, hidden=False) for _ in range(2)]
    await board.announce()
    for _ in range(2):
        await board.set_status(ANA, "away")
    assert town.statuses == [StatusChanged(account_id=ANA, status="away")]
    board.leave(refs[0])
    assert await board.statuses([ANA]) == {ANA: "away"}
    board.leave(refs[1])
    assert await board.statuses([ANA]) == {ANA: "online"}


async def test_a_status_that_is_said_on_coming_is_told_after_the_coming(
    town: Town, board: PresenceBoard
) -> None:
    board.join(ANA, hidden=False)
    await board.set_status(ANA, "busy")
    assert [set(each.joins) for each in town.told] == [{ANA}]
    assert town.statuses == [StatusChanged(account_id=ANA, status="busy")]


async def test_a_status_that_is_said_on_showing_oneself_again_is_told(
    town: Town, board: PresenceBoard
) -> None:
    await come(board, ANA)
    for hidden in (True, False):
        board.hear([VisibilityChanged(account_id=ANA, hidden=hidden)])
    await board.set_status(ANA, "away")
    assert await board.statuses([ANA]) == {ANA: "away"}
    board.hear([VisibilityChanged(account_id=ANA, hidden=True)])
    await board.announce()
    board.hear([VisibilityChanged(account_id=ANA, hidden=False)])
    await board.set_status(ANA, "busy")
    assert [each.status for each in town.statuses] == ["away", "busy"]


async def test_a_status_is_seen_on_other_nodes_and_goes_on_where_one_is_still_online() -> None:
    town = Town()
    one, other, third = [town.node() for _ in range(3)]
    ref = one.join(ANA, hidden=False)
    other.join(ANA, hidden=False)
    await one.announce()
    await one.set_status(ANA, "busy")
    assert await third.statuses([ANA, BEA]) == {ANA: "busy", BEA: "online"}
    for each in (one, other, third):
        each.hear(town.statuses)
    await other.renew()
    one.leave(ref)
    await one.announce()
    assert await third.statuses([ANA]) == {ANA: "busy"}
    town.now_s += TTL_S + 1
    assert await third.statuses([ANA]) == {ANA: "online"}


async def test_in_a_large_town_the_circle_is_told_of_a_status() -> None:
    town = Town(town_limit=2)
    board = town.node()
    for each in (ANA, BEA, CARO):
        board.join(each, hidden=False)
    town.friends = {ANA: {BEA, DANI}}
    await board.announce()
    await board.set_status(ANA, "busy")
    assert {each.audience for each in town.statuses} == {ANA, BEA}


async def test_a_status_that_comes_after_its_connection_is_gone_is_passed_over(
    town: Town, board: PresenceBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tertulia.core.presence.RENEW_S", 0.02)
    async with running(board):
        ref = board.join(ANA, hidden=False)
        await until(lambda: len(town.told) == 1, within_s=5, what="the coming was told")
        board.leave(ref)
        await board.set_status(ANA, "away")
        await until(lambda: len(town.told) == 2, within_s=5, what="the going was told")
        await asyncio.sleep(0.1)  # several renewals
        assert (town.statuses, town.status_roster.held()) == ([], [])
        board.join(ANA, hidden=False)
        await until(lambda: len(town.told) == 3, within_s=5, what="the return was told")
        assert board.status_of(ANA) == "online"
        assert await town.node().statuses([ANA]) == {ANA: "online"}


async def test_a_status_whose_connection_ends_while_it_is_told_is_taken_back(
    town: Town, board: PresenceBoard
) -> None:
    [ref] = await come(board, ANA)
    town.status_roster.hold_next()
    telling = asyncio.create_task(board.set_status(ANA, "away"))
    await town.status_roster.is_held.wait()
    board.leave(ref)
    board.join(ANA, hidden=False)
    town.status_roster.may_go.set()
    await telling
    assert (town.statuses, town.status_roster.held()) == ([], [])


async def test_a_status_that_is_over_while_others_are_taken_out_goes_too(
    town: Town, board: PresenceBoard
) -> None:
    ana, bea = await come(board, ANA, BEA)
    for each in (ANA, BEA):
        await board.set_status(each, "away")
    board.leave(ana)
    town.status_roster.hold_next()
    announcing = asyncio.create_task(board.announce())
    await town.status_roster.is_held.wait()
    board.leave(bea)
    town.status_roster.may_go.set()
    await announcing
    await board.announce()
    assert town.status_roster.held() == []


async def test_a_status_that_could_not_be_taken_out_is_the_next_time(
    town: Town, board: PresenceBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    [ref] = await come(board, ANA)
    await board.set_status(ANA, "away")
    board.leave(ref)

    async def fail(_: Collection[RosterEntry]) -> None:
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr(town.status_roster, "leave", fail)
        with pytest.raises(ConnectionError):
            await board.announce()
    await board.announce()
    assert town.status_roster.held() == []
