"""Frames as a client's parser reads them."""

from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode
from websockets.protocol import CLIENT, Protocol, State

from tertulia.realtime.frames import Batch, text_frame

_SIZES_AT_THE_BOUNDS = [0, 1, 125, 126, 127, 65535, 65536, 70000]


def _read(data: bytes) -> list[Frame]:
    client = Protocol(CLIENT, state=State.OPEN)
    client.receive_data(data)
    assert client.parser_exc is None
    return [frame for frame in client.events_received() if isinstance(frame, Frame)]


@given(st.sampled_from(_SIZES_AT_THE_BOUNDS) | st.integers(0, 300))
def test_a_message_of_any_size_is_one_whole_text_frame(size: int) -> None:
    [frame] = _read(text_frame(b"x" * size))
    assert (frame.opcode, frame.fin, bytes(frame.data)) == (Opcode.TEXT, True, b"x" * size)


@given(st.lists(st.text(max_size=200).map(str.encode), max_size=20))
def test_the_frames_of_a_batch_are_its_messages_in_order(payloads: list[bytes]) -> None:
    frames = _read(Batch(payloads).frames)
    assert [bytes(frame.data) for frame in frames] == payloads
