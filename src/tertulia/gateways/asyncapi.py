"""The AsyncAPI document (version 3.0.0), made from what the gateways declare.

Source: the AsyncAPI Specification 3.0.0. In it the server is the application: it *receives* what
clients say and *sends* what they hear.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from inspect import cleandoc
from typing import Any

import msgspec

from tertulia import __version__
from tertulia.gateways.asgi import App, Receive, Scope, Send, send_answer
from tertulia.gateways.declared import Channel, Message

_DESCRIPTION = """\
The live interfaces of a Tertulia server. They are dialects of one chat: what is said in an open
conversation in one of them is heard in all. Times are ISO-8601 in UTC with milliseconds and `Z`.
The interface over HTTP is described by /openapi.json.
"""

_JSON = "application/json"
_SCHEMAS = "#/components/schemas/{name}"


def document(channels: Sequence[Channel]) -> bytes:
    """Return the document as JSON."""
    schemas, components = msgspec.json.schema_components(
        [each.shape for channel in channels for each in (*channel.said, *channel.heard)],
        schema_hook=_unknown,
        ref_template=_SCHEMAS,
    )
    shapes = iter(schemas)
    described = {
        "asyncapi": "3.0.0",
        "info": {"title": "Tertulia", "version": __version__, "description": _DESCRIPTION},
        "defaultContentType": _JSON,
        "channels": {channel.name: _channel(channel, shapes) for channel in channels},
        "operations": {name: act for channel in channels for name, act in _operations(channel)},
        "components": {"schemas": components},
    }
    return msgspec.json.encode(described)


def serving(channels: Sequence[Channel]) -> App:
    """Return what answers GET /asyncapi.json."""

    @cache
    def body() -> bytes:
        return document(channels)

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        del receive
        if scope["method"] != "GET":
            await send_answer(send, 405, [(b"allow", b"GET, HEAD")])
            return
        await send_answer(send, 200, [(b"content-type", _JSON.encode())], body())

    return serve


def _unknown(kind: type) -> dict[str, Any]:
    if kind is not object:
        raise NotImplementedError
    return {"description": "Any JSON value."}


def _channel(channel: Channel, shapes: Iterator[dict[str, Any]]) -> dict[str, Any]:
    return {
        "address": channel.address,
        "title": channel.title,
        "description": cleandoc(channel.frame),
        "parameters": {name: {"description": said} for name, said in channel.parameters.items()},
        "messages": {
            key: {
                "name": message.name,
                "summary": message.summary,
                "contentType": _JSON,
                "payload": next(shapes),
            }
            for key, message in _keyed(channel)
        },
        "bindings": {"ws": {"method": "GET"}} if channel.protocol == "ws" else {},
    }


def _operations(channel: Channel) -> Iterable[tuple[str, dict[str, Any]]]:
    for key, _ in _keyed(channel):
        action = "receive" if key.startswith("say_") else "send"
        yield (
            f"{channel.name}_{key}",
            {
                "action": action,
                "channel": {"$ref": f"#/channels/{channel.name}"},
                "messages": [{"$ref": f"#/channels/{channel.name}/messages/{key}"}],
            },
        )


def _keyed(channel: Channel) -> Iterable[tuple[str, Message]]:
    """Return every message by a key of its own: one name may go both ways."""
    for each in channel.said:
        yield f"say_{each.name}", each
    for each in channel.heard:
        yield f"hear_{each.name}", each
