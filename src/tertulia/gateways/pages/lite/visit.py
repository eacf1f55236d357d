"""What a browser asks of the light pages, and the two things that it may be answered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from litestar.datastructures import Cookie
from multipart import MultipartSegment, parse_options_header  # type: ignore[import-untyped]

from tertulia.core.entrance import Device
from tertulia.core.errors import Invalid, NotAuthenticated, Refusal
from tertulia.core.model import Account, Actor
from tertulia.gateways.asgi import Receive, Scope, cookies, header
from tertulia.gateways.device_names import device_name
from tertulia.gateways.forms import (
    FORM_TYPE,
    MULTIPART_TYPE,
    FormEvent,
    form_events,
    form_fields,
    text_field,
)

IDLE_S = 30.0
"""How long a sender may be silent in the middle of a body."""


class TooLarge(Invalid):
    """A body has more bytes than this address takes."""

    default_code = "too_large"


class Gone(Exception):  # noqa: N818, it is what happened
    """The browser went away, or was silent for too long, before its body was whole."""


class Fields:
    """The fields of a query or a form, in their order."""

    def __init__(self, pairs: Sequence[tuple[str, str]] = ()) -> None:
        self._pairs = pairs

    def text(self, name: str) -> str:
        """Return a field's text, of a repeated one the last; empty where there is none."""
        return next((text for key, text in reversed(self._pairs) if key == name), "")

    def all(self, name: str) -> list[str]:
        """Return all texts of a repeated field."""
        return [text for key, text in self._pairs if key == name]


@dataclass(kw_only=True)
class Visit:
    """One request. `named` are the parts of the path that its route names.

    `who` comes, with their `account`; both are None for strangers. `refusal` is why a form was
    refused, for the page that shows it again. `kept` are cookies to set, whatever the answer is.
    `events` has what is left of a form with a file, from the file's field on.
    """

    scope: Scope
    receive: Receive
    cookies: Mapping[str, str]
    query: Fields
    named: Mapping[str, str] = field(default_factory=dict)
    form: Fields = field(default_factory=Fields)
    csrf_token: str = ""
    who: Actor | None = None
    account: Account | None = None
    refusal: Refusal | None = None
    kept: list[Cookie] = field(default_factory=list)
    events: AsyncIterator[FormEvent] | None = None

    @property
    def actor(self) -> Actor:
        """Whoever makes this request; raises NotAuthenticated."""
        if self.who is None:
            raise NotAuthenticated("Sign in first.")
        return self.who

    @property
    def me(self) -> Account:
        """The account of whoever makes this request; raises NotAuthenticated."""
        if self.account is None:
            raise NotAuthenticated("Sign in first.")
        return self.account

    @property
    def path(self) -> str:
        """The path without its query."""
        path: str = self.scope["path"]
        return path

    @property
    def device(self) -> Device:
        """What the request comes from: what it calls itself, and its network address."""
        client = self.scope["client"]
        name = device_name(header(self.scope, b"user-agent") or "")
        return Device(name=name, address=client[0] if client else "")

    async def read_form(self, max_bytes: int) -> None:
        """Read the form in the body; raises Invalid, TooLarge or Gone."""
        if content_type(self.scope)[0] != FORM_TYPE:
            raise Invalid("This form cannot be read.")
        body = b"".join([chunk async for chunk in self.body(max_bytes)])
        self.form = Fields(form_fields(body))

    async def begin_file_form(self, max_bytes: int, max_field_bytes: int) -> None:
        """Read a form up to its file; raises Invalid, TooLarge or Gone."""
        media_type, boundary = content_type(self.scope)
        if media_type != MULTIPART_TYPE:
            raise Invalid("This form cannot be read.")
        self.events = form_events(self.body(max_bytes), boundary)
        fields: list[tuple[str, str]] = []
        async for event in self.events:
            if isinstance(event, MultipartSegment):
                if event.filename is not None:
                    fields.append((event.name, event.filename))
                    break
                fields.append((event.name, await text_field(self.events, max_field_bytes)))
        self.form = Fields(fields)

    async def body(self, max_bytes: int) -> AsyncIterator[bytes]:
        """Yield the body as it comes; raises TooLarge or Gone."""
        size = 0
        while True:
            try:
                async with asyncio.timeout(IDLE_S):
                    message = await self.receive()
            except TimeoutError:
                raise Gone from None
            if message["type"] == "http.disconnect":
                raise Gone
            size += len(message.get("body", b""))
            if size > max_bytes:
                raise TooLarge("This is too large.")
            if message.get("body"):
                yield message["body"]
            if not message.get("more_body"):
                return


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page: its template and the words in it. `refresh_s` has it ask for itself again."""

    template: str
    words: Mapping[str, Any]
    status: int = 200
    refresh_s: int | None = None


@dataclass(frozen=True)
class See:
    """After an act: go and look there (303)."""

    path: str
    cookies: tuple[Cookie, ...] = ()


Answer = Page | See
View = Callable[[Visit], Awaitable[Answer]]


def content_type(scope: Scope) -> tuple[str, str | None]:
    """Return the type of a body and, of a form in parts, what stands between them."""
    media_type, options = parse_options_header(header(scope, b"content-type") or "")
    return media_type, options.get("boundary")


def visit_of(scope: Scope, receive: Receive) -> Visit:
    """Read what stands in the head of a request."""
    query = scope["query_string"].decode("latin-1")
    return Visit(
        scope=scope,
        receive=receive,
        cookies=cookies(scope),
        query=Fields(parse_qsl(query, keep_blank_values=True)),
    )
