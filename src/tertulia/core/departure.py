"""Going for good: somebody deletes their account.

First every group and room is left, each in a transaction of its own, so that however many there are
nobody else waits long; then one transaction takes away all that made the account a person. If the
server is killed in between, the account has left some of its conversations and is otherwise whole:
deleting it again goes on where that stopped. Once the last transaction has begun nobody can bring
the account into anything; if somebody was quicker, leaving begins anew.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from tertulia.core.accounts import change_account
from tertulia.core.avatars import Avatars
from tertulia.core.confirmation import Confirmation
from tertulia.core.entrance import require_open
from tertulia.core.errors import NotFound, Unavailable
from tertulia.core.members import Members
from tertulia.core.model import Account, Actor, Profile
from tertulia.core.ports import Clock, Storage, Work
from tertulia.core.signin import end_sessions

DELETED_NAME = "Deleted account"
_AT_ONCE = 100
_ROUNDS = 10


class Departure:
    """Deletes accounts. What remains is a row with an id and a number, and what was said."""

    def __init__(
        self,
        storage: Storage,
        confirmation: Confirmation,
        members: Members,
        avatars: Avatars,
        clock: Clock,
    ) -> None:
        self._storage = storage
        self._confirmation = confirmation
        self._members = members
        self._avatars = avatars
        self._clock = clock

    async def delete_account(self, actor: Actor, password: str | None) -> None:
        """Delete one's own account. Copies of its data are dropped by whoever looks after those.

        Raises what `Confirmation.require` raises; Unavailable where others bring the account into
        conversations faster than it leaves them.
        """
        await self._confirmation.require(actor, password)
        for _ in range(_ROUNDS):
            await self._leave_everything(actor)
            gone = await self._close(actor)
            if gone is not None:
                await self._avatars.forget(gone.avatar)
                return
        raise Unavailable("This account is being brought into conversations; try again.")

    async def _leave_everything(self, actor: Actor) -> None:
        while True:
            async with self._storage.read() as work:
                joined = await work.members.joined(actor.account_id, _AT_ONCE)
            if not joined:
                return
            for conversation_id in joined:
                # Removed, or the conversation deleted, by others a moment ago.
                with suppress(NotFound):
                    await self._members.leave(actor, conversation_id)

    async def _close(self, actor: Actor) -> Account | None:
        """Take everything away and return what the account was; None if it is in a group again."""
        now = self._clock()
        async with self._storage.begin() as work:
            old = await work.accounts.locked_whole(actor.account_id)
            require_open(old)
            if await work.members.joined(old.id, 1):
                return None
            await _take_proofs(work, old)
            await _let_go(work, old)
            await change_account(work, old, _bare(old, now), now)
            await end_sessions(work, old.id, now)
            await work.sessions.scrub(old.id)
        return old


async def _take_proofs(work: Work, account: Account) -> None:
    await work.accounts.set_password_hash(account.id, None)
    await work.one_time_tokens.revoke(account.id)
    await work.phone_codes.revoke(account.id)
    await work.second_steps.drop_authenticator(account.id)
    await work.second_steps.replace_codes(account.id, ())
    for identity in await work.identities.of(account.id):
        await work.identities.drop(account.id, identity.provider)
    for passkey in await work.passkeys.of(account.id):
        await work.passkeys.drop(account.id, passkey.id)
    await work.account_keys.drop_all(account.id)
    await work.handovers.drop_all(account.id)


async def _let_go(work: Work, account: Account) -> None:
    """Forget whom and what it keeps, whom it blocks, what it has waiting and wants to hear.

    Those blocked may speak in their chats again.
    """
    for other_id in await work.relations.blocked(account.id):
        for chat_id in await work.conversations.all_between(account.id, other_id):
            await work.members.silence(chat_id, other_id, None)
    await work.relations.drop_all(account.id)
    await work.scheduled.drop_all(account.id)
    await work.notification_settings.drop(account.id)
    await work.stars.drop_all(account.id)
    # Without these keys nobody can ever open what was sealed for this account.
    await work.encryption_keys.drop_all(account.id)


def _bare(account: Account, at: datetime) -> Account:
    return replace(
        account,
        email=None,
        username=None,
        phone=None,
        display_name=DELETED_NAME,
        avatar=None,
        about=None,
        confirmed_at=None,
        profile=Profile(),
        is_admin=False,
        second_step=False,
        deleted_at=at,
    )
