"""How a load speaks each dialect: where it connects, what it says there, and what it hears.

All that is said is ready-made text, so that the load generator knows no dialect.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Literal
from urllib.parse import quote
from uuid import UUID

from bench.load_client import CONTENT, REF, Listener, Step

Dialect = Literal["phoenix", "rooms", "events", "socketio"]


def phoenix(
    token: str, topics: Iterable[str], room: str = "", copies_for: Iterable[UUID] = ()
) -> Listener:
    """Join these topics, and send into `room`, sealed for these accounts if there are any."""
    payload: dict[str, object] = {"client_ref": REF}
    copies = {str(each): CONTENT for each in copies_for}
    payload |= {"encrypted_messages": copies} if copies else {"content": CONTENT}
    return Listener(
        path=f"/socket/websocket?vsn=2.0.0&token={quote(token)}",
        opening=[
            Step(json.dumps([str(ref), str(ref), topic, "phx_join", {}]), '"phx_reply"')
            for ref, topic in enumerate(topics)
        ],
        broadcast='"new_message"',
        said=json.dumps(["0", REF, room, "send_message", payload]),
    )


def _phoenix_room(token: str, room_id: UUID, number: int) -> Listener:
    del number
    return phoenix(token, [f"conversation:{room_id}"], f"conversation:{room_id}")


def _rooms(token: str, room_id: UUID, number: int) -> Listener:
    del room_id
    said = {"event_type": "chat_message", "message": {"text": CONTENT, "client_ref": REF}}
    return Listener(
        path=f"/ws/chat/{number}/?token={quote(token)}",
        opening=[Step("", '"online_user_list"')],
        broadcast='"event_type":"chat_message"',
        said=json.dumps(said),
    )


def _events(token: str, room_id: UUID, number: int) -> Listener:
    del room_id
    channel = {"channelId": str(number)}
    return Listener(
        path=f"/ws?token={quote(token)}",
        opening=[Step(json.dumps({"type": "join_channel", **channel}), '"channel_joined"')],
        broadcast='"type":"NEW_MESSAGE"',
        said=json.dumps({"type": "message", **channel, "content": CONTENT, "client_ref": REF}),
    )


def _socketio(token: str, room_id: UUID, number: int) -> Listener:
    del number
    room = {"room": str(room_id)}
    said = ["message", {**room, "message": CONTENT, "client_ref": REF}]
    return Listener(
        path="/socket.io/?EIO=4&transport=websocket",
        opening=[
            Step("40" + json.dumps({"token": token}), "40{"),
            Step("420" + json.dumps(["join_room", room]), "430["),
        ],
        broadcast='42["message",',
        said="42" + json.dumps(said),
        still_here="3",
    )


WIRES: dict[Dialect, Callable[[str, UUID, int], Listener]] = {
    "phoenix": _phoenix_room,
    "rooms": _rooms,
    "events": _events,
    "socketio": _socketio,
}
"""How to join one room in each dialect, by token, the room's id and its number."""
