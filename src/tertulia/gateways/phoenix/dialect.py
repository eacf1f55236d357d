"""Facts as Phoenix broadcasts: one frame for everyone on a topic, without join_ref and ref.

    [null, null, "conversation:0198...", "new_message",
     {"conversation_id": "0198...", "message": {...}, "seq": 7}]

An announcement of a lasting change carries the `seq` that the change took.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from tertulia.core.events import (
    AccountChanged,
    ConversationChanged,
    ConversationEnded,
    ConversationRead,
    ConversationStarted,
    DisplayNameChanged,
    Event,
    LastingChange,
    MemberChanged,
    MemberLeft,
    MembersJoined,
    MessageDeleted,
    MessageEdited,
    MessageSent,
    PersonChanged,
    Presence,
    PresenceChanged,
    SessionsEnded,
    TypingStarted,
    TypingStopped,
    VisibilityChanged,
)
from tertulia.gateways import objects
from tertulia.gateways.phoenix.frames import Serializer
from tertulia.realtime.topic import (
    AccountTopic,
    CircleTopic,
    ConversationTopic,
    Topic,
    TownTopic,
)

SYSTEM_TOPIC = "system:general"


class PhoenixDialect:
    """Phoenix's words for what the hub announces, in one version of the wire."""

    def __init__(self, serializer: Serializer) -> None:
        self._serializer = serializer

    def word(self, topic: Topic, event: Event) -> bytes | None:
        """Word an event for everyone on this topic; None where Phoenix clients hear nothing."""
        told = _told(event)
        if told is None:
            return None
        name, payload = told
        return self._serializer.word(None, None, topic_name(topic), name, payload)


def topic_name(topic: Topic) -> str:
    """Name one of the hub's topics as clients join it."""
    match topic:
        case ConversationTopic():
            return f"conversation:{topic.id}"
        case AccountTopic():
            return f"user:{topic.id}"
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


def _told(event: Event) -> tuple[str, object] | None:
    match event:
        case VisibilityChanged() | SessionsEnded():
            return None
        case DisplayNameChanged() | PersonChanged() | AccountChanged() | PresenceChanged():
            return _told_of_people(event)
        case (
            ConversationStarted()
            | ConversationEnded()
            | ConversationRead()
            | TypingStarted()
            | TypingStopped()
        ):
            return _told_in_passing(event)
        case _:
            return _told_of_change(event)


def _told_of_change(event: LastingChange) -> tuple[str, object]:
    match event:
        case MessageSent():
            return "new_message", _message(event)
        case MessageEdited():
            return "edit_message", _message(event)
        case MessageDeleted():
            return "delete_message", {"message_group_id": event.message.id, **_message(event)}
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
            }
        case ConversationRead():
            return "read_conversation", {
                "conversation_id": event.conversation_id,
                "user_id": event.account_id,
                "read_seq": event.read_seq,
                "read_at": objects.time(event.read_at),
            }
        case TypingStarted():
            return "start_typing", {"user_id": event.account_id}
        case TypingStopped():
            return "finish_typing", {"user_id": event.account_id}


def _told_of_people(
    event: DisplayNameChanged | PersonChanged | AccountChanged | PresenceChanged,
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


def _message(event: MessageSent | MessageEdited | MessageDeleted) -> dict[str, object]:
    return {
        "conversation_id": event.conversation_id,
        "message": objects.message(event.message),
        "seq": event.seq,
    }
