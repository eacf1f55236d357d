"""The directory of rooms: /lite/rooms."""

from __future__ import annotations

from typing import get_args
from urllib.parse import urlencode

from tertulia.core.conversations import Conversations
from tertulia.core.errors import Invalid
from tertulia.core.ids import parse_id
from tertulia.core.members import Members
from tertulia.core.model import Listing, RoomOrder
from tertulia.gateways.pages.lite import paths
from tertulia.gateways.pages.lite.excerpts import one_line
from tertulia.gateways.pages.lite.naming import shade
from tertulia.gateways.pages.lite.visit import Answer, Fields, Page, See, Visit

PER_PAGE = 10
_MAX_DESCRIPTION_CHARS = 140
_ORDERS: dict[str, str] = {"popular": "Popular", "new": "Newest", "old": "Oldest"}
_DEFAULT_ORDER: RoomOrder = "popular"


class DirectoryPages:
    """Finding rooms, and walking in."""

    def __init__(self, conversations: Conversations, members: Members) -> None:
        self._conversations = conversations
        self._members = members

    async def show(self, visit: Visit) -> Answer:
        """List rooms, by topic, order and words of their names."""
        asked = visit.query
        topic, order, text = asked.text("topic"), _order(asked), asked.text("q")
        page = await self._conversations.directory(
            visit.actor, topic or None, order, text, asked.text("page") or None, PER_PAGE
        )
        words = {
            "rooms": [room(listing) for listing in page.items],
            "topics": self._conversations.topics,
            "orders": _ORDERS,
            "topic": topic,
            "order": order,
            "text": text,
            "more": page.token
            and urlencode({"topic": topic, "sort": order, "q": text, "page": page.token}),
        }
        return Page(template="directory.html", words=words)

    async def join(self, visit: Visit) -> Answer:
        """Walk into a room."""
        room_id = parse_id(visit.named["id"], "id")
        joined = await self._members.join(visit.actor, room_id)
        return See(paths.chat(joined.conversation) + paths.LATEST)


def room(listing: Listing) -> dict[str, object]:
    """Return a room as the directory shows it."""
    conversation = listing.conversation
    name = conversation.alias or conversation.name or ""
    return {
        "id": conversation.id,
        "href": paths.chat(conversation) + paths.LATEST,
        "name": name,
        "initial": name[:1].upper(),
        "shade": shade(conversation.id),
        "topic": conversation.topic,
        "members": conversation.member_count,
        "description": one_line(conversation.description or "", _MAX_DESCRIPTION_CHARS),
        "joined": listing.joined,
    }


def _order(asked: Fields) -> RoomOrder:
    order = asked.text("sort") or _DEFAULT_ORDER
    for known in get_args(RoomOrder):
        if order == known:
            return known  # type: ignore[no-any-return]
    raise Invalid("Rooms are sorted by new, old or popular.", attr="sort")
