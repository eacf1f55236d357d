"""The list of a person's conversations, and the page tokens of all lists."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from tertulia.core.errors import Invalid
from tertulia.core.paging import encode_token
from tests.core.town import everything

if TYPE_CHECKING:
    from tests.core.town import Town


async def test_the_list_shows_the_latest_activity_first(town: Town) -> None:
    ana, bea, caro = town.actors[:3]
    private = await town.private(ana, bea)
    group = await town.group(ana, caro)
    room = await town.room(ana)
    await town.private(bea, caro)

    async def listed() -> list[Any]:
        page = await town.core.conversations.page(ana, None, 10)
        assert page.token is None
        for chat in page.items:
            assert chat == await town.core.conversations.get(ana, chat.conversation.id)
        return [chat.conversation.id for chat in page.items]

    assert await listed() == [room, group, private]
    sent = await town.core.messages.send(caro, group, "Hello")
    assert await listed() == [group, room, private]
    await town.core.messages.send(bea, private, "Hello")
    assert await listed() == [private, group, room]
    # Only something new to read is activity.
    await town.core.messages.edit(caro, sent.id, "Hello!")
    await town.core.conversations.change(ana, room, alias="Patio")
    await town.core.members.add(ana, group, [bea.account_id])
    assert await listed() == [private, group, room]
    await town.core.members.leave(ana, group)
    await town.core.conversations.delete(ana, room)
    assert await listed() == [private]


async def test_paging_through_the_list_shows_each_conversation_once(town: Town) -> None:
    ana = town.actors[0]
    begun = await asyncio.gather(*[town.group(ana) for _ in range(7)])
    for group in (begun[2], begun[5]):
        await town.core.messages.send(ana, group, "Hello")
    for size in (1, 3, 7, 8):
        chats = await everything(
            lambda token, size: town.core.conversations.page(ana, token, size), size
        )
        keys = [(chat.conversation.last_activity_at, chat.conversation.number) for chat in chats]
        assert keys == sorted(keys, reverse=True)
        assert sorted(chat.conversation.id for chat in chats) == sorted(begun)


@pytest.mark.parametrize(
    "token",
    [
        pytest.param("", id="empty"),
        pytest.param("nonsense", id="nonsense"),
        pytest.param(encode_token(2**63), id="too large"),
        pytest.param(encode_token(2**63, 2**63), id="two too large"),
        pytest.param(encode_token(-1, UUID(int=1)), id="negative"),
    ],
)
async def test_a_page_token_that_was_not_given_out_is_refused(town: Town, token: str) -> None:
    ana = town.actors[0]
    room = await town.room(ana)
    core = town.core
    for attempt in (
        core.conversations.page(ana, token, 10),
        core.conversations.directory(ana, None, "new", "", token, 10),
        core.members.page(ana, room, token, 10),
        core.openings.history(ana, room, token, 10, "desc"),
    ):
        with town.refuses(Invalid, "invalid", "page_token"):
            await attempt
