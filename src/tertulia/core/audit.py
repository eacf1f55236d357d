"""The trail of a conversation: what people did in it who look after it, as these people read it.

An entry is written by the transaction of what it tells of, so there is none without the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tertulia.core import moderation_policy
from tertulia.core.ids import new_id
from tertulia.core.model import Account, Actor, Page
from tertulia.core.moderation import Act, AuditEntry
from tertulia.core.paging import cut, decode_token
from tertulia.core.ports import Storage, Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """A page of entries, with the people whom they name."""

    entries: Page[AuditEntry]
    people: tuple[Account, ...]


class Audit:
    """Reading trails."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def page(
        self, actor: Actor, conversation_id: UUID, token: str | None, size: int
    ) -> Trail:
        """Return what was done in a conversation, the latest first; for its owner and admins."""
        (before,) = decode_token(token, UUID) or (None,)
        async with self._storage.read() as work:
            membership = await work.conversations.for_member(actor.account_id, conversation_id)
            moderation_policy.may_audit(membership)
            found = await work.audit.page(conversation_id, before=before, limit=size + 1)
            entries = cut(found, size, lambda entry: (entry.id,))
            named = {entry.actor_id for entry in entries.items}
            named |= {entry.target_id for entry in entries.items if entry.target_id is not None}
            people = await work.accounts.seen_by(actor.account_id, named)
        return Trail(entries=entries, people=people)


async def note(
    work: Work,
    conversation_id: UUID,
    actor_id: UUID,
    act: Act,
    at: datetime,
    *,
    targets: Sequence[UUID] = (),
    detail: Mapping[str, str | int | None] | None = None,
) -> None:
    """Write down what somebody did: once, or once for each of the people it was done to.

    A detail that is None is left out.
    """
    told = {name: value for name, value in (detail or {}).items() if value is not None}
    await work.audit.add(
        [
            AuditEntry(
                id=new_id(),
                conversation_id=conversation_id,
                actor_id=actor_id,
                act=act,
                inserted_at=at,
                target_id=target_id,
                detail=told,
            )
            for target_id in (targets or (None,))
        ]
    )
