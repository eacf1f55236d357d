"""How the keys of conversations are stored and read: sealed by the vault, within a work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from tertulia.core.encryption import (
    ConversationKeys,
    KeyObject,
    KeyPair,
    PublishedPair,
    StoredPair,
    key_of,
    worded,
)
from tertulia.core.errors import Conflict
from tertulia.core.model import Chat, Member, Membership
from tertulia.core.ports import Vault, Work

MAX_PAIRS = 500
"""How many pairs a person has in one conversation; none is ever forgotten."""


class KeyRing:
    """Puts keys into a work and takes them out."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def put(
        self,
        work: Work,
        conversation_id: UUID,
        account_id: UUID,
        seq: int,
        pair: KeyPair,
        at: datetime,
    ) -> None:
        """Store a pair that took this seq; Invalid for what is no key."""
        await work.encryption_keys.add(
            StoredPair(
                conversation_id=conversation_id,
                account_id=account_id,
                seq=seq,
                sealed_public_key=self._vault.seal(worded(pair.public_key, "public_key")),
                sealed_private_key=self._vault.seal(worded(pair.private_key, "private_key")),
                inserted_at=at,
            )
        )

    async def read(self, work: Work, place: Membership | Chat) -> ConversationKeys | None:
        """Return the keys of a conversation as this member sees them; None of an open one."""
        if not place.conversation.encrypted:
            return None
        sealed = await work.encryption_keys.current(place.conversation.id)
        own = [self._opened(stored) for stored in await self._own(work, place.member)]
        count = _current_count(place.member, own)
        identities = await work.account_keys.identities_of(sealed.keys())
        return ConversationKeys(
            public_keys=self._unsealed(sealed),
            current=own[0] if count else None,
            older=tuple(own[count:]),
            identities=self._unsealed(identities),
        )

    async def current(self, work: Work, member: Member) -> PublishedPair | None:
        """Return the pair that a member goes by; Conflict `too_many_keys` if it was the last."""
        stored = await self._own(work, member)
        if len(stored) >= MAX_PAIRS:
            raise Conflict("You have published too many keys here.", code="too_many_keys")
        latest = [self._opened(each) for each in stored[:1]]
        return latest[0] if _current_count(member, latest) else None

    async def _own(self, work: Work, member: Member) -> tuple[StoredPair, ...]:
        return await work.encryption_keys.of(member.conversation_id, member.account_id)

    def _unsealed(self, texts: Mapping[UUID, str]) -> dict[UUID, KeyObject]:
        return {owner_id: key_of(self._vault.unseal(text)) for owner_id, text in texts.items()}

    def _opened(self, stored: StoredPair) -> PublishedPair:
        return PublishedPair(
            pair=KeyPair(
                public_key=key_of(self._vault.unseal(stored.sealed_public_key)),
                private_key=key_of(self._vault.unseal(stored.sealed_private_key)),
            ),
            seq=stored.seq,
            inserted_at=stored.inserted_at,
        )


def _current_count(member: Member, own: Sequence[PublishedPair]) -> int:
    """Return how many of one's pairs are current: one, if it was published since one is here."""
    return int(bool(own) and own[0].seq >= member.joined_seq)
