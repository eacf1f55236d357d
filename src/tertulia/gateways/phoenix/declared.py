"""What Phoenix clients say and hear, topic by topic.

What is pushed is declared by the channels themselves: a topic takes the events that it has handlers
for, with the payloads that these read.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from inspect import getdoc
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct, UnsetType

from tertulia.core.model import EndReason
from tertulia.core.participant import CallEnd, Route, VoiceEnd
from tertulia.gateways import objects, participants
from tertulia.gateways.declared import Channel, Message, message
from tertulia.gateways.keys import KeyObject
from tertulia.gateways.participants import ForwardedStream
from tertulia.gateways.payload import Handler, Nothing
from tertulia.gateways.phoenix.channels import conversation, system, voice
from tertulia.gateways.times import Time

_FRAME = """\
In version 2 of the serializer a message is the array [join_ref, ref, topic, event, payload], in
version 1 an object of these. A push is answered by `phx_reply` with the same ref and the payload
{"status": "ok" | "error", "response"}; the response to a refusal is {"reason", "detail", "attr"?,
"retry_after_s"?}. What is described here are the payloads; each of a client's may carry a `token`.
"""

_heard = partial(message, __name__)


class Metas(Struct, frozen=True):
    """The ways in which somebody is online, as Phoenix.Presence gives them."""

    metas: list[dict[str, str]]


def _pushed(events: Mapping[str, Handler[Any]]) -> list[Message]:
    return [
        Message(name, (getdoc(each.act) or "").partition("\n")[0], each.shape)
        for name, each in events.items()
    ]


def _of_message(name: str, summary: str, **more: Any) -> Message:
    fields = {"conversation_id": UUID, "message_group_id": UUID, "user_id": UUID, "seq": int}
    return _heard(name, summary, **fields, **more)


def _signal(name: str, summary: str, **more: Any) -> Message:
    return _heard(name, summary, **{"from": str}, from_session=str, **more)


def _whole(name: str, summary: str, **more: Any) -> Message:
    fields = {"conversation_id": UUID, "message": objects.Message, "seq": int}
    return _heard(name, summary, **fields, **more)


_NEW_MESSAGE = _whole("new_message", "A message was sent; sealed ones are told to each person.")
_EDIT_MESSAGE = _whole("edit_message", "A message was edited; sealed ones are told to each person.")
_READ = _heard(
    "read_conversation",
    "Somebody has read this far; in rooms only one's own devices hear of it.",
    conversation_id=UUID,
    user_id=UUID,
    read_seq=int,
    read_at=Time,
)
_STARRED = {"conversation_id": UUID, "message_group_id": UUID}

CHANNELS = (
    Channel(
        name="phoenix_system",
        address="/socket/websocket",
        protocol="ws",
        title="Phoenix Channels, `system:general`: who is online, and how people go by",
        frame=_FRAME,
        said=[Message("phx_join", "Come online.", system.Join), *_pushed(system.EVENTS)],
        heard=[
            Message("presence_state", "Who is online, by account id.", Nothing),
            _heard(
                "presence_diff",
                "Who came and who went, by account id.",
                joins=dict[UUID, Metas],
                leaves=dict[UUID, Metas],
            ),
            _heard(
                "update_display_name",
                "Somebody goes by another name.",
                user_id=UUID,
                display_name=str,
            ),
            _heard("update_user", "Somebody looks otherwise now.", user=objects.User),
        ],
    ),
    Channel(
        name="phoenix_user",
        address="/socket/websocket",
        protocol="ws",
        title="Phoenix Channels, `user:{id}`: what concerns one person",
        frame=_FRAME,
        said=[Message("phx_join", "Begin to listen.", Nothing)],
        heard=[
            _heard(
                "new_conversation",
                "A conversation came into one's list.",
                conversation=objects.Conversation,
                user_ids=list[UUID],
            ),
            _heard(
                "conversation_ended",
                "A conversation went from one's list.",
                conversation_id=UUID,
                reason=EndReason,
                note=str | None,
            ),
            _NEW_MESSAGE,
            _EDIT_MESSAGE,
            _heard(
                "encrypted_reaction",
                "Somebody reacted to a sealed message; null takes it back.",
                conversation_id=UUID,
                message_group_id=UUID,
                user_id=UUID,
                content=str | None,
                seq=int,
            ),
            _READ,
            _heard("update_profile", "One's own account changed.", user=objects.Me),
            _heard(
                "update_preferences",
                "One keeps a conversation in another way.",
                conversation_id=UUID,
                preferences=objects.Preferences,
            ),
            _heard("star", "One put a star on a message.", **_STARRED),
            _heard("unstar", "One took a star away.", **_STARRED),
            _heard(
                "update_schedule",
                "What waits to be sent into a conversation changed.",
                conversation_id=UUID,
            ),
            _heard(
                "update_identity",
                "Somebody signs their keys with another identity.",
                user_id=UUID,
                public_key=KeyObject,
            ),
            _heard(
                "call",
                "Somebody calls.",
                **{"from": UUID},
                conversation_id=UUID,
                user=objects.User,
                started_at=Time,
            ),
            _heard("call_ended", "It rings no more.", conversation_id=UUID, reason=CallEnd),
            _heard(
                "handover",
                "A device of one's own asks for one's keys, or answers.",
                id=UUID,
                device=str,
                messages=list[Any],
                is_over=bool,
            ),
        ],
    ),
    Channel(
        name="phoenix_conversation",
        address="/socket/websocket",
        protocol="ws",
        title="Phoenix Channels, `conversation:{id}`: one conversation, for its members",
        frame=_FRAME,
        said=[
            Message(
                "phx_join",
                "Open a conversation: its latest page, or what changed since a seq.",
                conversation.Join,
            ),
            *_pushed(conversation.EVENTS),
        ],
        heard=[
            _NEW_MESSAGE,
            _EDIT_MESSAGE,
            _whole("delete_message", "A message was deleted.", message_group_id=UUID),
            _of_message("react", "Somebody reacted to a message.", emoji=str),
            _of_message("unreact", "Somebody took a reaction back.", emoji=str),
            _of_message("pin", "A message was pinned for everyone.", pinned_at=Time | None),
            _of_message("unpin", "A message is pinned no more."),
            _of_message("vote", "Somebody voted in a poll.", choices=list[int]),
            _whole("close_poll", "A poll takes no more votes."),
            _whole("add_previews", "The links of a message have been looked at."),
            _heard(
                "encrypted_message",
                "Something sealed was sent, edited or reacted with.",
                conversation_id=UUID,
                message_group_id=UUID,
                message_seq=int,
                change=Literal["sent", "edited", "reacted"],
                seq=int,
            ),
            _heard(
                "set_encryption_keys",
                "Somebody goes by other keys here.",
                conversation_id=UUID,
                user_id=UUID,
                public_key=KeyObject,
                seq=int,
            ),
            _heard(
                "update_alias",
                "The conversation got another name, topic, description or picture.",
                conversation=objects.Conversation,
                alias=str | None,
                seq=int,
            ),
            _heard(
                "join_conversation",
                "People came in.",
                conversation_id=UUID,
                members=list[objects.Member],
                member_count=int,
                seq=int,
            ),
            _heard(
                "leave_conversation",
                "Somebody left, or was removed.",
                conversation_id=UUID,
                user_id=UUID,
                removed=bool,
                member_count=int,
                seq=int,
            ),
            _heard(
                "update_member",
                "A member got another role.",
                conversation_id=UUID,
                member=objects.Member,
                seq=int,
            ),
            _READ,
            _heard("start_typing", "Somebody began to type.", user_id=UUID),
            _heard("finish_typing", "Somebody types no more.", user_id=UUID),
            _heard(
                "voice_changed",
                "These are in the voice channel now.",
                conversation_id=UUID,
                participants=list[UUID],
            ),
        ],
    ),
    Channel(
        name="phoenix_voice",
        address="/socket/websocket",
        protocol="ws",
        title="Phoenix Channels, `voice:{id}`: the voice channel of a conversation",
        frame=_FRAME,
        said=[Message("phx_join", "Come in, or come back.", voice.Join), *_pushed(voice.EVENTS)],
        heard=[
            _heard(
                "join",
                "Somebody came in.",
                participant=participants.Participant,
                user=objects.User,
            ),
            _heard("leave", "A participation ended.", user_id=UUID, session=str, reason=VoiceEnd),
            Message("voice_state", "How somebody is there now.", participants.Participant),
            _signal(
                "offer",
                "Somebody offers a connection; `sfu` says whose its media are.",
                sdp=str,
                proof=voice.Flat | UnsetType,
                streams=dict[str, ForwardedStream] | UnsetType,
            ),
            _signal("answer", "Somebody answers an offer.", sdp=str, proof=voice.Flat | UnsetType),
            _signal(
                "ice_candidate",
                "A way by which somebody can be reached.",
                candidate=voice.Flat | None,
            ),
            _heard(
                "route",
                "The sound goes another way now.",
                route=Route,
                limit=int,
                end_to_end=bool,
            ),
            _heard("declined", "Whom one calls will not come.", user_id=UUID),
        ],
    ),
)
