"""The life of an encrypted group, and what each of its people has to find in it.

What is sealed names its reader and the public key that it is sealed to, so that whoever finds it
can tell whether it is theirs, and whether they have the key to it.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tertulia.core.errors import Refusal
from tertulia.core.ids import new_id
from tests.core.sealing import pair
from tests.replica import Replica, fresh_replica

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from uuid import UUID

    from tertulia.core.chat import ChatCore
    from tertulia.core.encryption import KeyObject
    from tertulia.core.model import Actor
    from tests.core.town import Town

ANYONE = 8
"""Fewer are meant to be one of those present, so that more comes of what people try."""
AS_IT_SHOULD_BE, NOT_FOR_ONE, FOR_A_STRANGER = "right", "short", "stranger"


@dataclass
class Said:
    """One message: what each holder's copy has to say, and what was reacted with."""

    id: UUID
    author: int
    copies: dict[int, str | None]
    reactions: dict[int, dict[int, str]] = field(default_factory=dict)
    is_deleted: bool = False


@dataclass
class SealedLife:
    """An encrypted group in which things happen; `said` is told apart from the server's own code.

    `present` has who is in it and `keyed` who published keys since they came, by their place among
    the `people`. `looks` are the snapshots taken on the way, by whom. Where things happen at the
    same moment, in haste, nobody can tell beforehand what comes of them.
    """

    town: Town
    people: list[Actor]
    conversation_id: UUID
    present: set[int]
    keyed: set[int]
    said: list[Said] = field(default_factory=list)
    sent: dict[tuple[int, str], Said] = field(default_factory=dict)
    looks: list[tuple[int, Replica]] = field(default_factory=list)
    first_head: int = 0
    is_hasty: bool = False

    @property
    def core(self) -> ChatCore:
        """Where it all happens."""
        return self.town.core

    async def publish(self, who: int) -> None:
        """Go by other keys."""
        new = pair()
        await self.core.encryption_keys.publish(
            self.people[who], self.conversation_id, new.public_key, new.private_key
        )
        self.keyed.add(who)

    async def publish_all(self) -> None:
        """Have everybody publish who has no keys yet."""
        for who in sorted(self.present - self.keyed):
            await self.publish(who)

    async def send(self, who: int, text: str, ref: str | None, way: str) -> None:
        """Send a message, perhaps once more, or for people who are not the right ones."""
        sealed = await self._sealed(text, who, way)
        first = None if ref is None else self.sent.get((who, ref))
        with self._refused(None if first else self._wrong(who, way)):
            sent = await self.core.sealed_messages.send(
                self.people[who], self.conversation_id, self._by_id(sealed), client_ref=ref
            )
            if first is not None:
                assert sent.id == first.id
                return
            said = Said(sent.id, who, dict(sealed))
            self.said.append(said)
            if ref is not None:
                self.sent[who, ref] = said

    async def edit(self, who: int | None, index: int, text: str, way: str) -> None:
        """Seal a message anew: its author, or anyone."""
        said = self._one(index)
        who = said.author if who is None else who
        sealed = await self._sealed(text, who, way)
        await self.core.sealed_messages.edit(self.people[who], said.id, self._by_id(sealed))
        said.copies |= {each: sealed[each] for each in said.copies.keys() & self.present}

    async def delete(self, who: int | None, index: int) -> None:
        """Delete a message, perhaps again: its author, or anyone."""
        said = self._one(index)
        who = said.author if who is None else who
        await self.core.messages.delete(self.people[who], said.id)
        said.is_deleted = True
        said.copies = dict.fromkeys(said.copies)
        said.reactions.clear()

    async def react(self, who: int, index: int, text: str, way: str) -> None:
        """React to a message instead of any time before."""
        said = self._one(index)
        sealed = await self._sealed(text, who, way)
        await self.core.sealed_messages.react(self.people[who], said.id, self._by_id(sealed))
        # Sealed for nobody, it is withdrawn.
        said.reactions[who] = {
            each: sealed[each] for each in said.copies.keys() & self.present if sealed
        }

    async def withdraw(self, who: int, index: int) -> None:
        """Take a reaction back."""
        said = self._one(index)
        await self.core.sealed_messages.react(self.people[who], said.id, {})
        said.reactions.pop(who, None)

    async def pin(self, who: int, index: int) -> None:
        """Pin a message."""
        await self.core.pins.pin(self.people[who], self._one(index).id)

    async def unpin(self, who: int, index: int) -> None:
        """Unpin a message."""
        await self.core.pins.unpin(self.people[who], self._one(index).id)

    async def add(self, who: int, whom: int) -> None:
        """Bring somebody in, who has no keys then."""
        account_id = self.people[whom].account_id
        if await self.core.members.add(self.people[who], self.conversation_id, [account_id]):
            self.present.add(whom)

    async def welcome(self, who: int, whom: int, text: str) -> None:
        """Bring somebody in who has not been here lately, let all be ready, and say something."""
        away = sorted(set(range(len(self.people))) - self.present)
        if away:
            await self.add(who, away[whom % len(away)])
        await self.publish_all()
        await self.send(who, text, None, AS_IT_SHOULD_BE)

    async def come_back(self, who: int, host: int, text: str) -> None:
        """Leave, be brought in again, and find that one has no keys there any more."""
        await self.leave(who)
        await self.add(host, who)
        await self.send(host, text, None, AS_IT_SHOULD_BE)

    async def remove(self, who: int, whom: int) -> None:
        """Remove somebody."""
        account_id = self.people[whom].account_id
        await self.core.members.remove(self.people[who], self.conversation_id, account_id)
        self._gone(whom)

    async def leave(self, who: int) -> None:
        """Leave."""
        await self.core.members.leave(self.people[who], self.conversation_id)
        self._gone(who)

    def someone(self, pick: int) -> int:
        """Return who is meant: one of those who are present, or from `ANYONE` on anyone at all."""
        if pick >= ANYONE or not self.present:
            return pick % len(self.people)
        return sorted(self.present)[pick % len(self.present)]

    async def look(self, who: int) -> None:
        """Take a snapshot."""
        with contextlib.suppress(Refusal):
            replica = await fresh_replica(self.core, self.people[who], self.conversation_id)
            self.looks.append((who, replica))

    async def keys(self, who: int) -> dict[UUID, KeyObject]:
        """Return the current keys as somebody sees them; none for one who sees nothing."""
        with contextlib.suppress(Refusal):
            actor = self.people[who]
            found = await self.core.encryption_keys.of(actor, self.conversation_id)
            return dict(found.public_keys)
        return {}

    def _one(self, index: int) -> Said:
        return self.said[index % len(self.said)] if self.said else Said(new_id(), 0, {})

    def _gone(self, who: int) -> None:
        self.present.discard(who)
        self.keyed.discard(who)

    def _wrong(self, who: int, way: str) -> str | None:
        """Return the code that a send has to be refused with, if it has to be."""
        if who not in self.present:
            return "not_found"
        if self.present != self.keyed:
            return "missing_keys"
        return {NOT_FOR_ONE: "not_enough_recipients", FOR_A_STRANGER: "too_many_recipients"}.get(
            way
        )

    @contextlib.contextmanager
    def _refused(self, code: str | None) -> Iterator[None]:
        """Expect this refusal, where one thing happens after the other."""
        try:
            yield
        except Refusal as refusal:
            assert self.is_hasty or refusal.code == code
        else:
            assert self.is_hasty or code is None

    async def _sealed(self, text: str, who: int, way: str) -> dict[int, str]:
        """Seal a text as somebody sees who is there, by the keys that they see then."""
        keys = await self.keys(who)
        people = set(self.present)
        if way == NOT_FOR_ONE:
            people.discard(max(people, default=0))
        if way == FOR_A_STRANGER:
            people.add(len(self.people))
        return {each: f"{self._id(each)} {self._key(keys, each)} {text}" for each in people}

    def _id(self, who: int) -> UUID:
        return self.people[who].account_id if who < len(self.people) else STRANGER

    def _key(self, keys: Mapping[UUID, KeyObject], who: int) -> object:
        return keys.get(self._id(who), {"x": "?"})["x"]

    def _by_id(self, sealed: Mapping[int, str]) -> dict[UUID, str]:
        return {self._id(who): text for who, text in sealed.items()}


STRANGER = new_id()
