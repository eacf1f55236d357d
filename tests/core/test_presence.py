"""Who is told that somebody came online or went, and what a newcomer is shown."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from uuid import UUID

import pytest

from tertulia.core.events import Event
from tertulia.core.presence import MAX_CATCH_UP, TTL_S, PresenceBoard
from tertulia.core.presence_events import (
    Presence,
    PresenceChanged,
    StatusChanged,
    VisibilityChanged,
)
from tertulia.realtime.roster_memory import MemoryRoster
from tests.waiting import until

ANA, BEA, CARO, DANI, EVA = (UUID(int=number) for number in range(1, 6))
NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)


class Town:
    """Nodes over one roster, what they announced, and who knows whom."""

    def __init__(self, town_limit: int = 1000) -> None:
        self.told: list[PresenceChanged] = []
        self.statuses: list[StatusChanged] = []
        self.friends: dict[UUID, set[UUID]] = {}
        self.is_storage_out = False
        self.now_s = 0.0
        self._roster = MemoryRoster(lambda: self.now_s)
        self._statuses = MemoryRoster(lambda: self.now_s)
        self._town_limit = town_limit

    def node(self) -> PresenceBoard:
        """Return the board of one more node."""
        return PresenceBoard(
            self._roster,
            self._statuses,
            self._publish,
            self._acquaintances,
            town_limit=self._town_limit,
            clock=lambda: NOON,
        )

    def take_told(self) -> list[PresenceChanged]:
        """Return what was announced since the last call."""
        told, self.told = self.told, []
        return told

    def _publish(self, events: Collection[Event]) -> None:
        self.told += [event for event in events if isinstance(event, PresenceChanged)]
        self.statuses += [event for event in events if isinstance(event, StatusChanged)]

    async def _acquaintances(self, account_id: UUID) -> Collection[UUID]:
        if self.is_storage_out:
            raise ConnectionError
        return self.friends.get(account_id, set())


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


async def _come(board: PresenceBoard, *account_ids: UUID) -> list[str]:
    refs = [board.join(account_id, hidden=False) for account_id in account_ids]
    await board.announce()
    return refs


def _audiences(told: list[PresenceChanged]) -> dict[UUID | None, tuple[set[UUID], set[UUID]]]:
    return {each.audience: (_people(each.joins), _people(each.leaves)) for each in told}


async def test_everyone_is_told_who_comes_and_who_goes(town: Town, board: PresenceBoard) -> None:
    [ref] = await _come(board, ANA)
    board.leave(ref)
    await board.announce()
    assert town.told == [
        PresenceChanged(joins={ANA: (_here(ref),)}, leaves={}, came=frozenset({ANA})),
        PresenceChanged(joins={}, leaves={ANA: (_here(ref),)}, gone=frozenset({ANA})),
    ]


async def test_what_happens_between_two_announcements_is_told_at_once(
    town: Town, board: PresenceBoard
) -> None:
    [ref] = await _come(board, ANA)
    town.take_told()
    board.leave(ref)
    await _come(board, BEA, CARO)
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
    laptop, phone = await _come(board, ANA, ANA)
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
    [ref] = await _come(board, ANA)
    [other_ref] = await _come(elsewhere, ANA)
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
    await _come(board, ANA)
    await _come(town.node(), BEA)
    assert _people(await board.state(CARO)) == {ANA, BEA}


async def test_in_a_large_town_only_acquaintances_and_oneself_are_told() -> None:
    town = Town(town_limit=2)
    board = town.node()
    await _come(board, ANA, BEA)
    town.take_told()
    town.friends = {CARO: {ANA, DANI}, DANI: {CARO}}
    await _come(board, CARO, DANI)
    assert _audiences(town.told) == {
        ANA: ({CARO}, set()),
        CARO: ({CARO, DANI}, set()),
        DANI: ({CARO, DANI}, set()),
    }


async def test_in_a_large_town_one_is_shown_acquaintances_and_oneself() -> None:
    town = Town(town_limit=2)
    board = town.node()
    await _come(board, ANA, BEA, CARO, DANI)
    town.friends = {ANA: {BEA, EVA}}
    assert _people(await board.state(ANA)) == {ANA, BEA}


async def test_a_going_is_told_to_whoever_was_told_of_the_coming() -> None:
    town = Town(town_limit=2)
    board = town.node()
    early, _ = await _come(board, ANA, BEA)
    town.friends = {CARO: {BEA}}
    [late] = await _come(board, CARO)
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
    refs = await _come(board, *strangers)
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
    await _come(board, ANA)
    [ref] = await _come(dead, BEA)
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


@asynccontextmanager
async def _running(board: PresenceBoard) -> AsyncIterator[None]:
    task = asyncio.create_task(board.run())
    yield
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_the_first_change_is_told_at_once_and_the_next_ones_gather(
    town: Town, board: PresenceBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tertulia.core.presence.DIFF_S", 3600)
    async with _running(board):
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
    async with _running(board):
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
