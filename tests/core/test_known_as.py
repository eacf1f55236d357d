"""Finding conversations by their numbers, and messages by theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tertulia.core.errors import Conflict, NotFound

if TYPE_CHECKING:
    from tests.core.town import Town

NOBODYS = "0198c2a4-5a50-7000-8000-0000000000ff"


async def test_a_member_finds_a_conversation_by_its_number_and_its_id(town: Town) -> None:
    ana, bea = town.actors[:2]
    group = await town.group(ana)
    known_as = town.core.conversations.known_as
    found = await known_as(ana, str(group))
    assert found.id == group
    assert await known_as(ana, str(found.number)) == found
    with town.refuses(NotFound, "not_found"):
        await known_as(bea, str(found.number))


@pytest.mark.parametrize("name", ["", "0", "-1", "١", "9" * 19, "9" * 400, "x", NOBODYS])
async def test_nothing_is_known_by_another_name(town: Town, name: str) -> None:
    with town.refuses(NotFound, "not_found"):
        await town.core.conversations.known_as(town.actors[0], name)


async def test_an_encrypted_conversation_is_not_found_as_an_open_one(town: Town) -> None:
    ana = town.actors[0]
    chat = await town.core.conversations.start_group(ana, "Secret", [], encrypted=True)
    town.heard()
    with town.refuses(Conflict, "encrypted"):
        await town.core.conversations.known_as(ana, str(chat.conversation.number))


async def test_a_message_is_found_by_its_seq_and_nothing_else_is(town: Town) -> None:
    ana, bea = town.actors[:2]
    group = await town.group(ana)
    sent = await town.core.messages.send(ana, group, "Hello")
    await town.core.reactions.react(ana, sent.id, "🎉")
    later = await town.core.messages.send(ana, group, "Again")
    town.heard()
    numbered = town.core.browsing.numbered
    assert (await numbered(ana, group, sent.seq)).id == sent.id
    assert await numbered(ana, group, later.seq) == later
    for seq in (-1, 0, sent.seq + 1, later.seq + 1, 2**63 - 1):
        with town.refuses(NotFound, "not_found"):
            await numbered(ana, group, seq)
    with town.refuses(NotFound, "not_found"):
        await numbered(bea, group, sent.seq)
