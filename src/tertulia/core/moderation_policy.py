"""Who may keep people out, let people in by a link, and read what was done.

As in `policy`, each function that begins with `may` returns quietly or raises Forbidden.
"""

from __future__ import annotations

from uuid import UUID

from tertulia.core import policy
from tertulia.core.errors import Forbidden
from tertulia.core.model import Conversation, Kind, Member, Membership, Role


def may_ban(membership: Membership, other: Member | None) -> None:
    """The owner bans anyone, an admin members and those who are not in it."""
    _not_private(membership.conversation)
    role = membership.member.role
    is_plain = other is None or other.role is Role.MEMBER
    if role is Role.OWNER or (role is Role.ADMIN and is_plain):
        return
    raise Forbidden("You may not ban this person.")


def may_see_bans(membership: Membership) -> None:
    """Owner and admins see who is kept out, and lift bans."""
    _looks_after(membership, "Only the owner and admins see who is banned.")


def may_audit(membership: Membership) -> None:
    """Owner and admins read what was done."""
    _looks_after(membership, "Only the owner and admins see what was done.")


def may_invite(membership: Membership) -> None:
    """Whoever may bring somebody in may hand out a link."""
    policy.may_add_members(membership, 1)


def may_see_invites(membership: Membership) -> None:
    """Whoever may have made one; plain members see their own ones (`sees_all_invites`)."""
    policy.may_add_members(membership, 0)


def sees_all_invites(membership: Membership) -> bool:
    """Whether somebody sees the links that others made."""
    return membership.member.role is not Role.MEMBER


def may_revoke_invite(membership: Membership, made_by: UUID) -> None:
    """Owner and admins revoke any link, others what they made themselves."""
    _not_private(membership.conversation)
    if membership.member.role is Role.MEMBER and membership.member.account_id != made_by:
        raise Forbidden("You may not revoke this invitation.")


def _looks_after(membership: Membership, detail: str) -> None:
    _not_private(membership.conversation)
    if membership.member.role is Role.MEMBER:
        raise Forbidden(detail)


def _not_private(conversation: Conversation) -> None:
    if conversation.kind is Kind.PRIVATE:
        raise Forbidden("A private chat is nobody's to look after.", code="private_conversation")
