"""What a client may say, and that nothing but a refusal comes of all else."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tertulia.gateways.malformed import Malformed
from tertulia.gateways.voice.protocol import (
    SHAPES,
    Answer,
    Command,
    IceCandidate,
    Leave,
    Offer,
    Remove,
    Silence,
    VoiceState,
    parse,
)

DEEP = "[" * 100_000


def said(kind: str, payload: Any = None, **beside: Any) -> str:
    return json.dumps({"type": kind, "payload": payload, **beside})


@pytest.mark.parametrize(
    ("text", "command"),
    [
        (said("voice_state", {"muted": True}), VoiceState(muted=True)),
        (said("VOICE_STATE", speaking=False), VoiceState(speaking=False)),
        (
            said("offer", {"to": "a", "to_session": "s", "sdp": "v=0", "proof": {"sig": "x"}}),
            Offer(to="a", to_session="s", sdp="v=0", proof={"sig": "x"}),
        ),
        (said("offer", to="a", sdp="v=0"), Offer(to="a", sdp="v=0")),
        (said("answer", {"sdp": "v=0"}, to="a", sdp="other"), Answer(to="a", sdp="v=0")),
        (
            said("ice_candidate", {"to": "a", "candidate": {"candidate": "", "sdpMLineIndex": 0}}),
            IceCandidate(to="a", candidate={"candidate": "", "sdpMLineIndex": 0}),
        ),
        (
            said("ice_candidate", {"to": "a", "candidate": None}),
            IceCandidate(to="a", candidate=None),
        ),
        (said("silence", {"user_id": "a", "silenced": True}), Silence("a", True)),
        (said("remove", {"user_id": "a"}), Remove("a")),
        ('{"type": "leave"}', Leave()),
    ],
)
def test_what_a_client_says_is_understood(text: str, command: Command) -> None:
    assert parse(text) == command


@pytest.mark.parametrize(
    ("text", "code", "attr"),
    [
        ("", "malformed", None),
        ('"\ud800"', "malformed", None),
        pytest.param('{"type": "leave", "x": ' + DEEP, "malformed", None, id="deep"),
        ("[]", "malformed", None),
        ("{}", "required", "type"),
        ('{"type": 7}', "invalid", "type"),
        (said("shout"), "unknown_event", "type"),
        (said("voice_state", []), "invalid", "payload"),
        (said("voice_state", {"muted": "yes"}), "invalid", "muted"),
        (said("offer", {"sdp": "v=0"}), "required", "to"),
        (said("offer", {"to": "a"}), "required", "sdp"),
        (said("offer", {"to": "a", "sdp": "", "proof": {"deeper": {}}}), "invalid", "proof"),
        (said("offer", {"to": "a", "sdp": "", "proof": {"n": 2**60}}), "invalid", "proof"),
        (said("ice_candidate", {"to": "a"}), "required", "candidate"),
        (said("silence", {"user_id": "a"}), "required", "silenced"),
    ],
    ids=ascii,
)
def test_what_cannot_be_understood_is_refused_by_the_name_of_its_field(
    text: str, code: str, attr: str | None
) -> None:
    with pytest.raises(Malformed) as refused:
        parse(text)
    assert (refused.value.code, refused.value.attr) == (code, attr)
    assert refused.value.detail.endswith(".")


TEXT = st.text(st.characters(exclude_categories=()))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=8,
)
FIELDS = st.dictionaries(
    st.sampled_from(sorted({name for shape in SHAPES.values() for name in shape.__struct_fields__}))
    | TEXT,
    JSON,
    max_size=6,
)
FRAMES = st.builds(
    lambda kind, payload, beside: json.dumps({**beside, "type": kind, "payload": payload}),
    st.sampled_from([*SHAPES, "nothing"]) | TEXT,
    FIELDS | JSON,
    FIELDS,
)


@settings(max_examples=1000)
@given(TEXT | FRAMES | JSON.map(json.dumps))
def test_nothing_but_a_refusal_comes_of_what_is_not_understood(text: str) -> None:
    try:
        command = parse(text)
    except Malformed as refused:
        assert refused.detail
    else:
        # Whatever is let through can be passed on.
        assert msgspec.json.encode(command)
