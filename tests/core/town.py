"""A small town: the core over a real database, some people, and a record of what was announced."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import pytest

from tertulia.core.ids import new_id
from tertulia.core.model import Actor, Kind, Role
from tests import examples as eg

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from uuid import UUID

    from tertulia.core.chat import ChatCore
    from tertulia.core.errors import Refusal
    from tertulia.core.events import Event
    from tertulia.core.message import Message
    from tertulia.core.model import Account, Chat, Face, Page
    from tertulia.core.ports import Storage

T = TypeVar("T")


@dataclass
class Town:
    """The core, the people who are signed in, and every event that nobody has looked at yet.

    The database outlives a town and is shared with those before it: people and conversations are
    a test's own, but a list of everything there is has more in it.
    """

    core: ChatCore
    storage: Storage
    published: list[Event] = field(default_factory=list)
    actors: list[Actor] = field(default_factory=list)

    @property
    def ids(self) -> list[UUID]:
        """Whose accounts they are."""
        return [actor.account_id for actor in self.actors]

    async def settle(self, *names: str) -> list[Actor]:
        """Bring new people into town, signed in by a session each; no password opens their door."""
        async with self.storage.begin() as work:
            newcomers = []
            for name in names:
                account = await work.accounts.add(_account(name), None)
                session = eg.session(account.id)
                await work.sessions.add(session)
                newcomers.append(Actor(account_id=account.id, session_id=session.id))
        self.actors.extend(newcomers)
        return newcomers

    async def private(self, one: Actor, other: Actor) -> UUID:
        """Begin a private chat, and leave no event of it."""
        return self._begun(await self.core.conversations.start_private(one, other.account_id))

    async def group(self, owner: Actor, *others: Actor) -> UUID:
        """Begin a group, and leave no event of it."""
        ids = [other.account_id for other in others]
        return self._begun(await self.core.conversations.start_group(owner, "Peña", ids))

    async def room(self, owner: Actor, *others: Actor) -> UUID:
        """Open a room that others walk into, and leave no event of it."""
        chat = await self.core.conversations.start_room(owner, "Plaza", "general", None, None)
        for other in others:
            await self.core.members.join(other, chat.conversation.id)
        return self._begun(chat)

    async def conversation(self, kind: Kind, owner: Actor, *others: Actor) -> UUID:
        """Begin a conversation of this kind; a private chat takes the first of the others."""
        match kind:
            case Kind.PRIVATE:
                return await self.private(owner, others[0])
            case Kind.GROUP:
                return await self.group(owner, *others)
            case Kind.ROOM:
                return await self.room(owner, *others)

    async def bring(self, host: Actor, conversation_id: UUID, *guests: Actor) -> None:
        """Bring people into a conversation one after the other."""
        for guest in guests:
            await self.core.members.add(host, conversation_id, [guest.account_id])

    async def promote(self, owner: Actor, conversation_id: UUID, *admins: Actor) -> None:
        """Make people admins, and leave no event of it."""
        for admin in admins:
            await self.core.members.set_role(owner, conversation_id, admin.account_id, Role.ADMIN)
        self.published.clear()

    async def roles(self, conversation_id: UUID) -> dict[UUID, Role]:
        """Return who is in a conversation, in order of joining, and as what."""
        async with self.storage.read() as work:
            present = await work.members.present(conversation_id)
        return {member.account_id: member.role for member in present}

    async def history(self, reader: Actor, conversation_id: UUID) -> list[Message]:
        """Return all messages of a short conversation, the oldest first."""
        found = await self.core.openings.history(reader, conversation_id, None, 100, "asc")
        return list(found.messages.items)

    async def account(self, actor: Actor) -> Account:
        """Return somebody's account as its owner sees it."""
        return await self.core.accounts.me(actor)

    async def face(self, actor: Actor) -> Face:
        """Return what everybody may see of somebody."""
        return (await self.account(actor)).face

    async def head(self, conversation_id: UUID) -> int:
        """Return the head seq of a conversation."""
        async with self.storage.read() as work:
            return (await work.conversations.heads([conversation_id]))[conversation_id]

    async def unread(self, actor: Actor, conversation_id: UUID) -> int:
        """Return how many messages somebody has not read."""
        return (await self.core.conversations.get(actor, conversation_id)).unread

    def heard(self) -> list[Event]:
        """Return what was announced since this was asked last."""
        heard = list(self.published)
        self.published.clear()
        return heard

    @contextmanager
    def refuses(self, kind: type[Refusal], code: str, attr: str | None = None) -> Iterator[None]:
        """Expect exactly this refusal, and that nothing is announced."""
        before = list(self.published)
        with pytest.raises(kind) as caught:
            yield
        refusal = caught.value
        assert (type(refusal), refusal.code, refusal.attr) == (kind, code, attr)
        assert self.published == before

    def _begun(self, chat: Chat) -> UUID:
        self.published.clear()
        return chat.conversation.id


async def everything(
    page_at: Callable[[str | None, int], Awaitable[Page[T]]], size: int
) -> list[T]:
    """Page through to the end; no page is longer than `size`, and only the last one shorter."""
    items: list[T] = []
    token: str | None = None
    while True:
        page = await page_at(token, size)
        items.extend(page.items)
        token = page.token
        assert len(page.items) == size or (token is None and len(page.items) < size)
        if token is None:
            return items


def _account(name: str) -> Account:
    # Names are unique, and this database has seen many an Ana.
    unique = f"{name}_{new_id().hex[-12:]}"
    return eg.account(email=f"{unique}@example.org", username=unique, display_name=name.title())
