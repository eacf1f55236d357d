"""What clients post while they poll: packets, or nothing at all."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.gateways.socketio.bodies import MAX_PACKETS, read_packets
from tertulia.gateways.socketio.frames import SEPARATOR, engine_packet

MAX_BYTES = 1_000


async def read(*pieces: bytes, max_bytes: int = MAX_BYTES, is_cut: bool = False) -> bytes | None:
    heard = [
        {"type": "http.request", "body": piece, "more_body": is_cut or piece is not pieces[-1]}
        for piece in pieces
    ] + [{"type": "http.disconnect"}]

    async def receive() -> dict[str, object]:
        return heard.pop(0)

    return await read_packets(receive, max_bytes)


@pytest.mark.parametrize(
    ("pieces", "packets"),
    [
        ([b"40"], b"40"),
        ([b'42["a"', b"]\x1e", b"2"], b'42["a"]\x1e2'),
        ([b'42["a"]\x1ebAAEC\x1e3'], b'42["a"]\x1e3'),
        ([b"\x1e".join([b"3"] * MAX_PACKETS)[:MAX_BYTES]], None),
        ([b"x"], None),
        ([b""], None),
        ([b"4\xff"], None),
        ([b"4" * (MAX_BYTES + 1)], None),
        ([b"4" * MAX_BYTES, b"4"], None),
    ],
)
async def test_a_body_is_read_whole_or_not_at_all(
    pieces: Sequence[bytes], packets: bytes | None
) -> None:
    assert await read(*pieces) == packets


async def test_of_more_packets_than_fit_none_is_read() -> None:
    body = b"\x1e".join([b"3"] * (MAX_PACKETS + 1))
    assert await read(body, max_bytes=len(body)) is None


async def test_of_a_client_that_goes_away_meanwhile_nothing_is_read() -> None:
    assert await read(b"40", is_cut=True) is None


@given(body=st.binary(max_size=MAX_BYTES) | st.text().map(str.encode))
async def test_any_body_is_read_as_packets_or_refused(body: bytes) -> None:
    packets = await read(body)
    if packets is not None:
        assert all(
            engine_packet(each) == each for each in packets.decode().split(SEPARATOR) if each
        )
