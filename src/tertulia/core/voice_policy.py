"""Who may look after a voice channel. As in `policy`, each function returns or raises Forbidden."""

from __future__ import annotations

from tertulia.core.errors import Forbidden
from tertulia.core.model import Kind, Member, Membership, Role


def may_moderate_voice(membership: Membership, other: Member) -> None:
    """The owner silences and shows out anyone, an admin members; in a private chat nobody does."""
    role = membership.member.role
    is_private = membership.conversation.kind is Kind.PRIVATE
    is_above = role is Role.OWNER or (role is Role.ADMIN and other.role is Role.MEMBER)
    if is_private or not is_above:
        raise Forbidden("You may not do this to this person.", code="forbidden")
