"""The ways into an account, of which one always has to remain."""

from __future__ import annotations

from typing import Literal

from tertulia.core.errors import Conflict
from tertulia.core.model import Account
from tertulia.core.ports import Work

WayIn = Literal["password", "phone", "passkey", "identity"]


async def ways_in(work: Work, account: Account) -> list[WayIn]:
    """Return every way into an account, once for each passkey and each provider."""
    known = await work.accounts.credentials(account_id=account.id)
    found: list[WayIn] = []
    # A password needs a name that it is typed with.
    if (
        known is not None
        and known.password_hash is not None
        and (account.email or account.username)
    ):
        found.append("password")
    if account.phone is not None:
        found.append("phone")
    found += ["passkey" for _ in await work.passkeys.of(account.id)]
    found += ["identity" for _ in await work.identities.of(account.id)]
    return found


async def require_another(work: Work, account: Account, *, losing: WayIn) -> None:
    """Raise Conflict `last_way_in` if an account that loses one such way in has none left."""
    left = await ways_in(work, account)
    if losing in left:
        left.remove(losing)
    if not left:
        raise Conflict(
            "This is the only way into your account: add another one first.", code="last_way_in"
        )
