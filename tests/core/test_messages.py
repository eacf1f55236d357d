"""Messages: sending, editing and deleting them, who may, and who hears of it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tertulia.core.errors import Conflict, Forbidden, Invalid, NotFound
from tertulia.core.events import MessageDeleted, MessageEdited, MessageSent
from tertulia.core.ids import new_id
from tertulia.core.model import Kind, Role
from tests import examples as eg

if TYPE_CHECKING:
    from uuid import UUID

    from tertulia.core.model import Actor
    from tertulia.settings import Settings
    from tests.core.town import Town


async def encrypted_group(town: Town, owner: Actor) -> UUID:
    """Store a conversation whose messages the server must not read."""
    conversation = eg.conversation(encrypted=True, member_count=1)
    async with town.storage.begin() as work:
        await work.conversations.add(conversation, None)
        await work.members.add([eg.member(conversation.id, owner.account_id, role=Role.OWNER)])
    return conversation.id


@pytest.mark.parametrize("kind", Kind)
async def test_a_message_takes_the_next_seq_and_everyone_hears_it(town: Town, kind: Kind) -> None:
    ana, bea = town.actors[:2]
    conversation_id = await town.conversation(kind, ana, bea)
    head = await town.head(conversation_id)
    sent = await town.core.messages.send(bea, conversation_id, "\nGood evening  ", client_ref="r")
    assert sent == eg.message(
        id=sent.id,
        conversation_id=conversation_id,
        seq=head + 1,
        changed_seq=head + 1,
        sender_id=bea.account_id,
        client_ref="r",
        body="Good evening",
        inserted_at=sent.inserted_at,
    )
    assert town.heard() == [
        MessageSent(
            conversation_id=conversation_id, seq=head + 1, message=sent, sender=await town.face(bea)
        )
    ]
    assert await town.history(ana, conversation_id) == [sent]
    chat = await town.core.conversations.get(ana, conversation_id)
    assert chat.last_message == sent
    assert chat.conversation.last_activity_at == sent.inserted_at


async def test_a_repeated_send_is_the_first_message_and_nobody_hears_it_again(town: Town) -> None:
    ana, bea = town.actors[:2]
    conversation_id = await town.group(ana, bea)
    sent = await town.core.messages.send(ana, conversation_id, "one", client_ref="r")
    edited = await town.core.messages.edit(ana, sent.id, "two")
    town.heard()
    for body in ("one", "three"):
        again = await town.core.messages.send(ana, conversation_id, body, client_ref="r")
        assert again == edited
    await town.core.members.leave(ana, conversation_id)
    town.heard()
    again = await town.core.messages.send(ana, conversation_id, "one", client_ref="r")
    assert (again.id, again.body) == (edited.id, "two")
    assert town.heard() == []
    assert await town.history(bea, conversation_id) == [edited]


async def test_a_ref_names_a_message_among_its_senders_own(town: Town) -> None:
    ana, bea = town.actors[:2]
    conversation_id = await town.group(ana, bea)
    one = await town.core.messages.send(ana, conversation_id, "one", client_ref="r")
    two = await town.core.messages.send(bea, conversation_id, "two", client_ref="r")
    assert await town.history(ana, conversation_id) == [one, two]


async def test_a_send_repeated_at_the_same_time_lands_once(town: Town) -> None:
    ana = town.actors[0]
    conversation_id = await town.group(ana)
    sent = await asyncio.gather(
        *[town.core.messages.send(ana, conversation_id, "one", client_ref="r") for _ in range(5)]
    )
    assert len({message.id for message in sent}) == 1
    assert len(town.heard()) == 1
    assert await town.history(ana, conversation_id) == [sent[0]]


async def test_a_reply_points_to_a_message_of_the_same_conversation(town: Town) -> None:
    ana, bea = town.actors[:2]
    conversation_id, other = await town.group(ana, bea), await town.group(ana, bea)
    asked = await town.core.messages.send(ana, conversation_id, "Well?")
    elsewhere = await town.core.messages.send(ana, other, "Well?")
    answer = await town.core.messages.send(bea, conversation_id, "Yes", reply_to=asked.id)
    assert answer.reply_to == asked.id
    await town.core.messages.delete(ana, asked.id)
    late = await town.core.messages.send(bea, conversation_id, "Really", reply_to=asked.id)
    assert late.reply_to == asked.id
    head = await town.head(conversation_id)
    for unknown in (elsewhere.id, new_id(), conversation_id):
        with town.refuses(Invalid, "invalid", "reply_to"):
            await town.core.messages.send(bea, conversation_id, "Yes", reply_to=unknown)
    assert await town.head(conversation_id) == head


async def test_what_is_sent_has_bounds(town: Town, settings: Settings) -> None:
    ana = town.actors[0]
    conversation_id = await town.group(ana)
    longest = "ñ" * settings.max_body_chars
    sent = await town.core.messages.send(ana, conversation_id, longest, client_ref="r" * 64)
    assert sent.body == longest
    town.heard()
    for body, client_ref, code, attr in (
        ("", None, "required", "content"),
        (" \n\t ", None, "required", "content"),
        (longest + "x", None, "too_long", "content"),
        ("a\x00b", None, "invalid", "content"),
        ("a\ud800b", None, "invalid", "content"),
        ("one", "", "required", "client_ref"),
        ("one", "r" * 65, "too_long", "client_ref"),
        ("one", "\x00", "invalid", "client_ref"),
    ):
        with town.refuses(Invalid, code, attr):
            await town.core.messages.send(ana, conversation_id, body, client_ref=client_ref)
        if client_ref is None:
            with town.refuses(Invalid, code, attr):
                await town.core.messages.edit(ana, sent.id, body)
    assert await town.history(ana, conversation_id) == [sent]


async def test_the_author_gives_a_message_another_body_in_the_same_place(town: Town) -> None:
    ana, bea = town.actors[:2]
    conversation_id = await town.group(ana, bea)
    sent = await town.core.messages.send(bea, conversation_id, "Good evning")
    after = await town.core.messages.send(ana, conversation_id, "Hello")
    before = await town.core.conversations.get(ana, conversation_id)
    town.heard()
    edited = await town.core.messages.edit(bea, sent.id, " Good evening\n")
    assert edited == eg.message(
        id=sent.id,
        conversation_id=conversation_id,
        seq=sent.seq,
        changed_seq=after.seq + 1,
        sender_id=bea.account_id,
        body=" Good evening",
        inserted_at=sent.inserted_at,
        edited_at=edited.edited_at,
    )
    assert edited.edited_at is not None
    assert town.heard() == [
        MessageEdited(conversation_id=conversation_id, seq=after.seq + 1, message=edited)
    ]
    assert await town.history(ana, conversation_id) == [edited, after]
    chat = await town.core.conversations.get(ana, conversation_id)
    assert chat.conversation.last_activity_at == before.conversation.last_activity_at


async def test_the_same_body_again_changes_nothing(town: Town) -> None:
    ana = town.actors[0]
    conversation_id = await town.group(ana)
    sent = await town.core.messages.send(ana, conversation_id, "one")
    town.heard()
    assert await town.core.messages.edit(ana, sent.id, "one ") == sent
    assert town.heard() == []


@pytest.mark.parametrize("kind", Kind)
async def test_nobody_edits_anothers_message(town: Town, kind: Kind) -> None:
    ana, bea = town.actors[:2]
    conversation_id = await town.conversation(kind, ana, bea)
    for author, other in ((ana, bea), (bea, ana)):
        sent = await town.core.messages.send(author, conversation_id, "one")
        with town.refuses(Forbidden, "permission_denied"):
            await town.core.messages.edit(other, sent.id, "two")


async def test_a_message_is_not_reached_through_another_conversation(town: Town) -> None:
    ana, bea = town.actors[:2]
    conversation_id, other = await town.group(ana, bea), await town.group(ana, bea)
    sent = await town.core.messages.send(ana, conversation_id, "one")
    town.heard()
    for elsewhere in (other, new_id()):
        for attempt in (
            town.core.messages.edit(ana, sent.id, "two", conversation_id=elsewhere),
            town.core.messages.delete(ana, sent.id, conversation_id=elsewhere),
        ):
            with town.refuses(NotFound, "not_found"):
                await attempt
    here = conversation_id
    edited = await town.core.messages.edit(ana, sent.id, "two", conversation_id=here)
    assert edited.body == "two"
    assert (await town.core.messages.delete(ana, sent.id, conversation_id=here)).body is None


async def test_a_deleted_message_has_no_body_anywhere(town: Town) -> None:
    ana, bea = town.actors[:2]
    conversation_id = await town.group(ana, bea)
    sent = await town.core.messages.send(bea, conversation_id, "secret", client_ref="r")
    edited = await town.core.messages.edit(bea, sent.id, "more secret")
    town.heard()
    deleted = await town.core.messages.delete(bea, sent.id)
    assert deleted == eg.message(
        id=sent.id,
        conversation_id=conversation_id,
        seq=sent.seq,
        changed_seq=edited.changed_seq + 1,
        sender_id=bea.account_id,
        client_ref="r",
        body=None,
        inserted_at=sent.inserted_at,
        edited_at=edited.edited_at,
        deleted_at=deleted.deleted_at,
    )
    assert deleted.deleted_at is not None
    assert town.heard() == [
        MessageDeleted(conversation_id=conversation_id, seq=deleted.changed_seq, message=deleted)
    ]
    core = town.core
    assert await town.history(ana, conversation_id) == [deleted]
    assert (await core.conversations.get(ana, conversation_id)).last_message == deleted
    snapshot = await core.openings.open(ana, conversation_id)
    assert (snapshot.history.items, snapshot.chat.last_message) == ((deleted,), deleted)
    for since in (0, sent.seq, edited.changed_seq):
        assert (await core.openings.changes(ana, conversation_id, since)).messages == (deleted,)
    assert await core.messages.send(bea, conversation_id, "secret", client_ref="r") == deleted


async def test_deleting_again_changes_nothing_and_a_tombstone_is_not_edited(town: Town) -> None:
    ana, bea = town.actors[:2]
    conversation_id = await town.group(ana, bea)
    sent = await town.core.messages.send(bea, conversation_id, "one")
    deleted = await town.core.messages.delete(bea, sent.id)
    town.heard()
    for actor in (bea, ana):
        assert await town.core.messages.delete(actor, sent.id) == deleted
    assert town.heard() == []
    with town.refuses(Conflict, "message_deleted"):
        await town.core.messages.edit(bea, sent.id, "two")
    with town.refuses(Forbidden, "permission_denied"):
        await town.core.messages.edit(ana, sent.id, "two")


@pytest.mark.parametrize("kind", [Kind.GROUP, Kind.ROOM])
async def test_owner_and_admins_delete_what_others_wrote_and_members_do_not(
    town: Town, kind: Kind
) -> None:
    owner, admin, member, author = town.actors
    conversation_id = await town.conversation(kind, owner, admin, member, author)
    await town.core.members.set_role(owner, conversation_id, admin.account_id, Role.ADMIN)
    for actor in (owner, admin, author):
        sent = await town.core.messages.send(author, conversation_id, "one")
        with town.refuses(Forbidden, "permission_denied"):
            await town.core.messages.delete(member, sent.id)
        assert (await town.core.messages.delete(actor, sent.id)).body is None


async def test_in_a_private_chat_everyone_deletes_their_own(town: Town) -> None:
    ana, bea = town.actors[:2]
    conversation_id = await town.private(ana, bea)
    for author, other in ((ana, bea), (bea, ana)):
        sent = await town.core.messages.send(author, conversation_id, "one")
        with town.refuses(Forbidden, "permission_denied"):
            await town.core.messages.delete(other, sent.id)
        await town.core.messages.delete(author, sent.id)


@pytest.mark.parametrize("kind", Kind)
async def test_an_outsider_cannot_tell_a_message_that_is_there_from_one_that_is_not(
    town: Town, kind: Kind
) -> None:
    ana, bea, outsider = town.actors[:3]
    conversation_id = await town.conversation(kind, ana, bea)
    there = (await town.core.messages.send(ana, conversation_id, "one")).id
    gone = (await town.core.messages.send(ana, conversation_id, "two")).id
    await town.core.messages.delete(ana, gone)
    town.heard()
    refusals = set()
    for message_id in (there, gone, new_id()):
        for attempt in (
            town.core.messages.edit(outsider, message_id, "three"),
            town.core.messages.delete(outsider, message_id),
        ):
            with pytest.raises(NotFound) as refused:
                await attempt
            refusals.add((refused.value.code, refused.value.detail, refused.value.attr))
    assert refusals == {("not_found", "There is no such message.", None)}
    sends = set()
    for where in (conversation_id, new_id()):
        for reply_to in (None, there, new_id()):
            with pytest.raises(NotFound) as refused:
                await town.core.messages.send(outsider, where, "four", reply_to=reply_to)
            sends.add((refused.value.code, refused.value.detail, refused.value.attr))
    assert len(sends) == 1
    assert town.heard() == []


async def test_who_is_gone_cannot_send_edit_delete_or_read(town: Town) -> None:
    owner, removed, left, _ = town.actors
    conversation_id = await town.group(owner, removed, left)
    sent = {
        actor: await town.core.messages.send(actor, conversation_id, "one")
        for actor in (removed, left)
    }
    await town.core.members.remove(owner, conversation_id, removed.account_id)
    await town.core.members.leave(left, conversation_id)
    town.heard()
    core = town.core
    for actor, message in sent.items():
        for attempt in (
            core.messages.send(actor, conversation_id, "two"),
            core.messages.edit(actor, message.id, "two"),
            core.messages.delete(actor, message.id),
            core.openings.open(actor, conversation_id),
            core.openings.history(actor, conversation_id, None, 10, "desc"),
            core.openings.changes(actor, conversation_id, 0),
        ):
            with town.refuses(NotFound, "not_found"):
                await attempt
    assert await town.history(owner, conversation_id) == list(sent.values())


async def test_nothing_is_sent_to_a_deleted_conversation(town: Town) -> None:
    ana = town.actors[0]
    conversation_id = await town.group(ana)
    sent = await town.core.messages.send(ana, conversation_id, "one")
    await town.core.conversations.delete(ana, conversation_id)
    for attempt in (
        town.core.messages.send(ana, conversation_id, "two"),
        town.core.messages.edit(ana, sent.id, "two"),
        town.core.messages.delete(ana, sent.id),
    ):
        with town.refuses(NotFound, "not_found"):
            await attempt


async def test_the_server_writes_no_body_into_an_encrypted_conversation(town: Town) -> None:
    ana = town.actors[0]
    conversation_id = await encrypted_group(town, ana)
    with town.refuses(Conflict, "encrypted"):
        await town.core.messages.send(ana, conversation_id, "in the clear")
    assert await town.head(conversation_id) == 1
