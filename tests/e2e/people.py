"""People who use the server over its public wires: REST to set things up, Phoenix to talk."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.e2e.checker import Seen

PATIENCE_S = 30
"""For how long an answer is waited for, on a machine that has much else to do."""

GONE = (OSError, ConnectionClosed, InvalidHandshake, httpx.TransportError, EOFError, TimeoutError)
"""What a client meets when the server is killed under it."""


@dataclass
class Person:
    """Somebody with an account and an access token."""

    url: str
    id: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        """What authorises a REST request."""
        return {"authorization": f"Bearer {self.token}"}

    async def get(self, path: str) -> dict[str, Any]:
        """Ask for something over REST."""
        async with httpx.AsyncClient(
            base_url=self.url, headers=self.headers, timeout=PATIENCE_S
        ) as http:
            answer = await http.get(path)
            answer.raise_for_status()
            body: dict[str, Any] = answer.json()
            return body

    async def post(self, path: str, body: object) -> dict[str, Any]:
        """Do something over REST."""
        async with httpx.AsyncClient(
            base_url=self.url, headers=self.headers, timeout=PATIENCE_S
        ) as http:
            answer = await http.post(path, json=body)
            answer.raise_for_status()
            made: dict[str, Any] = answer.json()
            return made


async def register(url: str, name: str) -> Person:
    """Make an account."""
    return await _admitted(url, "/auth/register", _credentials(name) | {"display_name": name})


async def sign_in(url: str, name: str) -> Person:
    """Come back to an account that was registered."""
    return await _admitted(url, "/auth/login", _credentials(name))


def _credentials(name: str) -> dict[str, str]:
    return {"email": f"{name}@example.org", "password": "correct horse battery"}


async def _admitted(url: str, path: str, words: dict[str, str]) -> Person:
    async with httpx.AsyncClient(base_url=url, timeout=PATIENCE_S) as http:
        answer = await http.post(path, json=words)
        answer.raise_for_status()
        body = answer.json()
    return Person(url, body["user"]["id"], body["access_token"])


class Channel:
    """One joined Phoenix topic on a socket of its own."""

    def __init__(self, socket: ClientConnection, topic: str) -> None:
        self._socket = socket
        self._topic = topic
        self._refs = itertools.count(2)
        self._replies: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self.joined: dict[str, Any] = {}

    @classmethod
    async def join(cls, person: Person, topic: str, payload: object) -> Channel:
        """Open a socket and join; raises one of GONE where the server is not there."""
        base = person.url.replace("http", "ws", 1)
        socket = await connect(
            f"{base}/socket/websocket?vsn=2.0.0&token={quote(person.token)}", open_timeout=10
        )
        channel = cls(socket, topic)
        await socket.send(json.dumps(["1", "1", topic, "phx_join", payload]))
        async with asyncio.timeout(10):
            reply = json.loads(await socket.recv())
        if reply[4]["status"] != "ok":
            raise RuntimeError(f"the join was refused: {reply}")
        channel.joined = reply[4]["response"]
        return channel

    async def push(self, event: str, payload: object) -> dict[str, Any]:
        """Push and return the reply's payload; `listen` must be running."""
        ref = str(next(self._refs))
        future = asyncio.get_running_loop().create_future()
        self._replies[ref] = future
        await self._socket.send(json.dumps(["1", ref, self._topic, event, payload]))
        async with asyncio.timeout(10):
            reply: dict[str, Any] = await future
            return reply

    async def listen(self, hear: Callable[[str, dict[str, Any]], None]) -> None:
        """Hand every announcement to `hear` until the connection ends."""
        try:
            async for frame in self._socket:
                _, ref, _, event, payload = json.loads(frame)
                if event == "phx_reply":
                    self._replies.pop(ref).set_result(payload)
                else:
                    hear(event, payload)
        except ConnectionClosed:
            pass
        finally:
            for future in self._replies.values():
                future.set_exception(EOFError("the connection ended before the reply"))

    @property
    def close_code(self) -> int | None:
        """With what code the server closed the socket."""
        return self._socket.close_code

    async def close(self) -> None:
        """Close the socket."""
        await self._socket.close()


@dataclass
class Listener:
    """Somebody who holds a conversation's messages and keeps them right through every fault."""

    person: Person
    conversation_id: str
    head: int = 0
    messages: dict[int, Seen] = field(default_factory=dict)
    _hole: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def held(self) -> list[Seen]:
        """The messages as this person would see them."""
        return [self.messages[seq] for seq in sorted(self.messages)]

    async def run(self) -> None:
        """Listen for ever, joining again with what is already held whenever the server went."""
        while True:
            try:
                await self._stay()
            except GONE:
                await asyncio.sleep(0.05)

    async def _stay(self) -> None:
        topic = f"conversation:{self.conversation_id}"
        channel = await Channel.join(self.person, topic, {"since": self.head})
        self._catch_up(channel.joined["changes"])
        mending = asyncio.create_task(self._mend())
        try:
            await self._ask_until_complete(channel.joined["changes"])
            await channel.listen(self._hear)
        finally:
            mending.cancel()
            await channel.close()

    def _hear(self, event: str, payload: dict[str, Any]) -> None:
        seq = payload.get("seq")
        if seq is None or seq <= self.head:
            return
        if seq > self.head + 1:
            self._hole.set()
            return
        self.head = seq
        if event == "new_message":
            self._hold(payload["message"])

    async def _mend(self) -> None:
        while True:
            await self._hole.wait()
            self._hole.clear()
            await self._ask_until_complete({"complete": False})

    async def _ask_until_complete(self, changes: dict[str, Any]) -> None:
        while not changes["complete"]:
            path = f"/api/conversations/{self.conversation_id}/changes?since={self.head}"
            changes = await self.person.get(path)
            self._catch_up(changes)

    def _catch_up(self, changes: dict[str, Any]) -> None:
        for message in changes["messages"]:
            self._hold(message)
        self.head = max(self.head, changes["seq"])

    def _hold(self, message: dict[str, Any]) -> None:
        self.messages[message["seq"]] = seen(message)


@dataclass
class Sender:
    """Somebody who sends one message after the other, each again until it is acknowledged."""

    person: Person
    name: str
    conversation_id: str
    acknowledged: dict[str, Seen] = field(default_factory=dict)
    is_stopping: bool = False

    async def run(self) -> None:
        """Send until told to stop, connecting again whenever the server went."""
        while not self.is_stopping:
            try:
                await self._converse()
            except GONE:
                await asyncio.sleep(0.05)

    async def _converse(self) -> None:
        topic = f"conversation:{self.conversation_id}"
        channel = await Channel.join(self.person, topic, {})
        listening = asyncio.create_task(channel.listen(lambda _event, _payload: None))
        try:
            while not self.is_stopping:
                await self._send(channel, f"{self.name}-{len(self.acknowledged)}")
        finally:
            await channel.close()
            await listening

    async def _send(self, channel: Channel, ref: str) -> None:
        reply = await channel.push("send_message", {"content": f"I am {ref}", "client_ref": ref})
        if reply["status"] != "ok":
            raise RuntimeError(f"{ref} was refused: {reply}")
        self.acknowledged[ref] = seen(reply["response"]["message"])


async def history(person: Person, conversation_id: str) -> list[Seen]:
    """Read all of a conversation's messages over REST, oldest first."""
    path = f"/api/messages?conversation_id={conversation_id}&page_size=100&sort=asc"
    page = await person.get(path)
    found = list(page["items"])
    while page["page_token"]:
        page = await person.get(f"{path}&page_token={page['page_token']}")
        found += page["items"]
    return [seen(message) for message in found]


def seen(message: dict[str, Any]) -> Seen:
    """Return the part of a message that the checker compares."""
    return Seen(message["seq"], message["client_ref"], message["content"])
