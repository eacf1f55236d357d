"""The second step of coming in: an authenticator app, a passkey, or a recovery code.

An app and the server share a secret and derive the same code from it every thirty seconds (TOTP,
RFC 6238). A code works once, and so does a recovery code. Tries are counted, durably and before
they are judged, for the token that the first step gave, and they are slowed down for the account.
"""

from __future__ import annotations

import hmac
import re
import secrets
from dataclasses import dataclass, replace
from uuid import UUID

import pyotp

from tertulia.core import limits, onetime
from tertulia.core.confirmation import FRESH, Confirmation
from tertulia.core.entrance import Device, Entrance, SignedIn
from tertulia.core.errors import Conflict, Invalid
from tertulia.core.limits import Limits
from tertulia.core.model import Account, Actor
from tertulia.core.passkeys import Credential, Passkeys
from tertulia.core.ports import Clock, Storage, Vault, Work
from tertulia.core.post import Post
from tertulia.core.proofs import Authenticator, Passkey, Purpose
from tertulia.core.second_step_switch import can_ask, settle_second_step, switch_second_step

MAX_TRIES = 5
RECOVERY_CODES = 10
STEP_S = 30
DRIFT_STEPS = 1
"""How far the clock of a telephone may be off, either way."""

# Without letters and digits that are taken for one another; sixteen of them have 79 bits.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_CODE_CHARS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Security:
    """How an account is kept, as its owner sees it.

    `fresh` says that the session began a moment ago, which stands for a password that is not there.
    """

    has_password: bool
    second_step: bool
    totp: bool
    recovery_codes_left: int
    passkeys: tuple[Passkey, ...]
    fresh: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NewApp:
    """What an authenticator app is told: the secret, and the same as an address for a QR code."""

    secret: str
    uri: str


class SecondSteps:
    """One's second step, and passing it."""

    def __init__(
        self,
        storage: Storage,
        vault: Vault,
        entrance: Entrance,
        confirmation: Confirmation,
        passkeys: Passkeys,
        post: Post,
        doors: Limits,
        clock: Clock,
        *,
        issuer: str,
    ) -> None:
        """Name accounts in apps after `issuer`, the host that people know the server by."""
        self._storage = storage
        self._vault = vault
        self._entrance = entrance
        self._confirmation = confirmation
        self._passkeys = passkeys
        self._post = post
        self._doors = doors
        self._clock = clock
        self._issuer = issuer

    async def security(self, actor: Actor) -> Security:
        """Return how one's account is kept."""
        async with self._storage.read() as work:
            known = await work.accounts.credentials(account_id=actor.account_id)
            app = await work.second_steps.authenticator(actor.account_id)
            session = await work.sessions.get(actor.session_id)
            account = await work.accounts.get(actor.account_id)
            return Security(
                has_password=known is not None and known.password_hash is not None,
                second_step=account.second_step,
                totp=app is not None and app.confirmed_at is not None,
                recovery_codes_left=await work.second_steps.codes_left(actor.account_id),
                passkeys=await work.passkeys.of(actor.account_id),
                fresh=session is not None and self._clock() - session.inserted_at <= FRESH,
            )

    async def begin_app(self, actor: Actor, password: str | None) -> NewApp:
        """Begin to use an authenticator app; it counts once a code of it has come.

        Conflict `has_app` where one is in use. Raises what `Confirmation.require` raises.
        """
        known = await self._confirmation.require(actor, password)
        secret = pyotp.random_base32()
        async with self._storage.begin() as work:
            account = await work.accounts.locked(known.id)
            app = await work.second_steps.authenticator(account.id)
            if app is not None and app.confirmed_at is not None:
                raise Conflict("Remove the app that is in use first.", code="has_app")
            await work.second_steps.put_authenticator(
                Authenticator(
                    account_id=account.id,
                    sealed_secret=self._vault.seal(secret),
                    confirmed_at=None,
                )
            )
        name = account.email or account.username or account.phone or account.display_name
        uri = pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=self._issuer)
        return NewApp(secret=secret, uri=uri)

    async def confirm_app(self, actor: Actor, code: str) -> tuple[str, ...]:
        """Use the app that was begun, whose code proves it; return new recovery codes.

        Coming in asks for a second step from now on. Invalid `invalid_code`, or Conflict `no_app`.
        """
        await self._doors.attempt(limits.SECOND_STEPS, str(actor.account_id))
        now = self._clock()
        async with self._storage.begin() as work:
            account = await work.accounts.locked(actor.account_id)
            app = await work.second_steps.authenticator(account.id)
            if app is None or app.confirmed_at is not None:
                raise Conflict("There is no app to confirm.", code="no_app")
            step = self._step_of(app, code)
            if step is None:
                raise bad_code()
            await work.second_steps.put_authenticator(
                replace(app, confirmed_at=now, last_step=step)
            )
            codes = await _give_codes(work, account)
            await switch_second_step(work, self._post, account, now, on=True)
        await self._doors.forgive(limits.SECOND_STEPS, str(actor.account_id))
        return codes

    async def remove_app(self, actor: Actor, password: str | None) -> None:
        """Use no authenticator app any longer; Conflict `no_app` where there is none."""
        known = await self._confirmation.require(actor, password)
        async with self._storage.begin() as work:
            account = await work.accounts.locked(known.id)
            if not await work.second_steps.drop_authenticator(account.id):
                raise Conflict("There is no app to remove.", code="no_app")
            await settle_second_step(work, self._post, account, self._clock())

    async def new_codes(self, actor: Actor, password: str | None) -> tuple[str, ...]:
        """Return new recovery codes; the old ones hold no longer. Conflict `nothing_to_ask_for`."""
        known = await self._confirmation.require(actor, password)
        async with self._storage.begin() as work:
            account = await work.accounts.locked(known.id)
            await _require_something(work, account)
            return await _give_codes(work, account)

    async def switch(self, actor: Actor, password: str | None, *, on: bool) -> tuple[str, ...]:
        """Ask for a second step from now on, or no longer; return recovery codes for the former.

        Conflict `nothing_to_ask_for` where there is neither an app nor a passkey.
        """
        known = await self._confirmation.require(actor, password)
        async with self._storage.begin() as work:
            account = await work.accounts.locked(known.id)
            if on:
                await _require_something(work, account)
            await switch_second_step(work, self._post, account, self._clock(), on=on)
            if on:
                return await _give_codes(work, account)
            await work.second_steps.replace_codes(account.id, [])
            return ()

    async def finish(self, token: str, code: str, device: Device) -> SignedIn:
        """Come in with a code of the app or a recovery code, after the first step.

        Invalid `invalid_token` for a token that does not hold or was tried too often, and
        `invalid_code`; RateLimited where an account was tried too often.
        """
        account_id = await self._begin_try(token)
        async with self._storage.begin() as work:
            account = await work.accounts.locked(account_id)
            if not await self._use_code(work, account, code):
                raise bad_code()
            signed_in = await self._let_in(work, token, account, device)
        await self._doors.forgive(limits.SECOND_STEPS, str(account_id))
        return signed_in

    async def passkey_options(self, token: str) -> dict[str, object]:
        """Return what a browser is asked to prove in a second step by passkey.

        Conflict `no_passkey` where the account has none.
        """
        async with self._storage.read() as work:
            held = await onetime.look_at(work, Purpose.SECOND_STEP, token, self._clock())
            known = await work.passkeys.of(onetime.owner_of(held))
        if not known:
            # Without a list of passkeys the browser would offer all that it has, in vain.
            raise Conflict("This account has no passkey.", code="no_passkey")
        return self._passkeys.second_step_options(token, known)

    async def finish_by_passkey(
        self, token: str, credential: Credential, device: Device
    ) -> SignedIn:
        """Come in with a passkey after the first step; raises as `finish` does."""
        account_id = await self._begin_try(token)
        async with self._storage.begin() as work:
            account = await self._passkeys.prove(
                work, token, credential, person=False, owner=account_id
            )
            signed_in = await self._let_in(work, token, account, device)
        await self._doors.forgive(limits.SECOND_STEPS, str(account_id))
        return signed_in

    async def _begin_try(self, token: str) -> UUID:
        """Count a try, for good, and return whose it is.

        Whoever is told to wait has not tried: the token is as good afterwards as it was before.
        """
        async with self._storage.read() as work:
            held = await onetime.look_at(work, Purpose.SECOND_STEP, token, self._clock())
        account_id = onetime.owner_of(held)
        if held.tries >= MAX_TRIES:
            raise onetime.bad_token()
        await self._doors.attempt(limits.SECOND_STEPS, str(account_id))
        async with self._storage.begin() as work:
            tries = await work.one_time_tokens.count_try(held.digest)
        # Others may have tried since the token was looked at.
        if tries > MAX_TRIES:
            raise onetime.bad_token()
        return account_id

    async def _let_in(self, work: Work, token: str, account: Account, device: Device) -> SignedIn:
        await onetime.redeem(work, Purpose.SECOND_STEP, token, self._clock())
        return await self._entrance.open_session(work, account, device)

    async def _use_code(self, work: Work, account: Account, code: str) -> bool:
        app = await work.second_steps.authenticator(account.id)
        if app is not None and app.confirmed_at is not None:
            step = self._step_of(app, code)
            if step is not None:
                return await work.second_steps.use_step(account.id, step)
        return await work.second_steps.use_code(account.id, _recovery_digest(code))

    def _step_of(self, app: Authenticator, code: str) -> int | None:
        """Return the time step whose code this is, within the drift."""
        typed = "".join(code.split())
        if not re.fullmatch("[0-9]{6}", typed):
            return None
        totp = pyotp.TOTP(self._vault.unseal(app.sealed_secret))
        now_step = int(self._clock().timestamp()) // STEP_S
        steps = range(now_step - DRIFT_STEPS, now_step + DRIFT_STEPS + 1)
        return next(
            (step for step in steps if hmac.compare_digest(totp.generate_otp(step), typed)), None
        )


def bad_code() -> Invalid:
    """Return the refusal of a code, whatever is wrong with it."""
    return Invalid("This code is wrong, or was used already.", code="invalid_code", attr="code")


async def _require_something(work: Work, account: Account) -> None:
    if not await can_ask(work, account):
        raise Conflict("Add an authenticator app or a passkey first.", code="nothing_to_ask_for")


async def _give_codes(work: Work, account: Account) -> tuple[str, ...]:
    codes = tuple(_recovery_code() for _ in range(RECOVERY_CODES))
    await work.second_steps.replace_codes(account.id, [_recovery_digest(code) for code in codes])
    return codes


def _recovery_code() -> str:
    chars = "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_CHARS))
    return "-".join(chars[at : at + 4] for at in range(0, _CODE_CHARS, 4))


def _recovery_digest(code: str) -> bytes:
    """Return what of a recovery code is stored; case, dashes and spaces do not count."""
    typed = re.sub(r"[\s-]", "", code[: 4 * _CODE_CHARS]).lower()
    return onetime.digest_of(typed)
