"""Facts as Socket.IO events: one packet for everyone who has joined the room.

    2["message", {"room": "0198...", "number": 7, "seq": 42, "message": {"id": "0198...", ...}}]

What a lasting change is told by carries the `seq` that it took in its room.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

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
    MessageChange,
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
from tertulia.gateways import objects as rest
from tertulia.gateways.numbers import Numbers
from tertulia.gateways.socketio import objects
from tertulia.gateways.socketio.frames import event as packet
from tertulia.realtime.topic import ConversationTopic, Topic

Told = tuple[str, dict[str, object]]


class SocketIoDialect:
    """Socket.IO's words for what the hub announces; `numbers` has the rooms that are joined."""

    def __init__(self, numbers: Numbers) -> None:
        self._numbers = numbers

    def word(self, topic: Topic, event: Event) -> Sequence[bytes]:
        """Word an event for everyone on this topic; clients of this dialect do not hear of all."""
        told = self._told(topic, event)
        return () if told is None else (packet(*told),)

    def _told(self, topic: Topic, event: Event) -> Told | None:
        if isinstance(event, VoiceFact):
            return self._told_of_voice(event)
        match event:
            case ConversationStarted() | ConversationEnded():
                return _told_to_oneself(event)
            case ConversationRead():
                return self._told_of_reading(topic, event)
            case TypingStarted() | TypingStopped() | VisitorCame() | VisitorWent():
                name, payload = _told_in_passing(event)
                return name, self._here(event.conversation_id) | payload
            case (
                MessageSent()
                | MessageEdited()
                | MessageDeleted()
                | ReactionAdded()
                | ReactionRemoved()
                | MessagePinned()
                | MessageUnpinned()
                | PollVoted()
                | PollClosed()
                | PreviewsAdded()
                | ConversationChanged()
                | MembersJoined()
                | MemberLeft()
                | MemberChanged()
            ):
                name, payload = _told_of_change(event)
                return name, self._here(event.conversation_id) | {"seq": event.seq} | payload
            case (
                # Encrypted conversations are not spoken of here.
                SealedSent()
                | SealedEdited()
                | SealedReacted()
                | KeysPublished()
                | IdentityChanged()
                | HandoverMoved()
                # Nor is what is said to the whole town: this dialect knows rooms.
                | DisplayNameChanged()
                | PersonChanged()
                | PresenceChanged()
                | StatusChanged()
                # Nor what concerns how somebody keeps their chats, which it has no lists of.
                | PreferencesChanged()
                | MessageStarred()
                | MessageUnstarred()
                | ScheduleChanged()
                | AccountChanged()
                | VisibilityChanged()
                | SessionsEnded()
            ):
                return None

    def _told_of_voice(self, event: VoiceFact) -> Told | None:
        here = self._here(event.conversation_id)
        match event:
            case VoiceChanged():
                return "voice", here | {"participants": list(map(objects.user, event.people))}
            case CallStarted():
                user, started_at = objects.user(event.caller.face), rest.time(event.started_at)
                return "call", here | {"user": user, "started_at": started_at}
            case CallEnded():
                return "call_ended", here | {"reason": event.reason}
            case _:
                return None  # what participants tell each other

    def _told_of_reading(self, topic: Topic, event: ConversationRead) -> Told | None:
        if not isinstance(topic, ConversationTopic):
            return None  # else a reader in the room would be told twice
        return "read", self._here(event.conversation_id) | {
            "user_id": event.account_id,
            "read_seq": event.read_seq,
            "read_at": rest.time(event.read_at),
        }

    def _here(self, conversation_id: UUID) -> dict[str, object]:
        return {"room": conversation_id, "number": self._numbers.of(conversation_id)}


def _told_to_oneself(event: ConversationStarted | ConversationEnded) -> Told | None:
    match event:
        case ConversationStarted(conversation=begun):
            if begun.encrypted:
                return None
            return "room_added", {
                "room": begun.id,
                "number": begun.number,
                "conversation": rest.conversation(begun),
            }
        case ConversationEnded():
            return "removed", {
                "room": event.conversation_id,
                "reason": event.reason,
                "note": event.note,
            }


def _told_in_passing(event: TypingStarted | TypingStopped | VisitorCame | VisitorWent) -> Told:
    user = objects.user(event.person)
    match event:
        case TypingStarted():
            return "typing", {"user": user, "typing": True}
        case TypingStopped():
            return "typing", {"user": user, "typing": False}
        case VisitorCame():
            return "presence", {"user": user, "online": True}
        case VisitorWent():
            return "presence", {"user": user, "online": False}


def _told_of_change(
    event: MessageSent
    | MessageChange
    | ConversationChanged
    | MembersJoined
    | MemberLeft
    | MemberChanged,
) -> Told:
    match event:
        case MessageSent():
            return "message", {"message": objects.message(event.message, event.sender)}
        case ConversationChanged():
            return "room_changed", {"conversation": rest.conversation(event.conversation)}
        case MembersJoined():
            return "members_joined", {
                "users": [objects.user(person.face) for person in event.people],
                "member_count": event.member_count,
            }
        case MemberLeft():
            return "member_left", {
                "user_id": event.member.account_id,
                "removed": event.removed,
                "member_count": event.member_count,
            }
        case MemberChanged():
            return "member_changed", {
                "user": objects.user(event.person.face),
                "role": event.member.role,
            }
        case _:
            name, payload = _told_of_message(event)
            return name, {"id": event.message.id} | payload


def _told_of_message(event: MessageChange) -> Told:
    match event:
        case MessageEdited():
            return "message_edited", {"message": objects.message(event.message)}
        case MessageDeleted():
            return "message_deleted", {}
        case ReactionAdded() | ReactionRemoved():
            return "reaction", {
                "emoji": event.emoji,
                "user": objects.user(event.person),
                "added": isinstance(event, ReactionAdded),
            }
        case MessagePinned() | MessageUnpinned():
            return "pin", {
                "user_id": event.account_id,
                "pinned": isinstance(event, MessagePinned),
            }
        case PollVoted():
            return "vote", {"user_id": event.account_id, "choices": event.choices}
        case PollClosed() | PreviewsAdded():
            # What hangs on the message is all that has changed of it.
            worded = objects.message(event.message)
            if isinstance(event, PollClosed):
                return "poll_closed", {"poll": worded.poll}
            return "previews", {"previews": worded.previews}
