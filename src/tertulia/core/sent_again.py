"""What is answered where a message is sent again, under the same name that its sender gave it."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from tertulia.core.errors import Conflict
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
            answer = answer_to(sent[ref], conversation_id)
            if isinstance(answer, Conflict):
                raise answer
            found[conversation_id] = answer
    return found


def answer_to(first: Message, conversation_id: UUID) -> Message | Conflict:
    """Return the first message under a name, or the refusal where that is in another conversation.

    The two would else be one, and the second lost without a word.
    """
    if first.conversation_id != conversation_id:
        return Conflict(
            "This client_ref is that of a message of yours in another conversation.",
            code="client_ref_taken",
            attr="client_ref",
        )
    return first
