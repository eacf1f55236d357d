"""What becomes of a batch of drafts, decided from what the database says; no I/O here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from tertulia.core.composing import no_such_attachment, slow_mode
from tertulia.core.errors import Forbidden, Invalid, NotFound, Refusal
from tertulia.core.ids import new_id
from tertulia.core.message import PLAIN, Copy, Message
from tertulia.core.message_policy import encrypted, not_encrypted
from tertulia.core.recipients import unsuited_to_send
from tertulia.core.sent_again import answer_to
from tertulia.storage.carried import media_of, mentions_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from tertulia.core.message import Draft
    from tertulia.core.model import Face
    from tertulia.storage.carried import MediaRow, MentionRow

    CopyRow = tuple[UUID, UUID, int, UUID, str | None]


@dataclass(frozen=True, slots=True)
class Slowed:
    """A plain member in slow mode: how long they wait between two messages, and the last one."""

    wait: timedelta
    last_sent_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a batch is decided from, read under the locks of its conversations.

    `heads` has the living conversations among those asked for, `members` the faces of their living
    members by (conversation, account), `silenced` those of them that may say nothing, `sent` what
    was sent before by (sender, client_ref), and `replied` the messages that are replied to, as
    (conversation, message). `slowed` has the plain members of conversations in slow mode.
    `uploads` has when each file that is to be carried would be thrown away; None once a message
    carries it. `have_keys` has the present members of each encrypted conversation into which
    something sealed is sent, and which of them have keys.
    """

    heads: Mapping[UUID, int]
    encrypted: Collection[UUID]
    members: Mapping[tuple[UUID, UUID], Face]
    silenced: Collection[tuple[UUID, UUID]]
    sent: Mapping[tuple[UUID, str], Message]
    replied: Collection[tuple[UUID, UUID]]
    slowed: Mapping[tuple[UUID, UUID], Slowed] = field(default_factory=dict)
    uploads: Mapping[UUID, datetime | None] = field(default_factory=dict)
    have_keys: Mapping[UUID, Mapping[UUID, bool]] = field(default_factory=dict)


@dataclass(slots=True)
class Settled:
    """The outcome of each draft in order, what is to be stored, and the heads it moves.

    `senders` has the faces of those who may send and `slowed` the members in slow mode who have
    sent now, both by (conversation, account). `carried` has the files that are kept from now on,
    and `copies` those of each sealed message, by account.
    """

    senders: Mapping[tuple[UUID, UUID], Face]
    outcomes: list[Message | Refusal] = field(default_factory=list)
    fresh: list[Message] = field(default_factory=list)
    heads: dict[UUID, int] = field(default_factory=dict)
    mentions: list[MentionRow] = field(default_factory=list)
    media: list[MediaRow] = field(default_factory=list)
    slowed: set[tuple[UUID, UUID]] = field(default_factory=set)
    carried: set[UUID] = field(default_factory=set)
    copies: dict[UUID, Mapping[UUID, Copy]] = field(default_factory=dict)

    def copy_rows(self) -> list[CopyRow]:
        """Return the copies to store as (conversation, account, seq, id, content)."""
        if not self.copies:
            return []
        return [
            (message.conversation_id, account_id, message.seq, copy.id, copy.content)
            for message in self.fresh
            for account_id, copy in self.copies.get(message.id, {}).items()
        ]


def sealed_into(drafts: Sequence[Draft], encrypted: Collection[UUID]) -> set[UUID]:
    """Return the encrypted conversations among these into which something sealed is sent."""
    if not encrypted:
        return set()
    return {
        draft.conversation_id
        for draft in drafts
        if draft.copies is not None and draft.conversation_id in encrypted
    }


def settle(drafts: Sequence[Draft], facts: Facts, now: datetime) -> Settled:
    """Decide about drafts in the order of their coming; a refused one takes no seq."""
    settled = Settled(facts.members)
    sent = dict(facts.sent)
    for draft in drafts:
        ref = None if draft.client_ref is None else (draft.sender_id, draft.client_ref)
        # The repeat of a send is answered even where its sender could not send any more.
        first = None if ref is None else sent.get(ref)
        outcome = (
            (None if first is None else _again(first, draft, facts))
            or _refusal(draft, facts)
            or _lack(draft, facts, settled, now)
            or _haste(draft, facts, settled, now)
            or _message(draft, facts, settled, now)
        )
        settled.outcomes.append(outcome)
        if first is None and isinstance(outcome, Message):
            settled.fresh.append(outcome)
            settled.heads[outcome.conversation_id] = outcome.seq
            if draft.has_link or draft.extras is not PLAIN:
                settled.mentions.extend(mentions_of(outcome))
                settled.media.extend(media_of(outcome, has_link=draft.has_link))
                settled.carried.update(each.id for each in draft.extras.attachments)
            if (outcome.conversation_id, outcome.sender_id) in facts.slowed:
                settled.slowed.add((outcome.conversation_id, outcome.sender_id))
            if ref is not None:
                sent[ref] = outcome
    return settled


def _again(first: Message, draft: Draft, facts: Facts) -> Message | Refusal:
    return answer_to(first, draft.conversation_id, is_member=_is_member(draft, facts))


def _is_member(draft: Draft, facts: Facts) -> bool:
    conversation_id = draft.conversation_id
    is_known = (conversation_id, draft.sender_id) in facts.members
    return is_known and conversation_id in facts.heads


def _refusal(draft: Draft, facts: Facts) -> Refusal | None:
    conversation_id = draft.conversation_id
    if not _is_member(draft, facts):
        return NotFound("There is no such conversation.")
    if (conversation_id, draft.sender_id) in facts.silenced:
        return Forbidden("This person does not want to hear from you.", code="blocked")
    unsealed = _wrongly_sealed(draft, facts)
    if unsealed is not None:
        return unsealed
    if draft.reply_to is not None and (conversation_id, draft.reply_to) not in facts.replied:
        return Invalid("There is no such message to reply to.", attr="reply_to")
    return None


def _wrongly_sealed(draft: Draft, facts: Facts) -> Refusal | None:
    is_encrypted = draft.conversation_id in facts.encrypted
    if draft.copies is None:
        return encrypted() if is_encrypted else None
    if not is_encrypted:
        return not_encrypted()
    return unsuited_to_send(draft.copies, facts.have_keys[draft.conversation_id])


def _lack(draft: Draft, facts: Facts, settled: Settled, now: datetime) -> Refusal | None:
    """Refuse files that are in a message already, and in a copy those that are in none."""
    is_copy = draft.extras.origin is not None
    for attachment in draft.extras.attachments:
        ends_at = facts.uploads.get(attachment.id, now)
        is_carried = ends_at is None or attachment.id in settled.carried
        is_free = ends_at is not None and ends_at > now and not is_carried
        if not (is_carried if is_copy else is_free):
            return no_such_attachment()
    return None


def _haste(draft: Draft, facts: Facts, settled: Settled, now: datetime) -> Refusal | None:
    place = (draft.conversation_id, draft.sender_id)
    slowed = facts.slowed.get(place)
    if slowed is None:
        return None
    last = now if place in settled.slowed else slowed.last_sent_at
    wait = timedelta(0) if last is None else last + slowed.wait - now
    if wait <= timedelta(0):
        return None
    return slow_mode(wait)


def _message(draft: Draft, facts: Facts, settled: Settled, now: datetime) -> Message:
    head = settled.heads.get(draft.conversation_id) or facts.heads[draft.conversation_id]
    message_id, own_copy = new_id(), None
    if draft.copies is not None:
        copies = settled.copies[message_id] = {
            account_id: Copy(id=new_id(), content=content)
            for account_id, content in draft.copies.items()
        }
        own_copy = copies[draft.sender_id]
    return Message(
        id=message_id,
        conversation_id=draft.conversation_id,
        seq=head + 1,
        changed_seq=head + 1,
        sender_id=draft.sender_id,
        client_ref=draft.client_ref,
        body=draft.body,
        reply_to=draft.reply_to,
        inserted_at=now,
        extras=draft.extras,
        copy=own_copy,
    )
