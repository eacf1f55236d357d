"""The trail: what is written down of those who look after a conversation, and who reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tertulia.core.errors import Conflict, Forbidden, NotFound
from tertulia.core.model import Kind, Role
from tests.core.desk import a_picture
from tests.core.town import everything

if TYPE_CHECKING:
    from uuid import UUID

    from tertulia.core.model import Actor, Page
    from tertulia.core.moderation import AuditEntry
    from tests.core.town import Town


async def trail(town: Town, reader: Actor, conversation_id: UUID) -> list[AuditEntry]:
    """Return all that was written down, the oldest first."""

    async def page(token: str | None, size: int) -> Page[AuditEntry]:
        return (await town.core.audit.page(reader, conversation_id, token, size)).entries

    found = await everything(page, 3)
    return list(reversed(found))


async def test_everything_that_is_done_is_written_down_in_order(town: Town) -> None:
    core = town.core
    ana, bea, caro, dani = town.actors
    room = await town.room(ana, bea, caro)
    await core.conversations.change(ana, room, alias="Cine", description="Films", slow_mode_s=5)
    await core.conversation_pictures.change(ana, room, a_picture())
    await core.conversation_pictures.remove(ana, room)
    await core.members.set_role(ana, room, bea.account_id, Role.ADMIN)
    await core.members.add(bea, room, [dani.account_id])
    await core.members.remove(bea, room, dani.account_id, reason="Loud")
    link = await core.invites.by_link(bea, room)
    await core.invites.take(dani, link.url.rpartition("/")[2])
    await core.invites.revoke(ana, room, link.invite.id)
    said = await core.messages.send(caro, room, "Well?")
    await core.messages.delete(bea, said.id)
    await core.bans.ban(bea, room, caro.account_id, "Spoilers")
    await core.bans.lift(ana, room, caro.account_id)
    await core.members.leave(ana, room)

    invite = {"invite_id": str(link.invite.id)}
    told = [
        (entry.act.value, entry.actor_id, entry.target_id, entry.detail)
        for entry in await trail(town, bea, room)
    ]
    a, b, c, d = town.ids[:4]
    assert told == [
        ("conversation_changed", a, None, {"alias": "Cine", "description": "Films"}),
        ("slow_mode_changed", a, None, {"seconds": 5}),
        ("picture_changed", a, None, {}),
        ("picture_removed", a, None, {}),
        ("role_changed", a, b, {"role": "admin"}),
        ("member_added", b, d, {}),
        ("member_removed", b, d, {"reason": "Loud"}),
        ("invite_made", b, None, invite),
        ("invite_used", d, None, invite),
        ("invite_revoked", a, None, invite),
        ("message_deleted", b, c, {"message_id": str(said.id)}),
        ("member_banned", b, c, {"reason": "Spoilers"}),
        ("member_unbanned", a, c, {}),
        ("ownership_handed_over", a, b, {}),
    ]


async def test_an_entry_for_each_who_is_brought_in(town: Town) -> None:
    ana, bea, caro, _ = town.actors
    group = await town.group(ana)
    await town.core.members.add(ana, group, [bea.account_id, caro.account_id, ana.account_id])
    found = await trail(town, ana, group)
    assert {entry.target_id for entry in found} == {bea.account_id, caro.account_id}


async def test_what_people_do_with_their_own_is_not_written_down(town: Town) -> None:
    ana, bea = town.actors[:2]
    room = await town.room(ana, bea)
    said = await town.core.messages.send(ana, room, "Well?")
    await town.core.messages.edit(ana, said.id, "Well!")
    await town.core.messages.delete(ana, said.id)
    await town.core.conversations.change(ana, room, alias="Plaza")
    await town.core.members.leave(bea, room)
    await town.core.members.join(bea, room)
    assert await trail(town, ana, room) == []


@pytest.mark.parametrize("kind", list(Kind))
async def test_pins_are_written_down_where_somebody_reads_it(town: Town, kind: Kind) -> None:
    ana, bea = town.actors[:2]
    conversation_id = await town.conversation(kind, ana, bea)
    said = await town.core.messages.send(bea, conversation_id, "Well?")
    for _ in range(2):
        await town.core.pins.pin(ana, said.id)
    await town.core.pins.unpin(ana, said.id)
    async with town.storage.read() as work:
        found = await work.audit.page(conversation_id, before=None, limit=10)
    pins = [(each.act.value, each.actor_id, each.target_id, each.detail) for each in found]
    told = (ana.account_id, bea.account_id, {"message_id": str(said.id)})
    expected = [("message_unpinned", *told), ("message_pinned", *told)]
    assert pins == ([] if kind is Kind.PRIVATE else expected)


async def test_what_is_refused_is_not_written_down(town: Town) -> None:
    ana, bea, caro, _ = town.actors
    group = await town.group(ana, bea)
    await town.core.contacts.block(caro, bea.account_id)
    for attempt in (
        town.core.members.add(bea, group, [caro.account_id]),
        town.core.members.remove(bea, group, ana.account_id),
        town.core.conversations.change(bea, group, alias="Ours"),
    ):
        with pytest.raises(Forbidden):
            await attempt
    with pytest.raises(Conflict):
        await town.core.bans.ban(ana, group, ana.account_id)
    assert await trail(town, ana, group) == []


async def test_owner_and_admins_read_it_and_nobody_else(town: Town) -> None:
    ana, bea, caro, dani = town.actors
    group = await town.group(ana, bea, caro)
    await town.promote(ana, group, bea)
    assert await trail(town, bea, group) == await trail(town, ana, group)
    with town.refuses(Forbidden, "permission_denied"):
        await trail(town, caro, group)
    with town.refuses(NotFound, "not_found"):
        await trail(town, dani, group)
    private = await town.conversation(Kind.PRIVATE, ana, bea)
    with town.refuses(Forbidden, "private_conversation"):
        await trail(town, ana, private)
