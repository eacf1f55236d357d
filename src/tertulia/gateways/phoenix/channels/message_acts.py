"""What members do with messages on `conversation:{id}`.

    > ["2", "4", "conversation:0198...", "react", {"message_group_id": "0198...", "emoji": "🎉"}]
    < ["2", "4", "conversation:0198...", "phx_reply", {"status": "ok", "response": "message_sent"}]
    < [null, null, "conversation:0198...", "react", {"emoji": "🎉", "user_id": "0198...", ...}]

A message is changed on the topic of its own conversation alone.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Annotated, Protocol, TypeVar
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from tertulia.core.chat import ChatCore
from tertulia.core.composing import MAX_ATTACHMENTS
from tertulia.core.errors import Invalid
from tertulia.core.model import Actor
from tertulia.core.polls import MAX_OPTIONS, MIN_OPTIONS, NewPoll
from tertulia.gateways import objects
from tertulia.gateways.payload import Handler
from tertulia.gateways.phoenix.channels.channel import DONE

P = TypeVar("P", bound=Struct)

Sealed = dict[UUID, str]
"""A text for each person, sealed so that nobody else can read it."""


@dataclass(frozen=True, slots=True)
class Place:
    """One conversation and the member who acts in it."""

    core: ChatCore
    actor: Actor
    id: UUID


class Placed(Protocol):
    """A channel that has such a place."""

    @property
    def place(self) -> Place:
        """Where, and by whom."""


class SendPoll(Struct, frozen=True):
    """A question and its answers; where `multiple`, one may choose several of them."""

    question: str
    options: Annotated[list[str], Meta(min_length=MIN_OPTIONS, max_length=MAX_OPTIONS)]
    multiple: bool = False


class SendMessage(Struct, frozen=True):
    """A new message; `client_ref` makes sending it again harmless.

    In an open conversation its content may be empty beside attachments, which are ids of uploads,
    or a poll. In an encrypted one it has neither, but a text sealed for each member, by their ids.
    """

    content: str = ""
    encrypted_messages: Sealed | UnsetType = UNSET
    client_ref: str | None = None
    reply_to: UUID | None = None
    attachments: Annotated[tuple[UUID, ...], Meta(max_length=MAX_ATTACHMENTS)] = ()
    silent: bool = False
    poll: SendPoll | None = None


class EditMessage(Struct, frozen=True):
    """Another body for one's own message, open or sealed."""

    message_group_id: UUID
    content: str | UnsetType = UNSET
    encrypted_messages: Sealed | UnsetType = UNSET


class OneMessage(Struct, frozen=True):
    """The message that is meant."""

    message_group_id: UUID


class React(Struct, frozen=True):
    """An emoji for a message; or what is sealed for each reader, where nothing takes it back."""

    message_group_id: UUID
    emoji: str | UnsetType = UNSET
    encrypted_reactions: Sealed | UnsetType = UNSET


class Unreact(Struct, frozen=True):
    """The emoji to take back."""

    message_group_id: UUID
    emoji: str


class Vote(Struct, frozen=True):
    """The answers chosen, by their index from 0; none takes the vote back."""

    message_group_id: UUID
    choices: Annotated[
        list[Annotated[int, Meta(ge=0, lt=MAX_OPTIONS)]], Meta(max_length=MAX_OPTIONS)
    ]


async def send_message(place: Place, payload: SendMessage) -> object:
    """Send a message and return it; everyone hears `new_message`.

    One that is sealed each member hears on their own topic. Its sender is answered with their copy
    if they gave it a `client_ref`, by which they know it; else as documented.
    """
    if payload.encrypted_messages is not UNSET:
        return await _send_sealed(place, payload, payload.encrypted_messages)
    poll = payload.poll
    message = await place.core.messages.send(
        place.actor,
        place.id,
        payload.content,
        client_ref=payload.client_ref,
        reply_to=payload.reply_to,
        attachments=payload.attachments,
        poll=None if poll is None else _new_poll(poll),
        is_silent=payload.silent,
    )
    return {"message": objects.message(message)}


async def edit_message(place: Place, payload: EditMessage) -> object:
    """Change one's own message and return it; everyone hears `edit_message`.

    One that is sealed its holders hear on their own topics.
    """
    if payload.encrypted_messages is not UNSET:
        _require_only(payload.content, "content")
        await place.core.sealed_messages.edit(
            place.actor,
            payload.message_group_id,
            payload.encrypted_messages,
            conversation_id=place.id,
        )
        return DONE
    message = await place.core.messages.edit(
        place.actor,
        payload.message_group_id,
        _required(payload.content, "content"),
        conversation_id=place.id,
    )
    return {"message": objects.message(message)}


async def delete_message(place: Place, payload: OneMessage) -> object:
    """Take a message back; everyone hears `delete_message`."""
    await place.core.messages.delete(
        place.actor, payload.message_group_id, conversation_id=place.id
    )
    return DONE


async def react(place: Place, payload: React) -> object:
    """React to a message; everyone hears `react`, its holders `encrypted_reaction`."""
    if payload.encrypted_reactions is not UNSET:
        _require_only(payload.emoji, "emoji")
        await place.core.sealed_messages.react(
            place.actor,
            payload.message_group_id,
            payload.encrypted_reactions,
            conversation_id=place.id,
        )
        return DONE
    await place.core.reactions.react(
        place.actor,
        payload.message_group_id,
        _required(payload.emoji, "emoji"),
        conversation_id=place.id,
    )
    return DONE


async def unreact(place: Place, payload: Unreact) -> object:
    """Take a reaction back; everyone hears `unreact`."""
    await place.core.reactions.unreact(
        place.actor, payload.message_group_id, payload.emoji, conversation_id=place.id
    )
    return DONE


async def pin(place: Place, payload: OneMessage) -> object:
    """Pin a message for everyone, who hear `pin`."""
    await place.core.pins.pin(place.actor, payload.message_group_id, conversation_id=place.id)
    return DONE


async def unpin(place: Place, payload: OneMessage) -> object:
    """Unpin a message; everyone hears `unpin`."""
    await place.core.pins.unpin(place.actor, payload.message_group_id, conversation_id=place.id)
    return DONE


async def vote(place: Place, payload: Vote) -> object:
    """Vote in a poll; everyone hears `vote`."""
    await place.core.polls.vote(
        place.actor, payload.message_group_id, payload.choices, conversation_id=place.id
    )
    return DONE


async def close_poll(place: Place, payload: OneMessage) -> object:
    """Close a poll; everyone hears `close_poll`."""
    await place.core.polls.close(place.actor, payload.message_group_id, conversation_id=place.id)
    return DONE


async def _send_sealed(place: Place, payload: SendMessage, copies: Sealed) -> object:
    _require_only(payload.content or UNSET, "content")
    _require_only(payload.poll or UNSET, "poll")
    message = await place.core.sealed_messages.send(
        place.actor,
        place.id,
        copies,
        client_ref=payload.client_ref,
        reply_to=payload.reply_to,
        attachments=payload.attachments,
        is_silent=payload.silent,
    )
    return DONE if payload.client_ref is None else {"message": objects.message(message)}


def _required(text: str | UnsetType, attr: str) -> str:
    if text is UNSET:
        raise Invalid("This field is required.", code="required", attr=attr)
    return text


def _require_only(other: object, attr: str) -> None:
    if other is not UNSET:
        raise Invalid("What is sealed has nothing open beside it.", attr=attr)


def _new_poll(poll: SendPoll) -> NewPoll:
    return NewPoll(question=poll.question, options=poll.options, is_multiple=poll.multiple)


def _in_place(shape: type[P], act: Callable[[Place, P], Awaitable[object]]) -> Handler[Placed]:
    @wraps(act)
    def placed(channel: Placed, payload: P) -> Awaitable[object]:
        return act(channel.place, payload)

    return Handler(shape, placed)


MESSAGE_EVENTS: Mapping[str, Handler[Placed]] = {
    "send_message": _in_place(SendMessage, send_message),
    "edit_message": _in_place(EditMessage, edit_message),
    "delete_message": _in_place(OneMessage, delete_message),
    "react": _in_place(React, react),
    "unreact": _in_place(Unreact, unreact),
    "pin": _in_place(OneMessage, pin),
    "unpin": _in_place(OneMessage, unpin),
    "vote": _in_place(Vote, vote),
    "close_poll": _in_place(OneMessage, close_poll),
}
