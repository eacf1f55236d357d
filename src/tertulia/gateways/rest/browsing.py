"""Looking through what was said: around a place, by what was carried, before edits, by readers."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from litestar import Controller
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from msgspec import Struct

from tertulia.core.browsing import Browsing
from tertulia.core.paging import page_size as size_of
from tertulia.core.talk_stores import MediaKind
from tertulia.gateways import objects
from tertulia.gateways.rest.bodies import ApiRequest
from tertulia.gateways.rest.messages import MESSAGES_PER_PAGE, MessagePage, message_page
from tertulia.gateways.rest.routes import reading
from tertulia.gateways.rest.values import OptionalSeqQuery, PageSize, PageToken


class MessagesAround(Struct, frozen=True):
    """Messages on both sides of the one at `target_seq`, the oldest first.

    Listing messages goes on with `older_token` and `sort` "desc", or with `newer_token` and "asc".
    A conversation without messages has no `target_seq`.
    """

    items: list[objects.Message]
    older_token: str | None
    newer_token: str | None
    users: list[objects.User]
    target_seq: int | None


class MessageVersion(Struct, frozen=True):
    """What a message said before, and since when."""

    content: str
    written_at: objects.Time


class MessageVersions(Struct, frozen=True):
    """All that a message said before its present text, the oldest first."""

    items: list[MessageVersion]


class Reader(Struct, frozen=True):
    """Somebody who has read as far as a message, and when they said so last."""

    user: objects.User
    read_at: objects.Time


class MessageReaders(Struct, frozen=True):
    """The others who have read a message."""

    items: list[Reader]


class BrowsingController(Controller):
    """Reading in other ways than from the ends of history."""

    path = "/api"
    tags = ["messages"]

    @reading("/messages/{message_id:uuid}/versions", "listMessageVersions", 403, 404)
    async def versions(
        self,
        request: ApiRequest,
        message_id: FromPath[UUID],
        browsing: NamedDependency[Browsing],
    ) -> MessageVersions:
        """Read what one's own message said before it was edited, its present text aside."""
        found = await browsing.versions(request.user, message_id)
        return MessageVersions(
            [MessageVersion(each.body, objects.time(each.written_at)) for each in found]
        )

    @reading("/messages/{message_id:uuid}/readers", "listMessageReaders", 403, 404)
    async def readers(
        self,
        request: ApiRequest,
        message_id: FromPath[UUID],
        browsing: NamedDependency[Browsing],
    ) -> MessageReaders:
        """Read which of the others have read a message; rooms do not tell."""
        found = await browsing.readers(request.user, message_id)
        return MessageReaders(
            [Reader(objects.user(person), objects.time(read_at)) for person, read_at in found]
        )

    @reading("/conversations/{conversation_id:uuid}/around", "listMessagesAround", 400, 404)
    async def around(
        self,
        request: ApiRequest,
        conversation_id: FromPath[UUID],
        browsing: NamedDependency[Browsing],
        seq: OptionalSeqQuery = None,
        message_id: FromQuery[UUID | None] = None,
        at: FromQuery[datetime | None] = None,
        page_size: PageSize = None,
    ) -> MessagesAround:
        """Read what was said around a place: the first message from a `seq` or a time on, or one.

        The place is named by one of `seq`, `message_id` and `at`. With nothing from there on it is
        the last message.
        """
        found = await browsing.around(
            request.user,
            conversation_id,
            size_of(page_size, MESSAGES_PER_PAGE),
            seq=seq,
            message_id=message_id,
            at=at,
        )
        return MessagesAround(
            objects.messages(found.messages),
            found.older_token,
            found.newer_token,
            objects.users(found.people),
            found.target_seq,
        )

    @reading("/conversations/{conversation_id:uuid}/media", "listMedia", 400, 404)
    async def media(
        self,
        request: ApiRequest,
        conversation_id: FromPath[UUID],
        browsing: NamedDependency[Browsing],
        kind: FromQuery[MediaKind],
        page_token: PageToken = None,
        page_size: PageSize = None,
    ) -> MessagePage:
        """Read the messages that carry something of a kind, the newest first."""
        size = size_of(page_size, MESSAGES_PER_PAGE)
        return message_page(
            await browsing.media(request.user, conversation_id, kind, page_token or None, size)
        )
