"""What becomes of a batch of drafts, decided from what the database says; no I/O here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tertulia.core.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from tertulia.core.ids import new_id
from tertulia.core.model import Message

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from tertulia.core.model import Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a batch is decided from, read under the locks of its conversations.

    `heads` has the living conversations among those asked for, `members` the living memberships
    as (conversation, account), `silenced` those of them that may say nothing, `sent` what was sent
    before by (sender, client_ref), and `replied` the messages that are replied to, as
    (conversation, message).
    """

    heads: Mapping[UUID, int]
    encrypted: Collection[UUID]
    members: Collection[tuple[UUID, UUID]]
    silenced: Collection[tuple[UUID, UUID]]
    sent: Mapping[tuple[UUID, str], Message]
    replied: Collection[tuple[UUID, UUID]]


@dataclass(slots=True)
class Settled:
    """The outcome of each draft in order, what is to be stored, and the heads it moves."""

    outcomes: list[Message | Refusal] = field(default_factory=list)
    fresh: list[Message] = field(default_factory=list)
    heads: dict[UUID, int] = field(default_factory=dict)


def settle(drafts: Sequence[Draft], facts: Facts, now: datetime) -> Settled:
    """Decide about drafts in the order of their coming; a refused one takes no seq."""
    settled = Settled()
    sent = dict(facts.sent)
    for draft in drafts:
        ref = None if draft.client_ref is None else (draft.sender_id, draft.client_ref)
        # The repeat of a send is answered even where its sender could not send any more.
        first = None if ref is None else sent.get(ref)
        outcome = first or _refusal(draft, facts) or _message(draft, facts, settled, now)
        settled.outcomes.append(outcome)
        if first is None and isinstance(outcome, Message):
            settled.fresh.append(outcome)
            settled.heads[outcome.conversation_id] = outcome.seq
            if ref is not None:
                sent[ref] = outcome
    return settled


def _refusal(draft: Draft, facts: Facts) -> Refusal | None:
    conversation_id = draft.conversation_id
    is_member = (conversation_id, draft.sender_id) in facts.members
    if not is_member or conversation_id not in facts.heads:
        return NotFound("There is no such conversation.")
    if (conversation_id, draft.sender_id) in facts.silenced:
        return Forbidden("This person does not want to hear from you.", code="blocked")
    if conversation_id in facts.encrypted:
        return Conflict("This conversation is encrypted.", code="encrypted")
    if draft.reply_to is not None and (conversation_id, draft.reply_to) not in facts.replied:
        return Invalid("There is no such message to reply to.", attr="reply_to")
    return None


def _message(draft: Draft, facts: Facts, settled: Settled, now: datetime) -> Message:
    head = settled.heads.get(draft.conversation_id) or facts.heads[draft.conversation_id]
    return Message(
        id=new_id(),
        conversation_id=draft.conversation_id,
        seq=head + 1,
        changed_seq=head + 1,
        sender_id=draft.sender_id,
        client_ref=draft.client_ref,
        body=draft.body,
        reply_to=draft.reply_to,
        inserted_at=now,
    )
