"""Looking through what was said: around a place, by what was carried, and by whom it was read."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tertulia.core.errors import Forbidden, Invalid, NotFound
from tertulia.core.ids import new_id
from tertulia.core.model import Kind
from tests import examples as eg
from tests.core.town import everything
from tests.core.uploads import HandedIn

if TYPE_CHECKING:
    from uuid import UUID

    from tertulia.core.message import Message
    from tertulia.core.model import Actor, Page
    from tertulia.core.talk_stores import MediaKind
    from tertulia.settings import Settings
    from tests.core.town import Town


async def many(town: Town, actor: Actor, conversation_id: UUID, count: int) -> list[Message]:
    """Send so many messages, with changes in between that take seqs of their own."""
    sent = []
    for number in range(count):
        message = await town.core.messages.send(actor, conversation_id, str(number))
        sent.append(await town.core.reactions.react(actor, message.id, "👍"))
    return sent


async def test_messages_stand_around_the_one_that_is_named(town: Town) -> None:
    ana, bea = town.actors[:2]
    group = await town.group(ana, bea)
    sent = await many(town, bea, group, 9)
    found = await town.core.browsing.around(ana, group, 4, message_id=sent[4].id)
    assert (list(found.messages), found.target_seq) == (sent[2:6], sent[4].seq)
    assert [person.id for person in found.people] == [bea.account_id]
    history = town.core.openings.history
    older = await history(ana, group, found.older_token, 9, "desc")
    assert (list(older.messages.items), older.messages.token) == (sent[1::-1], None)
    newer = await history(ana, group, found.newer_token, 9, "asc")
    assert (list(newer.messages.items), newer.messages.token) == (sent[6:], None)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 100])
async def test_it_goes_on_in_both_directions_without_loss(town: Town, size: int) -> None:
    ana = town.actors[0]
    group = await town.group(ana)
    sent = await many(town, ana, group, 5)
    for place in range(5):
        found = await town.core.browsing.around(ana, group, size, seq=sent[place].seq)
        assert len(found.messages) <= size
        history = town.core.openings.history
        older: tuple[Message, ...] = ()
        newer: tuple[Message, ...] = ()
        if found.older_token is not None:
            older = (await history(ana, group, found.older_token, 9, "desc")).messages.items
            assert older
        if found.newer_token is not None:
            newer = (await history(ana, group, found.newer_token, 9, "asc")).messages.items
            assert newer
        assert [*reversed(older), *found.messages, *newer] == sent
        assert sent[place] in found.messages


async def test_a_seq_or_a_time_means_the_first_message_from_there_on(town: Town) -> None:
    ana = town.actors[0]
    group = await town.group(ana)
    sent = await many(town, ana, group, 7)
    around = town.core.browsing.around
    for message in sent:
        at = (await around(ana, group, 3, at=message.inserted_at)).target_seq
        same = [each for each in sent if each.inserted_at == message.inserted_at]
        assert at == same[0].seq
    instant = timedelta(milliseconds=1)
    places = {
        "between": await around(ana, group, 3, seq=sent[2].seq + 1),
        "the first": await around(ana, group, 3, seq=0),
        "long ago": await around(ana, group, 3, at=eg.NOON - timedelta(days=9999)),
        "past the end": await around(ana, group, 3, seq=2**53 - 1),
        "later": await around(ana, group, 3, at=sent[-1].inserted_at + instant),
    }
    assert {name: found.target_seq for name, found in places.items()} == {
        "between": sent[3].seq,
        "the first": sent[0].seq,
        "long ago": sent[0].seq,
        "past the end": sent[-1].seq,
        "later": sent[-1].seq,
    }


async def test_where_nothing_was_said_there_is_nothing_around(town: Town) -> None:
    ana = town.actors[0]
    group = await town.group(ana)
    for place in ({"seq": 0}, {"seq": 9}, {"at": eg.NOON}):
        found = await town.core.browsing.around(ana, group, 9, **place)
        assert (found.messages, found.older_token, found.newer_token, found.target_seq) == (
            (),
            None,
            None,
            None,
        )


async def test_a_place_is_named_in_one_way_and_is_ones_own_to_see(town: Town) -> None:
    ana, outsider = town.actors[:2]
    group, other = await town.group(ana), await town.group(ana)
    (sent,) = await many(town, ana, other, 1)
    town.heard()
    around = town.core.browsing.around
    with town.refuses(Invalid, "invalid", "seq"):
        await around(ana, group, 9)
    with town.refuses(Invalid, "invalid", "seq"):
        await around(ana, group, 9, seq=1, at=eg.NOON)
    with town.refuses(Invalid, "invalid", "at"):
        await around(ana, group, 9, at=eg.NOON.replace(tzinfo=None))
    for attempt in (
        around(outsider, group, 9, seq=1),
        around(ana, group, 9, message_id=sent.id),
        around(ana, group, 9, message_id=new_id()),
    ):
        with town.refuses(NotFound, "not_found"):
            await attempt


async def test_one_message_comes_with_those_whom_it_names(town: Town) -> None:
    ana, bea, outsider = town.actors[:3]
    group = await town.group(ana, bea)
    sent = await town.core.messages.send(ana, group, "one")
    reacted = await town.core.reactions.react(bea, sent.id, "👍")
    found = await town.core.browsing.message(bea, sent.id)
    assert found.messages.items == (reacted,)
    assert {person.id for person in found.people} == {ana.account_id, bea.account_id}
    deleted = await town.core.messages.delete(ana, sent.id)
    assert (await town.core.browsing.message(bea, sent.id)).messages.items == (deleted,)
    town.heard()
    with town.refuses(NotFound, "not_found"):
        await town.core.browsing.message(outsider, sent.id)


async def test_what_was_carried_is_found_by_its_kind_once_each(
    town: Town, settings: Settings
) -> None:
    ana, bea, outsider = town.actors[:3]
    group, uploads = await town.group(ana, bea), HandedIn(settings)
    sent: dict[str, list[Message]] = {"image": [], "file": [], "link": []}
    for number in range(5):
        for shape, media_type in (("image", "image/png"), ("file", "text/plain")):
            files = [
                await uploads.file(ana, group, kind=shape, media_type=media_type) for _ in range(2)
            ]
            ids = [each.id for each in files]
            sent[shape].append(await town.core.messages.send(ana, group, "", attachments=ids))
        link = await town.core.messages.send(bea, group, f"https://example.org/{number}")
        sent["link"].append(link)
        await town.core.messages.send(bea, group, "nothing")

    async def all_of(kind: MediaKind) -> list[Message]:
        async def page_at(token: str | None, size: int) -> Page[Message]:
            return (await town.core.browsing.media(bea, group, kind, token, size)).messages

        return await everything(page_at, 2)

    kinds: tuple[MediaKind, ...] = ("image", "file", "link")
    for kind in kinds:
        assert await all_of(kind) == sent[kind][::-1]
    assert await all_of("video") == []
    await town.core.messages.delete(ana, sent["image"][0].id)
    await town.core.messages.edit(bea, sent["link"][0].id, "no link")
    assert await all_of("image") == sent["image"][:0:-1]
    assert await all_of("link") == sent["link"][:0:-1]
    linked = await town.core.messages.edit(bea, sent["link"][0].id, "www.example.org")
    assert (await all_of("link"))[-1] == linked
    town.heard()
    with town.refuses(NotFound, "not_found"):
        await town.core.browsing.media(outsider, group, "image", None, 9)


@pytest.mark.parametrize("kind", [Kind.PRIVATE, Kind.GROUP])
async def test_readers_are_the_others_who_have_read_that_far(town: Town, kind: Kind) -> None:
    ana, bea, caro, outsider = town.actors
    conversation_id = await town.conversation(kind, ana, bea, caro)
    sent = [await town.core.messages.send(ana, conversation_id, str(each)) for each in range(2)]
    await town.core.receipts.read(ana, conversation_id)
    await town.core.receipts.read(bea, conversation_id, sent[0].seq)
    town.heard()

    async def readers(message: Message) -> list[UUID]:
        found = await town.core.browsing.readers(bea, message.id)
        return [person.id for person, _ in found]

    assert [await readers(message) for message in sent] == [[bea.account_id], []]
    await town.core.receipts.read(bea, conversation_id)
    assert [await readers(message) for message in sent] == [[bea.account_id]] * 2
    ((_, read_at),) = await town.core.browsing.readers(ana, sent[1].id)
    chat = await town.core.conversations.get(bea, conversation_id)
    assert read_at == chat.member.read_at
    if kind is Kind.GROUP:
        await town.core.receipts.read(caro, conversation_id, sent[0].seq)
        assert await readers(sent[0]) == [bea.account_id, caro.account_id]
    town.heard()
    with town.refuses(NotFound, "not_found"):
        await town.core.browsing.readers(outsider, sent[0].id)


async def test_rooms_do_not_tell_who_has_read(town: Town) -> None:
    ana, bea = town.actors[:2]
    room = await town.room(ana, bea)
    sent = await town.core.messages.send(ana, room, "one")
    town.heard()
    with town.refuses(Forbidden, "reads_not_shared"):
        await town.core.browsing.readers(ana, sent.id)


async def test_a_silent_message_says_so(town: Town) -> None:
    ana = town.actors[0]
    group = await town.group(ana)
    sent = await town.core.messages.send(ana, group, "psst", is_silent=True)
    assert sent.extras == replace(sent.extras, is_silent=True)
    assert await town.history(ana, group) == [sent]
