"""What clients of the `event_type` vocabulary say and hear."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from msgspec import Struct, UnsetType

from tertulia.gateways.declared import Channel, Message, message
from tertulia.gateways.rooms import dialect
from tertulia.gateways.rooms.protocol import SHAPES
from tertulia.gateways.times import Time

_FRAME = """\
Every message is one JSON object that its `event_type` names; what is described here is beside that.
"""

_declare = partial(message, __name__)


class Details(Struct, frozen=True):
    """Who was refused what, and where."""

    code: str
    user_id: int | None
    user_name: str | None
    chat_id: int | None
    attr: str | UnsetType
    message_id: int | UnsetType
    client_ref: str | UnsetType
    retry_after_s: float | UnsetType


def _heard(name: str, summary: str, /, **fields: Any) -> Message:
    return _declare(name, summary, timestamp=Time, **fields)


CHANNELS = (
    Channel(
        name="rooms",
        address="/ws/chat/{number}/",
        parameters={"number": "The number of a conversation; before it may come its topic."},
        protocol="ws",
        title="Plain WebSocket, one for each conversation: the `event_type` vocabulary",
        frame=_FRAME,
        said=[Message(name, summary, shape) for name, (summary, shape) in SHAPES.items()],
        heard=[
            _heard("online_user_list", "Who else is there.", user_list=Sequence[dialect.User]),
            _heard("connected_user", "Somebody came.", user=dialect.User),
            _heard("disconnected_user", "Somebody went.", user=dialect.User),
            _heard("chat_message", "A message was sent.", message=dialect.Message),
            _heard("message_was_updated", "A message was edited.", id=int, new_text=str),
            _heard("message_was_deleted", "A message was deleted.", id=int),
            _heard(
                "message_reaction_was_posted",
                "Somebody reacted to a message.",
                id=int,
                reaction=str,
                user=str,
            ),
            _heard(
                "message_reaction_was_deleted",
                "Somebody took a reaction back.",
                id=int,
                reaction=str,
                user=str,
            ),
            _heard(
                "typing_indicator",
                "Somebody types, or no more.",
                userId=str,
                chatId=str,
                typing=bool,
            ),
            _heard(
                "voice_participants",
                "These are in the voice channel now.",
                chat=int,
                participants=Sequence[dialect.User],
            ),
            _heard("chat_was_deleted", "The conversation is no more.", id=int),
            _heard("error", "What was asked for is refused.", error_message=str, details=Details),
        ],
    ),
)
