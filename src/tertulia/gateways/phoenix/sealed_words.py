"""What was sealed, as Phoenix broadcasts it: to each holder their copy, to all that it happened.

    [null, null, "user:0198...", "new_message",
     {"conversation_id": "0198...", "message": {...}, "seq": 7}]
    [null, null, "conversation:0198...", "encrypted_message",
     {"conversation_id": "0198...", "message_group_id": "0198...", "message_seq": 7,
      "change": "sent", "seq": 7}]

On `conversation:{id}` everyone hears the same, so nothing sealed is in it; it is said there because
it took a `seq`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from msgspec import UNSET, structs

from tertulia.core.events import SealedChange, SealedEdited, SealedReacted, SealedSent
from tertulia.gateways import objects
from tertulia.realtime.topic import AccountTopic, Topic


def told_of_sealed(topic: Topic, event: SealedChange) -> tuple[str, object]:
    """Return the event's name and payload for everyone who listens to this topic."""
    if isinstance(topic, AccountTopic):
        return _told_to_holder(topic, event)
    return "encrypted_message", {
        "conversation_id": event.conversation_id,
        "message_group_id": event.message.id,
        "message_seq": event.message.seq,
        "change": _change(event),
        "seq": event.seq,
    }


def _told_to_holder(topic: AccountTopic, event: SealedChange) -> tuple[str, object]:
    match event:
        case SealedSent():
            return "new_message", _copied(topic, event)
        case SealedEdited():
            copied = _copied(topic, event)
            # What people reacted with stays, and is no part of what happened.
            copied["message"] = structs.replace(copied["message"], encrypted_reactions=UNSET)
            return "edit_message", copied
        case SealedReacted():
            return "encrypted_reaction", {
                "conversation_id": event.conversation_id,
                "message_group_id": event.message.id,
                "user_id": event.account_id,
                "content": event.copies[topic.id],
                "seq": event.seq,
            }


def _copied(topic: AccountTopic, event: SealedSent | SealedEdited) -> dict[str, Any]:
    message = replace(event.message, copy=event.copies[topic.id])
    return {
        "conversation_id": event.conversation_id,
        "message": objects.message(message),
        "seq": event.seq,
    }


def _change(event: SealedChange) -> str:
    match event:
        case SealedSent():
            return "sent"
        case SealedEdited():
            return "edited"
        case SealedReacted():
            return "reacted"
