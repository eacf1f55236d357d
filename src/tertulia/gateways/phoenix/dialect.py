"""Facts as Phoenix broadcasts: one frame for everyone on a topic, without join_ref and ref.

    [null, null, "conversation:0198...", "new_message",
     {"conversation_id": "0198...", "message": {...}, "seq": 7}]

An announcement of a lasting change carries the `seq` that the change took.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
    PersonalChange,
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
from tertulia.core.key_events import HandoverMoved, IdentityChanged, KeyChange
from tertulia.core.presence_events import (
    Presence,
    PresenceChanged,
    StatusChanged,
    TypingStarted,
    TypingStopped,
    VisibilityChanged,
    VisitorCame,
    VisitorWent,
)
from tertulia.core.voice_events import VoiceFact
from tertulia.gateways import objects
from tertulia.gateways.phoenix.frames import Serializer
from tertulia.gateways.phoenix.sealed_words import told_of_sealed
from tertulia.gateways.phoenix.voice_words import told_of_voice
from tertulia.realtime.topic import (
    AccountTopic,
    CircleTopic,
    ConversationTopic,
    Topic,
    TownTopic,
    VoiceSessionTopic,
    VoiceTopic,
)

SYSTEM_TOPIC = "system:general"


class PhoenixDialect:
    """Phoenix's words for what the hub announces, in one version of the wire."""

    def __init__(self, serializer: Serializer) -> None:
        self._serializer = serializer

    def word(self, topic: Topic, event: Event) -> Sequence[bytes]:
        """Word an event for everyone on this topic; Phoenix clients do not hear of all."""
        told = _told(topic, event)
        if told is None:
            return ()
        name, payload = told
        return (self._serializer.word(None, None, topic_name(topic), name, payload),)


def topic_name(topic: Topic) -> str:
    """Name one of the hub's topics as clients join it."""
    match topic:
        case ConversationTopic():
            return f"conversation:{topic.id}"
        case AccountTopic():
            return f"user:{topic.id}"
        case VoiceTopic() | VoiceSessionTopic():
            return f"voice:{topic.id}"
        case TownTopic() | CircleTopic():
            return SYSTEM_TOPIC


def presences(present: Mapping[UUID, Iterable[Presence]]) -> dict[UUID, object]:
    """Word who is online, as Phoenix.Presence does: one meta for each way of being there."""
    return {
        account_id: {
            "metas": [{"phx_ref": way.ref, "online_at": str(way.online_at)} for way in ways]
        }
        for account_id, ways in present.items()
    }


def _told(topic: Topic, event: Event) -> tuple[str, object] | None:
    if isinstance(event, VoiceFact):
        return told_of_voice(event)
    match event:
        case SealedSent() | SealedEdited() | SealedReacted():
            return told_of_sealed(topic, event)
        case (
            VisibilityChanged()
            | SessionsEnded()
            # Phoenix Presence has its own words for who is there.
            | StatusChanged()
            | VisitorCame()
            | VisitorWent()
        ):
            return None
        case (
            DisplayNameChanged()
            | PersonChanged()
            | AccountChanged()
            | PresenceChanged()
            | IdentityChanged()
            | HandoverMoved()
        ):
            return _told_of_people(event)
        case (
            ConversationStarted()
            | ConversationEnded()
            | ConversationRead()
            | TypingStarted()
            | TypingStopped()
        ):
            return _told_in_passing(event)
        case PreferencesChanged() | MessageStarred() | MessageUnstarred() | ScheduleChanged():
            return _told_to_oneself(event)
        case (
            MessageEdited()
            | MessageDeleted()
            | ReactionAdded()
            | ReactionRemoved()
            | MessagePinned()
            | MessageUnpinned()
            | PollVoted()
            | PollClosed()
            | PreviewsAdded()
        ):
            return _told_of_message(event)
        case _:
            return _told_of_change(event)


def _told_of_change(
    event: MessageSent
    | KeysPublished
    | ConversationChanged
    | MembersJoined
    | MemberLeft
    | MemberChanged,
) -> tuple[str, object]:
    match event:
        case MessageSent():
            return "new_message", _message(event)
        case KeysPublished():
            return "set_encryption_keys", {
                "conversation_id": event.conversation_id,
                "user_id": event.account_id,
                "public_key": event.public_key,
                "seq": event.seq,
            }
        case ConversationChanged():
            return "update_alias", {
                "conversation": objects.conversation(event.conversation),
                "alias": event.conversation.alias,
                "seq": event.seq,
            }
        case MembersJoined():
            return "join_conversation", {
                "conversation_id": event.conversation_id,
                "members": objects.members(zip(event.members, event.people, strict=True)),
                "member_count": event.member_count,
                "seq": event.seq,
            }
        case MemberLeft():
            return "leave_conversation", {
                "conversation_id": event.conversation_id,
                "user_id": event.member.account_id,
                "removed": event.removed,
                "member_count": event.member_count,
                "seq": event.seq,
            }
        case MemberChanged():
            return "update_member", {
                "conversation_id": event.conversation_id,
                "member": objects.member(event.member, event.person),
                "seq": event.seq,
            }


def _told_of_message(event: MessageChange) -> tuple[str, object]:
    match event:
        case MessageEdited():
            return "edit_message", _message(event)
        case MessageDeleted():
            return "delete_message", {"message_group_id": event.message.id, **_message(event)}
        case PreviewsAdded():
            return "add_previews", _message(event)
        case PollClosed():
            return "close_poll", _message(event)
        case _:
            return _told_of_act(event)


def _told_of_act(
    event: ReactionAdded | ReactionRemoved | MessagePinned | MessageUnpinned | PollVoted,
) -> tuple[str, object]:
    # The act alone is said, not the message: one that many have reacted to is long.
    match event:
        case ReactionAdded():
            return "react", _act(event) | {"emoji": event.emoji}
        case ReactionRemoved():
            return "unreact", _act(event) | {"emoji": event.emoji}
        case MessagePinned(message=message):
            pinned_at = objects.time(message.pinned_at) if message.pinned_at else None
            return "pin", _act(event) | {"pinned_at": pinned_at}
        case MessageUnpinned():
            return "unpin", _act(event)
        case PollVoted():
            return "vote", _act(event) | {"choices": event.choices}


def _told_to_oneself(event: PersonalChange) -> tuple[str, object]:
    match event:
        case PreferencesChanged():
            return "update_preferences", {
                "conversation_id": event.conversation_id,
                "preferences": objects.preferences(event.preferences),
            }
        case MessageStarred():
            return "star", _starred(event)
        case MessageUnstarred():
            return "unstar", _starred(event)
        case ScheduleChanged():
            return "update_schedule", {"conversation_id": event.conversation_id}


def _told_in_passing(
    event: ConversationStarted
    | ConversationEnded
    | ConversationRead
    | TypingStarted
    | TypingStopped,
) -> tuple[str, object]:
    match event:
        case ConversationStarted():
            return "new_conversation", {
                "conversation": objects.conversation(event.conversation),
                "user_ids": event.member_ids,
            }
        case ConversationEnded():
            return "conversation_ended", {
                "conversation_id": event.conversation_id,
                "reason": event.reason,
                "note": event.note,
            }
        case ConversationRead():
            return "read_conversation", {
                "conversation_id": event.conversation_id,
                "user_id": event.account_id,
                "read_seq": event.read_seq,
                "read_at": objects.time(event.read_at),
            }
        case TypingStarted():
            return "start_typing", {"user_id": event.person.id}
        case TypingStopped():
            return "finish_typing", {"user_id": event.person.id}


def _told_of_people(
    event: DisplayNameChanged | PersonChanged | AccountChanged | PresenceChanged | KeyChange,
) -> tuple[str, object]:
    match event:
        case DisplayNameChanged():
            return "update_display_name", {
                "user_id": event.account_id,
                "display_name": event.display_name,
            }
        case PersonChanged():
            return "update_user", {"user": objects.user(event.person)}
        case AccountChanged():
            return "update_profile", {"user": objects.me(event.account)}
        case PresenceChanged():
            return "presence_diff", {
                "joins": presences(event.joins),
                "leaves": presences(event.leaves),
            }
        case _:
            return _told_of_keys(event)


def _told_of_keys(event: KeyChange) -> tuple[str, object]:
    match event:
        case IdentityChanged():
            return "update_identity", {
                "user_id": event.account_id,
                "public_key": event.public_key,
            }
        case HandoverMoved():
            return "handover", {
                "id": event.handover_id,
                "device": event.device,
                "messages": event.messages,
                "is_over": event.is_over,
            }


def _act(
    event: ReactionAdded | ReactionRemoved | MessagePinned | MessageUnpinned | PollVoted,
) -> dict[str, object]:
    return {
        "conversation_id": event.conversation_id,
        "message_group_id": event.message.id,
        "user_id": event.account_id,
        "seq": event.seq,
    }


def _starred(event: MessageStarred | MessageUnstarred) -> dict[str, object]:
    return {"conversation_id": event.conversation_id, "message_group_id": event.message_id}


def _message(event: MessageSent | MessageChange) -> dict[str, object]:
    return {
        "conversation_id": event.conversation_id,
        "message": objects.message(event.message),
        "seq": event.seq,
    }
