"""What happened, told again from the rows that it left behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tertulia.core import recovery
from tertulia.core.events import (
    ConversationChanged,
    LastingChange,
    MemberChanged,
    MemberLeft,
    MembersJoined,
    MessageDeleted,
    MessageEdited,
    MessageSent,
)
from tertulia.core.model import Role
from tertulia.core.recovery import Recovery

if TYPE_CHECKING:
    from uuid import UUID

    from tests.core.town import Town


async def told(town: Town, conversation_id: UUID, since: int) -> list[LastingChange]:
    """Return what is told again of a conversation, checking that it covers everything."""
    async with town.storage.read() as work:
        heads = await work.conversations.heads([conversation_id])
    head = heads[conversation_id]
    found = await Recovery(town.storage).since(conversation_id, since, head)
    assert found is not None
    assert found.up_to == head
    return list(found.events)


async def test_what_nothing_followed_is_told_as_it_was(town: Town) -> None:
    ana, bea, caro = town.actors[:3]
    group = await town.group(ana, bea)
    town.heard()
    core = town.core
    first = await core.messages.send(ana, group, "one")
    await core.members.add(ana, group, [caro.account_id])
    await core.messages.send(bea, group, "two")
    await core.messages.edit(ana, first.id, "uno")
    await core.conversations.change(ana, group, alias="Amigos")
    await core.members.leave(bea, group)
    heard = [event for event in town.heard() if isinstance(event, LastingChange)]
    again = await told(town, group, first.seq)
    # Left out of this: the first message, and how many there were before somebody left.
    assert [type(event) for event in again] == [
        MembersJoined,
        MessageSent,
        MessageEdited,
        ConversationChanged,
        MemberLeft,
    ]
    assert [event.seq for event in again] == [event.seq for event in heard[1:]]
    assert again[1:3] == heard[2:4]
    assert again[4] == heard[5]


async def test_what_was_overwritten_is_told_once_by_its_latest_state(town: Town) -> None:
    ana, bea = town.actors[:2]
    group = await town.group(ana, bea)
    core = town.core
    sent = await core.messages.send(ana, group, "one")
    since = sent.seq - 1
    await core.messages.edit(ana, sent.id, "uno")
    await core.reactions.react(bea, sent.id, "🎉")
    lost = await core.messages.send(ana, group, "oops")
    await core.messages.delete(ana, lost.id)
    await core.members.set_role(ana, group, bea.account_id, Role.ADMIN)
    again = await told(town, group, since)
    kinds = {event.seq - since: type(event) for event in again}
    assert kinds == {
        1: MessageSent,
        3: MessageEdited,
        4: ConversationChanged,
        5: MessageDeleted,
        6: MemberChanged,
    }
    assert isinstance(again[0], MessageSent)
    assert again[0].message.body == "uno"
    assert isinstance(again[1], MessageEdited)
    assert again[1].message.extras.has_reaction("🎉", bea.account_id)


async def test_a_conversation_that_is_gone_has_nothing_to_tell(town: Town) -> None:
    ana = town.actors[0]
    group = await town.group(ana)
    await town.core.conversations.delete(ana, group)
    assert await Recovery(town.storage).since(group, 0, 9) is None


async def test_more_rows_than_are_read_at_once_are_told_in_turns(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recovery, "MAX_ROWS", 3)
    ana = town.actors[0]
    group = await town.group(ana)
    first = await town.core.messages.send(ana, group, "1")
    for text in "2345678":
        await town.core.messages.send(ana, group, text)
    heard, since, head = [], first.seq, first.seq + 7
    while since < head:
        found = await Recovery(town.storage).since(group, since, head)
        assert found is not None
        heard += [event.seq for event in found.events]
        since = found.up_to
    assert heard == list(range(first.seq + 1, head + 1))
