"""The ways into an account: which count, and that one always remains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tertulia.core.errors import Conflict
from tertulia.core.ways_in import WayIn, require_another, ways_in
from tests import examples as eg

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tertulia.core.model import Account
    from tests.core.town import Town

KINDS: tuple[WayIn, ...] = ("password", "phone", "passkey", "identity")


async def person_with(town: Town, *ways: WayIn, **changes: Any) -> Account:
    """Store somebody who comes in by these ways, and no other."""
    phone = eg.phone_number() if "phone" in ways else None
    async with town.storage.begin() as work:
        account = await work.accounts.add(
            eg.account(phone=phone, **changes), "a hash" if "password" in ways else None
        )
        for number, way in enumerate(ways):
            if way == "passkey":
                await work.passkeys.add(eg.passkey(account.id))
            if way == "identity":
                await work.identities.add(eg.identity(account.id, provider=f"work-{number}"))
    return account


async def may_lose(town: Town, account: Account, losing: WayIn) -> bool:
    async with town.storage.read() as work:
        try:
            await require_another(work, account, losing=losing)
        except Conflict as refusal:
            assert refusal.code == "last_way_in"
            return False
    return True


@pytest.mark.parametrize("way", KINDS)
async def test_the_only_way_in_is_kept(town: Town, way: WayIn) -> None:
    assert not await may_lose(town, await person_with(town, way), way)


@pytest.mark.parametrize("way", KINDS)
@pytest.mark.parametrize("other", KINDS)
async def test_one_may_go_where_another_remains(town: Town, way: WayIn, other: WayIn) -> None:
    ways: Sequence[WayIn] = (way, other)
    expected = way != other or way in ("passkey", "identity")
    assert await may_lose(town, await person_with(town, *ways), way) is expected


@pytest.mark.parametrize("name", ["email", "username"])
async def test_a_password_needs_a_name_to_be_typed_with(town: Town, name: str) -> None:
    nameless: dict[str, Any] = {"email": None, "username": None}
    account = await person_with(town, "password", "phone", **nameless)
    assert not await may_lose(town, account, "phone")
    named = {**nameless, name: getattr(eg.account(), name)}
    assert await may_lose(town, await person_with(town, "password", "phone", **named), "phone")


async def test_all_of_them_are_counted(town: Town) -> None:
    account = await person_with(town, *KINDS, "passkey", "identity")
    async with town.storage.read() as work:
        assert sorted(await ways_in(work, account)) == sorted((*KINDS, "passkey", "identity"))
