"""Whether an account asks for a second step: it can only for as long as it has one to ask for."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from tertulia.core.accounts import change_account
from tertulia.core.entrance import second_step_methods
from tertulia.core.letters import LetterKind
from tertulia.core.model import Account
from tertulia.core.ports import Work
from tertulia.core.post import Post


async def can_ask(work: Work, account: Account) -> bool:
    """Whether an account has an authenticator app or a passkey."""
    return bool(await second_step_methods(work, account))


async def settle_second_step(work: Work, post: Post, account: Account, at: datetime) -> None:
    """Ask for no second step any longer if nothing is left to ask for.

    The recovery codes go as well: they only stand in for what is lost.
    """
    if await can_ask(work, account):
        return
    await work.second_steps.replace_codes(account.id, [])
    await switch_second_step(work, post, account, at, on=False)


async def switch_second_step(
    work: Work, post: Post, account: Account, at: datetime, *, on: bool
) -> None:
    """Store whether an account, whose row is held, asks for a second step.

    Its owner is told by mail that it does no longer, at an address that is known to be theirs.
    """
    await change_account(work, account, replace(account, second_step=on), at)
    if on or not account.second_step or account.confirmed_at is None:
        return
    await post.tell(work, account, LetterKind.SECOND_STEP_OFF)
