"""The golden frames of `wire/`: what each event of the core is in each dialect."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, get_args
from uuid import UUID

import msgspec

from tertulia.core.events import Event
from tertulia.realtime.dialect import Dialect
from tertulia.realtime.topic import (
    AccountTopic,
    ConversationTopic,
    Topic,
    TownTopic,
    VoiceSessionTopic,
    VoiceTopic,
)

EVENTS: dict[str, type[Event]] = {
    re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower(): kind for kind in get_args(Event)
}


def golden(name: str) -> dict[str, Any]:
    """Return the case of one event, by the name of its file."""
    found: dict[str, Any] = json.loads(Path(f"wire/{name}.json").read_text(encoding="utf-8"))
    return found


def topic_in(case: dict[str, Any]) -> Topic:
    """Return where the event of a case is said."""
    match case["topic"]:
        case {"conversation": conversation_id}:
            return ConversationTopic(UUID(conversation_id))
        case {"account": account_id}:
            return AccountTopic(UUID(account_id))
        case {"voice": conversation_id, "session": session}:
            return VoiceSessionTopic(UUID(conversation_id), session)
        case {"voice": conversation_id}:
            return VoiceTopic(UUID(conversation_id))
        case {"town": None}:
            return TownTopic()
        case other:
            raise ValueError(other)


def event_in(name: str, case: dict[str, Any]) -> Event:
    """Return the core's value of a case."""
    event: Event = msgspec.convert(case["event"], EVENTS[name])
    return event


def said(dialect: Dialect, topic: Topic, event: Event) -> list[Any]:
    """Return the frames in which a dialect says an event."""
    return [json.loads(text) for text in dialect.word(topic, event)]
