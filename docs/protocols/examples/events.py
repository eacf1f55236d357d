"""Talk in one channel: every line that is typed is sent, and what is said is shown.

TERTULIA_TOKEN=... python events.py ws://127.0.0.1:8000/ws 12
"""

import asyncio
import json
import os
import sys
import uuid

from websockets.asyncio.client import ClientConnection, connect


async def send_lines(socket: ClientConnection, channel: str) -> None:
    lines = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    async for line in lines:
        said = {"content": line.decode().rstrip("\n"), "client_ref": str(uuid.uuid4())}
        await socket.send(json.dumps({"type": "message", "channelId": channel, **said}))
    await socket.close()


async def talk(address: str, channel: str) -> None:
    headers = {"Authorization": f"Bearer {os.environ['TERTULIA_TOKEN']}"}
    async with connect(address, additional_headers=headers) as socket:
        await socket.send(json.dumps({"type": "join_channel", "channelId": channel}))
        typing = asyncio.create_task(send_lines(socket, channel))
        async for text in socket:
            event = json.loads(text)
            message = event.get("message", {})
            name = message.get("user", {}).get("username", "")
            print(event["type"], name, message.get("content", ""))
        typing.cancel()


asyncio.run(talk(*sys.argv[1:]))
