"""Making sure that it is the person themselves before something that cannot be taken back."""

from __future__ import annotations

from datetime import timedelta

from tertulia.core import limits, texts
from tertulia.core.errors import Forbidden, Invalid
from tertulia.core.limits import Limits
from tertulia.core.model import Account, Actor
from tertulia.core.ports import Clock, PasswordHasher, Storage

FRESH = timedelta(minutes=10)
"""How long after signing in somebody without a password is taken at their word."""


class Confirmation:
    """Asks for the password once more, or for a fresh sign-in where there is none."""

    def __init__(
        self, storage: Storage, hasher: PasswordHasher, doors: Limits, clock: Clock
    ) -> None:
        self._storage = storage
        self._hasher = hasher
        self._doors = doors
        self._clock = clock

    async def require(self, actor: Actor, password: str | None) -> Account:
        """Return the actor's account, or refuse.

        With a password set: Invalid, `required` or `wrong_password`, naming `password`; tries are
        slowed down (RateLimited). Without one: Forbidden `sign_in_again` unless the session began
        a moment ago.
        """
        async with self._storage.read() as work:
            known = await work.accounts.credentials(account_id=actor.account_id)
            session = await work.sessions.get(actor.session_id)
        if known is None or session is None:
            raise Forbidden("Sign in again first.", code="sign_in_again")
        if known.password_hash is None:
            if self._clock() - session.inserted_at > FRESH:
                raise Forbidden("Sign in again first.", code="sign_in_again")
            return known.account
        if not password:
            raise Invalid("Enter your password.", code="required", attr="password")
        await self._doors.attempt(limits.PASSWORD_CHECKS, str(actor.account_id))
        tried = password[: texts.MAX_PASSWORD_CHARS]
        fits, _ = await self._hasher.verify(tried, known.password_hash)
        if not fits or len(password) > texts.MAX_PASSWORD_CHARS:
            raise Invalid("This is not your password.", code="wrong_password", attr="password")
        await self._doors.forgive(limits.PASSWORD_CHECKS, str(actor.account_id))
        return known.account
