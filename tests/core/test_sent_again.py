"""A message that is sent again under one name: where it is the first one, and where it is not."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tertulia.core.errors import Conflict
from tertulia.core.message import Copy
from tertulia.core.polls import NewPoll
from tests.core.sealing import circle, seal, sealed

if TYPE_CHECKING:
    from uuid import UUID

    from tertulia.core.model import Actor
    from tests.core.town import Town
    from tests.core.uploads import HandedIn

TAKEN = (Conflict, "client_ref_taken", "client_ref")


async def test_the_name_of_a_message_elsewhere_is_refused(town: Town, uploads: HandedIn) -> None:
    ana = town.actors[0]
    one, other = await town.group(ana), await town.group(ana)
    sent = await town.core.messages.send(ana, one, "one", client_ref="r")
    file = await uploads.file(ana, other)
    town.heard()
    for attachments in ([], [file.id]):
        with town.refuses(*TAKEN):
            await town.core.messages.send(
                ana, other, "two", client_ref="r", attachments=attachments
            )
    assert await town.history(ana, one) == [sent]
    assert await town.history(ana, other) == []
    # Nothing came of it, and the same goes out under a name of its own.
    await town.core.messages.send(ana, other, "two", client_ref="s", attachments=[file.id])


async def test_the_name_of_a_message_elsewhere_is_refused_for_what_is_sealed(
    town: Town, uploads: HandedIn
) -> None:
    ana, bea = town.actors[:2]
    plaza = await town.room(ana)
    one, other = await circle(town, ana, bea), await circle(town, ana, bea)
    copies = sealed("two", ana, bea)
    await town.core.messages.send(ana, plaza, "one", client_ref="open")
    await town.core.sealed_messages.send(ana, one, sealed("one", ana, bea), client_ref="sealed")
    file = await uploads.file(ana, other, name="file.bin", kind="file")
    town.heard()
    for ref in ("open", "sealed"):
        for attachments in ([], [file.id]):
            with town.refuses(*TAKEN):
                await town.core.sealed_messages.send(
                    ana, other, copies, client_ref=ref, attachments=attachments
                )
    assert await town.history(ana, other) == []


async def test_of_one_name_for_two_conversations_at_one_moment_one_is_sent(town: Town) -> None:
    ana = town.actors[0]
    groups = [await town.group(ana) for _ in range(2)]
    send = town.core.messages.send
    outcomes = await asyncio.gather(
        *(send(ana, group, "one", client_ref="r") for group in groups),
        send(ana, groups[1], "another"),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in outcomes) == ["Conflict", "Message", "Message"]
    histories = [await town.history(ana, group) for group in groups]
    assert sorted(each.body or "" for each in sum(histories, [])) == ["another", "one"]


async def test_a_copy_is_not_forwarded_under_the_name_of_a_message_elsewhere(town: Town) -> None:
    ana = town.actors[0]
    source, one, other = [await town.group(ana) for _ in range(3)]
    sent = await town.core.messages.send(ana, source, "one", client_ref=f"r:{other}")
    town.heard()
    with town.refuses(*TAKEN):
        await town.core.forwarding.forward(ana, sent.id, [one, other], client_ref="r")
    assert [await town.history(ana, each) for each in (one, other)] == [[], []]


ENDS = pytest.mark.parametrize("way", ["left", "removed", "deleted"])


async def end(town: Town, way: str, owner: Actor, other: Actor, conversation_id: UUID) -> None:
    """Have somebody be in a conversation no more."""
    match way:
        case "left":
            await town.core.members.leave(other, conversation_id)
        case "removed":
            await town.core.members.remove(owner, conversation_id, other.account_id)
        case _:
            await town.core.conversations.delete(owner, conversation_id)
    town.heard()


@ENDS
async def test_who_is_gone_is_answered_without_what_others_did_to_it(
    town: Town, uploads: HandedIn, way: str
) -> None:
    ana, bea = town.actors[:2]
    group = await town.group(ana, bea)
    core, send = town.core, town.core.messages.send
    file = await uploads.file(bea, group)
    poll = NewPoll(question="When?", options=("Now", "Later"))
    asked = await send(bea, group, "", poll=poll, client_ref="poll")
    shown = await send(bea, group, "look", attachments=[file.id], client_ref="file")
    copy = (await core.forwarding.forward(bea, asked.id, [group], client_ref="copy"))[0]
    for sent in (asked, shown, copy):
        await core.reactions.react(ana, sent.id, "🎉")
        await core.pins.pin(ana, sent.id)
    for sent in (asked, copy):
        await core.polls.vote(ana, sent.id, [1])
    there = await send(bea, group, "", poll=poll, client_ref="poll")
    assert there == (await town.history(bea, group))[0] != asked
    await end(town, way, ana, bea, group)

    assert await send(bea, group, "", poll=poll, client_ref="poll") == asked
    again = await send(bea, group, "look", attachments=[file.id], client_ref="file")
    assert again == shown
    assert await send(bea, group, "", poll=poll, client_ref=copy.client_ref) == copy
    assert town.heard() == []


async def test_who_is_gone_is_answered_a_forward_without_what_others_did_to_it(town: Town) -> None:
    ana, bea = town.actors[:2]
    source, group = await town.group(bea), await town.group(ana, bea)
    sent = await town.core.messages.send(bea, source, "one")
    forward = town.core.forwarding.forward
    (copy,) = await forward(bea, sent.id, [group], client_ref="r")
    await town.core.reactions.react(ana, copy.id, "🎉")
    await end(town, "removed", ana, bea, group)
    assert await forward(bea, sent.id, [group], client_ref="r") == (copy,)


@ENDS
async def test_who_is_gone_is_answered_what_is_sealed_without_what_others_did_to_it(
    town: Town, uploads: HandedIn, way: str
) -> None:
    ana, bea = town.actors[:2]
    group = await circle(town, ana, bea)
    send, copies = town.core.sealed_messages.send, sealed("one", ana, bea)
    file = await uploads.file(bea, group, name="file.bin", kind="file")
    plain = await send(bea, group, copies, client_ref="plain")
    shown = await send(bea, group, copies, client_ref="file", attachments=[file.id])
    for sent in (plain, shown):
        await town.core.sealed_messages.react(ana, sent.id, sealed("!", ana, bea))
        await town.core.pins.pin(ana, sent.id)
    await end(town, way, ana, bea, group)

    assert await send(bea, group, copies, client_ref="plain") == plain
    assert await send(bea, group, copies, client_ref="file", attachments=[file.id]) == shown
    assert plain.copy is not None
    assert plain.copy == Copy(id=plain.copy.id, content=seal("one", bea.account_id))
