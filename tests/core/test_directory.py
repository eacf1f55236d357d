"""The directory: who finds which rooms, in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tertulia.core.errors import Invalid
from tertulia.core.ids import new_id
from tests.core.town import everything

if TYPE_CHECKING:
    from uuid import UUID

    from tertulia.core.model import Actor, RoomOrder
    from tests.core.town import Town


async def room(town: Town, owner: Actor, alias: str, topic: str = "general") -> UUID:
    """Open a room and return its id."""
    chat = await town.core.conversations.start_room(owner, alias, topic, None, f"About {alias}")
    return chat.conversation.id


async def found(
    town: Town,
    reader: Actor,
    text: str,
    order: RoomOrder = "new",
    *,
    topic: str | None = None,
    size: int = 10,
) -> list[UUID]:
    """Return which rooms the directory shows, page by page."""
    listings = await everything(
        lambda token, size: town.core.conversations.directory(
            reader, topic, order, text, token, size
        ),
        size,
    )
    return [listing.conversation.id for listing in listings]


async def test_anyone_sees_every_room_and_whether_one_is_in_it(town: Town) -> None:
    ana, bea = town.actors[:2]
    alias = f"Plaza {new_id().hex}"
    opened = await room(town, ana, alias)
    for reader, joined in ((ana, True), (bea, False)):
        page = await town.core.conversations.directory(reader, None, "new", alias, None, 10)
        (listing,) = page.items
        assert listing.joined is joined
        assert listing.conversation == (await town.core.conversations.get(ana, opened)).conversation
    await town.core.members.join(bea, opened)
    page = await town.core.conversations.directory(bea, None, "new", alias, None, 10)
    assert [listing.joined for listing in page.items] == [True]


async def test_rooms_are_sorted_by_age_or_by_members_page_by_page(town: Town) -> None:
    ana, bea, caro, dani = town.actors
    alias = f"Plaza {new_id().hex}"
    first, second, third, fourth, fifth = [
        await room(town, ana, f"{alias} {index}") for index in range(5)
    ]
    for actor, joined in ((bea, first), (caro, first), (bea, third), (dani, fourth)):
        await town.core.members.join(actor, joined)
    await town.core.members.leave(ana, fifth)
    orders: tuple[tuple[RoomOrder, list[UUID]], ...] = (
        ("new", [fifth, fourth, third, second, first]),
        ("old", [first, second, third, fourth, fifth]),
        ("popular", [first, fourth, third, second, fifth]),
    )
    for order, expected in orders:
        for size in (1, 2, 5, 6):
            assert await found(town, ana, alias, order, size=size) == expected


async def test_rooms_are_found_by_topic_and_by_any_of_their_words(town: Town) -> None:
    ana, bea = town.actors[:2]
    one, other = town.core.conversations.topics[:2]
    key = new_id().hex
    plaza = await room(town, ana, f"Plaza Mayor {key}", one)
    patio = await room(town, ana, f"Patio {key}", other)
    for text, expected in (
        (key, [patio, plaza]),
        (f"  PLAZA  mayor {key}", [plaza]),
        (f"about patio {key}", [patio]),
        (f"patio-{key}"[:40], [patio]),
        (f"mayor{key[:3]}", []),
        (f"{key} mayo plaz", [plaza]),
        (f"Plaza%{key}", []),
        (f"Plaza_Mayor {key}", []),
    ):
        assert await found(town, bea, text) == expected, text
    assert await found(town, bea, key, topic=one) == [plaza]
    assert await found(town, bea, key, topic=other) == [patio]
    await town.core.conversations.change(ana, plaza, alias=f"Mercado {key}", topic=other)
    assert await found(town, bea, f"mercado {key}", topic=other) == [plaza]
    assert await found(town, bea, f"plaza mayor {key}", topic=one) == []


async def test_rooms_are_found_without_case_and_accents_in_every_script(town: Town) -> None:
    ana, bea = town.actors[:2]
    for alias, *searches in (
        ("Peña de Cine", "pena cine", "PEÑA", "cine peña", "eñ"),
        ("Straße & Café", "strasse cafe", "CAFÉ", "cafe\u0301"),
        ("Ёлка", "елка", "ЁЛ"),
        ("ΑΘΉΝΑ", "αθηνα", "Αθήνα"),
        ("ｗｉｄｅ 한국어", "WIDE", "한국", "한"),
        ("İstanbul", "istanbul", "İSTANBUL"),
    ):
        key = new_id().hex
        opened = await room(town, ana, f"{alias} {key}")
        for text in searches:
            assert await found(town, bea, f"{text} {key}") == [opened], (alias, text)


@pytest.mark.parametrize("text", ["\u0301", "\u0301 \u0302", "   "])
async def test_marks_alone_look_for_everything(town: Town, text: str) -> None:
    ana = town.actors[0]
    await room(town, ana, "Plaza")
    page = await town.core.conversations.directory(ana, None, "new", text, None, 1)
    assert len(page.items) == 1


async def test_only_rooms_that_are_open_are_listed(town: Town) -> None:
    ana, bea = town.actors[:2]
    key = new_id().hex
    await town.core.conversations.start_group(ana, f"Group {key}", [bea.account_id])
    opened, deleted = await room(town, ana, f"Room {key}"), await room(town, ana, f"Room {key}")
    await town.core.conversations.delete(ana, deleted)
    assert await found(town, ana, key) == [opened]


@pytest.mark.parametrize(
    ("topic", "text", "code", "attr"),
    [
        pytest.param("nonsense", "", "invalid", "topic", id="unknown topic"),
        pytest.param("\x00", "", "invalid", "topic", id="no topic at all"),
        pytest.param(None, "x" * 201, "too_long", "q", id="long text"),
        pytest.param(None, "a\x00b", "invalid", "q", id="control character"),
    ],
)
async def test_what_no_room_is_about_is_not_looked_for(
    town: Town, topic: str | None, text: str, code: str, attr: str
) -> None:
    with town.refuses(Invalid, code, attr):
        await town.core.conversations.directory(town.actors[0], topic, "new", text, None, 10)
