"""Every event of the core in Phoenix's words, by the golden frames."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, get_args
from uuid import UUID

import msgspec
import pytest

from tertulia.core.events import Event, Presence, PresenceChanged
from tertulia.gateways.phoenix.dialect import PhoenixDialect
from tertulia.gateways.phoenix.frames import V1, V2
from tertulia.realtime.topic import (
    AccountTopic,
    CircleTopic,
    ConversationTopic,
    Topic,
    TownTopic,
    topics_of,
)

EVENTS: dict[str, type[Event]] = {
    re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower(): kind for kind in get_args(Event)
}
SOMEBODY = UUID("0198c2a4-5a50-7000-8000-0000000000b1")


def golden(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(f"wire/{name}.json").read_text(encoding="utf-8"))
    return found


def topic_in(case: dict[str, Any]) -> Topic:
    match case["topic"]:
        case {"conversation": conversation_id}:
            return ConversationTopic(UUID(conversation_id))
        case {"account": account_id}:
            return AccountTopic(UUID(account_id))
        case {"town": None}:
            return TownTopic()
        case other:
            raise ValueError(other)


@pytest.mark.parametrize("name", EVENTS)
def test_event_is_worded_as_agreed(name: str) -> None:
    case = golden(name)
    event = msgspec.convert(case["event"], EVENTS[name])
    topic = topic_in(case)
    assert topic in (topics_of(event) or [topic])
    text = PhoenixDialect(V2).word(topic, event)
    assert (None if text is None else json.loads(text)) == case["phoenix"]


@pytest.mark.parametrize("name", [name for name in EVENTS if golden(name)["phoenix"]])
def test_version_1_says_the_same(name: str) -> None:
    case = golden(name)
    event = msgspec.convert(case["event"], EVENTS[name])
    text = PhoenixDialect(V1).word(topic_in(case), event)
    assert text is not None
    _, ref, topic, event_name, payload = case["phoenix"]
    assert json.loads(text) == {
        "topic": topic,
        "event": event_name,
        "payload": payload,
        "ref": ref,
    }


def test_a_circle_hears_its_comings_and_goings_where_the_town_would() -> None:
    event = PresenceChanged(
        joins={SOMEBODY: (Presence(ref="p1", online_at=5),)}, leaves={}, audience=SOMEBODY
    )
    text = PhoenixDialect(V2).word(CircleTopic(SOMEBODY), event)
    assert text is not None
    assert json.loads(text)[2:4] == ["system:general", "presence_diff"]


def test_there_is_a_golden_frame_for_every_event_and_no_other() -> None:
    found = {path.stem for path in Path("wire").glob("*.json")} - {"phoenix_rules"}
    assert found == set(EVENTS)
