"""Whether an account asks for a second step: it can only for as long as it has one to ask for."""

from __future__ import annotations

from dataclasses import replace

from tertulia.core.model import Account
from tertulia.core.ports import Work


async def can_ask(work: Work, account: Account) -> bool:
    """Whether an account has an authenticator app or a passkey."""
    app = await work.second_steps.authenticator(account.id)
    has_app = app is not None and app.confirmed_at is not None
    return has_app or bool(await work.passkeys.of(account.id))


async def settle_second_step(work: Work, account: Account) -> Account:
    """Return an account with its second step off if nothing is left to ask for.

    Its recovery codes go with it: they only stand in for what is lost.
    """
    if not account.second_step or await can_ask(work, account):
        return account
    await work.second_steps.replace_codes(account.id, [])
    return replace(account, second_step=False)
