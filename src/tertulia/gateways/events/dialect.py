"""Facts as JSON objects with a `type`, and all else that is said in this vocabulary.

    {"type": "NEW_MESSAGE", "channelId": "12", "conversationId": "0198...", "seq": 7,
     "message": {"id": "0198...", "content": "Hello", "userId": "0198...", ...}}

Channels go by their numbers, as texts; people and messages by their ids. What a lasting change is
told by carries the `seq` that it took in its conversation.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from uuid import UUID

import msgspec

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
    LastingChange,
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
from tertulia.core.voice_events import CallEnded, CallStarted, VoiceChanged, VoiceFact
from tertulia.gateways import objects
from tertulia.gateways.events import words
from tertulia.gateways.numbers import Numbers
from tertulia.gateways.times import time
from tertulia.realtime.topic import ConversationTopic, Topic

Told = tuple[str, dict[str, object]]


class EventsDialect:
    """The words for what the hub announces; `numbers` has the channels that are joined."""

    def __init__(self, numbers: Numbers, clock: Clock) -> None:
        self._numbers = numbers
        self._clock = clock

    def word(self, topic: Topic, event: Event) -> Sequence[bytes]:
        """Word an event for everyone on this topic; of who came and went each is told apart."""
        told: Told | None
        if isinstance(event, VoiceFact):
            told = self._told_of_voice(event)
            return () if told is None else (frame(*told),)
        match event:
            case PresenceChanged() | StatusChanged():
                return [frame("USER_STATUS", said) for said in self._statuses(event)]
            case DisplayNameChanged() | PersonChanged() | AccountChanged():
                told = _told_of_people(event)
            case ConversationStarted() | ConversationEnded() | ConversationRead():
                told = self._told_of_lists(topic, event)
            case TypingStarted() | TypingStopped():
                said = {
                    "userId": event.person.id,
                    "username": event.person.name,
                    "typing": isinstance(event, TypingStarted),
                }
                told = ("TYPING", self._channel(event.conversation_id) | said)
            case (
                # Encrypted conversations are not spoken of here.
                SealedSent()
                | SealedEdited()
                | SealedReacted()
                | KeysPublished()
                | IdentityChanged()
                | HandoverMoved()
                # Nor how somebody keeps their chats; and who is online is told by statuses.
                | PreferencesChanged()
                | MessageStarred()
                | MessageUnstarred()
                | ScheduleChanged()
                | VisibilityChanged()
                | VisitorCame()
                | VisitorWent()
                | SessionsEnded()
            ):
                told = None
            case _:
                told = self._told_of_change(event)
        return () if told is None else (frame(*told),)

    def status(self, account_id: UUID, status: str) -> bytes:
        """Word how it is with somebody."""
        return frame("USER_STATUS", self._status(account_id, status))

    def _told_of_change(self, event: _Change) -> Told:
        name, said = self._change(event)
        return name, self._channel(event.conversation_id) | {"seq": event.seq} | said

    def _change(self, event: _Change) -> Told:
        match event:
            case MessageSent(message=message):
                reply = {"isReply": True, "parentId": message.reply_to} if message.reply_to else {}
                worded = words.message(message, self._channel_id(event), event.sender)
                return "NEW_MESSAGE", {"message": worded, **reply}
            case ConversationChanged():
                return "CHANNEL_UPDATED", {"channel": objects.conversation(event.conversation)}
            case MembersJoined():
                people = [words.user(person.face) for person in event.people]
                return "USER_JOINED", {"users": people, "memberCount": event.member_count}
            case MemberLeft():
                return "USER_LEFT", {
                    "userId": event.member.account_id,
                    "removed": event.removed,
                    "memberCount": event.member_count,
                }
            case MemberChanged():
                return "MEMBER_UPDATED", {
                    "userId": event.member.account_id,
                    "role": event.member.role,
                }
            case ReactionAdded() | ReactionRemoved():
                return self._reaction(event)
            case _:
                return self._change_of_message(event)

    def _change_of_message(self, event: _MessageChange) -> Told:
        message = event.message
        match event:
            case MessageEdited():
                worded = words.message(message, self._channel_id(event))
                updates = {
                    "content": worded.content,
                    "updated_at": worded.updated_at,
                    "has_attachments": worded.has_attachments,
                }
                return "UPDATE_MESSAGE", {"id": message.id, "updates": updates}
            case MessageDeleted():
                return "DELETE_MESSAGE", {"id": message.id}
            case MessagePinned() | MessageUnpinned():
                is_pinned = isinstance(event, MessagePinned)
                name = "MESSAGE_PINNED" if is_pinned else "MESSAGE_UNPINNED"
                return name, {"id": message.id, "userId": event.account_id}
            case PollVoted():
                return "POLL_VOTED", {
                    "id": message.id,
                    "userId": event.account_id,
                    "choices": event.choices,
                }
            case PollClosed():
                return "POLL_CLOSED", {"id": message.id}
            case PreviewsAdded():
                return "PREVIEWS_ADDED", {
                    "id": message.id,
                    "previews": objects.message(message).previews,
                }

    def _reaction(self, event: ReactionAdded | ReactionRemoved) -> Told:
        given = {"userId": event.person.id, "emoji": event.emoji}
        reaction: dict[str, object] = {**given, "timestamp": time(self._clock())}
        name = "REACTION_ADDED" if isinstance(event, ReactionAdded) else "REACTION_REMOVED"
        payload = {
            "channelId": self._channel_id(event),
            "messageId": event.message.id,
            "reaction": reaction,
            **given,
        }
        return name, {"payload": payload}

    def _told_of_lists(
        self, topic: Topic, event: ConversationStarted | ConversationEnded | ConversationRead
    ) -> Told | None:
        match event:
            case ConversationStarted(conversation=begun):
                if begun.encrypted:
                    return None
                return "CHANNEL_ADDED", {
                    "channelId": str(begun.number),
                    "conversationId": begun.id,
                    "channel": objects.conversation(begun),
                }
            case ConversationEnded():
                said = {"reason": event.reason, "note": event.note}
                return "CHANNEL_ENDED", self._channel(event.conversation_id) | said
            case ConversationRead():
                if not isinstance(topic, ConversationTopic):
                    return None  # else a reader who has joined the channel would be told twice
                return "CHANNEL_READ", self._channel(event.conversation_id) | {
                    "userId": event.account_id,
                    "readSeq": event.read_seq,
                }

    def _told_of_voice(self, event: VoiceFact) -> Told | None:
        where = self._channel(event.conversation_id)
        match event:
            case VoiceChanged():
                people = [words.user(person) for person in event.people]
                return "VOICE_CHANGED", where | {"participants": people}
            case CallStarted():
                caller, since = words.user(event.caller.face), time(event.started_at)
                return "CALL_STARTED", where | {"user": caller, "startedAt": since}
            case CallEnded():
                return "CALL_ENDED", where | {"reason": event.reason}
            case _:
                return None  # what participants tell each other

    def _statuses(self, event: PresenceChanged | StatusChanged) -> list[dict[str, object]]:
        match event:
            case StatusChanged():
                return [self._status(event.account_id, event.status)]
            case PresenceChanged():
                # In the order of the event, which a set has not.
                came = [self._status(each, "online") for each in event.joins if each in event.came]
                gone = [
                    self._status(each, "offline") for each in event.leaves if each in event.gone
                ]
                return came + gone

    def _status(self, account_id: UUID, status: str) -> dict[str, object]:
        return {"userId": account_id, "status": status, "timestamp": time(self._clock())}

    def _channel(self, conversation_id: UUID) -> dict[str, object]:
        number = self._numbers.of(conversation_id)
        return {
            "channelId": None if number is None else str(number),
            "conversationId": conversation_id,
        }

    def _channel_id(self, event: LastingChange) -> str | None:
        number = self._numbers.of(event.conversation_id)
        return None if number is None else str(number)


_MessageChange = (
    MessageEdited
    | MessageDeleted
    | MessagePinned
    | MessageUnpinned
    | PollVoted
    | PollClosed
    | PreviewsAdded
)
_Change = (
    MessageSent
    | ReactionAdded
    | ReactionRemoved
    | _MessageChange
    | ConversationChanged
    | MembersJoined
    | MemberLeft
    | MemberChanged
)


def frame(name: str, said: dict[str, object], request_id: str | None = None) -> bytes:
    """Word one message; an answer carries the `requestId` of what it answers."""
    asked = {} if request_id is None else {"requestId": request_id}
    return msgspec.json.encode({"type": name, **said, **asked})


def refusal(refused: Refusal, request_id: str | None = None) -> bytes:
    """Word a refusal for the one who is refused."""
    said: dict[str, object] = {"code": refused.code, "detail": refused.detail}
    if refused.attr is not None:
        said["attr"] = refused.attr
    if isinstance(refused, RateLimited):
        said["retryAfterS"] = math.ceil(refused.retry_after_s * 10) / 10
    return frame("error", said, request_id)


def _told_of_people(event: DisplayNameChanged | PersonChanged | AccountChanged) -> Told:
    match event:
        case DisplayNameChanged():
            return "USER_RENAMED", {
                "userId": event.account_id,
                "displayName": event.display_name,
            }
        case PersonChanged():
            return "USER_UPDATED", {"user": words.user(event.person.face)}
        case AccountChanged():
            return "PROFILE_UPDATED", {"user": objects.me(event.account)}
