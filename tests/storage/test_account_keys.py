"""Identities and wraps on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tertulia.core.account_key import StoredIdentity, StoredWrap, WrapKind
from tertulia.core.ids import new_id
from tertulia.core.model import Kind
from tests import examples as eg

if TYPE_CHECKING:
    from uuid import UUID

    from tests.storage.conftest import Shelf


def an_identity(account_id: UUID, **changes: Any) -> StoredIdentity:
    usual: dict[str, Any] = {
        "account_id": account_id,
        "sealed_public_key": "public",
        "sealed_private_key": "private",
        "version": 1,
        "inserted_at": eg.NOON,
    }
    return StoredIdentity(**{**usual, **changes})


def a_wrap(account_id: UUID, **changes: Any) -> StoredWrap:
    usual: dict[str, Any] = {
        "id": new_id(),
        "account_id": account_id,
        "kind": WrapKind.RECOVERY,
        "label": None,
        "sealed": "wrapped",
        "inserted_at": eg.NOON,
    }
    return StoredWrap(**{**usual, **changes})


async def test_an_identity_takes_the_place_of_the_one_before(shelf: Shelf) -> None:
    ana, bea = await shelf.accounts(2)
    first = an_identity(ana.id)
    second = an_identity(ana.id, sealed_public_key="other", version=2, inserted_at=eg.moment(1))
    async with shelf.storage.begin() as work:
        assert await work.account_keys.identity(ana.id) is None
        for identity in (first, second):
            await work.account_keys.put_identity(identity)
            assert await work.account_keys.identity(ana.id) == identity
        assert await work.account_keys.identities_of([ana.id, bea.id]) == {ana.id: "other"}
        assert await work.account_keys.identities_of([]) == {}


async def test_wraps_are_in_order_of_their_making_and_go_one_by_one_or_all(shelf: Shelf) -> None:
    ana, bea = await shelf.accounts(2)
    later = a_wrap(ana.id, inserted_at=eg.moment(1), kind=WrapKind.PASSKEY, label="Laptop")
    first, second = a_wrap(ana.id), a_wrap(ana.id)
    others = a_wrap(bea.id)
    async with shelf.storage.begin() as work:
        await work.account_keys.add_wraps([later, first, second, others])
        assert await work.account_keys.wraps(ana.id) == (first, second, later)
        await work.account_keys.drop_wrap(ana.id, others.id)
        await work.account_keys.drop_wrap(ana.id, first.id)
        assert await work.account_keys.wraps(ana.id) == (second, later)
        await work.account_keys.drop_wraps(ana.id)
        assert await work.account_keys.wraps(ana.id) == ()
        assert await work.account_keys.wraps(bea.id) == (others,)


async def test_all_of_one_person_goes_at_once(shelf: Shelf) -> None:
    ana, bea = await shelf.accounts(2)
    async with shelf.storage.begin() as work:
        for person in (ana, bea):
            await work.account_keys.put_identity(an_identity(person.id))
            await work.account_keys.add_wraps([a_wrap(person.id)])
        await work.account_keys.drop_all(ana.id)
        assert await work.account_keys.identity(ana.id) is None
        assert await work.account_keys.wraps(ana.id) == ()
        assert await work.account_keys.identity(bea.id) is not None
        assert len(await work.account_keys.wraps(bea.id)) == 1


async def test_correspondents_share_an_encrypted_conversation_now(shelf: Shelf) -> None:
    ana, bea, caro, dani, ema = await shelf.accounts(5)
    await shelf.conversation(ana, bea, kind=Kind.PRIVATE, encrypted=True)
    group = await shelf.conversation(ana, bea, caro, encrypted=True)
    await shelf.conversation(ana, dani)
    ended = await shelf.conversation(ana, ema, encrypted=True)
    async with shelf.storage.begin() as work:
        await work.conversations.delete(ended.id, eg.NOON)
        assert await work.account_keys.correspondents(ana.id) == {bea.id, caro.id}
        assert await work.account_keys.correspondents(caro.id) == {ana.id, bea.id}
        assert await work.account_keys.correspondents(dani.id) == frozenset()
    await shelf.part(group, caro)
    async with shelf.storage.read() as work:
        assert await work.account_keys.correspondents(ana.id) == {bea.id}
        assert await work.account_keys.correspondents(caro.id) == frozenset()
