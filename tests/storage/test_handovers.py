"""Handovers on both databases."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tertulia.core.handover import StoredHandover
from tertulia.core.ids import new_id
from tests import examples as eg

if TYPE_CHECKING:
    from uuid import UUID

    from tests.storage.conftest import Shelf


def a_handover(account_id: UUID, **changes: Any) -> StoredHandover:
    usual: dict[str, Any] = {
        "id": new_id(),
        "account_id": account_id,
        "session_id": new_id(),
        "answerer_id": None,
        "device": "Firefox",
        "sealed_messages": "sealed",
        "expires_at": eg.moment(10),
    }
    return StoredHandover(**{**usual, **changes})


async def test_one_is_found_by_its_account_alone(shelf: Shelf) -> None:
    ana, bea = await shelf.accounts(2)
    handover = a_handover(ana.id)
    async with shelf.storage.begin() as work:
        await work.handovers.add(handover)
        for find in (work.handovers.get, work.handovers.locked):
            assert await find(ana.id, handover.id) == handover
            assert await find(bea.id, handover.id) is None
            assert await find(ana.id, new_id()) is None


async def test_it_moves_on_and_goes(shelf: Shelf) -> None:
    ana = await shelf.account()
    first = a_handover(ana.id)
    second = a_handover(ana.id, session_id=first.session_id)
    other = a_handover(ana.id)
    moved = replace(first, answerer_id=new_id(), sealed_messages="more")
    async with shelf.storage.begin() as work:
        for handover in (first, second, other):
            await work.handovers.add(handover)
        await work.handovers.update(moved)
        assert set(await work.handovers.begun_by(first.session_id)) == {moved, second}
        await work.handovers.drop(first.id)
        assert await work.handovers.begun_by(first.session_id) == (second,)
        await work.handovers.drop_all(ana.id)
        assert await work.handovers.get(ana.id, other.id) is None


async def test_what_expired_is_swept_away(shelf: Shelf) -> None:
    ana = await shelf.account()
    over, living = a_handover(ana.id, expires_at=eg.NOON), a_handover(ana.id)
    async with shelf.storage.begin() as work:
        await work.handovers.add(over)
        await work.handovers.add(living)
        await work.handovers.sweep(eg.NOON)
        assert await work.handovers.get(ana.id, over.id) is None
        assert await work.handovers.get(ana.id, living.id) == living


async def test_it_goes_with_the_session_that_asked_or_that_answers(shelf: Shelf) -> None:
    ana = await shelf.account()
    sessions = [eg.session(ana.id) for _ in range(3)]
    handovers = [
        a_handover(ana.id, session_id=sessions[0].id),
        a_handover(ana.id, answerer_id=sessions[1].id),
        a_handover(ana.id, session_id=sessions[2].id),
    ]
    async with shelf.storage.begin() as work:
        for session in sessions:
            await work.sessions.add(session)
        for handover in handovers:
            await work.handovers.add(handover)
        for session in sessions[:2]:
            assert await work.sessions.end(session.id, eg.NOON)
        left = [await work.handovers.get(ana.id, each.id) for each in handovers]
    assert left == [None, None, handovers[2]]
