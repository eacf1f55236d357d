"""What comes before there is a request that the application could refuse."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import closing, suppress
from typing import Any

import pytest
import uvicorn

from tertulia.gateways.asgi import Receive, Scope, Send, send_answer
from tertulia.gateways.rest.http_protocol import MAX_HEAD_BYTES, HttpProtocol
from tests.waiting import until

Address = tuple[str, int]

_PIECE_BYTES = 8192


@pytest.fixture
async def address() -> AsyncIterator[Address]:
    """Serve an application that answers what it has read with its length."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        server = uvicorn.Server(
            uvicorn.Config(_lengths, http=HttpProtocol, lifespan="off", log_config=None)
        )
        running = asyncio.create_task(server.serve([listening]))
        await until(lambda: server.started, within_s=5, what="the server listens")
        yield listening.getsockname()
        server.should_exit = True
        await running


@pytest.mark.parametrize(
    "endless",
    [
        b"GET /" + b"a" * MAX_HEAD_BYTES,
        b"GET / HTTP/1.1\r\nX: " + b"a" * MAX_HEAD_BYTES,
        b"GET / HTTP/1.1\r\n" + b"X: a\r\n" * MAX_HEAD_BYTES,
    ],
    ids=["address", "header", "headers"],
)
async def test_a_head_without_end_is_refused(address: Address, endless: bytes) -> None:
    # Not a byte more: a connection closed with bytes unread is reset, and the answer lost.
    status, body = await _answer(address, endless[: MAX_HEAD_BYTES + 1])

    assert status == 431
    assert body["type"] == "client_error"
    assert body["errors"][0]["code"] == "too_large"


async def test_a_trailer_without_end_ends_the_connection(address: Address) -> None:
    head = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n"
    reader, writer = await asyncio.open_connection(*address)
    with suppress(ConnectionError):
        await _write(writer, head + b"X: a\r\n" * MAX_HEAD_BYTES)
    assert await _all(reader) == b""
    writer.close()


async def test_what_is_no_http_is_refused_in_the_usual_form(address: Address) -> None:
    status, body = await _answer(address, b"hello\r\n\r\n")

    assert status == 400
    assert body["errors"][0]["code"] == "invalid"


async def test_a_long_body_in_small_pieces_is_no_head(address: Address) -> None:
    pieces = 1 + MAX_HEAD_BYTES // 4
    body = b"1\r\na\r\n" * pieces + b"0\r\n\r\n"
    head = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"

    assert await _answer(address, head + body) == (200, pieces)


async def _lengths(scope: Scope, receive: Receive, send: Send) -> None:
    del scope
    length, is_more = 0, True
    while is_more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        length += len(message.get("body", b""))
        is_more = message.get("more_body", False)
    answer = str(length).encode()
    await send_answer(send, 200, [(b"content-length", b"%d" % len(answer))], answer)


async def _answer(address: Address, request: bytes) -> tuple[int, Any]:
    reader, writer = await asyncio.open_connection(*address)
    await _write(writer, request)
    head, _, body = (await _all(reader)).partition(b"\r\n\r\n")
    writer.close()
    return int(head.split()[1]), json.loads(body)


async def _write(writer: asyncio.StreamWriter, data: bytes) -> None:
    for start in range(0, len(data), _PIECE_BYTES):
        writer.write(data[start : start + _PIECE_BYTES])
        await writer.drain()


async def _all(reader: asyncio.StreamReader) -> bytes:
    read = bytearray()
    with suppress(ConnectionError):
        while data := await reader.read(_PIECE_BYTES):
            read += data
    return bytes(read)
