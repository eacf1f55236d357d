"""Publishing and reading the keys of encrypted conversations."""

from __future__ import annotations

from uuid import UUID

from tertulia.core import message_policy
from tertulia.core.changing import Changing
from tertulia.core.encryption import (
    ConversationKeys,
    KeyObject,
    KeyPair,
    PublishedPair,
    worded,
)
from tertulia.core.events import KeysPublished
from tertulia.core.key_ring import KeyRing
from tertulia.core.model import Actor
from tertulia.core.ports import Clock, Storage


class EncryptionKeys:
    """The keys that members go by in encrypted conversations.

    They hold for as long as one is a member: whoever comes back publishes anew.
    """

    def __init__(self, storage: Storage, ring: KeyRing, changing: Changing, clock: Clock) -> None:
        self._storage = storage
        self._ring = ring
        self._changing = changing
        self._clock = clock

    async def publish(
        self,
        actor: Actor,
        conversation_id: UUID,
        public_key: KeyObject,
        private_key: KeyObject,
    ) -> PublishedPair:
        """Go by other keys in a conversation from now on; the current pair changes nothing.

        NotFound for one who is not a member, Conflict `not_encrypted` in an open conversation and
        `too_many_keys` past 500 pairs, Invalid naming `public_key` or `private_key` for what is no
        JSON object of at most 16 KiB. RateLimited as sends are.
        """
        pair = KeyPair(public_key=public_key, private_key=private_key)
        said = _said(pair)
        await self._changing.count(actor)
        async with self._storage.begin() as work:
            membership = await work.conversations.locked_for_member(
                actor.account_id, conversation_id
            )
            message_policy.is_encrypted(membership)
            current = await self._ring.current(work, membership.member)
            if current is not None and _said(current.pair) == said:
                return current
            seq, now = await work.conversations.take_seq(conversation_id), self._clock()
            await self._ring.put(work, conversation_id, actor.account_id, seq, pair, now)
            work.announce(
                KeysPublished(
                    conversation_id=conversation_id,
                    seq=seq,
                    account_id=actor.account_id,
                    public_key=public_key,
                )
            )
            return PublishedPair(pair=pair, seq=seq, inserted_at=now)

    async def of(self, actor: Actor, conversation_id: UUID) -> ConversationKeys:
        """Return the keys of a conversation; Conflict `not_encrypted` of an open one."""
        async with self._storage.read() as work:
            membership = await work.conversations.for_member(actor.account_id, conversation_id)
            message_policy.is_encrypted(membership)
            return await self._ring.read(work, membership) or ConversationKeys()


def _said(pair: KeyPair) -> tuple[str, str]:
    return worded(pair.public_key, "public_key"), worded(pair.private_key, "private_key")
