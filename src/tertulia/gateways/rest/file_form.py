"""A form with one file, taken in piece by piece: nothing of the file stays in memory.

The framework's own forms keep every field in memory, however large it is. Here the file goes where
the caller sends it, and what stands beside it is short.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from litestar.exceptions import ClientException
from multipart import MultipartSegment  # type: ignore[import-untyped]

from tertulia.core.errors import Invalid
from tertulia.core.ids import parse_id
from tertulia.gateways.forms import MULTIPART_TYPE, FormEvent, file_field, form_events, text_field
from tertulia.gateways.rest.bodies import ApiRequest
from tertulia.gateways.rest.streams import BodyCut, cut, parts

T = TypeVar("T")

FILE = "file"
CONVERSATION = "conversation_id"


@dataclass(frozen=True, slots=True)
class FileForm(Generic[T]):
    """What came: the conversation, the file's name, and what was made of the file."""

    conversation_id: UUID
    name: str
    file: T


async def take_file(
    request: ApiRequest,
    take: Callable[[AsyncIterator[bytes]], Awaitable[T]],
    discard: Callable[[T], Awaitable[None]],
    check: Callable[[UUID], Awaitable[None]],
) -> FileForm[T]:
    """Read a form with a file and the id of a conversation, in either order.

    `check` may refuse the conversation before the file is taken, where it comes first; `discard` is
    called with a file that was taken in vain.
    """
    reading = _Reading(take, check)
    try:
        await reading.read(_events(request))
        return reading.form()
    except BodyCut:
        await reading.discard(discard)
        raise cut() from None
    except BaseException:
        await reading.discard(discard)
        raise


class _Reading(Generic[T]):
    def __init__(
        self,
        take: Callable[[AsyncIterator[bytes]], Awaitable[T]],
        check: Callable[[UUID], Awaitable[None]],
    ) -> None:
        self._take = take
        self._check = check
        self._conversation_id: UUID | None = None
        self._taken: tuple[str, T] | None = None

    async def read(self, events: AsyncIterator[FormEvent]) -> None:
        async for event in events:
            if not isinstance(event, MultipartSegment):
                continue
            name = event.filename
            if event.name == FILE and name is not None:
                if self._taken is not None:
                    raise Invalid("One file at a time.", attr=FILE)
                self._taken = (name, await self._take(file_field(events)))
            else:
                text = await text_field(events)
                if event.name == CONVERSATION:
                    self._conversation_id = parse_id(text, CONVERSATION)
                    await self._check(self._conversation_id)

    def form(self) -> FileForm[T]:
        if self._taken is None:
            raise Invalid("A file is required.", code="required", attr=FILE)
        if self._conversation_id is None:
            raise Invalid("A conversation is required.", code="required", attr=CONVERSATION)
        return FileForm(self._conversation_id, *self._taken)

    async def discard(self, discard: Callable[[T], Awaitable[None]]) -> None:
        if self._taken is not None:
            await discard(self._taken[1])


def _events(request: ApiRequest) -> AsyncIterator[FormEvent]:
    content_type, options = request.content_type
    if content_type != MULTIPART_TYPE:
        raise ClientException(status_code=415)
    return form_events(parts(request), options.get("boundary"))
