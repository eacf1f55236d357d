"""What is answered where a message is sent again, under the same name that its sender gave it.

It is answered even where its sender is gone from there, or the conversation is; but then with
nothing of what others have done to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from tertulia.core import polls
from tertulia.core.errors import Conflict, NotFound
from tertulia.core.message import Message
from tertulia.core.ports import Work


async def sent_before(work: Work, sender_id: UUID, refs: Mapping[UUID, str]) -> dict[UUID, Message]:
    """Return what somebody sent before under a name for each conversation, with their own copies.

    Conflict `client_ref_taken` where they sent it into another conversation.
    """
    sent = {
        each.client_ref: each for each in await work.archive.sent_as(sender_id, list(refs.values()))
    }
    found: dict[UUID, Message] = {}
    for conversation_id, ref in refs.items():
        if ref in sent:
            is_member = await _is_member(work, sender_id, conversation_id)
            answer = answer_to(sent[ref], conversation_id, is_member=is_member)
            if isinstance(answer, Conflict):
                raise answer
            found[conversation_id] = answer
    return found


def answer_to(first: Message, conversation_id: UUID, *, is_member: bool) -> Message | Conflict:
    """Return the first message under a name, or the refusal where that is in another conversation.

    The two would else be one, and the second lost without a word. `is_member` says that the sender
    is in the conversation now.
    """
    if first.conversation_id != conversation_id:
        return Conflict(
            "This client_ref is that of a message of yours in another conversation.",
            code="client_ref_taken",
            attr="client_ref",
        )
    return first if is_member else _as_it_was_sent(first)


async def _is_member(work: Work, account_id: UUID, conversation_id: UUID) -> bool:
    try:
        await work.conversations.for_member(account_id, conversation_id)
    except NotFound:
        return False
    return True


def _as_it_was_sent(message: Message) -> Message:
    """Return a message without reactions, votes and pin.

    It does not pass for what it is after the latest of them, nor tell that there were any.
    """
    extras, copy = message.extras, message.copy
    return replace(
        message,
        changed_seq=message.seq,
        pinned_at=None,
        extras=replace(
            extras,
            reactions=(),
            poll=None if extras.poll is None else polls.begun_anew(extras.poll),
        ),
        copy=None if copy is None else replace(copy, reactions=()),
    )
