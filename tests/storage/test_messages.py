"""The message store on both databases."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tertulia.core.errors import NotFound
from tertulia.core.ids import new_id
from tests import examples as eg

if TYPE_CHECKING:
    from tertulia.core.message import Message
    from tests.storage.conftest import Shelf


async def _thread(shelf: Shelf, length: int) -> list[Message]:
    ana = await shelf.account()
    circle = await shelf.conversation(ana)
    return [await shelf.send(circle, ana, body=f"{index} ✓") for index in range(length)]


async def test_a_message_comes_back_as_it_was_sent(shelf: Shelf) -> None:
    ana = await shelf.account()
    circle = await shelf.conversation(ana)
    first = await shelf.send(circle, ana)
    sent = await shelf.send(circle, ana, body="Yes\n✓", client_ref="r", reply_to=first.id)
    async with shelf.storage.read() as work:
        fetched = await work.messages.for_member(ana.id, sent.id)

    assert fetched == sent
    assert sent == eg.message(
        id=sent.id,
        conversation_id=circle.id,
        seq=3,
        changed_seq=3,
        sender_id=ana.id,
        client_ref="r",
        body="Yes\n✓",
        reply_to=first.id,
    )


async def test_a_message_is_there_for_those_who_are_in_its_conversation_now(shelf: Shelf) -> None:
    ana, bea, caro = await shelf.accounts(3)
    circle, ended = await shelf.conversation(ana, bea), await shelf.conversation(ana)
    there, gone = await shelf.send(circle, ana), await shelf.send(ended, ana)
    await shelf.part(circle, bea)
    refusals = set()
    async with shelf.storage.begin() as work:
        await work.conversations.delete(ended.id, eg.moment(1))
        for account_id, message_id in (
            (caro.id, there.id),
            (bea.id, there.id),
            (ana.id, gone.id),
            (ana.id, new_id()),
        ):
            with pytest.raises(NotFound) as refused:
                await work.messages.for_member(account_id, message_id)
            refusals.add((refused.value.code, refused.value.detail))
    assert len(refusals) == 1


async def test_what_one_person_sent_comes_in_order_and_in_pages(shelf: Shelf) -> None:
    ana, bea = await shelf.accounts(2)
    circle, other = await shelf.conversation(ana, bea), await shelf.conversation(ana, bea)
    sent = [await shelf.send(circle, who) for who in (ana, bea, ana, bea, ana)]
    await shelf.send(other, ana)
    own = (sent[0], sent[2], sent[4])
    async with shelf.storage.read() as work:
        for after_seq, limit, expected in (
            (None, 9, own),
            (None, 2, own[:2]),
            (own[0].seq, 9, own[1:]),
            (own[2].seq, 9, ()),
        ):
            found = await work.messages.sent_by(circle.id, ana.id, after_seq=after_seq, limit=limit)
            assert found == expected


async def test_an_update_stores_the_body_and_the_times_of_change(shelf: Shelf) -> None:
    (sent,) = await _thread(shelf, 1)
    edited = await shelf.change(sent, body="Better", edited_at=eg.moment(1))
    deleted = await shelf.change(edited, body=None, deleted_at=eg.moment(2))
    async with shelf.storage.read() as work:
        fetched = await work.messages.for_member(sent.sender_id, sent.id)

    assert fetched == deleted
    assert (fetched.seq, fetched.changed_seq, fetched.edited_at) == (2, 4, eg.moment(1))


async def test_history_is_paged_from_either_end(shelf: Shelf) -> None:
    thread = await _thread(shelf, 5)
    await _thread(shelf, 2)
    circle = thread[0].conversation_id
    async with shelf.storage.read() as work:
        newest = await work.messages.page(
            circle, copies_of=None, after_seq=None, order="desc", limit=2
        )
        older = await work.messages.page(
            circle, copies_of=None, after_seq=newest[-1].seq, order="desc", limit=9
        )
        oldest = await work.messages.page(
            circle, copies_of=None, after_seq=None, order="asc", limit=2
        )
        newer = await work.messages.page(
            circle, copies_of=None, after_seq=oldest[-1].seq, order="asc", limit=9
        )

    assert [*newest, *older] == thread[::-1]
    assert [*oldest, *newer] == thread


async def test_changes_are_new_messages_and_changed_old_ones_in_order(shelf: Shelf) -> None:
    first, second, third = await _thread(shelf, 3)
    deleted = await shelf.change(second, body=None, deleted_at=eg.moment(1))
    edited = await shelf.change(first, body="Better", edited_at=eg.moment(2))
    circle = first.conversation_id

    async def changed(since: int, limit: int = 9) -> list[Message]:
        async with shelf.storage.read() as work:
            return list(await work.messages.changed_since(circle, since, limit, copies_of=None))

    assert await changed(0) == [third, deleted, edited]
    assert await changed(third.seq - 1) == [third, deleted, edited]
    assert await changed(third.seq) == [deleted, edited]
    assert await changed(deleted.changed_seq) == [edited]
    assert await changed(edited.changed_seq) == []
    assert await changed(0, limit=2) == [third, deleted]


async def test_changes_of_another_conversation_are_not_among_them(shelf: Shelf) -> None:
    (mine,), (other,) = [await _thread(shelf, 1) for _ in range(2)]
    await shelf.change(other, body="Better", edited_at=eg.moment(1))
    async with shelf.storage.read() as work:
        assert await work.messages.changed_since(mine.conversation_id, 0, 9, copies_of=None) == (
            mine,
        )


async def test_a_message_keeps_its_place_when_it_changes(shelf: Shelf) -> None:
    first, second = await _thread(shelf, 2)
    edited = await shelf.change(first, body="Better", edited_at=eg.moment(1))

    assert await shelf.history(first.conversation_id) == (edited, second)
    assert replace(edited, body=first.body, edited_at=None, changed_seq=first.seq) == first
