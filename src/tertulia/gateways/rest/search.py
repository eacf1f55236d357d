"""Searching everything at once: /api/search."""

from __future__ import annotations

from typing import Annotated, get_args

from litestar import Controller
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from msgspec import Struct

from tertulia.core import texts
from tertulia.core.paging import page_size as size_of
from tertulia.core.search import Hit, Search
from tertulia.core.search_query import Carried, State, narrow, parse
from tertulia.gateways import objects
from tertulia.gateways.rest.bodies import ApiRequest
from tertulia.gateways.rest.routes import reading
from tertulia.gateways.rest.values import PageSize, PageToken, TextQuery

HITS_PER_PAGE = 20

# What they may say is the core's to judge, which names them as clients do.
PlaceQuery = Annotated[
    str | None,
    QueryParameter(name="in", description="A conversation, by its id or a part of its name."),
]
SenderQuery = Annotated[
    str | None,
    QueryParameter(
        name="from",
        description="Who sent it, by id, username or a part of the name; `me` for oneself.",
    ),
]
CarriedQuery = Annotated[
    str | None,
    QueryParameter(name="has", enum=get_args(Carried), description="What the message carries."),
]
KeptQuery = Annotated[
    str | None,
    QueryParameter(name="is", enum=get_args(State), description="Starred by oneself, or pinned."),
]
BeforeQuery = Annotated[
    str | None,
    QueryParameter(
        description="A day (`2026-01-31`, in UTC) or a moment (ISO-8601) before which it was sent."
    ),
]
AfterQuery = Annotated[
    str | None, QueryParameter(description="The day or the moment from which on it was sent.")
]


class SnippetPiece(Struct, frozen=True):
    """A piece of what a message says; `hit` where it is what was looked for."""

    text: str
    hit: bool


class MessageHit(Struct, frozen=True):
    """A message that was found, where it is, and the part of it that shows why."""

    message: objects.Message
    conversation: objects.Conversation
    snippet: list[SnippetPiece]


class MessageHitPage(Struct, frozen=True):
    """A page of messages found, with the people who sent them.

    It may be shorter than asked for, or even empty, although `page_token` leads on.
    """

    items: list[MessageHit]
    page_token: str | None
    users: list[objects.User]


class SearchResults(Struct, frozen=True):
    """What was found. `conversations` are one's own, `rooms` those that one is not in.

    Messages that have all words whole come first, then those that have some only within longer
    words; among each the newest come first. All else is found by words without operators, and
    stands on the first page alone.
    """

    messages: MessageHitPage
    conversations: list[objects.OwnConversation]
    rooms: list[objects.Listing]
    users: list[objects.User]


class SearchController(Controller):
    """Finding what was said, and where and with whom one talks."""

    path = "/api/search"
    tags = ["search"]

    @reading("/", "search", 400, 429)
    async def everywhere(
        self,
        request: ApiRequest,
        search: NamedDependency[Search],
        q: TextQuery = "",
        place: PlaceQuery = None,
        sender: SenderQuery = None,
        carried: CarriedQuery = None,
        before: BeforeQuery = None,
        after: AfterQuery = None,
        kept: KeptQuery = None,
        page_token: PageToken = None,
        page_size: PageSize = None,
    ) -> SearchResults:
        """Search messages, one's conversations, the directory and people.

        The operators work within `q` too: `from:ana in:"film club" has:image before:2026-01-31
        is:starred`.
        """
        size = size_of(page_size, HITS_PER_PAGE)
        operators = {
            "in": place,
            "from": sender,
            "has": carried,
            "before": before,
            "after": after,
            "is": kept,
        }
        query = narrow(parse(texts.search(q, "q")), operators.items())
        found = await search.everywhere(request.user, query, page_token or None, size)
        return SearchResults(
            messages=MessageHitPage(
                list(map(_hit, found.hits.items)), found.hits.token, objects.users(found.people)
            ),
            conversations=list(map(objects.own_conversation, found.chats)),
            rooms=list(map(objects.listing, found.rooms)),
            users=objects.users(found.accounts),
        )


def _hit(hit: Hit) -> MessageHit:
    return MessageHit(
        objects.message(hit.message),
        objects.conversation(hit.conversation),
        [SnippetPiece(piece.text, piece.is_hit) for piece in hit.snippet],
    )
