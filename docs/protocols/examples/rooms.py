"""Talk in one conversation: every line that is typed is sent, and what is said is shown.

TERTULIA_TOKEN=... python rooms.py ws://127.0.0.1:8000/ws/chat/12/
"""

import asyncio
import json
import os
import sys
import uuid

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed


async def send_lines(socket: ClientConnection) -> None:
    lines = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    async for line in lines:
        message = {"text": line.decode().rstrip("\n"), "client_ref": str(uuid.uuid4())}
        await socket.send(json.dumps({"event_type": "chat_message", "message": message}))
    await socket.close()


async def talk(address: str) -> None:
    headers = {"Authorization": f"Bearer {os.environ['TERTULIA_TOKEN']}"}
    async with connect(address, additional_headers=headers) as socket:
        typing = asyncio.create_task(send_lines(socket))
        try:
            while event := json.loads(await socket.recv()):
                message = event.get("message", event)
                print(event["event_type"], message.get("user_name", ""), message.get("text", ""))
        except ConnectionClosed as closed:
            print("closed", closed.rcvd)
        typing.cancel()


asyncio.run(talk(sys.argv[1]))
