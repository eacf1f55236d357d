"""The OpenAPI document, made from the routes: what is documented is what is served."""

from __future__ import annotations

from collections.abc import Iterator
from inspect import cleandoc
from typing import Any

import msgspec
from litestar import Litestar
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme, Tag

from tertulia import __version__
from tertulia.core.account_key import WrapKind
from tertulia.core.model import Kind, Notify, Role
from tertulia.core.moderation import Act
from tertulia.gateways import csrf
from tertulia.gateways.cookies import ACCESS
from tertulia.gateways.rest.bodies import JSON_TYPE

_DESCRIPTION = """\
The HTTP interface of a Tertulia server.

Times are ISO-8601 in UTC with milliseconds and `Z`; ids are UUIDs. Lists come in pages: `items`
and a `page_token` that asks for the next page and is null at the end. Every refusal has the same
body, `ErrorBody`. Live events come over the WebSocket interfaces.
"""

OPENAPI = OpenAPIConfig(
    title="Tertulia",
    version=__version__,
    description=_DESCRIPTION,
    use_handler_docstrings=True,
    components=Components(
        security_schemes={
            "bearer": SecurityScheme(
                type="http",
                scheme="bearer",
                bearer_format="JWT",
                description="The `access_token` of the answer to signing in.",
            ),
            "cookie": SecurityScheme(
                type="apiKey",
                name=ACCESS,
                security_scheme_in="cookie",
                description="Set by signing in; named `__Host-access_token` under https.",
            ),
            "csrf": SecurityScheme(
                type="apiKey",
                name=csrf.HEADER,
                security_scheme_in="header",
                description="The value of the cookie `csrftoken`, which GET /auth/csrf sets.",
            ),
            "basic": SecurityScheme(
                type="http", scheme="basic", description="For POST /auth/login only."
            ),
        }
    ),
    tags=[
        Tag("auth", "Signing up, in and out."),
        Tag("emails", "One's e-mail address."),
        Tag("passwords", "One's password."),
        Tag("phones", "Coming in by telephone, and one's number."),
        Tag("passkeys", "Coming in by passkey, and one's own ones."),
        Tag("encryption", "Keys for encrypted conversations, and handing them on."),
        Tag("second steps", "Proving oneself twice, and how one's account is kept."),
        Tag("social", "Coming in through others, and one's accounts there."),
        Tag("me", "One's own account."),
        Tag("avatars", "Pictures of people."),
        Tag("exports", "A copy of one's own data."),
        Tag("users", "Other people."),
        Tag("contacts", "Whom one keeps at hand, and whom one has blocked."),
        Tag("conversations", "Private chats, groups and rooms as their members see them."),
        Tag("members", "Who is in a conversation."),
        Tag("messages", "History, sending, editing, deleting, forwarding."),
        Tag("reactions", "An emoji under a message."),
        Tag("pins", "What everyone in a conversation is to find quickly."),
        Tag("stars", "What one wants to find again oneself."),
        Tag("polls", "Voting under a question."),
        Tag("uploads", "Files that messages carry, and pictures of pages behind links."),
        Tag("encryption", "Keys, of which the server cannot read those that open anything."),
        Tag("invites", "Letting people in by name, number or link."),
        Tag("moderation", "Keeping people out, and what was done by whom."),
        Tag("voice", "Who speaks where."),
        Tag("scheduled", "Messages that wait for their time."),
        Tag("notifications", "What one hears of when not looking, and where."),
        Tag("rooms", "The directory."),
        Tag("search", "Finding messages, conversations, rooms and people."),
        Tag("health", "For those who keep the server running."),
        Tag("documents", "This description."),
    ],
)
_ERROR_BODY = {"$ref": "#/components/schemas/ErrorBody"}
_MODULES = (
    "tertulia.gateways.rest.",
    "tertulia.gateways.objects",
    "tertulia.gateways.extras",
    "tertulia.gateways.keys",
    "tertulia.gateways.participants",
)
_METHODS = ("get", "post", "put", "patch", "delete")


def encode_document(routes: Litestar) -> bytes:
    """Return the document of an application's routes as JSON."""
    document = routes.openapi_schema.to_schema()
    for item in document["paths"].values():
        for method in _METHODS:
            if method in item:
                _polish(item[method])
    for name, schema in document["components"]["schemas"].items():
        schema["description"] = _descriptions()[name]
    return msgspec.json.encode(document)


def _descriptions() -> dict[str, str]:
    """Return the docstrings of the objects that bodies are made of."""
    kinds: list[type] = [Act, Kind, Notify, Role, WrapKind]
    found = [*kinds, *_below(msgspec.Struct)]
    return {kind.__name__: cleandoc(kind.__doc__ or "") for kind in found}


def _below(kind: type[msgspec.Struct]) -> Iterator[type[msgspec.Struct]]:
    for below in kind.__subclasses__():
        if below.__module__.startswith(_MODULES):
            yield below
        yield from _below(below)


def _polish(operation: dict[str, Any]) -> None:
    """Take the first sentence of the description as the summary, and drop what says nothing."""
    summary, _, rest = operation.pop("description").partition("\n\n")
    operation["summary"] = summary
    if rest:
        operation["description"] = rest
    operation.pop("deprecated", None)
    for parameter in operation.get("parameters", ()):
        for word in ("deprecated", "allowEmptyValue", "allowReserved"):
            parameter.pop(word, None)
    responses = operation["responses"]
    if "400" in responses and responses["400"]["content"][JSON_TYPE]["schema"] != _ERROR_BODY:
        # The framework's own idea of what any route with a parameter may answer.
        del responses["400"]
    for status, response in responses.items():
        response.pop("headers", None)
        if status in ("204", "302"):
            response.pop("content", None)
