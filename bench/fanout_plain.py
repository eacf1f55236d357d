"""The usual way to fan out: for each event, for each listener, an awaited ASGI send.

    python -m bench.fanout_plain PORT

It runs the same core over the same journal as the server, words each event once with the same
dialect, and answers the frames that the load generator sends; then it does the usual thing, on
uvicorn's own WebSocket implementation.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from urllib.parse import parse_qs
from uuid import UUID

import msgspec
import uvicorn
import uvloop

from tertulia.composition import open_core
from tertulia.core.chat import ChatCore
from tertulia.core.events import Event
from tertulia.gateways import objects
from tertulia.gateways.asgi import Receive, Scope, Send
from tertulia.gateways.phoenix.dialect import PhoenixDialect
from tertulia.gateways.phoenix.frames import V2
from tertulia.realtime.topic import topics_of
from tertulia.settings import read_settings
from tertulia.storage.engine import open_database


class PlainLoop:
    """One room's listeners, and a task that tells them what happens."""

    def __init__(self) -> None:
        self.core: ChatCore
        self._dialect = PhoenixDialect(V2)
        self._listeners: list[Send] = []
        self._events: asyncio.Queue[Event] = asyncio.Queue()

    def publish(self, events: Sequence[Event]) -> None:
        """Take what the core announces."""
        for event in events:
            self._events.put_nowait(event)

    async def run(self) -> None:
        """Tell every listener of every event."""
        while True:
            event = await self._events.get()
            for topic in topics_of(event):
                for word in self._dialect.word(topic, event):
                    text = word.decode()
                    for send in self._listeners:
                        await send({"type": "websocket.send", "text": text})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one WebSocket."""
        await receive()
        token = parse_qs(scope["query_string"].decode())["token"][0]
        actor = await self.core.sessions.authenticate(token)
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] != "websocket.disconnect":
            join_ref, ref, topic, event, payload = msgspec.json.decode(message["text"])
            response: object = {}
            if event == "phx_join":
                self._listeners.append(send)
            else:
                room_id = UUID(topic.partition(":")[2])
                sent = await self.core.messages.send(
                    actor, room_id, payload["content"], client_ref=payload["client_ref"]
                )
                response = {"message": objects.message(sent)}
            reply = [join_ref, ref, topic, "phx_reply", {"status": "ok", "response": response}]
            await send({"type": "websocket.send", "text": msgspec.json.encode(reply).decode()})
        self._listeners.remove(send)


async def _serve(port: int) -> None:
    settings = read_settings(os.environ)
    database = open_database(settings.database_url, pool_size=settings.pool_size)
    loop = PlainLoop()
    async with open_core(settings, database, loop.publish) as loop.core:
        telling = asyncio.create_task(loop.run())
        config = uvicorn.Config(loop, port=port, lifespan="off", log_config=None, access_log=False)
        await uvicorn.Server(config).serve()
        telling.cancel()
    await database.close()


if __name__ == "__main__":
    uvloop.run(_serve(int(sys.argv[1])))
