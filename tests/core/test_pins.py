"""Pins: who pins, what is listed, and what ends a pin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tertulia.core import message_policy
from tertulia.core.errors import Conflict, Forbidden, NotFound
from tertulia.core.events import MessagePinned, MessageUnpinned
from tertulia.core.model import Kind
from tertulia.core.moderation import Act

if TYPE_CHECKING:
    from uuid import UUID

    from tertulia.core.message import Message
    from tertulia.core.model import Actor
    from tests.core.town import Town


async def pinned(town: Town, actor: Actor, conversation_id: UUID) -> list[Message]:
    """Return what is pinned in a conversation."""
    return list((await town.core.pins.list(actor, conversation_id)).messages.items)


@pytest.mark.parametrize("kind", [Kind.PRIVATE, Kind.GROUP])
async def test_everyone_pins_and_unpins_and_everyone_hears_it(town: Town, kind: Kind) -> None:
    ana, bea = town.actors[:2]
    conversation_id = await town.conversation(kind, ana, bea)
    one = await town.core.messages.send(ana, conversation_id, "one")
    two = await town.core.messages.send(ana, conversation_id, "two")
    town.heard()
    two = await town.core.pins.pin(bea, two.id)
    one = await town.core.pins.pin(ana, one.id)
    assert (one.pinned_at is not None, one.changed_seq) == (True, two.changed_seq + 1)
    assert await town.core.pins.pin(bea, one.id) == one
    assert await pinned(town, bea, conversation_id) == [one, two]
    left = await town.core.pins.unpin(bea, one.id)
    assert left.pinned_at is None
    assert await town.core.pins.unpin(ana, one.id) == left
    assert await pinned(town, ana, conversation_id) == [two]

    def told(kind: type[MessagePinned | MessageUnpinned], message: Message, actor: Actor) -> object:
        return kind(
            conversation_id=conversation_id,
            seq=message.changed_seq,
            message=message,
            account_id=actor.account_id,
        )

    assert town.heard() == [
        told(MessagePinned, two, bea),
        told(MessagePinned, one, ana),
        told(MessageUnpinned, left, bea),
    ]


async def test_in_a_room_owner_and_admins_pin(town: Town) -> None:
    owner, admin, member = town.actors[:3]
    room = await town.room(owner, admin, member)
    await town.promote(owner, room, admin)
    sent = await town.core.messages.send(member, room, "one")
    with town.refuses(Forbidden, "permission_denied"):
        await town.core.pins.pin(member, sent.id)
    await town.core.pins.pin(admin, sent.id)
    with town.refuses(Forbidden, "permission_denied"):
        await town.core.pins.unpin(member, sent.id)
    await town.core.pins.unpin(owner, sent.id)


async def test_the_list_names_who_sent_what_is_pinned(town: Town) -> None:
    ana, bea, outsider = town.actors[:3]
    conversation_id = await town.group(ana, bea)
    sent = await town.core.messages.send(bea, conversation_id, "one")
    await town.core.pins.pin(ana, sent.id)
    found = await town.core.pins.list(ana, conversation_id)
    assert ([person.id for person in found.people], found.messages.token) == (
        [bea.account_id],
        None,
    )
    for attempt in (
        town.core.pins.list(outsider, conversation_id),
        town.core.pins.pin(outsider, sent.id),
        town.core.pins.unpin(outsider, sent.id),
    ):
        with town.refuses(NotFound, "not_found"):
            await attempt


async def test_what_is_deleted_is_pinned_no_more(town: Town) -> None:
    ana = town.actors[0]
    conversation_id = await town.group(ana)
    sent = await town.core.messages.send(ana, conversation_id, "one")
    await town.core.pins.pin(ana, sent.id)
    deleted = await town.core.messages.delete(ana, sent.id)
    assert deleted.pinned_at is None
    assert await pinned(town, ana, conversation_id) == []
    with town.refuses(Conflict, "message_deleted"):
        await town.core.pins.pin(ana, sent.id)


async def test_100_messages_are_pinned_at_most(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    assert message_policy.MAX_PINS == 100
    monkeypatch.setattr(message_policy, "MAX_PINS", 3)
    ana = town.actors[0]
    conversation_id = await town.group(ana)
    sent = [await town.core.messages.send(ana, conversation_id, str(each)) for each in range(4)]
    for message in sent[:3]:
        await town.core.pins.pin(ana, message.id)
    with town.refuses(Conflict, "too_many_pins"):
        await town.core.pins.pin(ana, sent[3].id)
    await town.core.pins.unpin(ana, sent[1].id)
    await town.core.pins.pin(ana, sent[3].id)
    listed = await pinned(town, ana, conversation_id)
    assert [each.body for each in listed] == ["3", "2", "0"]


async def test_who_is_blocked_pins_nothing(town: Town) -> None:
    ana, bea = town.actors[:2]
    conversation_id = await town.private(ana, bea)
    sent = await town.core.messages.send(bea, conversation_id, "one")
    await town.core.contacts.block(ana, bea.account_id)
    with town.refuses(Forbidden, "blocked"):
        await town.core.pins.pin(bea, sent.id)


async def test_pins_are_written_down_where_somebody_looks_after_them(town: Town) -> None:
    ana, bea = town.actors[:2]
    group, chat = await town.group(ana, bea), await town.private(ana, bea)
    for place in (group, chat):
        sent = await town.core.messages.send(ana, place, "one")
        for act in (town.core.pins.pin, town.core.pins.pin, town.core.pins.unpin):
            await act(bea, sent.id)
    trail = await town.core.audit.page(ana, group, None, 9)
    first = (await town.history(ana, group))[0]
    assert [
        (entry.act, entry.actor_id, entry.target_id, entry.detail) for entry in trail.entries.items
    ] == [
        (act, bea.account_id, ana.account_id, {"message_id": str(first.id)})
        for act in (Act.MESSAGE_UNPINNED, Act.MESSAGE_PINNED)
    ]
    async with town.storage.read() as work:
        assert await work.audit.page(chat, before=None, limit=9) == ()
