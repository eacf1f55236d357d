"""What members do with messages, each with what its acknowledgement says beside `ok`.

> 2["react", {"room": 7, "id": "0198...", "emoji": "🎉"}]
< 2["reaction", {"room": "0198...", "seq": 43, "emoji": "🎉", "added": true, "user": {...}, ...}]
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tertulia.core.chat import ChatCore
from tertulia.core.emoji import one_emoji
from tertulia.core.message import Message
from tertulia.core.model import Actor
from tertulia.gateways.socketio import objects
from tertulia.gateways.socketio.protocol import (
    DeleteMessage,
    EditMessage,
    React,
    SendMessage,
    Typing,
)

Answer = dict[str, object]
MessageAct = SendMessage | EditMessage | DeleteMessage | React | Typing


@dataclass(frozen=True, slots=True)
class Place:
    """One conversation and the member who acts in it, and waits for an acknowledgement or not."""

    core: ChatCore
    actor: Actor
    id: UUID
    is_answered: bool


async def act(place: Place, wanted: MessageAct) -> Answer:
    """Do what is wanted; the core's refusals are raised. Where nobody waits, nothing is worded."""
    match wanted:
        case SendMessage():
            return await _send(place, wanted)
        case EditMessage():
            edited = await place.core.messages.edit(
                place.actor, wanted.id, wanted.message, conversation_id=place.id
            )
            return await _own(place, edited)
        case DeleteMessage():
            await place.core.messages.delete(place.actor, wanted.id, conversation_id=place.id)
            return {}
        case React():
            return await _react(place, wanted)
        case Typing():
            typists = place.core.typists
            await (typists.start if wanted.typing else typists.stop)(place.actor, place.id)
            return {}


async def _send(place: Place, wanted: SendMessage) -> Answer:
    sent = await place.core.messages.send(
        place.actor,
        place.id,
        wanted.message,
        client_ref=wanted.client_ref,
        reply_to=wanted.reply_to,
        attachments=wanted.attachments,
    )
    return await _own(place, sent)


async def _react(place: Place, wanted: React) -> Answer:
    message = await place.core.reactions.toggle(
        place.actor, wanted.id, wanted.emoji, conversation_id=place.id
    )
    emoji = one_emoji(wanted.emoji)
    return {"added": message.extras.has_reaction(emoji, place.actor.account_id)}


async def _own(place: Place, message: Message) -> Answer:
    if not place.is_answered:
        return {}
    account = await place.core.accounts.me(place.actor)
    return {"message": objects.message(message, account.face)}
