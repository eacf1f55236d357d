"""Facts as JSON objects with an `event_type`, and all else that is said in this vocabulary.

    {"event_type": "chat_message",
     "message": {"id": 7, "user_name": "ana", "text": "Hello", "chat": 12, "user": 3, ...},
     "timestamp": "2026-01-02T03:04:05.678Z"}

People and conversations go by their numbers, messages by their place in history, which is their
`id`. The `timestamp` beside a fact is when it came about, or when it is told where no time is kept.
Everybody hears the same words, so of somebody who types their own pages hear as well.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from tertulia.core import message as core
from tertulia.core.errors import RateLimited, Refusal
from tertulia.core.events import (
    AccountChanged,
    ConversationChanged,
    ConversationEnded,
    ConversationRead,
    ConversationStarted,
    DisplayNameChanged,
    Event,
    KeysPublished,
    MemberChanged,
    MemberLeft,
    MembersJoined,
    MessageDeleted,
    MessageEdited,
    MessagePinned,
    MessageSent,
    MessageStarred,
    MessageUnpinned,
    MessageUnstarred,
    PersonChanged,
    PollClosed,
    PollVoted,
    PreferencesChanged,
    PreviewsAdded,
    ReactionAdded,
    ReactionRemoved,
    ScheduleChanged,
    SealedEdited,
    SealedReacted,
    SealedSent,
    SessionsEnded,
)
from tertulia.core.key_events import HandoverMoved, IdentityChanged
from tertulia.core.model import Face
from tertulia.core.ports import Clock
from tertulia.core.presence_events import (
    PresenceChanged,
    StatusChanged,
    TypingStarted,
    TypingStopped,
    VisibilityChanged,
    VisitorCame,
    VisitorWent,
)
from tertulia.core.voice_events import VoiceChanged, VoiceFact
from tertulia.gateways import extras
from tertulia.gateways.objects import avatar_address
from tertulia.gateways.rooms.protocol import Command, Delete, Edit, React, Send, Type
from tertulia.gateways.times import Time, time
from tertulia.realtime.topic import Topic

_FIELDS = {"content": "text", "emoji": "reaction"}
"""What the core names otherwise than this wire."""

_Acts = MessageSent | MessageEdited | MessageDeleted | ReactionAdded | ReactionRemoved
_Presences = TypingStarted | TypingStopped | VisitorCame | VisitorWent


class Reaction(Struct, frozen=True):
    """An emoji, and how many reacted with it."""

    reaction: str
    count: int


class Message(Struct, frozen=True):
    """A message; `text` is empty once it is deleted, and a poll's question where it asks one.

    `chat` and `user` are numbers, `attachments` addresses of this server, and `reply_to` the `uuid`
    of another message.
    """

    id: int
    user_name: str
    user_avatar: str | None
    text: str
    timestamp: Time
    is_deleted: bool
    chat: int
    user: int
    attachments: Sequence[str]
    reactions: Sequence[Reaction]
    uuid: UUID
    client_ref: str | None
    reply_to: UUID | None


class User(Struct, frozen=True):
    """A person, whose `id` is a number."""

    id: int
    username: str
    avatar: str | None


class RoomDialect:
    """The words for one conversation, shared by all who listen to it; `number` is its own."""

    __slots__ = ("__weakref__", "_clock", "_id", "_number")

    def __init__(self, conversation_id: UUID, number: int, clock: Clock) -> None:
        self._id = conversation_id
        self._number = number
        self._clock = clock

    def word(self, _: Topic, event: Event) -> Sequence[bytes]:
        """Word an event for everyone; most have no word in this vocabulary."""
        if isinstance(event, VoiceFact):
            return self._voice(event)
        match event:
            case (
                MessageSent()
                | MessageEdited()
                | MessageDeleted()
                | ReactionAdded()
                | ReactionRemoved()
            ):
                return (self._act(event),)
            case TypingStarted() | TypingStopped() | VisitorCame() | VisitorWent():
                return (self._presence(event),)
            case ConversationEnded():
                return self._ended(event)
            case (
                MessagePinned()
                | MessageUnpinned()
                | PollVoted()
                | PollClosed()
                | PreviewsAdded()
                | SealedSent()
                | SealedEdited()
                | SealedReacted()
                | KeysPublished()
                | ConversationChanged()
                | MembersJoined()
                | MemberLeft()
                | MemberChanged()
                | ConversationStarted()
                | ConversationRead()
                | PreferencesChanged()
                | MessageStarred()
                | MessageUnstarred()
                | ScheduleChanged()
                | VisibilityChanged()
                | StatusChanged()
                | PresenceChanged()
                | DisplayNameChanged()
                | PersonChanged()
                | AccountChanged()
                | IdentityChanged()
                | HandoverMoved()
                | SessionsEnded()
            ):
                return ()

    def message(self, message: core.Message, sender: Face) -> bytes:
        """Word a message, as it now is."""
        worded = self._message(message, sender)
        return self._frame("chat_message", message.inserted_at, {"message": worded})

    def online(self, people: Iterable[Face]) -> bytes:
        """Word who else is there, for a newcomer."""
        return self._frame("online_user_list", None, {"user_list": list(map(_user, people))})

    def refusal(self, refusal: Refusal, person: Face, about: Command | None = None) -> bytes:
        """Word a refusal for the person who asked for something, if it is known for what."""
        return error(refusal, self._clock(), person=person, chat=self._number, about=about)

    def _act(self, event: _Acts) -> bytes:
        message = event.message
        match event:
            case MessageSent():
                return self.message(message, event.sender)
            case MessageEdited():
                said = {"id": message.seq, "new_text": _text(message)}
                return self._frame("message_was_updated", message.edited_at, said)
            case MessageDeleted():
                return self._frame("message_was_deleted", message.deleted_at, {"id": message.seq})
            case ReactionAdded():
                return self._frame("message_reaction_was_posted", None, _reacted(event))
            case ReactionRemoved():
                return self._frame("message_reaction_was_deleted", None, _reacted(event))

    def _presence(self, event: _Presences) -> bytes:
        match event:
            case TypingStarted() | TypingStopped():
                said = {
                    "userId": str(event.person.number),
                    "chatId": str(self._number),
                    "typing": isinstance(event, TypingStarted),
                }
                return self._frame("typing_indicator", None, said)
            case VisitorCame():
                return self._frame("connected_user", None, {"user": _user(event.person)})
            case VisitorWent():
                return self._frame("disconnected_user", None, {"user": _user(event.person)})

    def _voice(self, event: VoiceFact) -> Sequence[bytes]:
        # Who is there is told; one comes in elsewhere, and is called there.
        if not isinstance(event, VoiceChanged):
            return ()
        said = {"chat": self._number, "participants": list(map(_user, event.people))}
        return (self._frame("voice_participants", None, said),)

    def _ended(self, event: ConversationEnded) -> Sequence[bytes]:
        # It is told to a person wherever they are, and they may be in other conversations; who
        # alone has to go is told that by the refusal with which the socket closes.
        if event.conversation_id != self._id or event.reason != "deleted":
            return ()
        return (self._frame("chat_was_deleted", None, {"id": self._number}),)

    def _message(self, message: core.Message, sender: Face) -> Message:
        return Message(
            id=message.seq,
            user_name=sender.name,
            user_avatar=avatar_address(sender),
            text=_text(message),
            timestamp=time(message.inserted_at),
            is_deleted=message.deleted_at is not None,
            chat=self._number,
            user=sender.number,
            attachments=[extras.attachment(file).url for file in message.extras.attachments],
            reactions=[
                Reaction(given.emoji, len(given.account_ids)) for given in message.extras.reactions
            ],
            uuid=message.id,
            client_ref=message.client_ref,
            reply_to=message.reply_to,
        )

    def _frame(self, event_type: str, at: datetime | None, said: dict[str, object]) -> bytes:
        return _frame(event_type, at or self._clock(), said)


def error(
    refusal: Refusal,
    at: datetime,
    *,
    person: Face | None = None,
    chat: int | None = None,
    about: Command | None = None,
) -> bytes:
    """Word a refusal, with all that is known of who asked for what, and where."""
    details: dict[str, object] = {
        "code": refusal.code,
        "user_id": None if person is None else person.number,
        "user_name": None if person is None else person.name,
        "chat_id": chat,
    }
    if refusal.attr is not None:
        details["attr"] = _FIELDS.get(refusal.attr, refusal.attr)
    if isinstance(refusal, RateLimited):
        details["retry_after_s"] = math.ceil(refusal.retry_after_s * 10) / 10
    return _frame(
        "error", at, {"error_message": refusal.detail, "details": details | _named_in(about)}
    )


def _named_in(command: Command | None) -> dict[str, object]:
    match command:
        case Send(client_ref=str() as client_ref):
            return {"client_ref": client_ref}
        case Edit() | Delete() | React():
            return {"message_id": command.id}
        case Send() | Type() | None:
            return {}


def _frame(event_type: str, at: datetime, said: dict[str, object]) -> bytes:
    return msgspec.json.encode({"event_type": event_type, **said, "timestamp": time(at)})


def _text(message: core.Message) -> str:
    poll = message.extras.poll
    return message.body or ("" if poll is None else poll.question)


def _reacted(event: ReactionAdded | ReactionRemoved) -> dict[str, object]:
    return {"id": event.message.seq, "reaction": event.emoji, "user": event.person.name}


def _user(person: Face) -> User:
    return User(person.number, person.name, avatar_address(person))
