"""Frames of both versions, and texts that are none."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tertulia.gateways.phoenix.frames import V1, V2, Frame, NotAFrame, Serializer, serializer_for

NOT_FRAMES = [
    "",
    "hello",
    "null",
    "{}",
    "[]",
    '[null,null,"t","e"]',
    '[null,null,"t","e",{},1]',
    '[null,null,1,"e",{}]',
    '[null,null,"t",null,{}]',
    '[true,null,"t","e",{}]',
    '[null,1.5,"t","e",{}]',
    '[null,[],"t","e",{}]',
    '[null,null,"t","e",nul]',
    '[null,null,"t","e",NaN]',
    f'["{"9" * 300}",null,"t","e",{{}}]',
    f'[null,null,"{"t" * 300}","e",{{}}]',
    "[" * 20_000,
    '[null,null,"t","e",' + "[" * 20_000 + "]" * 20_000 + "]",
    '[null,null,"t","e",{"x":"\\ud83d',
]


@pytest.mark.parametrize("text", NOT_FRAMES, ids=lambda text: text[:30])
def test_a_text_that_is_no_frame_is_refused(text: str) -> None:
    with pytest.raises(NotAFrame):
        V2.parse(text)


def test_version_1_is_an_object() -> None:
    frame = V1.parse('{"topic":"t","event":"e","payload":{"a":1},"ref":"1","extra":true}')
    assert (frame.join_ref, frame.ref, frame.topic, frame.event) == (None, "1", "t", "e")
    assert bytes(frame.payload) == b'{"a":1}'
    assert V1.word("1", "2", "t", "e", {}) == b'{"topic":"t","event":"e","payload":{},"ref":"2"}'


@pytest.mark.parametrize("text", ["[]", '["1","1","t","e",{}]', '{"topic":"t"}'])
def test_version_1_takes_nothing_else(text: str) -> None:
    with pytest.raises(NotAFrame):
        V1.parse(text)


def test_the_version_is_chosen_by_vsn() -> None:
    assert serializer_for("2.0.0") is V2
    assert serializer_for("1.0.0") is V1
    assert serializer_for(None) is V1
    assert serializer_for("3.0.0") is None
    assert serializer_for("") is None


def test_half_an_emoji_becomes_a_replacement_character() -> None:
    frame = V2.parse(r'[null,"1","t","e",{"content":"a\ud83dz"}]')
    assert json.loads(bytes(frame.payload)) == {"content": "a�z"}


def test_a_whole_emoji_in_escapes_stays() -> None:
    frame = V2.parse(r'[null,"1","t","e",{"content":"\ud83d\ude00"}]')
    assert json.loads(bytes(frame.payload)) == {"content": "😀"}


@pytest.mark.parametrize("serializer", [V1, V2], ids=["v1", "v2"])
@given(text=st.text() | st.recursive(st.none() | st.text(), st.lists).map(json.dumps))
@example(text='["1","1","t","e",{}]')
def test_any_text_is_a_frame_or_refused(serializer: Serializer, text: str) -> None:
    try:
        frame = serializer.parse(text)
    except NotAFrame:
        return
    assert isinstance(frame, Frame)


REFS = st.none() | st.text(max_size=20) | st.integers(-(2**53), 2**53)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@given(
    join_ref=REFS, ref=REFS, topic=st.text(max_size=50), event=st.text(max_size=50), payload=JSON
)
def test_what_is_worded_in_version_2_is_parsed_again(
    join_ref: str | int | None, ref: str | int | None, topic: str, event: str, payload: object
) -> None:
    frame = V2.parse(V2.word(join_ref, ref, topic, event, payload))
    assert (frame.join_ref, frame.ref, frame.topic, frame.event) == (join_ref, ref, topic, event)
    assert json.loads(bytes(frame.payload)) == payload
