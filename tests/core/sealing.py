"""What the people of a town publish and seal for one another; none of it means anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertulia.adapters.vault import FernetVault
from tertulia.core.encryption import KeyPair
from tertulia.core.ids import new_id
from tertulia.core.key_ring import KeyRing

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from tertulia.core.message import Message
    from tertulia.core.model import Actor
    from tests.core.town import Town


def ring() -> KeyRing:
    """Return what reads the keys of a town."""
    return KeyRing(FernetVault(["v" * 64]))


def pair() -> KeyPair:
    """Return a pair that nobody else has."""
    name = new_id().hex
    return KeyPair(
        public_key={"kty": "OKP", "x": name}, private_key={"v": 1, "ct": name, "iv": [1, {}]}
    )


def sealed(text: str, *people: Actor) -> dict[UUID, str]:
    """Return a text as it is sealed for each of these people."""
    return {each.account_id: seal(text, each.account_id) for each in people}


def seal(text: str, account_id: UUID) -> str:
    """Return a text as it is sealed for one person."""
    return f"{account_id}: {text}"


async def publish(town: Town, conversation_id: UUID, *people: Actor) -> None:
    """Have people publish keys, and leave no event of it."""
    for each in people:
        new = pair()
        await town.core.encryption_keys.publish(
            each, conversation_id, new.public_key, new.private_key
        )
    town.published.clear()


async def circle(town: Town, owner: Actor, *others: Actor) -> UUID:
    """Begin an encrypted group in which everybody has keys, and leave no event of it."""
    chat = await town.core.conversations.start_group(
        owner, "Peña", [each.account_id for each in others], encrypted=True, keys=pair()
    )
    await publish(town, chat.conversation.id, *others)
    return chat.conversation.id


def texts_of(messages: Iterable[Message]) -> list[str | None]:
    """Return what the copies of messages say; every message has to have one."""
    copies = [message.copy for message in messages]
    assert None not in copies
    return [copy.content for copy in copies if copy is not None]
