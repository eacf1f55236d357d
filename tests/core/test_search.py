"""Searching: who finds what, in which order, and what the finds show."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tertulia.adapters.limits_memory import LimitsInMemory
from tertulia.core.errors import Invalid, NotFound
from tertulia.core.ids import new_id
from tertulia.core.message import Attachment, Extras, Poll, PollOption
from tertulia.core.search import Search
from tertulia.core.search_query import Query, narrow, parse
from tests import examples as eg
from tests.core.town import everything

if TYPE_CHECKING:
    from uuid import UUID

    from tertulia.core.message import Message
    from tertulia.core.model import Actor, Page
    from tertulia.core.search import Hit
    from tests.core.town import Town


async def found(town: Town, reader: Actor, query: str | Query, size: int = 50) -> list[str]:
    """Return what somebody finds, page by page."""
    asked = parse(query) if isinstance(query, str) else query

    async def page(token: str | None, size: int) -> Page[Hit]:
        return (await town.core.search.everywhere(reader, asked, token, size)).hits

    await town.core.search_index.catch_up()
    return [hit.message.body or "" for hit in await everything(page, size)]


async def say(town: Town, actor: Actor, where: UUID, *bodies: str) -> list[Message]:
    """Send messages, one after the other."""
    return [await town.core.messages.send(actor, where, body) for body in bodies]


async def change(town: Town, message: Message, **changes: object) -> Message:
    """Store a change of a message under the next seq."""
    async with town.storage.begin() as work:
        seq = await work.conversations.take_seq(message.conversation_id)
        changed = replace(message, changed_seq=seq, **changes)  # type: ignore[arg-type]
        await work.messages.update(changed)
        await work.messages.carry(changed, has_link="https://" in (changed.body or ""))
    return changed


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("film", ["two films", "a film"]),
        ("FILMING", ["two films", "a film"]),
        ('"film"', ["a film"]),
        ("fil", ["two films", "a film"]),
        ("ilm", ["two films", "a film"]),
        ("fi", []),
        ("a film", ["a film"]),
        ('"two films"', ["two films"]),
        ('"films two"', []),
        ("creme brulee", ["Crème brûlée"]),
        ("CRÈME", ["Crème brûlée"]),
        ("世界", ["你好,世界大同"]),
        ("界大", ["你好,世界大同"]),
        ("好", ["你好,世界大同"]),
        ("世大", []),
        ("タワ", ["東京タワー"]),
        ("ﾀﾜｰ", ["東京タワー"]),
        ("สวัส", ["สวัสดีครับ"]),
        ("공부", ["한국어를 공부해요"]),
        ("книга", ["читаю книги"]),
        ("don't", ["I don't"]),
        ("ana@example.org", ["write to ana@example.org"]),
        ("film 世界", []),
        ("", []),
        ("!?", []),
    ],
)
async def test_words_phrases_and_parts_are_found_in_any_script(
    town: Town, query: str, expected: list[str]
) -> None:
    ana = town.actors[0]
    group = await town.group(ana)
    said = (
        "Crème brûlée",
        "你好,世界大同",
        "東京タワー",
        "สวัสดีครับ",
        "한국어를 공부해요",
        "читаю книги",
    )
    await say(town, ana, group, *said, "I don't", "write to ana@example.org", "a film", "two films")

    assert await found(town, ana, query) == expected


async def test_whole_words_come_before_parts_of_words_and_newer_before_older(town: Town) -> None:
    ana = town.actors[0]
    one, other = await town.group(ana), await town.group(ana)
    await say(town, ana, one, "sun 1", "sunday 2")
    await say(town, ana, other, "suns 3", "asunder 4")
    await say(town, ana, one, "Sun! 5", "sunny 6")

    for size in (1, 2, 4, 5, 6, 7):
        assert await found(town, ana, "sun", size) == [
            "Sun! 5",
            "suns 3",
            "sun 1",
            "sunny 6",
            "asunder 4",
            "sunday 2",
        ]


async def test_only_members_of_living_conversations_find_what_was_said_there(town: Town) -> None:
    ana, bea, caro = town.actors[:3]
    group, ended = await town.group(ana, bea, caro), await town.group(ana, bea)
    room = await town.room(ana)
    await say(town, ana, group, "secret of the group")
    await say(town, ana, ended, "secret of what ended")
    await say(town, ana, room, "secret of the room")
    await town.core.members.leave(caro, group)
    assert len(await found(town, ana, "secret")) == 3
    await town.core.conversations.delete(ana, ended)

    assert await found(town, bea, "secret") == ["secret of the group"]
    assert await found(town, caro, "secret") == []
    assert await found(town, ana, "secret") == ["secret of the room", "secret of the group"]
    await town.core.members.join(caro, room)
    assert await found(town, caro, "secret") == ["secret of the room"]


async def test_edited_messages_are_found_by_what_they_say_now_and_deleted_ones_never(
    town: Town,
) -> None:
    ana = town.actors[0]
    group = await town.group(ana)
    first, second = await say(town, ana, group, "apples", "pears")
    assert await found(town, ana, "apple") == ["apples"]
    await town.core.messages.edit(ana, first.id, "plums")
    await town.core.messages.delete(ana, second.id)

    # Not even while the index has not heard of it.
    page = await town.core.search.everywhere(ana, parse("apple pears"), None, 9)
    assert page.hits.items == ()
    for text in ("apple", "pears"):
        page = await town.core.search.everywhere(ana, parse(text), None, 9)
        assert page.hits.items == ()
    assert await found(town, ana, "plums") == ["plums"]
    assert await found(town, ana, "apple") == []
    assert await found(town, ana, "pear") == []


async def test_operators_narrow_what_is_found(town: Town) -> None:
    ana, bea = town.actors[:2]
    group, private = await town.group(ana, bea), await town.private(ana, bea)
    plain, linked, pinned, poll = await say(
        town, ana, group, "see 1", "see 2 https://example.org", "see 3", "see 4"
    )
    (answered,) = await say(town, bea, private, "see 5")
    picture = Attachment(
        id=new_id(), name="plaza.png", kind="image", media_type="image/png", size=9
    )
    await change(town, plain, extras=Extras(attachments=(picture,)))
    await change(town, linked)
    await change(town, pinned, pinned_at=eg.moment())
    asked = Poll(question="Where to?", options=(PollOption("Sea"), PollOption("Mountains")))
    await change(town, poll, extras=Extras(poll=asked))
    await town.core.stars.star(ana, answered.id)
    me, she = await town.account(ana), await town.account(bea)
    day = plain.inserted_at.date()

    for query, bodies in (
        ("see has:image", ["see 1"]),
        ("plaza", ["see 1"]),
        ("mountain", ["see 4"]),
        ("has:link", ["see 2 https://example.org"]),
        ("has:poll see", ["see 4"]),
        ("has:video", []),
        ("is:pinned", ["see 3"]),
        ("is:starred", ["see 5"]),
        ("see is:starred is:pinned", []),
        (f"from:{she.username}", ["see 5"]),
        (f"from:@{she.username}", ["see 5"]),
        (f"from:{she.id} see", ["see 5"]),
        ("from:me is:pinned", ["see 3"]),
        (f"from:{me.username} from:bea has:image", ["see 1"]),
        (f"from:{new_id()}", []),
        ("from:nobody_at_all", []),
        ("in:peña is:pinned", ["see 3"]),
        (f"in:{private}", ["see 5"]),
        (f"in:{she.username}", ["see 5"]),
        ("in:nowhere", []),
        (f"see 5 after:{day}", ["see 5"]),
        (f"see 5 before:{day + timedelta(days=1)}", ["see 5"]),
        (f"see 5 before:{day}", []),
        (f"see 5 after:{day + timedelta(days=1)}", []),
        (f"see before:{linked.inserted_at.isoformat()}", ["see 1"]),
        (f"see 5 after:{answered.inserted_at.isoformat()}", ["see 5"]),
    ):
        assert await found(town, ana, query) == bodies, query


async def test_a_find_says_where_it_is_and_shows_the_hits(town: Town) -> None:
    ana, bea = town.actors[:2]
    group = await town.group(ana, bea)
    body = f"{'far away ' * 30}the Plazas are full, {'and on ' * 30}"
    (sent,) = await say(town, bea, group, body)
    await town.core.search_index.catch_up()
    results = await town.core.search.everywhere(ana, parse("plaza full"), None, 9)

    (hit,) = results.hits.items
    assert hit.message == sent
    assert hit.conversation.id == group
    assert [piece.text for piece in hit.snippet if piece.is_hit] == ["Plazas", "full"]
    assert hit.snippet[0].text == hit.snippet[-1].text == "…"
    assert "".join(piece.text for piece in hit.snippet[1:-1]) in body
    assert [person.id for person in results.people] == [bea.account_id]


async def test_conversations_rooms_and_people_are_found_by_their_names(town: Town) -> None:
    ana, bea = town.actors[:2]
    key = new_id().hex[-12:]
    mine = (await town.core.conversations.start_group(ana, f"Cine {key}", [])).conversation.id
    await town.core.conversations.start_group(bea, f"Cine {key}", [])
    rooms = [
        (await town.core.conversations.start_room(who, f"Cine {key}", "cinema", None, None))
        for who in (ana, bea)
    ]
    (cine,) = await town.settle(f"cine_{key}")
    with_cine = await town.private(ana, cine)
    results = await town.core.search.everywhere(ana, parse(f"CINE_{key}"), None, 9)
    assert [person.id for person in results.accounts] == [cine.account_id]
    assert [chat.conversation.id for chat in results.chats] == [with_cine]

    results = await town.core.search.everywhere(ana, parse(f"cine {key}"), None, 9)
    assert {chat.conversation.id for chat in results.chats} == {mine, rooms[0].conversation.id}
    assert [room.conversation.id for room in results.rooms] == [rooms[1].conversation.id]
    narrowed = await town.core.search.everywhere(ana, parse(f"cine {key} is:pinned"), None, 9)
    assert (narrowed.chats, narrowed.rooms, narrowed.accounts) == ((), (), ())


async def test_one_conversation_is_searched_by_its_members_alone(town: Town) -> None:
    ana, bea = town.actors[:2]
    one, other = await town.group(ana), await town.group(ana)
    (sent,) = await say(town, ana, one, "plaza")
    await say(town, ana, other, "plaza")
    await town.core.search_index.catch_up()
    history = await town.core.search.within(ana, one, parse("plaza"), None, 9)

    assert history.messages.items == (sent,)
    assert [person.id for person in history.people] == [ana.account_id]
    with town.refuses(NotFound, "not_found"):
        await town.core.search.within(bea, one, parse("plaza"), None, 9)


async def test_a_page_looks_at_a_bounded_number_of_messages_and_leads_on(town: Town) -> None:
    ana = town.actors[0]
    group = await town.group(ana)
    # The parts of "abcde" are there, apart.
    await say(town, ana, group, "abcde", *["abcx bcdx cdex"] * 30, "xabcdex")
    await town.core.search_index.catch_up()
    search = Search(town.storage, LimitsInMemory(scale=1000), max_looked_at=10)
    pages, token = [], None
    while True:
        page = (await search.everywhere(ana, parse("abcde"), token, 5)).hits
        pages.append([hit.message.body for hit in page.items])
        token = page.token
        if token is None:
            break

    assert [body for page in pages for body in page] == ["abcde", "xabcdex"]
    assert len(pages) >= 3


async def test_what_cannot_be_searched_by_is_refused(town: Town) -> None:
    ana = town.actors[0]
    for token in ("x", "MQ", "Mgox"):
        with town.refuses(Invalid, "invalid", "page_token"):
            await town.core.search.everywhere(ana, parse("x"), token, 9)
    for key in ("has", "is", "before", "after"):
        with town.refuses(Invalid, "invalid", key):
            narrow(Query(), [(key, "nonsense")])
