"""What the keeper of a server does with other people's accounts."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import replace
from uuid import UUID

from tertulia.core import texts
from tertulia.core.accounts import change_account, new_account
from tertulia.core.emails import Emails
from tertulia.core.errors import Conflict, Invalid, NotFound
from tertulia.core.model import Account, Credentials
from tertulia.core.passwords import Passwords
from tertulia.core.ports import Clock, PasswordHasher, Storage, Work
from tertulia.core.signin import end_sessions

log = logging.getLogger(__name__)

_PER_PAGE = 200


class Administration:
    """Accounts in the hands of whoever runs the server.

    People are named by e-mail address, username, telephone number or id; NotFound where nobody goes
    by it. What is done is logged, without any secret.
    """

    def __init__(
        self,
        storage: Storage,
        hasher: PasswordHasher,
        emails: Emails,
        passwords: Passwords,
        clock: Clock,
        *,
        region: str | None,
    ) -> None:
        self._storage = storage
        self._hasher = hasher
        self._emails = emails
        self._passwords = passwords
        self._clock = clock
        self._region = region

    async def create(
        self,
        email: str,
        password: str,
        *,
        username: str | None,
        display_name: str | None,
        is_admin: bool,
    ) -> Account:
        """Make an account for somebody; a mail asks to confirm the address. Raises Invalid."""
        account = replace(
            new_account(self._clock(), email=email, username=username, display_name=display_name),
            is_admin=is_admin,
        )
        hashed = await self._hasher.hash(texts.password(password))
        async with self._storage.begin() as work:
            account = await work.accounts.add(account, hashed)
            await self._emails.ask_to_confirm(work, account)
        log.info("account %s was made, admin: %s", account.id, is_admin)
        return account

    async def everyone(self) -> AsyncIterator[Account]:
        """Yield every account that was not deleted, in order of number."""
        after_number = 0
        while True:
            async with self._storage.read() as work:
                found = await work.accounts.page(after_number=after_number, limit=_PER_PAGE)
            for account in found:
                yield account
            if len(found) < _PER_PAGE:
                return
            after_number = found[-1].number

    async def disable(self, name: str) -> Account:
        """Shut somebody out; every session ends. Doing so again ends what is open all the same."""
        now = self._clock()
        async with self._storage.begin() as work:
            old = await self._locked(work, name)
            new = replace(old, disabled_at=old.disabled_at or now)
            account = await change_account(work, old, new, now)
            await end_sessions(work, old.id, now)
        log.info("account %s was disabled", account.id)
        return account

    async def enable(self, name: str) -> Account:
        """Let somebody in again."""
        account = await self._change(name, lambda old: replace(old, disabled_at=None))
        log.info("account %s was enabled", account.id)
        return account

    async def set_admin(self, name: str, is_admin: bool) -> Account:
        """Make somebody an administrator, or no longer one."""
        account = await self._change(name, lambda old: replace(old, is_admin=is_admin))
        log.info("account %s is an admin from now on: %s", account.id, is_admin)
        return account

    async def set_password(self, name: str, password: str) -> Account:
        """Set somebody's password; every session and every link that was sent ends."""
        hashed = await self._hasher.hash(texts.password(password))
        async with self._storage.begin() as work:
            account = await self._locked(work, name)
            await self._passwords.set_directly(work, account, hashed)
        log.info("the password of account %s was set", account.id)
        return account

    async def send_reset(self, name: str) -> Account:
        """Send a mail by which somebody sets a password; Conflict `no_email` without an address."""
        async with self._storage.begin() as work:
            account = await self._locked(work, name)
            if account.email is None:
                raise Conflict("This account has no e-mail address.", code="no_email")
            await self._passwords.send_reset_link(work, account)
        log.info("account %s was sent a link to set a password", account.id)
        return account

    async def reset_path(self, name: str) -> tuple[Account, str]:
        """Return the path at which a password is set once, to be told to the person."""
        async with self._storage.begin() as work:
            account = await self._locked(work, name)
            path = await self._passwords.reset_path(work, account)
        log.info("a link to set the password of account %s was made", account.id)
        return account, path

    async def _change(self, name: str, changed: Callable[[Account], Account]) -> Account:
        async with self._storage.begin() as work:
            old = await self._locked(work, name)
            return await change_account(work, old, changed(old), self._clock())

    async def _locked(self, work: Work, name: str) -> Account:
        known = await self._known(work, name.strip())
        if known is None or known.account.deleted_at is not None:
            raise NotFound(f"Nobody here goes by the name {name}.")
        # Whoever signs in at this moment waits, and then meets what was changed.
        return await work.accounts.locked_whole(known.account.id)

    async def _known(self, work: Work, name: str) -> Credentials | None:
        with suppress(ValueError):
            if "-" in name:
                return await work.accounts.credentials(account_id=UUID(name))
        # What cannot be a name of this kind is nobody's.
        with suppress(Invalid):
            if "@" in name:
                return await work.accounts.credentials(email=texts.email(name))
            known = await work.accounts.credentials(username=texts.username(name))
            if known is not None:
                return known
        with suppress(Invalid):
            return await work.accounts.credentials(phone=texts.phone(name, self._region))
        return None
