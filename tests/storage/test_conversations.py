"""The conversation store on both databases."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tertulia.core.errors import Conflict, Invalid, NotFound
from tertulia.core.ids import new_id
from tertulia.core.model import Kind, Membership
from tests import examples as eg

if TYPE_CHECKING:
    from collections.abc import Awaitable
    from uuid import UUID

    from tertulia.core.model import RoomOrder
    from tertulia.core.ports import Work
    from tests.storage.conftest import Shelf


@pytest.mark.parametrize("kind", list(Kind))
async def test_a_conversation_comes_back_as_it_was_stored(shelf: Shelf, kind: Kind) -> None:
    ana, bea = await shelf.accounts(2)
    example = eg.conversation(kind, description="About\nbooks", encrypted=kind is Kind.GROUP)
    pair = (ana.id, bea.id) if kind is Kind.PRIVATE else None
    async with shelf.storage.begin() as work:
        stored = await work.conversations.add(example, pair)
        await work.members.add([eg.member(stored.id, ana.id)])
    async with shelf.storage.read() as work:
        fetched = await work.conversations.for_member(ana.id, stored.id)

    assert stored == replace(example, number=stored.number)
    assert stored.number >= 1
    assert fetched == Membership(conversation=stored, member=eg.member(stored.id, ana.id))


async def test_a_pair_has_one_private_chat_whoever_begins_it(shelf: Shelf) -> None:
    ana, bea, caro = await shelf.accounts(3)
    chat = await shelf.conversation(ana, bea, kind=Kind.PRIVATE)
    await shelf.conversation(ana, caro, kind=Kind.PRIVATE)

    with pytest.raises(Conflict) as refused:
        await shelf.conversation(bea, ana, kind=Kind.PRIVATE)

    assert refused.value.code == "conversation_already_exists"
    async with shelf.storage.read() as work:
        assert await work.conversations.between(ana.id, bea.id, encrypted=False) == chat.id
        assert await work.conversations.between(bea.id, ana.id, encrypted=False) == chat.id
        assert await work.conversations.between(bea.id, caro.id, encrypted=False) is None
        assert await work.conversations.between(ana.id, bea.id, encrypted=True) is None
    secret = await shelf.conversation(bea, ana, kind=Kind.PRIVATE, encrypted=True)
    async with shelf.storage.read() as work:
        assert await work.conversations.between(ana.id, bea.id, encrypted=True) == secret.id
        assert await work.conversations.all_between(ana.id, bea.id) == (chat.id, secret.id)
        assert await work.conversations.all_between(bea.id, caro.id) == ()


async def test_a_rooms_short_name_is_taken_until_the_room_is_deleted(shelf: Shelf) -> None:
    ana = await shelf.account()
    room = await shelf.conversation(ana, kind=Kind.ROOM, name="books")
    other = await shelf.conversation(ana, kind=Kind.ROOM, name="films")

    with pytest.raises(Invalid) as refused:
        await shelf.conversation(ana, kind=Kind.ROOM, name="books")
    assert (refused.value.code, refused.value.attr) == ("taken", "name")
    with pytest.raises(Invalid) as refused:
        async with shelf.storage.begin() as work:
            await work.conversations.update(replace(other, name="books"))
    assert (refused.value.code, refused.value.attr) == ("taken", "name")

    async with shelf.storage.begin() as work:
        await work.conversations.delete(room.id, eg.NOON)
    await shelf.conversation(ana, kind=Kind.ROOM, name="books")


async def test_who_is_not_in_it_cannot_fetch_it(shelf: Shelf) -> None:
    ana, bea, gone = await shelf.accounts(3)
    group = await shelf.conversation(ana, gone)
    await shelf.part(group, gone)

    def fetched(work: Work, account_id: UUID) -> list[Awaitable[object]]:
        return [
            work.conversations.for_member(account_id, group.id),
            work.conversations.locked_for_member(account_id, group.id),
            work.conversations.chat(account_id, group.id),
        ]

    async with shelf.storage.begin() as work:
        for account_id in (bea.id, gone.id, new_id()):
            for fetching in fetched(work, account_id):
                with pytest.raises(NotFound):
                    await fetching
        for fetching in fetched(work, ana.id):
            await fetching


async def test_a_deleted_conversation_is_seen_by_nobody(shelf: Shelf) -> None:
    ana = await shelf.account()
    room = await shelf.conversation(ana, kind=Kind.ROOM)
    async with shelf.storage.begin() as work:
        await work.conversations.delete(room.id, eg.NOON)
        for fetching in (
            work.conversations.for_member(ana.id, room.id),
            work.conversations.locked_for_member(ana.id, room.id),
            work.conversations.locked_room(room.id),
            work.conversations.take_seq(room.id),
            work.conversations.chat(ana.id, room.id),
        ):
            with pytest.raises(NotFound):
                await fetching
        assert await work.conversations.chats(ana.id, before=None, limit=9) == ()
        assert await work.conversations.heads([room.id]) == {}
        assert (
            await work.conversations.directory(
                ana.id, topic=None, text="", order="new", after=None, limit=9
            )
            == ()
        )
    with pytest.raises(NotFound):
        await shelf.send(room, ana)


async def test_only_a_room_can_be_walked_into(shelf: Shelf) -> None:
    ana = await shelf.account()
    room = await shelf.conversation(ana, kind=Kind.ROOM)
    group = await shelf.conversation(ana)
    async with shelf.storage.begin() as work:
        assert await work.conversations.locked_room(room.id) == room
        with pytest.raises(NotFound):
            await work.conversations.locked_room(group.id)
        with pytest.raises(NotFound):
            await work.conversations.locked_room(new_id())


async def test_each_change_takes_the_next_seq(shelf: Shelf) -> None:
    ana = await shelf.account()
    group = await shelf.conversation(ana)
    async with shelf.storage.begin() as work:
        assert await work.conversations.take_seq(group.id) == 2
        assert await work.conversations.take_seq(group.id) == 3
        fetched = await work.conversations.for_member(ana.id, group.id)
        with pytest.raises(NotFound):
            await work.conversations.take_seq(new_id())

    assert fetched.conversation == replace(group, head_seq=3)


async def test_an_update_stores_words_and_member_count_and_no_counter(shelf: Shelf) -> None:
    ana = await shelf.account()
    room = await shelf.conversation(ana, kind=Kind.ROOM)
    changed = replace(
        room,
        alias="Poems",
        name="poems",
        topic="music",
        description="Short ones",
        member_count=7,
        updated_at=eg.moment(1),
    )
    async with shelf.storage.begin() as work:
        await work.conversations.update(
            replace(changed, head_seq=99, last_activity_at=eg.moment(9))
        )
        fetched = await work.conversations.for_member(ana.id, room.id)

    assert fetched.conversation == changed


async def test_the_directory_lists_rooms_in_three_orders_page_by_page(shelf: Shelf) -> None:
    ana = await shelf.account()
    counts = (5, 9, 5, 2)
    rooms = [await shelf.conversation(ana, kind=Kind.ROOM, member_count=count) for count in counts]
    await shelf.conversation(ana)

    async def paged(order: RoomOrder) -> list[int]:
        places, after = [], None
        async with shelf.storage.read() as work:
            while page := await work.conversations.directory(
                ana.id, topic=None, text="", order=order, after=after, limit=1
            ):
                (last,) = [listing.conversation for listing in page]
                places.append(rooms.index(last))
                after = (last.member_count if order == "popular" else last.number, last.number)
        return places

    assert await paged("new") == [3, 2, 1, 0]
    assert await paged("old") == [0, 1, 2, 3]
    assert await paged("popular") == [1, 2, 0, 3]


async def test_the_directory_tells_where_one_is_in(shelf: Shelf) -> None:
    ana, bea, gone = await shelf.accounts(3)
    room = await shelf.conversation(ana, gone, kind=Kind.ROOM)
    await shelf.part(room, gone)
    joined = {}
    async with shelf.storage.read() as work:
        for person in (ana, bea, gone):
            (listing,) = await work.conversations.directory(
                person.id, topic=None, text="", order="new", after=None, limit=9
            )
            joined[person.id] = listing.joined

    assert joined == {ana.id: True, bea.id: False, gone.id: False}


async def test_the_directory_is_searched_by_topic_and_by_any_of_its_words(shelf: Shelf) -> None:
    ana = await shelf.account()
    await shelf.conversation(ana, kind=Kind.ROOM, name="a", alias="Poesía", topic="books")
    await shelf.conversation(
        ana, kind=Kind.ROOM, name="b", description="100% poesía", topic="music"
    )

    async def found(text: str, topic: str | None = None) -> list[str | None]:
        async with shelf.storage.read() as work:
            listings = await work.conversations.directory(
                ana.id, topic=topic, text=text, order="old", after=None, limit=9
            )
        return [listing.conversation.name for listing in listings]

    assert await found("POESÍA") == ["a", "b"]
    assert await found("poesía", topic="music") == ["b"]
    assert await found("", topic="books") == ["a"]
    assert await found("100%") == ["b"]
    assert await found("1_0") == []


async def test_heads_tell_how_far_each_conversation_is(shelf: Shelf) -> None:
    ana = await shelf.account()
    one, other = [await shelf.conversation(ana) for _ in range(2)]
    await shelf.send(other, ana)
    many = [new_id() for _ in range(2_500)]
    async with shelf.storage.read() as work:
        assert await work.conversations.heads([one.id, *many, other.id]) == {
            one.id: 1,
            other.id: 2,
        }
        assert await work.conversations.heads([]) == {}


async def test_all_conversations_that_a_person_is_in_come_in_order_of_number(
    shelf: Shelf,
) -> None:
    ana, bea = await shelf.accounts(2)
    first = await shelf.conversation(ana, bea, kind=Kind.ROOM)
    left, ended = await shelf.conversation(ana, bea), await shelf.conversation(ana, bea)
    await shelf.conversation(bea)
    last = await shelf.conversation(ana, bea)
    await shelf.send(first, bea)
    await shelf.part(left, ana)
    async with shelf.storage.begin() as work:
        await work.conversations.delete(ended.id, eg.moment(1))
        assert await work.conversations.ids_of(ana.id) == (first.id, last.id)
