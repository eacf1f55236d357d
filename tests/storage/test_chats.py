"""Conversations as one of their members sees them, on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertulia.core.model import Kind
from tests import examples as eg

if TYPE_CHECKING:
    from tertulia.core.model import Account, Chat, Conversation
    from tests.storage.conftest import Shelf


async def _seen(shelf: Shelf, person: Account, conversation: Conversation) -> Chat:
    async with shelf.storage.read() as work:
        return await work.conversations.chat(person.id, conversation.id)


async def test_a_quiet_group_has_no_last_message_and_no_peer(shelf: Shelf) -> None:
    ana, bea = await shelf.accounts(2)
    group = await shelf.conversation(ana, bea)
    chat = await _seen(shelf, ana, group)

    assert chat.conversation == group
    assert chat.member == eg.member(group.id, ana.id)
    assert (chat.last_message, chat.peer, chat.unread, chat.others_read_seq) == (None, None, 0, 0)


async def test_the_peer_of_a_private_chat_is_the_other_one(shelf: Shelf) -> None:
    ana, bea = await shelf.accounts(2)
    chat = await shelf.conversation(ana, bea, kind=Kind.PRIVATE)

    assert (await _seen(shelf, ana, chat)).peer == bea
    assert (await _seen(shelf, bea, chat)).peer == ana


async def test_unread_counts_the_living_messages_of_others_past_the_pointer(shelf: Shelf) -> None:
    ana, bea = await shelf.accounts(2)
    group = await shelf.conversation(ana, bea)
    read = await shelf.send(group, bea)
    await shelf.send(group, ana)
    deleted = await shelf.send(group, bea)
    await shelf.send(group, bea)
    last = await shelf.send(group, bea)
    await shelf.change(deleted, body=None, deleted_at=eg.moment(1))
    async with shelf.storage.begin() as work:
        await work.members.read(group.id, ana.id, read.seq, eg.moment(2))

    assert (await _seen(shelf, ana, group)).unread == 2
    assert (await _seen(shelf, bea, group)).unread == 1
    assert (await _seen(shelf, ana, group)).last_message == last


async def test_a_deleted_last_message_stays_the_last_one(shelf: Shelf) -> None:
    ana = await shelf.account()
    group = await shelf.conversation(ana)
    await shelf.send(group, ana)
    last = await shelf.send(group, ana)
    deleted = await shelf.change(last, body=None, deleted_at=eg.moment(1))

    assert (await _seen(shelf, ana, group)).last_message == deleted


async def test_others_read_seq_is_the_furthest_of_the_others_who_are_there(shelf: Shelf) -> None:
    ana, bea, caro, gone = await shelf.accounts(4)
    group = await shelf.conversation(ana, bea, caro, gone)
    for _ in range(4):
        await shelf.send(group, ana)
    async with shelf.storage.begin() as work:
        for person, seq in ((ana, 5), (bea, 3), (caro, 2), (gone, 4)):
            await work.members.read(group.id, person.id, seq, eg.NOON)
    await shelf.part(group, gone)

    assert (await _seen(shelf, ana, group)).others_read_seq == 3
    assert (await _seen(shelf, bea, group)).others_read_seq == 5


async def test_a_newcomer_has_read_nothing_of_what_came_before(shelf: Shelf) -> None:
    ana, bea = await shelf.accounts(2)
    group = await shelf.conversation(ana)
    sent = await shelf.send(group, ana)
    async with shelf.storage.begin() as work:
        newcomer = eg.member(group.id, bea.id, joined_seq=3, changed_seq=3, read_seq=3)
        await work.members.add([newcomer])

    assert (await _seen(shelf, ana, group)).others_read_seq < sent.seq


async def test_a_room_does_not_tell_how_far_others_have_read(shelf: Shelf) -> None:
    ana, bea = await shelf.accounts(2)
    room = await shelf.conversation(ana, bea, kind=Kind.ROOM)
    await shelf.send(room, ana)
    async with shelf.storage.begin() as work:
        await work.members.read(room.id, bea.id, 2, eg.NOON)
    chat = await _seen(shelf, ana, room)

    assert (chat.others_read_seq, chat.peer) == (0, None)


async def test_whoever_is_alone_has_no_others(shelf: Shelf) -> None:
    ana = await shelf.account()
    group = await shelf.conversation(ana)

    assert (await _seen(shelf, ana, group)).others_read_seq == 0


async def test_the_list_has_the_latest_activity_first_page_by_page(shelf: Shelf) -> None:
    ana, bea = await shelf.accounts(2)
    minutes = (3, 1, 3, 2)
    groups = [
        await shelf.conversation(ana, bea, last_activity_at=eg.moment(minute)) for minute in minutes
    ]
    left = await shelf.conversation(ana, last_activity_at=eg.moment(9))
    await shelf.part(left, ana)
    await shelf.conversation(bea)

    pages, before = [], None
    async with shelf.storage.read() as work:
        while page := await work.conversations.chats(ana.id, before=before, limit=2):
            last = page[-1].conversation
            before = (last.last_activity_at, last.number)
            pages.append([groups.index(chat.conversation) for chat in page])

    assert pages == [[2, 0], [3, 1]]


async def test_the_list_sees_each_conversation_as_a_single_look_does(shelf: Shelf) -> None:
    ana, bea, caro = await shelf.accounts(3)
    chat = await shelf.conversation(ana, bea, kind=Kind.PRIVATE)
    group = await shelf.conversation(ana, bea, caro)
    room = await shelf.conversation(ana, caro, kind=Kind.ROOM)
    for conversation, sender in ((chat, bea), (group, caro), (group, bea), (room, caro)):
        await shelf.send(conversation, sender)
    async with shelf.storage.read() as work:
        listed = await work.conversations.chats(ana.id, before=None, limit=9)

    assert {seen.conversation.id for seen in listed} == {chat.id, group.id, room.id}
    assert list(listed) == [await _seen(shelf, ana, seen.conversation) for seen in listed]
