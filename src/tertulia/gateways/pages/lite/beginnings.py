"""Beginning a chat: /lite/new for two people, /lite/new/group, /lite/new/room."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from tertulia.core.accounts import Accounts
from tertulia.core.contacts import Contacts
from tertulia.core.conversations import Conversations
from tertulia.core.ids import parse_id
from tertulia.core.model import Account, Chat
from tertulia.gateways.pages.lite import paths
from tertulia.gateways.pages.lite.naming import name_of, shade
from tertulia.gateways.pages.lite.visit import Answer, Page, See, Visit

MAX_FOUND = 15
_MAX_CHOSEN = 50


class BeginningPages:
    """Finding people, and beginning something with them."""

    def __init__(
        self, conversations: Conversations, accounts: Accounts, contacts: Contacts
    ) -> None:
        self._conversations = conversations
        self._accounts = accounts
        self._contacts = contacts

    async def show(self, visit: Visit) -> Answer:
        """Look for somebody to talk to."""
        text = visit.query.text("q").strip()
        found = await self._people(visit, text)
        return Page(template="new.html", words={"text": text, "people": _rows(found)})

    async def start_private(self, visit: Visit) -> Answer:
        """Begin a private chat, or go to the one that there is."""
        other_id = parse_id(visit.form.text("user_id"), "user_id")
        return _into(await self._conversations.start_private(visit.actor, other_id))

    async def show_group(self, visit: Visit) -> Answer:
        """Ask for a name and for people; whoever was chosen stays so over a search."""
        text = visit.form.text("q").strip()
        chosen = _chosen(visit)
        kept = await self._accounts.people(visit.actor, chosen) if chosen else ()
        found = await self._people(visit, text)
        words = {
            "text": text,
            "chosen": _rows(kept),
            "people": _rows(person for person in found if person.id not in chosen),
        }
        return Page(template="new_group.html", words=words)

    async def start_group(self, visit: Visit) -> Answer:
        """Begin a group, or look for more people first."""
        if visit.form.text("do") == "search":
            return await self.show_group(visit)
        alias = visit.form.text("alias")
        return _into(await self._conversations.start_group(visit.actor, alias, _chosen(visit)))

    async def show_room(self, _: Visit) -> Answer:
        """Ask what a room is called and about."""
        return Page(template="new_room.html", words={"topics": self._conversations.topics})

    async def start_room(self, visit: Visit) -> Answer:
        """Open a room."""
        form = visit.form
        room = await self._conversations.start_room(
            visit.actor, form.text("alias"), form.text("topic"), None, form.text("description")
        )
        return _into(room)

    async def _people(self, visit: Visit, text: str) -> Sequence[Account]:
        if not text:
            return (await self._contacts.contacts(visit.actor))[:MAX_FOUND]
        return (await self._accounts.search(visit.actor, text, None, MAX_FOUND)).items


def _rows(people: Iterable[Account]) -> list[dict[str, object]]:
    return [
        {
            "id": person.id,
            "name": name_of(person),
            "initial": name_of(person)[:1].upper(),
            "shade": shade(person.id),
            "username": person.username,
        }
        for person in people
    ]


def _chosen(visit: Visit) -> list[UUID]:
    ids = dict.fromkeys(visit.form.all("user_id")[:_MAX_CHOSEN])
    return [parse_id(each, "user_id") for each in ids]


def _into(chat: Chat) -> See:
    return See(paths.chat(chat.conversation) + paths.LATEST)
