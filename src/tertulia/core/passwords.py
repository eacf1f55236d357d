"""Passwords: forgotten ones, changing them, and doing without one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from tertulia.core import limits, onetime, texts
from tertulia.core.accounts import change_account
from tertulia.core.confirmation import Confirmation
from tertulia.core.entrance import Entrance, SignedIn, require_open
from tertulia.core.errors import Invalid
from tertulia.core.letters import Letter, LetterKind
from tertulia.core.limits import Limits, place_of
from tertulia.core.model import Account, Actor
from tertulia.core.onetime import LIFETIMES
from tertulia.core.ports import Clock, PasswordHasher, Storage, Work
from tertulia.core.post import Post
from tertulia.core.proofs import Purpose
from tertulia.core.signin import end_sessions
from tertulia.core.ways_in import require_another


class Passwords:
    """One's password."""

    def __init__(
        self,
        storage: Storage,
        hasher: PasswordHasher,
        entrance: Entrance,
        confirmation: Confirmation,
        post: Post,
        doors: Limits,
        clock: Clock,
    ) -> None:
        self._storage = storage
        self._hasher = hasher
        self._entrance = entrance
        self._confirmation = confirmation
        self._post = post
        self._doors = doors
        self._clock = clock

    async def request_reset(self, email: str, address: str) -> None:
        """Send a link to an e-mail address, if it is somebody's; the caller cannot tell.

        `address` is the network address that asks. RateLimited beyond what is allowed to it or for
        this e-mail address.
        """
        wanted = texts.email(email)
        await self._doors.take(limits.LETTERS_FROM, place_of(address))
        await self._doors.take(limits.LETTERS_TO, wanted.casefold())
        async with self._storage.begin() as work:
            known = await work.accounts.credentials(email=wanted)
            if known is not None and known.account.disabled_at is None:
                await self.send_reset_link(work, known.account)

    async def send_reset_link(self, work: Work, account: Account) -> None:
        """Send a link by which an account's password is set anew; earlier ones hold no longer."""
        if account.email is None:
            return
        await self._post.drop(
            work,
            Letter(
                channel="mail",
                kind=LetterKind.RESET_PASSWORD,
                to=account.email,
                words={"name": account.display_name},
                path=await self.reset_path(work, account),
                expires_at=self._clock() + LIFETIMES[Purpose.RESET_PASSWORD],
            ),
        )

    async def reset_path(self, work: Work, account: Account) -> str:
        """Return where an account's password is set anew; earlier links hold no longer."""
        purpose = Purpose.RESET_PASSWORD
        await work.one_time_tokens.revoke(account.id, [purpose])
        token = await onetime.issue(
            work, purpose, self._clock(), account_id=account.id, detail=account.email
        )
        return f"/reset-password#{token}"

    async def owner_of_reset(self, token: str) -> Account:
        """Return whose password a token sets; it stays good. Invalid `invalid_token` otherwise."""
        async with self._storage.read() as work:
            held = await onetime.look_at(work, Purpose.RESET_PASSWORD, token, self._clock())
            return await work.accounts.get(onetime.owner_of(held))

    async def reset(self, token: str, new: str, confirmation: str) -> None:
        """Set a password by the link of a mail.

        Everything else that opens the account ends: sessions, and whatever links were sent. The
        address is confirmed by it. Invalid `invalid_token`, or what is wrong with the password.
        """
        require_same(new, confirmation)
        now = self._clock()
        # A token that does not hold is refused before anything is hashed for it.
        await self.owner_of_reset(token)
        hashed = await self._hasher.hash(new)
        async with self._storage.begin() as work:
            held = await onetime.redeem(work, Purpose.RESET_PASSWORD, token, now)
            account = await work.accounts.locked(onetime.owner_of(held))
            require_open(account)
            await self._store(work, account, hashed)
            await end_sessions(work, account.id, now)
            if account.confirmed_at is None and account.email and account.email == held.detail:
                await change_account(work, account, replace(account, confirmed_at=now), now)

    async def change(
        self, actor: Actor, password: str | None, new: str, confirmation: str
    ) -> SignedIn:
        """Set another password, or a first one; raises what `Confirmation.require` raises.

        Every other session ends, and no refresh token that was given out before holds any longer:
        the answer has a new one for the session that goes on.
        """
        require_same(new, confirmation)
        known = await self._confirmation.require(actor, password)
        hashed = await self._hasher.hash(new)
        now = self._clock()
        async with self._storage.begin() as work:
            account = await work.accounts.locked(known.id)
            await self._store(work, account, hashed)
            await end_sessions(work, account.id, now, but=actor)
            return await self._renewed(work, account, actor, now)

    async def remove(self, actor: Actor, password: str | None) -> None:
        """Do without a password; Conflict `last_way_in` where there is no other way in."""
        known = await self._confirmation.require(actor, password)
        async with self._storage.begin() as work:
            account = await work.accounts.locked(known.id)
            await require_another(work, account, losing="password")
            await work.accounts.set_password_hash(account.id, None)
            await self._post.tell(work, account, LetterKind.PASSWORD_REMOVED)

    async def set_directly(self, work: Work, account: Account, hashed: str) -> None:
        """Set a password for somebody and end all of their sessions, as an administrator does."""
        await self._store(work, account, hashed)
        await end_sessions(work, account.id, self._clock())

    async def _store(self, work: Work, account: Account, hashed: str) -> None:
        await work.accounts.set_password_hash(account.id, hashed)
        await work.one_time_tokens.revoke(account.id)
        await work.phone_codes.revoke(account.id)
        if account.phone is not None:
            await work.phone_codes.drop(account.phone, None)
        await self._post.tell(work, account, LetterKind.PASSWORD_CHANGED)

    async def _renewed(self, work: Work, account: Account, actor: Actor, now: datetime) -> SignedIn:
        session = await work.sessions.get(actor.session_id)
        if session is None or session.ended_at is not None:
            raise onetime.bad_token()
        await work.sessions.drop_tokens(session.id)
        await work.sessions.touch(session.id, now)
        return await self._entrance.issue(work, account, session)


def require_same(new: str, confirmation: str) -> None:
    """Raise Invalid unless this can be a password and was typed twice alike."""
    texts.password(new, "new_password")
    if new != confirmation:
        raise Invalid(
            "The two passwords are not the same.",
            code="mismatch",
            attr="new_password_confirmation",
        )
