"""One's own keys: the identity that others know one by, and the ways to the secret behind it.

The secret is made on a device and wraps every private key there. A new device finds it through one
of the wraps that are kept here, by a recovery key or a passkey, so there is always one at least.
Whoever has lost them all begins anew with another identity, of which those they talk with are told:
that is what somebody else at their account would do as well, so it is confirmed as whatever cannot
be taken back.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from tertulia.core import limits, texts
from tertulia.core.account_key import (
    KeyWrap,
    NewWrap,
    OwnIdentity,
    OwnKeys,
    StoredIdentity,
    StoredWrap,
)
from tertulia.core.confirmation import Confirmation
from tertulia.core.encryption import KeyObject, KeyPair, key_of, worded
from tertulia.core.errors import Conflict, Invalid, NotFound
from tertulia.core.ids import new_id
from tertulia.core.key_events import IdentityChanged
from tertulia.core.limits import Limits
from tertulia.core.model import Actor
from tertulia.core.ports import Clock, Storage, Vault, Work

MAX_WRAPS = 20
MAX_LABEL_CHARS = 50


class AccountKeys:
    """Identities and wraps; what is stored of them is sealed by the vault."""

    def __init__(
        self,
        storage: Storage,
        vault: Vault,
        confirmation: Confirmation,
        doors: Limits,
        clock: Clock,
    ) -> None:
        self._storage = storage
        self._vault = vault
        self._confirmation = confirmation
        self._doors = doors
        self._clock = clock

    async def mine(self, actor: Actor) -> OwnKeys:
        """Return one's own keys, wrapped as they were brought."""
        async with self._storage.read() as work:
            return await self._of(work, actor.account_id)

    async def set_identity(
        self,
        actor: Actor,
        pair: KeyPair,
        wraps: Sequence[NewWrap],
        replaces: int | None,
        password: str | None,
    ) -> OwnKeys:
        """Go by an identity from now on, and find its secret by these wraps and no others.

        `replaces` is the version of the one that one has, None where there is none: Conflict
        `conflict` if that is not so. Replacing one raises what `Confirmation.require` raises as
        well. Invalid names what cannot be stored, or `wraps` without any; RateLimited.
        """
        account_id, now = actor.account_id, self._clock()
        identity = self._sealed(account_id, pair, 1 if replaces is None else replaces + 1, now)
        stored = self._sealed_wraps(account_id, wraps, now)
        await self._doors.take(limits.IDENTITIES_OF, str(account_id))
        if replaces is not None:
            await self._confirmation.require(actor, password)
        async with self._storage.begin() as work:
            await work.accounts.locked(account_id)
            before = await work.account_keys.identity(account_id)
            if (before.version if before else None) != replaces:
                raise Conflict("Another device of yours has changed this meanwhile.")
            await work.account_keys.put_identity(identity)
            await work.account_keys.drop_wraps(account_id)
            await work.account_keys.add_wraps(stored)
            # Nobody is handed a secret that opens nothing any more.
            await work.handovers.drop_all(account_id)
            others = await work.account_keys.correspondents(account_id)
            work.announce(
                IdentityChanged(
                    account_id=account_id,
                    public_key=pair.public_key,
                    audience=others | {account_id},
                )
            )
            return await self._of(work, account_id)

    async def add_wrap(
        self,
        actor: Actor,
        wrap: NewWrap,
        version: int | None,
        replaces: Collection[UUID] = (),
        password: str | None = None,
    ) -> KeyWrap:
        """Keep one more way to one's secret, in place of those that it replaces.

        To replace some, which may be gone already, raises what `Confirmation.require` raises.
        Conflict: `no_identity` where there is nothing to be found, `conflict` if it belongs to
        another `version` than the present one, `too_many_wraps`; Invalid names what cannot be
        stored; RateLimited.
        """
        await self._doors.take(limits.WRAPS_OF, str(actor.account_id))
        (stored,) = self._sealed_wraps(actor.account_id, [wrap], self._clock(), at=None)
        if replaces:
            await self._confirmation.require(actor, password)
        async with self._storage.begin() as work:
            await work.accounts.locked(actor.account_id)
            identity = await work.account_keys.identity(actor.account_id)
            if identity is None:
                raise Conflict("You have no identity yet.", code="no_identity")
            if version not in (None, identity.version):
                raise Conflict("Another device of yours has changed this meanwhile.")
            for wrap_id in replaces:
                await work.account_keys.drop_wrap(actor.account_id, wrap_id)
            if len(await work.account_keys.wraps(actor.account_id)) >= MAX_WRAPS:
                raise Conflict(f"At most {MAX_WRAPS} are kept.", code="too_many_wraps")
            await work.account_keys.add_wraps([stored])
        return self._opened(stored)

    async def drop_wrap(self, actor: Actor, wrap_id: UUID, password: str | None) -> None:
        """Forget one way to one's secret; Conflict `last_wrap` where there is no other.

        Raises what `Confirmation.require` raises; NotFound where one has no such wrap.
        """
        await self._confirmation.require(actor, password)
        async with self._storage.begin() as work:
            await work.accounts.locked(actor.account_id)
            kept = {wrap.id for wrap in await work.account_keys.wraps(actor.account_id)}
            if wrap_id not in kept:
                raise NotFound("You have no such way to your keys.")
            if len(kept) == 1:
                raise Conflict("This is the last way to your keys.", code="last_wrap")
            await work.account_keys.drop_wrap(actor.account_id, wrap_id)

    async def identity_of(self, account_id: UUID) -> KeyObject | None:
        """Return the public identity of anybody who can be found here; NotFound otherwise."""
        async with self._storage.read() as work:
            if not await work.accounts.find([account_id]):
                raise NotFound("There is no such person.")
            return (await self.identities_in(work, [account_id])).get(account_id)

    async def identities_of(self, account_ids: Collection[UUID]) -> dict[UUID, KeyObject]:
        """Return the public identities of those of these people who have one."""
        async with self._storage.read() as work:
            return await self.identities_in(work, account_ids)

    async def identities_in(
        self, work: Work, account_ids: Collection[UUID]
    ) -> dict[UUID, KeyObject]:
        """Do as `identities_of` does, within a transaction."""
        sealed = await work.account_keys.identities_of(account_ids)
        return {owner_id: key_of(self._vault.unseal(text)) for owner_id, text in sealed.items()}

    async def _of(self, work: Work, account_id: UUID) -> OwnKeys:
        stored = await work.account_keys.identity(account_id)
        wraps = await work.account_keys.wraps(account_id)
        return OwnKeys(
            identity=None if stored is None else self._identity(stored),
            wraps=tuple(map(self._opened, wraps)),
        )

    def _sealed(
        self, account_id: UUID, pair: KeyPair, version: int, now: datetime
    ) -> StoredIdentity:
        return StoredIdentity(
            account_id=account_id,
            sealed_public_key=self._vault.seal(worded(pair.public_key, "public_key")),
            sealed_private_key=self._vault.seal(worded(pair.private_key, "private_key")),
            version=version,
            inserted_at=now,
        )

    def _sealed_wraps(
        self, account_id: UUID, wraps: Sequence[NewWrap], now: datetime, at: str | None = "wraps"
    ) -> list[StoredWrap]:
        """Return what is stored of wraps that stand in the field `at`, or are all that is said."""
        if not wraps:
            raise Invalid("There must be a way back to your keys.", code="required", attr="wraps")
        if len(wraps) > MAX_WRAPS:
            raise Invalid(f"At most {MAX_WRAPS} are kept.", code="too_many", attr="wraps")
        places = [f"{at}.{index}." if at else "" for index in range(len(wraps))]
        return [
            StoredWrap(
                id=new_id(),
                account_id=account_id,
                kind=wrap.kind,
                label=_label(wrap.label, f"{place}label"),
                sealed=self._vault.seal(worded(wrap.wrapped, f"{place}wrapped")),
                inserted_at=now,
            )
            for place, wrap in zip(places, wraps, strict=True)
        ]

    def _identity(self, stored: StoredIdentity) -> OwnIdentity:
        return OwnIdentity(
            public_key=key_of(self._vault.unseal(stored.sealed_public_key)),
            private_key=key_of(self._vault.unseal(stored.sealed_private_key)),
            version=stored.version,
            inserted_at=stored.inserted_at,
        )

    def _opened(self, stored: StoredWrap) -> KeyWrap:
        return KeyWrap(
            id=stored.id,
            kind=stored.kind,
            label=stored.label,
            wrapped=key_of(self._vault.unseal(stored.sealed)),
            inserted_at=stored.inserted_at,
        )


def _label(text: str | None, attr: str) -> str | None:
    return texts.line(text, attr, MAX_LABEL_CHARS) if text else None
