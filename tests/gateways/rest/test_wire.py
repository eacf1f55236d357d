"""The same over a real connection: what a client library would tidy up before it is sent."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
import uvicorn

from tests.gateways.rest.conftest import MAX_REQUEST_BYTES, Town

MAX_ANSWER_S = 20


@pytest.fixture
async def port(town: Town) -> AsyncIterator[int]:
    """Return the port of 127.0.0.1 on which the town listens."""
    config = uvicorn.Config(town.app, http="httptools", lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as door:
        # It listens already; who comes before the server is up waits in the backlog.
        serving = asyncio.create_task(server.serve(sockets=[door]))
        yield door.getsockname()[1]
        server.should_exit = True
        await serving


async def say(port: int, *parts: bytes) -> bytes:
    """Send bytes as they are and return all that is answered, until the server is done."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    with suppress(ConnectionError):
        for part in parts:
            writer.write(part)
            await writer.drain()
    try:
        async with asyncio.timeout(MAX_ANSWER_S):
            return await reader.read()
    finally:
        writer.close()


def request(line: str, *headers: str) -> bytes:
    return "\r\n".join([line, "Host: town.example", "Connection: close", *headers, "", ""]).encode()


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


@pytest.mark.parametrize(
    "path",
    [
        "/../../etc/passwd",
        "/assets/../../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/..%2f..%2fetc%2fpasswd",
        "/..%5cetc",
        "//etc/passwd",
        "/rooms%00",
        "/rooms%0d%0aSet-Cookie:%20a=b",
        "/api/../api/me",
        "/api/me/..",
        "/api/%2e/me",
    ],
)
async def test_a_path_with_a_trick_in_it_is_not_found(port: int, path: str) -> None:
    answer = await say(port, request(f"GET {path} HTTP/1.1", "Accept: text/html"))
    assert status(answer) == 404
    assert b'"code":"not_found"' in answer
    assert b"set-cookie" not in answer.lower()


async def test_head_says_what_get_would(port: int) -> None:
    got = await say(port, request("GET /healthz HTTP/1.1"))
    head = await say(port, request("HEAD /healthz HTTP/1.1"))
    assert status(got) == status(head) == 200
    assert head.endswith(b"\r\n\r\n")
    assert b"content-length: 15\r\n" in got
    assert b"content-length: 15\r\n" in head


async def test_a_body_that_says_it_is_too_large_is_not_even_read(port: int) -> None:
    answer = await say(
        port,
        request(
            "POST /auth/login HTTP/1.1",
            "Content-Type: application/json",
            f"Content-Length: {MAX_REQUEST_BYTES * 1000}",
        ),
        b" " * 1024,
    )
    assert status(answer) == 413
    assert b'"code":"too_large"' in answer


async def test_a_body_in_chunks_is_cut_off_where_it_gets_too_large(port: int) -> None:
    chunk = b"1000\r\n" + b" " * 4096 + b"\r\n"
    answer = await say(
        port,
        request(
            "POST /auth/login HTTP/1.1",
            "Content-Type: application/json",
            "Transfer-Encoding: chunked",
        ),
        *[chunk] * (MAX_REQUEST_BYTES // 4096 + 1),
    )
    assert status(answer) == 413
    assert b'"code":"too_large"' in answer


@pytest.mark.parametrize(
    "line", ["GET / HTTP/9.9", "get / HTTP/1.1", "GET /\x01 HTTP/1.1", "\x16\x03\x01"], ids=ascii
)
async def test_what_is_no_http_is_refused_and_the_server_goes_on(port: int, line: str) -> None:
    answer = await say(port, request(line))
    assert answer == b"" or status(answer) in {400, 404}
    assert status(await say(port, request("GET /healthz HTTP/1.1"))) == 200


async def test_a_client_that_goes_away_in_the_middle_disturbs_nobody(port: int) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    length = "Content-Length: 100"
    writer.write(
        request("POST /auth/login HTTP/1.1", "Content-Type: application/json", length) + b"{"
    )
    await writer.drain()
    writer.transport.abort()
    assert status(await say(port, request("GET /healthz HTTP/1.1"))) == 200
