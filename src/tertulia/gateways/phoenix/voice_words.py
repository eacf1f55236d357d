"""What is said of voice channels: docs/protocols/voice.md.

[null, null, "voice:0198...", "join", {"participant": {...}, "user": {...}}]
[null, null, "conversation:0198...", "voice_changed", {"participants": ["0198..."], ...}]
"""

from __future__ import annotations

from tertulia.core.voice_events import (
    CallDeclined,
    CallEnded,
    CallStarted,
    VoiceChanged,
    VoiceFact,
    VoiceForbidden,
    VoiceForwarded,
    VoiceJoined,
    VoiceLeft,
    VoiceRouteChanged,
    VoiceSeats,
    VoiceSignalled,
    VoiceStateChanged,
)
from tertulia.gateways import objects, participants
from tertulia.gateways.participants import SFU


def told_of_voice(event: VoiceFact) -> tuple[str, object] | None:
    """Return the event's name and payload, if clients hear of it."""
    match event:
        case CallStarted() | CallEnded() | CallDeclined():
            return _told_of_call(event)
        case VoiceSignalled() | VoiceForwarded() | VoiceRouteChanged():
            return _told_of_connections(event)
        case VoiceJoined():
            return "join", {
                "participant": participants.worded(event.participant),
                "user": objects.user(event.person),
            }
        case VoiceLeft():
            return "leave", {
                "user_id": event.account_id,
                "session": event.session,
                "reason": event.reason,
            }
        case VoiceStateChanged():
            return "voice_state", participants.worded(event.participant)
        case VoiceChanged():
            return "voice_changed", {
                "conversation_id": event.conversation_id,
                "participants": [person.id for person in event.people],
            }
        case VoiceForbidden() | VoiceSeats():
            return None


def call(call: CallStarted) -> dict[str, object]:
    """Word what rings."""
    return {
        "conversation_id": call.conversation_id,
        "from": call.caller.id,
        "user": objects.user(call.caller),
        "started_at": objects.time(call.started_at),
    }


def _told_of_call(event: CallStarted | CallEnded | CallDeclined) -> tuple[str, object]:
    match event:
        case CallStarted():
            return "call", call(event)
        case CallEnded():
            return "call_ended", {
                "conversation_id": event.conversation_id,
                "reason": event.reason,
            }
        case CallDeclined():
            return "declined", {"user_id": event.account_id}


def _told_of_connections(
    event: VoiceSignalled | VoiceForwarded | VoiceRouteChanged,
) -> tuple[str, object]:
    match event:
        case VoiceSignalled():
            sender = {"from": event.account_id, "from_session": event.session}
            return event.kind, {**sender, **event.content}
        case VoiceForwarded():
            return event.kind, {"from": SFU, "from_session": event.way, **event.content}
        case VoiceRouteChanged():
            return "route", {
                "route": event.route,
                "limit": event.limit,
                "end_to_end": event.end_to_end,
            }
