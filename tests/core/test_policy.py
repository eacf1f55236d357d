"""Every rule at once: each role, and an outsider, tries everything in each kind of conversation.

The rules are the core's own, so one database is enough to try them on.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tertulia.core.errors import Refusal
from tertulia.core.model import Kind, Role
from tests import examples as eg
from tests.core.sealing import pair, publish, sealed

if TYPE_CHECKING:
    from uuid import UUID

    from tertulia.core.chat import ChatCore
    from tertulia.core.message import Message
    from tertulia.core.model import Actor
    from tests.core.town import Town

DONE = "done"
DENIED, MISSING, PRIVATE = "permission_denied", "not_found", "private_conversation"


@dataclass(frozen=True, kw_only=True)
class Cast:
    """Whoever appears: those who try (an outsider among them), and those it is tried on."""

    owner: Actor
    admin: Actor
    member: Actor
    outsider: Actor
    other_admin: Actor
    other_member: Actor
    guest: Actor


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One conversation, and one person about to try something in it."""

    core: ChatCore
    cast: Cast
    actor: Actor
    conversation_id: UUID
    own_message: UUID
    others_message: UUID
    people: tuple[Actor, ...]

    @property
    def copies(self) -> dict[UUID, str]:
        """What is sealed for everyone who is in it."""
        return sealed("Hello", *self.people)


Attempt = Callable[[Scene], Awaitable[Any]]

ATTEMPTS: dict[str, Attempt] = {
    "see": lambda s: s.core.conversations.get(s.actor, s.conversation_id),
    "open": lambda s: s.core.openings.open(s.actor, s.conversation_id),
    "page back": lambda s: s.core.openings.history(s.actor, s.conversation_id, None, 9, "asc"),
    "catch up": lambda s: s.core.openings.changes(s.actor, s.conversation_id, 0),
    "list members": lambda s: s.core.members.page(s.actor, s.conversation_id, None, 9),
    "note as read": lambda s: s.core.receipts.read(s.actor, s.conversation_id),
    "type": lambda s: s.core.typists.start(s.actor, s.conversation_id),
    "send": lambda s: s.core.messages.send(s.actor, s.conversation_id, "Hello"),
    "send sealed": lambda s: s.core.sealed_messages.send(s.actor, s.conversation_id, s.copies),
    "seal one's own anew": lambda s: s.core.sealed_messages.edit(s.actor, s.own_message, s.copies),
    "seal another's anew": lambda s: s.core.sealed_messages.edit(
        s.actor, s.others_message, s.copies
    ),
    "react sealed": lambda s: s.core.sealed_messages.react(s.actor, s.others_message, s.copies),
    "publish keys": lambda s: s.core.encryption_keys.publish(
        s.actor, s.conversation_id, pair().public_key, pair().private_key
    ),
    "see keys": lambda s: s.core.encryption_keys.of(s.actor, s.conversation_id),
    "edit one's own": lambda s: s.core.messages.edit(s.actor, s.own_message, "Hello"),
    "edit another's": lambda s: s.core.messages.edit(s.actor, s.others_message, "Hello"),
    "delete one's own": lambda s: s.core.messages.delete(s.actor, s.own_message),
    "delete another's": lambda s: s.core.messages.delete(s.actor, s.others_message),
    "react": lambda s: s.core.reactions.react(s.actor, s.others_message, "🎉"),
    "take a reaction back": lambda s: s.core.reactions.unreact(s.actor, s.others_message, "🎉"),
    "pin": lambda s: s.core.pins.pin(s.actor, s.others_message),
    "unpin": lambda s: s.core.pins.unpin(s.actor, s.others_message),
    "see what is pinned": lambda s: s.core.pins.list(s.actor, s.conversation_id),
    "star": lambda s: s.core.stars.star(s.actor, s.others_message),
    "forward": lambda s: s.core.forwarding.forward(s.actor, s.others_message, [s.conversation_id]),
    "look around": lambda s: s.core.browsing.around(s.actor, s.conversation_id, 9, seq=1),
    "look at one": lambda s: s.core.browsing.message(s.actor, s.others_message),
    "look for links": lambda s: s.core.browsing.media(s.actor, s.conversation_id, "link", None, 9),
    "see who has read": lambda s: s.core.browsing.readers(s.actor, s.others_message),
    "see one's own versions": lambda s: s.core.browsing.versions(s.actor, s.own_message),
    "see another's versions": lambda s: s.core.browsing.versions(s.actor, s.others_message),
    "walk in": lambda s: s.core.members.join(s.actor, s.conversation_id),
    "bring in": lambda s: s.core.members.add(s.actor, s.conversation_id, [s.cast.guest.account_id]),
    "rename": lambda s: s.core.conversations.change(s.actor, s.conversation_id, alias="Ours"),
    "bring in and rename": lambda s: s.core.members.add(
        s.actor, s.conversation_id, [s.cast.guest.account_id], alias="Ours"
    ),
    "remove a member": lambda s: s.core.members.remove(
        s.actor, s.conversation_id, s.cast.other_member.account_id
    ),
    "remove an admin": lambda s: s.core.members.remove(
        s.actor, s.conversation_id, s.cast.other_admin.account_id
    ),
    "remove the owner": lambda s: s.core.members.remove(
        s.actor, s.conversation_id, s.cast.owner.account_id
    ),
    "make an admin": lambda s: s.core.members.set_role(
        s.actor, s.conversation_id, s.cast.other_member.account_id, Role.ADMIN
    ),
    "unmake an admin": lambda s: s.core.members.set_role(
        s.actor, s.conversation_id, s.cast.other_admin.account_id, Role.MEMBER
    ),
    "hand over": lambda s: s.core.members.set_role(
        s.actor, s.conversation_id, s.cast.other_member.account_id, Role.OWNER
    ),
    "leave": lambda s: s.core.members.leave(s.actor, s.conversation_id),
    "delete it": lambda s: s.core.conversations.delete(s.actor, s.conversation_id),
}

Row = tuple[str, str, str, str]

# What comes of it for the owner, an admin, a member, an outsider.
ANY_MEMBER: Row = (DONE, DONE, DONE, MISSING)
OWNER_AND_ADMINS: Row = (DONE, DONE, DENIED, MISSING)
OWNER_ALONE: Row = (DONE, DENIED, DENIED, MISSING)
NOBODY: Row = (DENIED, DENIED, DENIED, MISSING)
NOT_OPEN: Row = ("encrypted", "encrypted", "encrypted", MISSING)
NOT_SEALED: Row = ("not_encrypted", "not_encrypted", "not_encrypted", MISSING)

GROUP: dict[str, Row] = {
    "see": ANY_MEMBER,
    "open": ANY_MEMBER,
    "page back": ANY_MEMBER,
    "catch up": ANY_MEMBER,
    "list members": ANY_MEMBER,
    "note as read": ANY_MEMBER,
    "type": ANY_MEMBER,
    "send": ANY_MEMBER,
    "send sealed": NOT_SEALED,
    "seal one's own anew": NOT_SEALED,
    "seal another's anew": NOT_SEALED,
    "react sealed": NOT_SEALED,
    "publish keys": NOT_SEALED,
    "see keys": NOT_SEALED,
    "edit one's own": ANY_MEMBER,
    "edit another's": NOBODY,
    "delete one's own": ANY_MEMBER,
    "delete another's": OWNER_AND_ADMINS,
    "react": ANY_MEMBER,
    "take a reaction back": ANY_MEMBER,
    "pin": ANY_MEMBER,
    "unpin": ANY_MEMBER,
    "see what is pinned": ANY_MEMBER,
    "star": ANY_MEMBER,
    "forward": ANY_MEMBER,
    "look around": ANY_MEMBER,
    "look at one": ANY_MEMBER,
    "look for links": ANY_MEMBER,
    "see who has read": ANY_MEMBER,
    "see one's own versions": ANY_MEMBER,
    "see another's versions": NOBODY,
    "walk in": (MISSING, MISSING, MISSING, MISSING),
    "bring in": ANY_MEMBER,
    "rename": OWNER_ALONE,
    "bring in and rename": OWNER_ALONE,
    "remove a member": OWNER_AND_ADMINS,
    "remove an admin": OWNER_ALONE,
    "remove the owner": ("use_leave", DENIED, DENIED, MISSING),
    "make an admin": OWNER_ALONE,
    "unmake an admin": OWNER_ALONE,
    "hand over": OWNER_ALONE,
    "leave": ANY_MEMBER,
    "delete it": OWNER_ALONE,
}
ROOM = GROUP | {
    "walk in": (DONE, DONE, DONE, DONE),
    "bring in": OWNER_AND_ADMINS,
    "pin": OWNER_AND_ADMINS,
    "unpin": OWNER_AND_ADMINS,
    "see who has read": ("reads_not_shared", "reads_not_shared", "reads_not_shared", MISSING),
}
SEALED = GROUP | {
    "send": NOT_OPEN,
    "send sealed": ANY_MEMBER,
    "seal one's own anew": ANY_MEMBER,
    "seal another's anew": NOBODY,
    "react sealed": ANY_MEMBER,
    "publish keys": ANY_MEMBER,
    "see keys": ANY_MEMBER,
    "edit one's own": NOT_OPEN,
    "react": NOT_OPEN,
    "take a reaction back": NOT_OPEN,
    "forward": NOT_OPEN,
    "see one's own versions": NOT_OPEN,
}
CLOSED = (PRIVATE, MISSING)
PRIVATE_CHAT: dict[str, tuple[str, str]] = {
    **{attempt: (row[2], row[3]) for attempt, row in GROUP.items()},
    "bring in": CLOSED,
    "rename": CLOSED,
    "bring in and rename": CLOSED,
    "remove a member": CLOSED,
    "make an admin": CLOSED,
    "hand over": CLOSED,
    "leave": CLOSED,
    "delete it": CLOSED,
}
# In a private chat there is no owner and no admin to try these on.
for attempt in ("remove an admin", "remove the owner", "unmake an admin"):
    del PRIVATE_CHAT[attempt]

one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


@pytest.fixture
async def cast(town: Town) -> Cast:
    """Return people for every part."""
    names = ("owner", "admin", "member", "outsider", "other_admin", "other_member", "guest")
    return Cast(**dict(zip(names, await town.settle(*names), strict=True)))


@one_database
@pytest.mark.parametrize("attempt", ATTEMPTS)
@pytest.mark.parametrize(("kind", "table"), [(Kind.GROUP, GROUP), (Kind.ROOM, ROOM)])
async def test_what_each_role_may_do_in_a_group_and_in_a_room(
    town: Town, cast: Cast, kind: Kind, table: dict[str, Row], attempt: str
) -> None:
    tried = (cast.owner, cast.admin, cast.member, cast.outsider)
    assert (
        tuple([await outcome(town, cast, kind, actor, attempt) for actor in tried])
        == (table[attempt])
    )


@one_database
@pytest.mark.parametrize("attempt", ATTEMPTS)
async def test_what_each_role_may_do_in_an_encrypted_group(
    town: Town, cast: Cast, attempt: str
) -> None:
    tried = (cast.owner, cast.admin, cast.member, cast.outsider)
    outcomes = [
        await outcome(town, cast, Kind.GROUP, actor, attempt, encrypted=True) for actor in tried
    ]
    assert tuple(outcomes) == SEALED[attempt]


@one_database
@pytest.mark.parametrize("attempt", PRIVATE_CHAT)
async def test_what_may_be_done_in_a_private_chat(town: Town, cast: Cast, attempt: str) -> None:
    tried = (cast.member, cast.outsider)
    assert (
        tuple([await outcome(town, cast, Kind.PRIVATE, actor, attempt) for actor in tried])
        == (PRIVATE_CHAT[attempt])
    )


async def outcome(
    town: Town, cast: Cast, kind: Kind, actor: Actor, attempt: str, *, encrypted: bool = False
) -> str:
    """Try something in a new conversation; what is refused changes nothing and tells nobody."""
    scene = await set_scene(town, cast, kind, actor, encrypted=encrypted)
    head = await town.head(scene.conversation_id)
    town.heard()
    try:
        await ATTEMPTS[attempt](scene)
    except Refusal as refusal:
        assert (town.heard(), await town.head(scene.conversation_id)) == ([], head)
        return refusal.code
    return DONE


async def set_scene(town: Town, cast: Cast, kind: Kind, actor: Actor, *, encrypted: bool) -> Scene:
    """Begin a conversation of the cast, in which somebody else has written, and the actor too."""
    roles = {cast.member: Role.MEMBER, cast.other_member: Role.MEMBER}
    if kind is not Kind.PRIVATE:
        roles |= {cast.owner: Role.OWNER, cast.admin: Role.ADMIN, cast.other_admin: Role.ADMIN}
    begun = eg.conversation(kind, member_count=len(roles), encrypted=encrypted)
    async with town.storage.begin() as work:
        # The pair is not stored: these two begin many a private chat here.
        await work.conversations.add(begun, None)
        await work.members.add(
            [eg.member(begun.id, person.account_id, role=role) for person, role in roles.items()]
        )
    if encrypted:
        await publish(town, begun.id, *roles)

    async def send(author: Actor, text: str) -> Message:
        if encrypted:
            return await town.core.sealed_messages.send(author, begun.id, sealed(text, *roles))
        return await town.core.messages.send(author, begun.id, text)

    others = await send(cast.other_member, "Well?")
    # An outsider has written nothing here, and tries it on what another wrote.
    own = await send(actor, "Yes") if actor in roles else others
    return Scene(
        core=town.core,
        cast=cast,
        actor=actor,
        conversation_id=begun.id,
        own_message=own.id,
        others_message=others.id,
        people=tuple(roles),
    )
