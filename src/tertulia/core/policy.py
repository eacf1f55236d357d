"""Who may do what in a conversation: every rule about roles and kinds, in one place.

What concerns its messages is in `message_policy`.

Each function returns quietly or raises Forbidden or Conflict.
"""

from __future__ import annotations

from datetime import datetime

from tertulia.core.errors import Conflict, Forbidden
from tertulia.core.model import Conversation, Kind, Member, Membership, Role

MAX_GROUP_MEMBERS = 500
MAX_NEWCOMERS = MAX_GROUP_MEMBERS
"""How many people one change brings in: no more than one answer about changes has room for."""


def may_change(membership: Membership) -> None:
    """Only the owner renames or describes; a private chat has nothing to change."""
    _not_private(membership.conversation, "A private chat cannot be changed.")
    if membership.member.role is not Role.OWNER:
        raise Forbidden("Only the owner may change this conversation.")


def may_delete(membership: Membership) -> None:
    """Only the owner deletes a group or a room."""
    _not_private(membership.conversation, "A private chat cannot be deleted.")
    if membership.member.role is not Role.OWNER:
        raise Forbidden("Only the owner may delete this conversation.")


def may_leave(membership: Membership) -> None:
    """A private chat is closed for ever: nobody joins, nobody leaves."""
    _not_private(membership.conversation, "A private chat cannot be left.")


def may_add_members(membership: Membership, adding: int) -> None:
    """Any member of a group adds people; in a room owner and admins do. Groups are bounded."""
    conversation = membership.conversation
    _not_private(conversation, "Nobody can be added to a private chat.")
    if conversation.kind is Kind.ROOM and membership.member.role is Role.MEMBER:
        raise Forbidden("Only the owner and admins may add people to a room.")
    has_room_for(conversation, adding)


def has_room_for(conversation: Conversation, adding: int) -> None:
    """Groups are bounded, rooms are not."""
    if conversation.kind is Kind.GROUP and conversation.member_count + adding > MAX_GROUP_MEMBERS:
        raise Conflict(f"A group has at most {MAX_GROUP_MEMBERS} members.", code="group_full")


def may_remove(membership: Membership, other: Member) -> None:
    """The owner removes anyone, an admin removes members."""
    _not_private(membership.conversation, "Nobody can be removed from a private chat.")
    role = membership.member.role
    if role is Role.OWNER or (role is Role.ADMIN and other.role is Role.MEMBER):
        return
    raise Forbidden("You may not remove this person.")


def may_set_role(membership: Membership) -> None:
    """Only the owner makes and unmakes admins."""
    _not_private(membership.conversation, "A private chat has no roles.")
    if membership.member.role is not Role.OWNER:
        raise Forbidden("Only the owner may change roles.")


def may_speak(silenced_at: datetime | None) -> None:
    """Whom the other one of a private chat has blocked says nothing there."""
    if silenced_at is not None:
        raise Forbidden("This person does not want to hear from you.", code="blocked")


def reads_are_shared(kind: Kind) -> bool:
    """Whether members see how far the others have read.

    Not in rooms: each of n listeners telling n others of each message grows with the square.
    """
    return kind is not Kind.ROOM


def addresses_are_shared(kind: Kind) -> bool:
    """Whether being in a conversation of this kind together shows e-mail addresses.

    Anyone may walk into a room, so a room shows none.
    """
    return kind is not Kind.ROOM


def _not_private(conversation: Conversation, detail: str) -> None:
    if conversation.kind is Kind.PRIVATE:
        raise Forbidden(detail, code="private_conversation")
