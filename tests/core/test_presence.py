"""Who is told that somebody came online or went, and what a newcomer is shown."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest

from tertulia.core.presence import MAX_CATCH_UP, TTL_S, PresenceBoard
from tertulia.core.presence_events import Presence, PresenceChanged, VisibilityChanged
from tests.core.presence_town import ANA, BEA, CARO, DANI, EVA, NOON, Town, come, running
from tests.waiting import until


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def board(town: Town) -> PresenceBoard:
    return town.node()


def _here(ref: str) -> Presence:
    return Presence(ref=ref, online_at=int(NOON.timestamp()))


def _people(side: dict[UUID, tuple[Presence, ...]]) -> set[UUID]:
    return set(side)


def _audiences(told: list[PresenceChanged]) -> dict[UUID | None, tuple[set[UUID], set[UUID]]]:
    return {each.audience: (_people(each.joins), _people(each.leaves)) for each in told}


async def test_everyone_is_told_who_comes_and_who_goes(town: Town, board: PresenceBoard) -> None:
    [ref] = await come(board, ANA)
    board.leave(ref)
    await board.announce()
    assert town.told == [
        PresenceChanged(joins={ANA: (_here(ref),)}, leaves={}, came=frozenset({ANA})),
        PresenceChanged(joins={}, leaves={ANA: (_here(ref),)}, gone=frozenset({ANA})),
    ]


async def test_what_happens_between_two_announcements_is_told_at_once(
    town: Town, board: PresenceBoard
) -> None:
    [ref] = await come(board, ANA)
    town.take_told()
    board.leave(ref)
    await come(board, BEA, CARO)
    assert _audiences(town.told) == {None: ({BEA, CARO}, {ANA})}


async def test_one_who_came_and_went_in_between_is_not_told_of(
    town: Town, board: PresenceBoard
) -> None:
    board.leave(board.join(ANA, hidden=False))
    await board.announce()
    board.leave("nobody's ref")
    await board.announce()
    assert town.told == []


async def test_every_device_counts_for_itself(town: Town, board: PresenceBoard) -> None:
    laptop, phone = await come(board, ANA, ANA)
    board.leave(laptop)
    await board.announce()
    assert town.told[0].joins == {ANA: (_here(laptop), _here(phone))}
    assert town.told[1].leaves == {ANA: (_here(laptop),)}
    assert await board.state(BEA) == {ANA: (_here(phone),)}


async def test_a_hidden_person_is_neither_told_of_nor_shown(
    town: Town, board: PresenceBoard
) -> None:
    ref = board.join(ANA, hidden=True)
    await board.announce()
    assert await board.state(BEA) == {}
    board.leave(ref)
    await board.announce()
    assert town.told == []


async def test_hiding_is_told_as_going_and_showing_oneself_as_coming(
    town: Town, board: PresenceBoard
) -> None:
    elsewhere = town.node()
    [ref] = await come(board, ANA)
    [other_ref] = await come(elsewhere, ANA)
    town.take_told()
    for hidden in (True, False):
        for node in (board, elsewhere):
            node.hear([VisibilityChanged(account_id=ANA, hidden=hidden)])
            await node.announce()
    assert [(each.joins, each.leaves) for each in town.told] == [
        ({}, {ANA: (_here(ref),)}),
        ({}, {ANA: (_here(other_ref),)}),
        ({ANA: (_here(ref),)}, {}),
        ({ANA: (_here(other_ref),)}, {}),
    ]


async def test_a_newcomer_is_shown_the_people_of_all_nodes(
    town: Town, board: PresenceBoard
) -> None:
    await come(board, ANA)
    await come(town.node(), BEA)
    assert _people(await board.state(CARO)) == {ANA, BEA}


async def test_in_a_large_town_only_acquaintances_and_oneself_are_told() -> None:
    town = Town(town_limit=2)
    board = town.node()
    await come(board, ANA, BEA)
    town.take_told()
    town.friends = {CARO: {ANA, DANI}, DANI: {CARO}}
    await come(board, CARO, DANI)
    assert _audiences(town.told) == {
        ANA: ({CARO}, set()),
        CARO: ({CARO, DANI}, set()),
        DANI: ({CARO, DANI}, set()),
    }


async def test_in_a_large_town_one_is_shown_acquaintances_and_oneself() -> None:
    town = Town(town_limit=2)
    board = town.node()
    await come(board, ANA, BEA, CARO, DANI)
    town.friends = {ANA: {BEA, EVA}}
    assert _people(await board.state(ANA)) == {ANA, BEA}


async def test_a_going_is_told_to_whoever_was_told_of_the_coming() -> None:
    town = Town(town_limit=2)
    board = town.node()
    early, _ = await come(board, ANA, BEA)
    town.friends = {CARO: {BEA}}
    [late] = await come(board, CARO)
    town.take_told()
    board.leave(early)
    board.leave(late)
    await board.announce()
    told = _audiences(town.told)
    assert told[None] == (set(), {ANA})
    assert told[BEA] == (set(), {CARO})


async def test_when_the_town_gets_small_it_is_told_of_those_it_does_not_know() -> None:
    count = MAX_CATCH_UP + 10
    town = Town(town_limit=count)
    board = town.node()
    strangers = [UUID(int=number) for number in range(100, 100 + count + 1)]
    refs = await come(board, *strangers)
    town.take_told()
    board.leave(refs[0])
    await board.announce()
    assert len(_audiences(town.take_told())[None][0]) == MAX_CATCH_UP
    await board.announce()
    assert len(_audiences(town.take_told())[None][0]) == 10
    await board.announce()
    assert town.told == []


async def test_people_of_a_node_that_died_are_told_as_gone(
    town: Town, board: PresenceBoard
) -> None:
    dead = town.node()
    await come(board, ANA)
    [ref] = await come(dead, BEA)
    town.take_told()
    for _ in range(3):
        town.now_s += TTL_S / 2
        await board.renew()
    gone = PresenceChanged(joins={}, leaves={BEA: (_here(ref),)}, gone=frozenset({BEA}))
    assert town.told == [gone]
    assert _people(await board.state(CARO)) == {ANA}


async def test_what_could_not_be_told_is_told_the_next_time() -> None:
    town = Town(town_limit=0)
    board = town.node()
    town.is_storage_out = True
    board.join(ANA, hidden=False)
    with pytest.raises(ConnectionError):
        await board.announce()
    town.is_storage_out = False
    await board.announce()
    assert _audiences(town.told) == {ANA: ({ANA}, set())}


async def test_the_first_change_is_told_at_once_and_the_next_ones_gather(
    town: Town, board: PresenceBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tertulia.core.presence.DIFF_S", 3600)
    async with running(board):
        board.join(ANA, hidden=False)
        await until(lambda: len(town.told) == 1, within_s=5, what="the coming was told")
        board.join(BEA, hidden=False)
        for _ in range(10):
            await asyncio.sleep(0)
        assert len(town.told) == 1


async def test_a_failure_does_not_end_the_telling(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tertulia.core.presence.RETRY_S", 0)
    town = Town(town_limit=0)
    board = town.node()
    town.is_storage_out = True
    async with running(board):
        board.join(ANA, hidden=False)
        for _ in range(10):
            await asyncio.sleep(0)
        assert town.told == []
        town.is_storage_out = False
        await until(lambda: len(town.told) == 1, within_s=5, what="the coming was told")


async def test_one_more_way_of_being_there_is_no_coming_and_one_less_no_going(
    town: Town, board: PresenceBoard
) -> None:
    turns = []
    for act in ("join", "join", "leave", "leave"):
        if act == "join":
            turns.append(board.join(ANA, hidden=False))
        else:
            board.leave(turns.pop())
        await board.announce()
    assert [(set(told.came), set(told.gone)) for told in town.told] == [
        ({ANA}, set()),
        (set(), set()),
        (set(), set()),
        (set(), {ANA}),
    ]
