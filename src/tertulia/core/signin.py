"""Coming in and going out: passwords, refresh tokens and their rotation.

An access token is signed and short-lived. A refresh token is 256 random bits, stored as a digest,
and spent by its use, which issues the next one. Whoever presents a spent token shows that two
parties hold it, so the whole session ends.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tertulia.core import limits, texts
from tertulia.core.accounts import new_account
from tertulia.core.emails import Emails
from tertulia.core.entrance import (
    Admission,
    Device,
    Entrance,
    Lifetimes,
    SignedIn,
    still_open,
)
from tertulia.core.errors import Invalid, NotAuthenticated
from tertulia.core.events import SessionsEnded
from tertulia.core.limits import Limits, place_of
from tertulia.core.model import Actor, Credentials, RefreshToken, Session
from tertulia.core.onetime import digest_of
from tertulia.core.ports import AccessTokens, Clock, PasswordHasher, Storage, Work


class SignIn:
    """Coming in by password, staying in, and going out."""

    def __init__(
        self,
        storage: Storage,
        hasher: PasswordHasher,
        tokens: AccessTokens,
        lifetimes: Lifetimes,
        entrance: Entrance,
        emails: Emails,
        doors: Limits,
        clock: Clock,
    ) -> None:
        self._storage = storage
        self._hasher = hasher
        self._tokens = tokens
        self._lifetimes = lifetimes
        self._entrance = entrance
        self._emails = emails
        self._doors = doors
        self._clock = clock

    async def register(
        self,
        email: str,
        password: str,
        display_name: str | None,
        username: str | None,
        device: Device,
    ) -> SignedIn:
        """Make an account and sign in; the display name defaults to the e-mail address.

        A mail asks to confirm the address. Raises Invalid, with code `taken` where e-mail or
        username belong to somebody.
        """
        account = new_account(
            self._clock(), email=email, username=username, display_name=display_name
        )
        texts.password(password)
        await self._doors.take(limits.SIGN_UPS_FROM, place_of(device.address))
        hashed = await self._hasher.hash(password)
        async with self._storage.begin() as work:
            account = await work.accounts.add(account, hashed)
            await self._emails.ask_to_confirm(work, account)
            return await self._entrance.open_session(work, account, device)

    async def with_password(
        self,
        *,
        email: str | None = None,
        username: str | None = None,
        password: str,
        device: Device,
    ) -> Admission:
        """Sign in by e-mail or username; NotAuthenticated `invalid_credentials` if it fails.

        Tries for one account are slowed down, and so are tries from one place: RateLimited.
        """
        if (email is None) == (username is None):
            raise Invalid("Give either an email or a username.", code="required", attr="email")
        place = place_of(device.address)
        known = await self._known(email, username)
        # An account is one under all its names; what is nobody's name is slowed down alike.
        name = str(known.account.id) if known else (email or username or "").strip().casefold()
        tries = f"{name[: texts.MAX_EMAIL_CHARS]} {place}"
        await self._doors.take(limits.SIGN_INS_FROM, place)
        await self._doors.take(limits.SIGN_INS_OF_ACCOUNT, name[: texts.MAX_EMAIL_CHARS])
        await self._doors.attempt(limits.SIGN_INS, tries)
        # A password longer than any that was ever accepted is hashed in vain, and not whole.
        is_too_long = len(password) > texts.MAX_PASSWORD_CHARS
        stored = known.password_hash if known and not is_too_long else None
        fits, better_hash = await self._hasher.verify(password[: texts.MAX_PASSWORD_CHARS], stored)
        if known is None or not fits:
            raise NotAuthenticated("The name or the password is wrong.", code="invalid_credentials")
        await self._doors.forgive(limits.SIGN_INS, tries)
        return await self._enter(known, better_hash, device)

    async def refresh(self, token: str, address: str) -> SignedIn:
        """Exchange a refresh token for a new pair; a spent one ends its whole session.

        RateLimited where too many are shown from one place.
        """
        await self._doors.take(limits.REFRESHES_FROM, place_of(address))
        now = self._clock()
        async with self._storage.begin() as work:
            stored, session = await self._living(work, token, now)
            if await self._spend(work, stored, now):
                account = await still_open(work, session.account_id)
                return await self._entrance.issue(work, account, session)
            await self._end(work, session.account_id, session.id, now)
        raise _bad_refresh_token()

    async def renew(self, access_token: str, refresh_token: str) -> SignedIn:
        """Renew both tokens within a request whose access token expired a moment ago.

        The access token may have expired by no more than the tolerance, and both must belong to
        one session. Requests that a page makes at once all arrive with the same refresh token: the
        first spends it, and the others, within the grace period, get access only
        (`refresh_token` None) and change nothing. After that a spent one ends its whole session.
        """
        now = self._clock()
        tolerance_s = self._lifetimes.tolerance.total_seconds()
        account_id, session_id = self._tokens.read(access_token, now, tolerance_s)
        async with self._storage.begin() as work:
            stored, session = await self._living(work, refresh_token, now)
            if session.id != session_id or session.account_id != account_id:
                raise _bad_refresh_token()
            account = await still_open(work, account_id)
            if await self._spend(work, stored, now):
                return await self._entrance.issue(work, account, session)
            # Not spent when it was read, and yet not spent by this call: a sibling did, just now.
            if stored.spent_at is None or now - stored.spent_at <= self._lifetimes.grace:
                return self._entrance.signed_in(account, session, None, stored.expires_at)
            await self._end(work, account_id, session_id, now)
        raise _bad_refresh_token()

    async def sign_out(self, actor: Actor) -> None:
        """End the session of this call, its sockets included."""
        async with self._storage.begin() as work:
            await self._end(work, actor.account_id, actor.session_id, self._clock())

    async def sign_out_token(self, token: str) -> None:
        """End the session of a refresh token; says nothing about tokens it does not know."""
        async with self._storage.begin() as work:
            stored = await work.sessions.token(digest_of(token))
            session = await work.sessions.get(stored.session_id) if stored else None
            if session is not None:
                await self._end(work, session.account_id, session.id, self._clock())

    async def sign_out_all(self, actor: Actor) -> None:
        """End every session of this person on every device."""
        async with self._storage.begin() as work:
            await end_sessions(work, actor.account_id, self._clock())

    async def _known(self, email: str | None, username: str | None) -> Credentials | None:
        try:
            email = None if email is None else texts.email(email)
            username = None if username is None else texts.username(username)
        except Invalid:
            # What cannot be anybody's name is nobody's.
            return None
        async with self._storage.read() as work:
            return await work.accounts.credentials(email=email, username=username)

    async def _enter(
        self, known: Credentials, better_hash: str | None, device: Device
    ) -> Admission:
        async with self._storage.begin() as work:
            if better_hash is not None:
                await work.accounts.set_password_hash(known.account.id, better_hash)
            return await self._entrance.admit(work, known.account, device)

    async def _living(self, work: Work, token: str, now: datetime) -> tuple[RefreshToken, Session]:
        stored = await work.sessions.token(digest_of(token))
        session = await work.sessions.get(stored.session_id) if stored else None
        if stored is None or session is None or session.ended_at or stored.expires_at <= now:
            raise _bad_refresh_token()
        return stored, session

    async def _spend(self, work: Work, token: RefreshToken, now: datetime) -> bool:
        """Spend a token, which whoever comes second cannot."""
        if token.spent_at is not None or not await work.sessions.spend(token.digest, now):
            return False
        await work.sessions.touch(token.session_id, now)
        return True

    async def _end(self, work: Work, account_id: UUID, session_id: UUID, now: datetime) -> None:
        if await work.sessions.end(session_id, now):
            work.announce(SessionsEnded(account_id=account_id, session_ids=(session_id,)))


async def end_sessions(
    work: Work, account_id: UUID, now: datetime, *, but: Actor | None = None
) -> None:
    """End every session of an account, or every other one than the actor's own."""
    if but is None:
        ended = await work.sessions.end_all(account_id, now)
    else:
        ended = await work.sessions.end_others(but, now)
    if ended:
        work.announce(SessionsEnded(account_id=account_id, session_ids=ended))


def _bad_refresh_token() -> NotAuthenticated:
    return NotAuthenticated("This refresh token is not valid.", code="invalid_token")
