"""Every event of the core in Phoenix's words, by the golden frames."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from tertulia.core.events import SealedReacted
from tertulia.core.presence_events import Presence, PresenceChanged
from tertulia.gateways.phoenix.dialect import PhoenixDialect
from tertulia.gateways.phoenix.frames import V1, V2
from tertulia.realtime.topic import CircleTopic, ConversationTopic, topics_of
from tests.gateways.golden import EVENTS, event_in, golden, said, topic_in

SOMEBODY = UUID("0198c2a4-5a50-7000-8000-0000000000b1")


@pytest.mark.parametrize("name", EVENTS)
def test_event_is_worded_as_agreed(name: str) -> None:
    case = golden(name)
    event = event_in(name, case)
    topic = topic_in(case)
    assert topic in (topics_of(event) or [topic])
    frame = case["phoenix"]
    assert said(PhoenixDialect(V2), topic, event) == ([] if frame is None else [frame])


@pytest.mark.parametrize("name", [name for name in EVENTS if "in_conversation" in golden(name)])
def test_what_was_sealed_is_told_in_the_conversation_without_it(name: str) -> None:
    case = golden(name)
    event = event_in(name, case)
    frame = case["in_conversation"]
    topic = ConversationTopic(UUID(frame[4]["conversation_id"]))
    assert topics_of(event)[0] == topic
    (text,) = PhoenixDialect(V2).word(topic, event)
    assert json.loads(text) == frame
    for copy in case["event"]["copies"].values():
        sealed = copy if isinstance(copy, str) else copy["content"]
        assert sealed.encode() not in text


def test_a_sealed_reaction_that_was_withdrawn_has_no_content() -> None:
    case = golden("sealed_reacted")
    reader = case["topic"]["account"]
    withdrawn = case["event"] | {"copies": {reader: None}}
    event = msgspec.convert(withdrawn, SealedReacted)
    ((*_, payload),) = said(PhoenixDialect(V2), topic_in(case), event)
    assert payload == case["phoenix"][4] | {"content": None}


@pytest.mark.parametrize("name", [name for name in EVENTS if golden(name)["phoenix"]])
def test_version_1_says_the_same(name: str) -> None:
    case = golden(name)
    _, ref, topic, event_name, payload = case["phoenix"]
    frame = {"topic": topic, "event": event_name, "payload": payload, "ref": ref}
    assert said(PhoenixDialect(V1), topic_in(case), event_in(name, case)) == [frame]


def test_a_circle_hears_its_comings_and_goings_where_the_town_would() -> None:
    event = PresenceChanged(
        joins={SOMEBODY: (Presence(ref="p1", online_at=5),)}, leaves={}, audience=SOMEBODY
    )
    (frame,) = said(PhoenixDialect(V2), CircleTopic(SOMEBODY), event)
    assert frame[2:4] == ["system:general", "presence_diff"]


def test_there_is_a_golden_frame_for_every_event_and_no_other() -> None:
    found = {path.stem for path in Path("wire").glob("*.json")} - {"phoenix_rules"}
    assert found == set(EVENTS)
