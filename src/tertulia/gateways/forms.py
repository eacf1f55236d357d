"""What HTML forms send: fields in one line (`a=1&b=2`), or parts with files between boundaries.

A form with a file is taken in piece by piece, so that nothing of the file stays in memory; what
stands beside it is short.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TypeAlias
from urllib.parse import parse_qsl

from multipart import (  # type: ignore[import-untyped]
    MultipartError,
    MultipartSegment,
    PushMultipartParser,
)

from tertulia.core.errors import Invalid

FORM_TYPE = "application/x-www-form-urlencoded"
MULTIPART_TYPE = "multipart/form-data"
MAX_FIELDS = 8
"""Of a form with a file."""
MAX_FIELD_BYTES = 1024

_MAX_FORM_FIELDS = 100

FormEvent: TypeAlias = MultipartSegment | bytes | None
"""A field begins; some of its bytes; it ends."""


def form_fields(body: bytes) -> list[tuple[str, str]]:
    """Return the fields of a URL-encoded form, in their order; raises Invalid."""
    try:
        return parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MAX_FORM_FIELDS,
        )
    except ValueError:
        raise _unreadable() from None


async def form_events(
    chunks: AsyncIterator[bytes], boundary: str | None
) -> AsyncIterator[FormEvent]:
    """Yield what happens in a form with files (RFC 7578) as its bytes come; raises Invalid."""
    if not boundary:
        raise _unreadable()
    try:
        with PushMultipartParser(boundary, max_segment_count=MAX_FIELDS) as parser:
            async for chunk in chunks:
                for event in parser.parse(chunk):
                    yield bytes(event) if isinstance(event, bytearray) else event
    except (MultipartError, UnicodeError, LookupError):
        raise _unreadable() from None


async def file_field(events: AsyncIterator[FormEvent]) -> AsyncIterator[bytes]:
    """Yield the bytes of the file whose field has just begun."""
    async for event in events:
        if not isinstance(event, bytes):
            return
        yield event
    raise _unreadable()


async def text_field(events: AsyncIterator[FormEvent], max_bytes: int = MAX_FIELD_BYTES) -> str:
    """Return the text of the field that has just begun; raises Invalid."""
    text = b""
    async for event in events:
        if not isinstance(event, bytes):
            break
        text += event
        if len(text) > max_bytes:
            raise Invalid("A field of this form is too long.", code="too_long")
    try:
        return text.decode()
    except UnicodeDecodeError:
        raise _unreadable() from None


def _unreadable() -> Invalid:
    return Invalid("This form cannot be read.")
