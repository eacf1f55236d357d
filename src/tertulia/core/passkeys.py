"""Passkeys (W3C Web Authentication, level 3): a key pair whose private half never leaves a device.

A ceremony begins with a one-time token, from which its challenge follows, and ends with that token:
so a challenge is good for one ceremony, and nothing about it has to be kept in between. Coming in
by passkey proves two things at once, the device and the person before it, and so asks for no
second step.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from tertulia.core import limits, onetime, texts
from tertulia.core.confirmation import Confirmation
from tertulia.core.entrance import Device, Entrance, SignedIn
from tertulia.core.errors import Invalid, NotFound
from tertulia.core.limits import Limits, place_of
from tertulia.core.model import Account, Actor
from tertulia.core.ports import Clock, Storage, Work
from tertulia.core.post import Post
from tertulia.core.proofs import Passkey, Purpose
from tertulia.core.second_step_switch import settle_second_step
from tertulia.core.ways_in import require_another

MAX_NAME_CHARS = 50
MAX_PASSKEYS = 20

Credential = Mapping[str, object]
"""What a browser answers in a ceremony, as its `toJSON()` words it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCredential:
    """What a device has made: the public half of a new key pair."""

    id: bytes
    public_key: bytes
    sign_count: int
    transports: tuple[str, ...]


class Ceremony(Protocol):
    """The two ceremonies of the standard; what does not hold is Invalid `invalid_passkey`."""

    def creation_options(
        self, challenge: bytes, account: Account, known: Collection[Passkey]
    ) -> dict[str, object]:
        """Return what a browser is asked to make a passkey with; on no device with a known one."""

    def created(self, challenge: bytes, credential: Credential) -> NewCredential:
        """Return what was made, once its proof holds."""

    def request_options(
        self, challenge: bytes, allowed: Collection[Passkey] | None
    ) -> dict[str, object]:
        """Return what a browser is asked to prove; with any passkey where `allowed` is None."""

    def credential_id(self, credential: Credential) -> bytes:
        """Return which passkey an answer is by."""

    def proven(
        self, challenge: bytes, credential: Credential, passkey: Passkey, *, person: bool
    ) -> int:
        """Return the count of uses once a proof by this passkey holds.

        With `person` the device must have made sure who is before it (user verification), and say
        whom it takes them for (user handle).
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A ceremony that has begun: the token comes back with what the browser answers."""

    token: str
    options: dict[str, object]


class Passkeys:
    """One's passkeys, and coming in by one."""

    def __init__(
        self,
        storage: Storage,
        ceremony: Ceremony,
        entrance: Entrance,
        confirmation: Confirmation,
        post: Post,
        doors: Limits,
        clock: Clock,
    ) -> None:
        self._storage = storage
        self._ceremony = ceremony
        self._entrance = entrance
        self._confirmation = confirmation
        self._post = post
        self._doors = doors
        self._clock = clock

    async def begin_adding(self, actor: Actor, password: str | None) -> Begun:
        """Begin to make a passkey; raises what `Confirmation.require` raises."""
        account = await self._confirmation.require(actor, password)
        async with self._storage.begin() as work:
            known = await work.passkeys.of(account.id)
            _require_room(known)
            token = await onetime.issue(
                work, Purpose.PASSKEY_ADD, self._clock(), account_id=account.id
            )
        options = self._ceremony.creation_options(challenge_of(token), account, known)
        return Begun(token=token, options=options)

    async def add(
        self, actor: Actor, token: str, name: str | None, credential: Credential, device: Device
    ) -> Passkey:
        """Keep a passkey that a browser has made; without a name it is called after the device.

        Conflict `passkey_taken` for a known one.
        """
        called = _named_after(device) if name is None else texts.line(name, "name", MAX_NAME_CHARS)
        now = self._clock()
        async with self._storage.begin() as work:
            held = await onetime.look_at(work, Purpose.PASSKEY_ADD, token, now)
            if held.account_id != actor.account_id:
                raise onetime.bad_token()
            made = self._ceremony.created(challenge_of(token), credential)
            await onetime.redeem(work, Purpose.PASSKEY_ADD, token, now)
            # Held, so that ceremonies which end at once cannot go past the bound together.
            await work.accounts.locked(actor.account_id)
            _require_room(await work.passkeys.of(actor.account_id))
            passkey = Passkey(
                id=made.id,
                account_id=actor.account_id,
                public_key=made.public_key,
                sign_count=made.sign_count,
                name=called,
                transports=made.transports,
                inserted_at=now,
            )
            await work.passkeys.add(passkey)
        return passkey

    async def rename(self, actor: Actor, passkey_id: bytes, name: str) -> Passkey:
        """Give one of one's passkeys another name; NotFound where there is none."""
        called = texts.line(name, "name", MAX_NAME_CHARS)
        async with self._storage.begin() as work:
            passkey = None
            if await work.passkeys.rename(actor.account_id, passkey_id, called):
                passkey = await work.passkeys.get(passkey_id)
        if passkey is None:
            raise _no_passkey()
        return passkey

    async def remove(self, actor: Actor, passkey_id: bytes, password: str | None) -> None:
        """Forget one of one's passkeys; Conflict `last_way_in` where nothing else is left.

        With the last thing that a second step could ask for, the second step goes as well, which
        a mail tells.
        """
        known = await self._confirmation.require(actor, password)
        async with self._storage.begin() as work:
            account = await work.accounts.locked(known.id)
            if passkey_id not in {passkey.id for passkey in await work.passkeys.of(account.id)}:
                raise _no_passkey()
            await require_another(work, account, losing="passkey")
            await work.passkeys.drop(account.id, passkey_id)
            await settle_second_step(work, self._post, account, self._clock())

    async def begin_sign_in(self, device: Device) -> Begun:
        """Begin to come in by any passkey that the device has for this server."""
        await self._doors.take(limits.TOKENS_FROM, place_of(device.address))
        async with self._storage.begin() as work:
            token = await onetime.issue(work, Purpose.PASSKEY_SIGN_IN, self._clock())
        return Begun(token=token, options=self._ceremony.request_options(challenge_of(token), None))

    async def sign_in(self, token: str, credential: Credential, device: Device) -> SignedIn:
        """Come in by a passkey; Invalid `invalid_passkey` where the proof does not hold."""
        await self._doors.take(limits.SIGN_INS_FROM, place_of(device.address))
        async with self._storage.begin() as work:
            await onetime.redeem(work, Purpose.PASSKEY_SIGN_IN, token, self._clock())
        async with self._storage.begin() as work:
            account = await self.prove(work, token, credential, person=True)
            return await self._entrance.open_session(work, account, device)

    async def prove(
        self,
        work: Work,
        token: str,
        credential: Credential,
        *,
        person: bool,
        owner: UUID | None = None,
    ) -> Account:
        """Return who has proven themselves by a passkey, which must be the `owner`'s if named.

        The account's row is held from then on.
        """
        passkey_id = self._ceremony.credential_id(credential)
        found = await work.passkeys.get(passkey_id)
        if found is None or owner not in (None, found.account_id):
            raise bad_passkey()
        account = await work.accounts.locked(found.account_id)
        # Read again: of a key and its copy that come at once, the later one sees the earlier use.
        passkey = await work.passkeys.get(passkey_id)
        if passkey is None:
            raise bad_passkey()
        count = self._ceremony.proven(challenge_of(token), credential, passkey, person=person)
        await work.passkeys.used(passkey.id, count, self._clock())
        return account

    def second_step_options(self, token: str, known: Collection[Passkey]) -> dict[str, object]:
        """Return what a browser is asked to prove in the second step that a token stands for."""
        return self._ceremony.request_options(challenge_of(token), known)


def challenge_of(token: str) -> bytes:
    """Return the challenge of the ceremony that a one-time token stands for."""
    return hashlib.sha256(b"tertulia passkey " + token.encode("utf-8", "surrogatepass")).digest()


def bad_passkey() -> Invalid:
    """Return the refusal of a passkey's answer, whatever is wrong with it."""
    return Invalid("This passkey could not be used.", code="invalid_passkey", attr="credential")


def _require_room(known: Collection[Passkey]) -> None:
    if len(known) >= MAX_PASSKEYS:
        raise Invalid(f"At most {MAX_PASSKEYS} passkeys are kept.", code="too_many")


def _named_after(device: Device) -> str:
    return texts.label(device.name, MAX_NAME_CHARS).strip() or "Passkey"


def _no_passkey() -> NotFound:
    return NotFound("You have no such passkey.")
