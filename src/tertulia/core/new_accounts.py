"""Accounts that are made by coming in for the first time, in another way than by password."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from tertulia.core.ids import new_id
from tertulia.core.model import Account, Profile
from tertulia.core.ports import Work


async def add_account(
    work: Work,
    now: datetime,
    *,
    name: str | None,
    confirmed_email: str | None = None,
    phone: str | None = None,
) -> Account:
    """Store a new account without a password, and return it; Invalid `taken` names the field."""
    added = await work.accounts.add(
        Account(
            id=new_id(),
            number=0,
            email=confirmed_email,
            username=None,
            display_name=name or "New person",
            avatar=None,
            confirmed_at=now if confirmed_email else None,
            profile=Profile(),
            inserted_at=now,
            updated_at=now,
            phone=phone,
        ),
        None,
    )
    if name is not None:
        return added
    # Numbers tell newcomers without a name apart; their addresses are nobody's business.
    named = replace(added, display_name=f"Person {added.number}")
    await work.accounts.update(named)
    return named
