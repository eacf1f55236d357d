"""Messages that are sealed for each member: who gets what, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tertulia.core import message_policy, recipients
from tertulia.core.errors import Conflict, Forbidden, Invalid, NotFound
from tertulia.core.events import (
    MessageDeleted,
    MessagePinned,
    SealedEdited,
    SealedReacted,
    SealedSent,
)
from tertulia.core.ids import new_id
from tertulia.core.message import Copy, SealedReaction, without_copy
from tests.core.sealing import circle, publish, seal, sealed, texts_of
from tests.core.uploads import HandedIn

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from tertulia.core.message import Message
    from tertulia.core.model import Actor
    from tertulia.settings import Settings
    from tests.core.town import Town


async def say(town: Town, author: Actor, group: UUID, text: str, *people: Actor) -> Message:
    """Seal a text for these people and send it, and leave no event of it."""
    sent = await town.core.sealed_messages.send(author, group, sealed(text, *people))
    town.published.clear()
    return sent


async def read(town: Town, reader: Actor, group: UUID) -> list[str | None]:
    """Return what somebody's copies say."""
    return texts_of(await town.history(reader, group))


async def test_each_member_gets_their_own_copy(town: Town) -> None:
    ana, bea = town.actors[:2]
    group = await circle(town, ana, bea)
    sent = await town.core.sealed_messages.send(ana, group, sealed("hola", ana, bea))

    assert sent.body is None
    assert sent.copy is not None
    assert sent.copy.content == seal("hola", ana.account_id)
    (told,) = town.heard()
    assert isinstance(told, SealedSent)
    assert told.message == without_copy(sent)
    assert told.copies[ana.account_id] == sent.copy
    assert told.copies.keys() == {ana.account_id, bea.account_id}
    (found,) = await town.history(bea, group)
    assert found.copy == told.copies[bea.account_id]
    assert found.copy.content == seal("hola", bea.account_id)
    chat = await town.core.conversations.get(bea, group)
    assert (chat.last_message, chat.unread) == (found, 1)


async def test_whoever_joins_later_sees_from_their_joining_on(town: Town) -> None:
    ana, bea, caro = town.actors[:3]
    group = await circle(town, ana, bea)
    before = await say(town, ana, group, "before", ana, bea)
    await town.core.pins.pin(ana, before.id)
    await town.bring(ana, group, caro)
    await publish(town, group, caro)

    chat = await town.core.conversations.get(caro, group)
    assert (chat.last_message, chat.unread) == (None, 0)
    assert await read(town, caro, group) == []
    assert (await town.core.pins.list(caro, group)).messages.items == ()
    around = await town.core.browsing.around(caro, group, 9, seq=before.seq)
    assert around.messages == ()
    for call in (
        town.core.browsing.message(caro, before.id),
        town.core.stars.star(caro, before.id),
        town.core.pins.unpin(caro, before.id),
        town.core.sealed_messages.react(caro, before.id, sealed("!", ana, bea)),
    ):
        with town.refuses(NotFound, "not_found"):
            await call

    await say(town, bea, group, "after", ana, bea, caro)
    assert await read(town, caro, group) == [seal("after", caro.account_id)]
    assert await town.unread(caro, group) == 1
    changes = await town.core.openings.changes(caro, group, 0)
    assert texts_of(changes.messages) == [seal("after", caro.account_id)]


async def test_whoever_comes_back_has_what_was_sealed_for_them_before(town: Town) -> None:
    ana, bea = town.actors[:2]
    group = await circle(town, ana, bea)
    sent = await say(town, ana, group, "one", ana, bea)
    await town.core.members.leave(bea, group)
    await say(town, ana, group, "two", ana)
    await town.core.sealed_messages.edit(ana, sent.id, sealed("edited", ana))
    await town.bring(ana, group, bea)
    assert await read(town, bea, group) == [seal("one", bea.account_id)]
    # Their keys ended with their leaving: nothing can be sealed for them until they publish.
    town.heard()
    for call in (
        town.core.sealed_messages.send(ana, group, sealed("three", ana, bea)),
        town.core.sealed_messages.edit(ana, sent.id, sealed("again", ana, bea)),
        town.core.sealed_messages.react(ana, sent.id, sealed("!", ana, bea)),
    ):
        with town.refuses(Conflict, "missing_keys"):
            await call
    await publish(town, group, bea)
    await town.core.sealed_messages.edit(ana, sent.id, sealed("again", ana, bea))
    assert await read(town, bea, group) == [seal("again", bea.account_id)]


async def test_it_is_sealed_for_exactly_the_members(town: Town) -> None:
    ana, bea, caro, outsider = town.actors
    group = await circle(town, ana, bea)
    for people, code in (
        ((ana,), "not_enough_recipients"),
        ((bea,), "not_enough_recipients"),
        ((), "not_enough_recipients"),
        ((ana, bea, outsider), "too_many_recipients"),
        ((ana, outsider), "too_many_recipients"),
    ):
        with town.refuses(Conflict, code):
            await town.core.sealed_messages.send(ana, group, sealed("x", *people))
    await town.bring(ana, group, caro)
    town.heard()
    for people in ((ana, bea), (ana, bea, caro)):
        with town.refuses(Conflict, "missing_keys"):
            await town.core.sealed_messages.send(ana, group, sealed("x", *people))
    with town.refuses(NotFound, "not_found"):
        await town.core.sealed_messages.send(outsider, group, sealed("x", ana, bea, caro))
    assert await town.history(ana, group) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "required"),
        ("x" * (recipients.MAX_COPY_CHARS + 1), "too_long"),
        ("\0", "invalid"),
        ("\ud800", "invalid"),
    ],
)
async def test_what_cannot_be_stored_is_refused(town: Town, text: str, code: str) -> None:
    ana, bea = town.actors[:2]
    group = await circle(town, ana, bea)
    sent = await say(town, ana, group, "x" * 60_000, ana, bea)
    copies = {ana.account_id: "fine", bea.account_id: text}
    with town.refuses(Invalid, code, "encrypted_messages"):
        await town.core.sealed_messages.send(ana, group, copies)
    with town.refuses(Invalid, code, "encrypted_messages"):
        await town.core.sealed_messages.edit(ana, sent.id, copies)
    with town.refuses(Invalid, code, "encrypted_reactions"):
        await town.core.sealed_messages.react(ana, sent.id, copies)


async def test_open_and_sealed_messages_keep_apart(town: Town) -> None:
    ana, bea = town.actors[:2]
    group, plaza = await circle(town, ana, bea), await town.room(ana, bea)
    secret = await say(town, ana, group, "x", ana, bea)
    said = await town.core.messages.send(ana, plaza, "x")
    town.heard()
    core, copies = town.core, sealed("x", ana, bea)
    for call in (
        core.messages.send(ana, group, "open"),
        core.messages.edit(ana, secret.id, "open"),
        core.reactions.react(bea, secret.id, "🎉"),
        core.reactions.unreact(bea, secret.id, "🎉"),
        core.forwarding.forward(ana, secret.id, [plaza]),
        core.forwarding.forward(ana, said.id, [group]),
        core.browsing.versions(ana, secret.id),
    ):
        with town.refuses(Conflict, "encrypted"):
            await call
    for call in (
        core.sealed_messages.send(ana, plaza, copies),
        core.sealed_messages.edit(ana, said.id, copies),
        core.sealed_messages.react(bea, said.id, copies),
    ):
        with town.refuses(Conflict, "not_encrypted"):
            await call


async def test_a_send_that_is_repeated_is_answered_with_the_first_message(town: Town) -> None:
    ana, bea, caro = town.actors[:3]
    group = await circle(town, ana, bea)
    send = town.core.sealed_messages.send
    first = await send(ana, group, sealed("one", ana, bea), client_ref="r")
    await town.core.sealed_messages.react(bea, first.id, sealed("!", ana, bea))
    await town.bring(ana, group, caro)
    town.heard()
    for copies in (sealed("one", ana, bea), sealed("two", ana), sealed("x", ana, bea, caro)):
        again = await send(ana, group, copies, client_ref="r")
        assert again.id == first.id
        assert again.copy is not None
        assert again.copy.content == seal("one", ana.account_id)
        assert again.copy.reactions == (SealedReaction(bea.account_id, seal("!", ana.account_id)),)
    assert town.heard() == []
    assert len(await town.history(ana, group)) == 1


async def test_the_author_seals_anew_for_those_who_have_a_copy(town: Town) -> None:
    ana, bea, caro = town.actors[:3]
    group = await circle(town, ana, bea)
    sent = await say(town, ana, group, "one", ana, bea)
    await town.bring(ana, group, caro)
    town.heard()
    edit = town.core.sealed_messages.edit
    # Caro, who joined later, gets none, whether or not the author knows of that.
    for text, people in (("two", (ana, bea)), ("three", (ana, bea, caro))):
        edited = await edit(ana, sent.id, sealed(text, *people))
        assert edited.edited_at is not None
        assert edited.copy is not None
        assert edited.copy == Copy(id=edited.copy.id, content=seal(text, ana.account_id))
        (told,) = town.heard()
        assert isinstance(told, SealedEdited)
        assert (told.seq, told.message) == (edited.changed_seq, without_copy(edited))
        assert {each: copy.content for each, copy in told.copies.items()} == sealed(text, ana, bea)
        assert (await town.history(ana, group))[-1] == edited
        assert await read(town, bea, group) == [seal(text, bea.account_id)]
        assert await read(town, caro, group) == []
    wrong: list[tuple[tuple[Actor, ...], str]] = [
        ((ana,), "not_enough_recipients"),
        ((ana, caro), "not_enough_recipients"),
        ((ana, bea, town.actors[3]), "too_many_recipients"),
    ]
    for others, code in wrong:
        with town.refuses(Conflict, code):
            await edit(ana, sent.id, sealed("x", *others))
    with town.refuses(Forbidden, "permission_denied"):
        await edit(bea, sent.id, sealed("x", ana, bea))
    with town.refuses(NotFound, "not_found"):
        await edit(caro, sent.id, sealed("x", ana, bea))
    with town.refuses(NotFound, "not_found"):
        await edit(ana, sent.id, sealed("x", ana, bea), conversation_id=new_id())


async def test_a_deleted_message_is_a_tombstone_for_those_who_had_a_copy(town: Town) -> None:
    ana, bea, caro = town.actors[:3]
    group = await circle(town, ana, bea, caro)
    sent = await say(town, bea, group, "one", ana, bea, caro)
    await town.core.sealed_messages.react(ana, sent.id, sealed("!", ana, bea, caro))
    await town.core.members.leave(caro, group)
    town.heard()
    # The group's owner may, as in open ones.
    deleted = await town.core.messages.delete(ana, sent.id)
    assert deleted.copy is not None
    assert deleted.copy == Copy(id=deleted.copy.id, content=None)
    (told,) = [each for each in town.heard() if isinstance(each, MessageDeleted)]
    assert told.message == without_copy(deleted)
    await town.bring(ana, group, caro)
    for reader in (ana, bea, caro):
        (left,) = await town.history(reader, group)
        assert left.copy is not None
        assert (left.deleted_at, left.copy.content, left.copy.reactions) == (
            deleted.deleted_at,
            None,
            (),
        )
    town.heard()
    for call in (
        town.core.sealed_messages.edit(bea, sent.id, sealed("x", ana, bea)),
        town.core.sealed_messages.react(bea, sent.id, sealed("x", ana, bea)),
    ):
        with town.refuses(Conflict, "message_deleted"):
            await call


async def test_reactions_are_sealed_too(town: Town) -> None:
    ana, bea, caro = town.actors[:3]
    group = await circle(town, ana, bea)
    sent = await say(town, ana, group, "one", ana, bea)
    await town.bring(ana, group, caro)
    await publish(town, group, caro)
    react = town.core.sealed_messages.react

    async def reactions(reader: Actor) -> Mapping[UUID, str]:
        message = (await town.history(reader, group))[0]
        assert message.copy is not None
        return {each.account_id: each.content for each in message.copy.reactions}

    await react(bea, sent.id, sealed("one", ana, bea, caro))
    town.heard()
    reacted = await react(bea, sent.id, sealed("two", ana, bea))
    assert reacted == (await town.history(bea, group))[0]
    (told,) = town.heard()
    assert isinstance(told, SealedReacted)
    assert (told.seq, told.account_id) == (reacted.changed_seq, bea.account_id)
    assert told.copies == sealed("two", ana, bea)
    for reader in (ana, bea):
        assert await reactions(reader) == {bea.account_id: seal("two", reader.account_id)}
    # An edit leaves them as they are.
    await town.core.sealed_messages.edit(ana, sent.id, sealed("edited", ana, bea))
    assert (await reactions(ana)).keys() == {bea.account_id}
    town.heard()

    withdrawn = await react(bea, sent.id, {})
    (told,) = town.heard()
    assert isinstance(told, SealedReacted)
    assert told.copies == {ana.account_id: None, bea.account_id: None}
    assert await reactions(ana) == {}
    assert await react(bea, sent.id, {}) == withdrawn
    assert town.heard() == []


async def test_so_many_people_react_to_one_message(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(message_policy, "MAX_SEALED_REACTORS", 1)
    ana, bea = town.actors[:2]
    group = await circle(town, ana, bea)
    sent = await say(town, ana, group, "one", ana, bea)
    for text in ("one", "two"):
        await town.core.sealed_messages.react(ana, sent.id, sealed(text, ana, bea))
    town.heard()
    with town.refuses(Conflict, "too_many_reactions"):
        await town.core.sealed_messages.react(bea, sent.id, sealed("x", ana, bea))


async def test_what_is_pinned_and_starred_comes_with_ones_copy(town: Town) -> None:
    ana, bea = town.actors[:2]
    group = await circle(town, ana, bea)
    sent = await say(town, ana, group, "one", ana, bea)
    await town.core.sealed_messages.react(ana, sent.id, sealed("!", ana, bea))
    town.heard()
    pinned = await town.core.pins.pin(ana, sent.id)
    (told,) = [each for each in town.heard() if isinstance(each, MessagePinned)]
    assert told.message == without_copy(pinned)
    await town.core.stars.star(bea, sent.id)
    (found,) = await town.history(bea, group)
    assert found.copy is not None
    assert found.copy.reactions == (SealedReaction(ana.account_id, seal("!", bea.account_id)),)
    assert (await town.core.pins.list(bea, group)).messages.items == (found,)
    assert (await town.core.stars.page(bea, None, 9)).messages.items == (found,)
    assert (await town.core.browsing.message(bea, sent.id)).messages.items == (found,)
    assert (await town.core.conversations.get(bea, group)).last_message == found


async def test_it_carries_files_once(town: Town, settings: Settings) -> None:
    ana, bea, caro = town.actors[:3]
    group = await circle(town, ana, bea)
    files = [
        await HandedIn(settings).file(ana, group, name="file.bin", kind="file") for _ in range(2)
    ]
    send, copies = town.core.sealed_messages.send, sealed("look", ana, bea)
    sent = await send(ana, group, copies, attachments=[files[0].id], client_ref="r", is_silent=True)
    assert (sent.extras.attachments, sent.extras.is_silent) == ((files[0],), True)
    assert await send(ana, group, copies, attachments=[files[0].id], client_ref="r") == sent
    town.heard()
    for file_id in (files[0].id, new_id()):
        with town.refuses(Invalid, "invalid", "attachments"):
            await send(ana, group, copies, attachments=[file_id])
    await town.bring(ana, group, caro)
    found = await town.core.browsing.media(bea, group, "file", None, 9)
    assert texts_of(found.messages.items) == [seal("look", bea.account_id)]
    assert (await town.core.browsing.media(caro, group, "file", None, 9)).messages.items == ()


async def test_only_who_has_a_copy_has_read_it(town: Town) -> None:
    ana, bea, caro = town.actors[:3]
    group = await circle(town, ana, bea)
    sent = await say(town, ana, group, "one", ana, bea)
    await town.bring(ana, group, caro)
    for reader in (bea, caro):
        await town.core.receipts.read(reader, group)
    readers = [person.id for person, _ in await town.core.browsing.readers(ana, sent.id)]
    assert readers == [bea.account_id]


async def test_who_is_blocked_seals_nothing(town: Town) -> None:
    ana, bea = town.actors[:2]
    chat = await town.core.conversations.start_private(ana, bea.account_id, encrypted=True)
    chat_id = chat.conversation.id
    await publish(town, chat_id, ana, bea)
    sent = await say(town, ana, chat_id, "one", ana, bea)
    await town.core.contacts.block(bea, ana.account_id)
    town.heard()
    copies = sealed("x", ana, bea)
    for call in (
        town.core.sealed_messages.send(ana, chat_id, copies),
        town.core.sealed_messages.edit(ana, sent.id, copies),
        town.core.sealed_messages.react(ana, sent.id, copies),
    ):
        with town.refuses(Forbidden, "blocked"):
            await call
    await town.core.contacts.unblock(bea, ana.account_id)
    await town.core.sealed_messages.send(ana, chat_id, copies)
