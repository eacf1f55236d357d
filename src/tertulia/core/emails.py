"""E-mail addresses: confirming them, and changing to another one.

Both go by a link in a mail, which proves that whoever opens it reads what is sent to the address.
"""

from __future__ import annotations

from dataclasses import replace

from tertulia.core import limits, onetime, texts
from tertulia.core.accounts import change_account
from tertulia.core.confirmation import Confirmation
from tertulia.core.errors import Conflict, Invalid
from tertulia.core.letters import Letter, LetterKind
from tertulia.core.limits import Limits
from tertulia.core.model import Account, Actor
from tertulia.core.onetime import LIFETIMES
from tertulia.core.ports import Clock, Storage, Work
from tertulia.core.post import Post
from tertulia.core.proofs import Purpose

_ABOUT_THE_ADDRESS = (Purpose.CONFIRM_EMAIL, Purpose.CHANGE_EMAIL, Purpose.RESET_PASSWORD)


class Emails:
    """One's e-mail address."""

    def __init__(
        self,
        storage: Storage,
        post: Post,
        confirmation: Confirmation,
        doors: Limits,
        clock: Clock,
    ) -> None:
        self._storage = storage
        self._post = post
        self._confirmation = confirmation
        self._doors = doors
        self._clock = clock

    async def ask_to_confirm(self, work: Work, account: Account) -> None:
        """Send a mail with a link that proves that the address is this person's."""
        if account.email is None or account.confirmed_at is not None:
            return
        await self._send_link(
            work, account, Purpose.CONFIRM_EMAIL, LetterKind.CONFIRM_EMAIL, "/confirm-email"
        )

    async def request_confirmation(self, actor: Actor) -> None:
        """Send the mail again; nothing happens for an address that is confirmed, or for none."""
        await self._doors.take(limits.LETTERS_TO, str(actor.account_id))
        async with self._storage.begin() as work:
            account = await work.accounts.get(actor.account_id)
            await work.one_time_tokens.revoke(account.id, [Purpose.CONFIRM_EMAIL])
            await self.ask_to_confirm(work, account)

    async def confirm(self, token: str) -> None:
        """Confirm the address that a token was sent to.

        Invalid `invalid_token` where the token does not hold, or the account has another address.
        """
        now = self._clock()
        async with self._storage.begin() as work:
            held = await onetime.redeem(work, Purpose.CONFIRM_EMAIL, token, now)
            account = await work.accounts.locked(onetime.owner_of(held))
            if account.email is None or account.email != held.detail:
                raise onetime.bad_token()
            if account.confirmed_at is None:
                await change_account(work, account, replace(account, confirmed_at=now), now)

    async def request_change(self, actor: Actor) -> None:
        """Send a mail to the present address with a link that leads to changing it.

        Conflict `no_email` where there is no address to send it to.
        """
        await self._doors.take(limits.LETTERS_TO, str(actor.account_id))
        async with self._storage.begin() as work:
            account = await work.accounts.get(actor.account_id)
            if account.email is None:
                raise Conflict("This account has no e-mail address yet.", code="no_email")
            await work.one_time_tokens.revoke(account.id, [Purpose.CHANGE_EMAIL])
            await self._send_link(
                work, account, Purpose.CHANGE_EMAIL, LetterKind.CHANGE_EMAIL, "/change-email"
            )

    async def change(
        self, actor: Actor, email: str, token: str | None, password: str | None
    ) -> None:
        """Have another address; the new one gets a mail to confirm it, the old one a notice.

        An account that has no address yet needs no token. Raises what `Confirmation.require`
        raises, Invalid `invalid_token` or `required` for the token, and `taken` for the address.
        """
        address = texts.email(email)
        known = await self._confirmation.require(actor, password)
        now = self._clock()
        async with self._storage.begin() as work:
            old = await work.accounts.locked(known.id)
            if old.email is not None:
                if not token:
                    raise Invalid("The link of the mail is needed.", code="required", attr="token")
                held = await onetime.redeem(work, Purpose.CHANGE_EMAIL, token, now)
                if held.account_id != old.id or held.detail != old.email:
                    raise onetime.bad_token()
            if address == old.email:
                return
            new = await change_account(
                work, old, replace(old, email=address, confirmed_at=None), now
            )
            await work.one_time_tokens.revoke(old.id, _ABOUT_THE_ADDRESS)
            await self.ask_to_confirm(work, new)
            await self._post.tell(work, old, LetterKind.EMAIL_CHANGED, email=address)

    async def _send_link(
        self, work: Work, account: Account, purpose: Purpose, kind: LetterKind, page: str
    ) -> None:
        now = self._clock()
        address = account.email or ""
        token = await onetime.issue(work, purpose, now, account_id=account.id, detail=address)
        await self._post.drop(
            work,
            Letter(
                channel="mail",
                kind=kind,
                to=address,
                words={"name": account.display_name},
                path=f"{page}#{token}",
                expires_at=now + LIFETIMES[purpose],
            ),
        )
