"""The rules of Phoenix Channels, scene by scene and for any order of things."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tertulia.gateways.phoenix.frames import V2
from tertulia.gateways.phoenix.protocol import (
    Action,
    Bounds,
    Ended,
    Join,
    Opened,
    PhoenixProtocol,
    Push,
    Send,
)

SCENES: dict[str, list[list[Any]]] = json.loads(
    Path("wire/phoenix_rules.json").read_text(encoding="utf-8")
)
TOPIC, OTHER = "conversation:1", "user:1"


def frame_text(join_ref: object, ref: object, topic: str, event: str) -> str:
    return json.dumps([join_ref, ref, topic, event, {}])


class Client:
    """A protocol under test, with what it sent and what it has asked for."""

    def __init__(self, bounds: Bounds | None = None) -> None:
        self.protocol = PhoenixProtocol(V2, bounds or Bounds())
        self.sent: list[Any] = []
        self.in_hand: list[str] = []
        self.open: set[str] = set()
        self.others: list[Action] = []

    def say(self, text: str) -> None:
        self.note(self.protocol.receive(V2.parse(text)))

    def answer(self, topic: str, outcome: str, response: object = None) -> None:
        if outcome == "close":
            self.note(self.protocol.close(topic))
            return
        self.in_hand.remove(topic)
        if outcome == "crash":
            self.note(self.protocol.crashed(topic))
        elif outcome == "ok":
            self.note(self.protocol.replied(topic, "ok", response))
        else:
            self.note(self.protocol.replied(topic, "error", response))

    def join(self, topic: str, ref: str = "1") -> None:
        self.say(frame_text(ref, ref, topic, "phx_join"))

    def push(self, topic: str, ref: str, join_ref: str = "1") -> None:
        self.say(frame_text(join_ref, ref, topic, "dance"))

    def note(self, actions: list[Action]) -> None:
        for action in actions:
            match action:
                case Send():
                    self.sent.append(json.loads(action.text))
                case Join() | Push():
                    self.in_hand.append(action.topic)
                case Opened():
                    self.open.add(action.topic)
                    self.others.append(action)
                case Ended():
                    self.open.discard(action.topic)
                    self.others.append(action)


@pytest.mark.parametrize("name", SCENES)
def test_rule(name: str) -> None:
    client = Client()
    said: list[Any] = []
    for step in SCENES[name]:
        if step[0] == ">":
            client.say(json.dumps(step[1]))
        elif step[0] == "=":
            client.answer(*step[1:])
        else:
            said.append(step[1])
    assert client.sent == said


def test_what_a_join_took_is_given_back_before_the_next_join_begins() -> None:
    client = Client()
    client.join(TOPIC)
    client.answer(TOPIC, "ok", {})
    actions = client.protocol.receive(V2.parse(frame_text("2", "2", TOPIC, "phx_join")))
    assert [type(action) for action in actions] == [Send, Ended, Join]


def test_a_refused_join_gives_back_what_it_took() -> None:
    client = Client()
    client.join(TOPIC)
    client.answer(TOPIC, "error", {})
    assert client.others == [Ended(TOPIC)]


def test_a_topic_opens_after_its_reply_is_written() -> None:
    client = Client()
    client.join(TOPIC)
    actions = client.protocol.replied(TOPIC, "ok", {})
    assert [type(action) for action in actions] == [Send, Opened]


def test_the_server_says_something_on_a_joined_topic_alone() -> None:
    client = Client()
    client.join(TOPIC, ref="7")
    client.answer(TOPIC, "ok", {})
    client.sent.clear()
    client.note(client.protocol.push(TOPIC, "presence_state", {"a": 1}))
    client.note(client.protocol.push(OTHER, "presence_state", {"a": 1}))
    assert client.sent == [["7", None, TOPIC, "presence_state", {"a": 1}]]


def test_a_frame_can_be_refused_unread() -> None:
    client = Client()
    client.note(client.protocol.refuse(V2.parse(frame_text("1", "2", TOPIC, "dance")), "no"))
    assert client.sent == [["1", "2", TOPIC, "phx_reply", {"status": "error", "response": "no"}]]


def test_only_so_many_frames_wait_on_one_topic() -> None:
    client = Client(Bounds(queued=2))
    client.join(TOPIC)
    for ref in ("2", "3", "4"):
        client.push(TOPIC, ref)
    assert [(frame[1], frame[4]["response"]["reason"]) for frame in client.sent] == [
        ("4", "rate_limited")
    ]


def test_a_leave_finds_room_in_a_full_queue() -> None:
    client = Client(Bounds(queued=1))
    client.join(TOPIC)
    client.push(TOPIC, "2")
    client.say(frame_text("1", "3", TOPIC, "phx_leave"))
    client.answer(TOPIC, "ok", {})
    client.answer(TOPIC, "ok", {})
    assert client.sent[-1] == ["1", "1", TOPIC, "phx_close", {}]


def test_only_so_many_topics_are_joined() -> None:
    client = Client(Bounds(topics=1))
    assert client.protocol.has_place_for(V2.parse(frame_text("1", "1", TOPIC, "phx_join")))
    client.join(TOPIC)
    other = V2.parse(frame_text("2", "2", OTHER, "phx_join"))
    assert not client.protocol.has_place_for(other)
    client.join(OTHER, ref="2")
    assert client.sent[-1][4]["response"]["reason"] == "too_many_topics"
    client.answer(TOPIC, "ok", {})
    client.say(frame_text("1", "3", TOPIC, "phx_leave"))
    assert client.protocol.has_place_for(other)


def test_only_so_much_is_in_hand_and_the_rest_takes_its_turn() -> None:
    client = Client(Bounds(in_hand=2))
    topics = [f"conversation:{number}" for number in range(4)]
    for topic in topics:
        client.join(topic)
    assert client.in_hand == topics[:2]
    client.answer(topics[1], "ok", {})
    assert client.in_hand == [topics[0], topics[2]]


def test_a_topic_that_is_ended_while_its_push_waits_its_turn_is_unmatched() -> None:
    client = Client(Bounds(in_hand=1))
    client.join(TOPIC)
    client.answer(TOPIC, "ok", {})
    client.join(OTHER)
    client.push(TOPIC, "2")
    client.answer(TOPIC, "close")
    client.answer(OTHER, "ok", {})
    assert client.sent[-1][1] == "2"
    assert client.sent[-1][4]["response"] == {"reason": "unmatched topic"}


def test_a_socket_that_is_gone_ends_its_channels_and_hears_no_more() -> None:
    client = Client()
    client.join(TOPIC)
    client.answer(TOPIC, "ok", {})
    client.join(OTHER)
    client.push(TOPIC, "2")
    client.sent.clear()
    client.note(client.protocol.shut())
    assert set(client.others[1:]) == {Ended(TOPIC), Ended(OTHER)}
    client.answer(TOPIC, "ok", {})
    client.answer(OTHER, "crash")
    assert client.sent == []


TOPICS = st.sampled_from([TOPIC, OTHER, "system:general", "phoenix"])
REFS = st.sampled_from(["1", "2", "3", None, 4])
EVENTS = st.sampled_from(["phx_join", "phx_join", "phx_leave", "dance", "heartbeat"])
FRAMES = st.builds(frame_text, REFS, st.uuids().map(str), TOPICS, EVENTS)
STEPS = st.lists(
    st.tuples(st.just("say"), FRAMES)
    | st.tuples(st.sampled_from(["ok", "error", "crash"]), st.integers(0, 9))
    | st.tuples(st.just("close"), TOPICS),
    max_size=60,
)


@given(steps=STEPS, in_hand=st.integers(1, 3))
@settings(max_examples=300)
def test_any_order_of_things_keeps_the_rules(steps: list[tuple[str, Any]], in_hand: int) -> None:
    client = Client(Bounds(topics=2, in_hand=in_hand, queued=3))
    refs = []
    for what, value in steps:
        if what == "say":
            refs.append(json.loads(value)[1])
            client.say(value)
        elif what == "close":
            client.answer(value, "close")
        elif client.in_hand:
            client.answer(client.in_hand[value % len(client.in_hand)], what, {})
        assert len(client.in_hand) <= in_hand
        assert len(client.in_hand) == len(set(client.in_hand)), "one frame of a topic at a time"
        assert len(client.open) <= 2
    while client.in_hand:
        client.answer(client.in_hand[0], "ok", {})
    replies = Counter(frame[1] for frame in client.sent if frame[3] == "phx_reply")
    assert set(replies) <= set(refs)
    assert all(count == 1 for count in replies.values()), "a frame is answered at most once"
    client.note(client.protocol.shut())
    assert client.open == set()
