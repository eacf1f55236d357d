"""Telephone numbers: coming in by a code that is sent to one, and having one on an account.

A code has six digits and could be guessed from its bare digest, so what is stored is keyed. It is
tried five times at most, and every try is durable before it is judged: guesses at the same moment
count like guesses one after the other.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from tertulia.core import limits, texts
from tertulia.core.accounts import change_account
from tertulia.core.confirmation import Confirmation
from tertulia.core.entrance import Admission, Device, Entrance, require_open
from tertulia.core.errors import Invalid
from tertulia.core.letters import Letter, LetterKind
from tertulia.core.limits import Limits, place_of
from tertulia.core.model import Account, Actor
from tertulia.core.new_accounts import add_account
from tertulia.core.ports import Clock, Storage, Work
from tertulia.core.post import Post
from tertulia.core.proofs import PhoneCode
from tertulia.core.ways_in import require_another

CODE_DIGITS = 6
CODE_LIFETIME = timedelta(minutes=5)
MAX_TRIES = 5


class Phones:
    """Telephone numbers of people."""

    def __init__(
        self,
        storage: Storage,
        entrance: Entrance,
        confirmation: Confirmation,
        post: Post,
        doors: Limits,
        clock: Clock,
        *,
        secret: str,
        region: str | None,
    ) -> None:
        """Read numbers without a country's code as those of `region`; `secret` keys the codes."""
        self._storage = storage
        self._entrance = entrance
        self._confirmation = confirmation
        self._post = post
        self._doors = doors
        self._clock = clock
        # A key of its own, so that what is made with it never passes for anything else.
        self._key = hmac.digest(secret.encode(), b"tertulia phone codes", "sha256")
        self.region = region

    async def request_code(self, number: str, device: Device) -> None:
        """Send a code to a number, whether or not it is somebody's."""
        phone = texts.phone(number, self.region)
        await self._doors.take(limits.PHONE_CODES_FROM, place_of(device.address))
        await self._send_code(phone, None)

    async def sign_in(
        self, number: str, code: str, display_name: str | None, device: Device
    ) -> Admission:
        """Come in by the code that was sent; the first time makes an account.

        Invalid `invalid_code` names `code`. A name that is given is that of the new account.
        """
        phone = texts.phone(number, self.region)
        name = None if display_name is None else texts.display_name(display_name)
        await self._doors.take(limits.SIGN_INS_FROM, place_of(device.address))
        await self._check_code(phone, None, code)
        async with self._storage.begin() as work:
            await self._spend_code(work, phone, None)
            account = await work.accounts.by_phone(phone)
            if account is None:
                account = await add_account(work, self._clock(), name=name, phone=phone)
            return await self._entrance.admit(work, account, device)

    async def request_own(self, actor: Actor, number: str, device: Device) -> None:
        """Send a code to a number that somebody wants to have on their account.

        Whether it is somebody else's is told to nobody who has not proven to read its messages.
        """
        phone = texts.phone(number, self.region)
        # By both: accounts cost little from one address, and addresses cost an account little.
        await self._doors.take(limits.PHONE_CODES_FROM, place_of(device.address))
        await self._doors.take(limits.PHONE_CODES_FROM, str(actor.account_id))
        await self._send_code(phone, actor.account_id)

    async def add_own(self, actor: Actor, number: str, code: str) -> Account:
        """Have a number on one's account, in the place of any before.

        Invalid `invalid_code` names `code`, and `taken` names `phone`.
        """
        phone = texts.phone(number, self.region)
        await self._check_code(phone, actor.account_id, code)
        async with self._storage.begin() as work:
            # The account first, as whoever takes its codes back has it in hand by then.
            old = await work.accounts.locked(actor.account_id)
            require_open(old)
            await self._spend_code(work, phone, actor.account_id)
            return await change_account(work, old, replace(old, phone=phone), self._clock())

    async def remove_own(self, actor: Actor, password: str | None) -> Account:
        """Have no number any longer; Conflict `last_way_in` where there is no other way in."""
        known = await self._confirmation.require(actor, password)
        async with self._storage.begin() as work:
            old = await work.accounts.locked(known.id)
            if old.phone is not None:
                await require_another(work, old, losing="phone")
            return await change_account(work, old, replace(old, phone=None), self._clock())

    async def _send_code(self, phone: str, asker: UUID | None) -> None:
        await self._doors.take(limits.PHONE_CODES_TO, phone)
        code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
        expires_at = self._clock() + CODE_LIFETIME
        letter = Letter(
            channel="sms",
            kind=LetterKind.PHONE_CODE,
            to=phone,
            words={"code": code},
            expires_at=expires_at,
        )
        held = PhoneCode(
            phone=phone,
            asker=asker,
            digest=self._digest(phone, asker, code),
            expires_at=expires_at,
        )
        async with self._storage.begin() as work:
            await work.phone_codes.put(held)
            await self._post.drop(work, letter)

    async def _check_code(self, phone: str, asker: UUID | None, code: str) -> None:
        await self._doors.take(limits.PHONE_TRIES, phone)
        async with self._storage.begin() as work:
            held = await work.phone_codes.try_one(phone, asker)
        is_right = (
            held is not None
            and held.tries <= MAX_TRIES
            and held.expires_at > self._clock()
            and hmac.compare_digest(held.digest, self._digest(phone, asker, code))
        )
        if not is_right:
            raise _bad_code()

    async def _spend_code(self, work: Work, phone: str, asker: UUID | None) -> None:
        if not await work.phone_codes.drop(phone, asker):
            raise _bad_code()

    def _digest(self, phone: str, asker: UUID | None, code: str) -> bytes:
        typed = "".join(code.split())[: 2 * CODE_DIGITS]
        # With all three in it, a digest whose code is known tells nothing of any other.
        held = f"{phone} {asker or ''} {typed}"
        return hmac.digest(self._key, held.encode("utf-8", "surrogatepass"), "sha256")


def _bad_code() -> Invalid:
    return Invalid("This code is wrong or too old.", code="invalid_code", attr="code")
