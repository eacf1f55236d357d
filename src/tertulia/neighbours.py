"""Polls that came to another worker than the one that has their session.

A session that is polled lives in one process, and which of the workers takes a connection is the
kernel's choice. So the names of sessions begin with the number of their worker (`w2-...`), and a
request that names another one is handed on to it, over a port of its own that only this machine
reaches.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping

import httpx

from tertulia.ending import ended
from tertulia.gateways.asgi import App, Headers, Receive, Scope, Send, send_answer

POLLED = ("/socket.io/", "/socket/longpoll")

_SESSION = re.compile(rb"(?:^|&)(?:sid|token)=(?:lp\.)?w([0-9]{1,4})-")
_CONNECT_S = 5.0
# Those of one connection and not of the next (RFC 9110, section 7.6.1), and what is said anew.
_NOT_HANDED_ON = {
    *(b"connection", b"keep-alive", b"te", b"trailer", b"transfer-encoding", b"upgrade"),
    *(b"content-length", b"forwarded", b"x-forwarded-for", b"x-forwarded-proto"),
}


def prefix_of(worker: int) -> str:
    """Return what the names of a worker's sessions begin with; 0 is a process that is alone."""
    return f"w{worker}-" if worker else ""


class Neighbours:
    """The application of one worker, and the ways to the others: `ports` by their numbers."""

    def __init__(self, app: App, own: int, ports: Mapping[int, int], *, max_bytes: int) -> None:
        self._app = app
        self._ports = {number: port for number, port in ports.items() if number != own}
        self._max_bytes = max_bytes
        # What the others answer is for clients as it is, and a poll may be held for long.
        self._http = httpx.AsyncClient(
            timeout=httpx.Timeout(None, connect=_CONNECT_S),
            limits=httpx.Limits(max_connections=None),
            trust_env=False,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request here, or hand it on."""
        port = self._port_for(scope)
        if port is None:
            await self._app(scope, receive, send)
            return
        body = await self._body(receive)
        if body is None:
            await send_answer(send, 413, [])
            return
        answering = asyncio.create_task(self._answer(port, scope, body, send))
        gone = asyncio.create_task(_hung_up(receive))
        try:
            # Who hangs up ends the request there, too: it means something for a poll.
            await asyncio.wait((answering, gone), return_when=asyncio.FIRST_COMPLETED)
        finally:
            await ended(gone, answering)
        if not answering.cancelled():
            answering.result()

    async def close(self) -> None:
        """Close the connections to the others."""
        await self._http.aclose()

    def _port_for(self, scope: Scope) -> int | None:
        if scope["type"] != "http" or scope["path"] not in POLLED:
            return None
        found = _SESSION.search(scope["query_string"])
        return None if found is None else self._ports.get(int(found[1]))

    async def _body(self, receive: Receive) -> bytes | None:
        body, has_more = b"", True
        while has_more:
            message = await receive()
            body += message.get("body", b"")
            has_more = message.get("more_body", False)
            if len(body) > self._max_bytes:
                return None
        return body

    async def _answer(self, port: int, scope: Scope, body: bytes, send: Send) -> None:
        query = scope["query_string"].decode("latin-1")
        request = self._http.build_request(
            scope["method"],
            f"http://127.0.0.1:{port}{scope['path']}?{query}",
            headers=_handed_on(scope),
            content=body,
        )
        try:
            answer = await self._http.send(request, stream=True)
            content = b"".join([chunk async for chunk in answer.aiter_raw()])
            await answer.aclose()
        except httpx.TransportError:
            # It has just died, and its sessions with it: the client begins another one.
            await send_answer(send, 503, [])
            return
        headers = [(name.lower(), value) for name, value in answer.headers.raw]
        kept: Headers = [each for each in headers if each[0] not in _NOT_HANDED_ON]
        await send_answer(
            send, answer.status_code, [*kept, (b"content-length", b"%d" % len(content))], content
        )


def _handed_on(scope: Scope) -> Headers:
    headers: Headers = [each for each in scope["headers"] if each[0] not in _NOT_HANDED_ON]
    client = scope.get("client")
    if client is not None:
        headers.append((b"x-forwarded-for", client[0].encode()))
    headers.append((b"x-forwarded-proto", scope["scheme"].encode()))
    return headers


async def _hung_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
