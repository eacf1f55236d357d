"""One's own keys: whose they are, how they are replaced, and that nobody locks themselves out."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tertulia.adapters.limits_memory import LimitsInMemory
from tertulia.adapters.vault import FernetVault
from tertulia.core import limits
from tertulia.core.account_key import WrapKind
from tertulia.core.account_keys import MAX_LABEL_CHARS, MAX_WRAPS, AccountKeys
from tertulia.core.confirmation import FRESH
from tertulia.core.encryption import MAX_KEY_CHARS, MAX_KEY_DEPTH, KeyObject, KeyPair
from tertulia.core.errors import Conflict, Forbidden, Invalid, NotFound, RateLimited, Refusal
from tertulia.core.ids import new_id
from tertulia.core.key_events import IdentityChanged
from tests import examples as eg
from tests.core.door import PASSWORD, VAULT_KEY
from tests.core.keys import KeyDesk, a_pair, a_wrap, key_desk

if TYPE_CHECKING:
    from uuid import UUID

    from tertulia.core.model import Actor
    from tests.core.door import Door


def within_lists(levels: int) -> KeyObject:
    """Return an object with a text in so many lists, one within the other."""
    inner: object = "\ud800 ñ \x00"
    for _ in range(levels):
        inner = [inner]
    return {"x": inner}


NO_KEYS: dict[str, tuple[KeyObject, str]] = {
    "empty": ({}, "required"),
    "long": ({"x": "a" * MAX_KEY_CHARS}, "too_long"),
    "long in bytes": ({"x": "ñ" * (MAX_KEY_CHARS // 4)}, "too_long"),
    "deep": (within_lists(MAX_KEY_DEPTH), "invalid"),
}


@pytest.fixture
def desk(door: Door) -> KeyDesk:
    """Return where the people of a town keep their keys."""
    return key_desk(door)


async def share(desk: KeyDesk, *people: Actor, encrypted: bool = True) -> UUID:
    """Put people into a conversation."""
    begun = eg.conversation(encrypted=encrypted, member_count=len(people))
    async with desk.door.town.storage.begin() as work:
        await work.conversations.add(begun, None)
        await work.members.add([eg.member(begun.id, person.account_id) for person in people])
    return begun.id


async def test_what_was_brought_is_given_back_to_its_owner_alone(desk: KeyDesk) -> None:
    ana, bea = [(await desk.door.someone(name)).actor for name in ("ana", "bea")]
    wraps = [a_wrap("key"), a_wrap("prf", kind=WrapKind.PASSKEY, label="  My   laptop ")]
    own = await desk.keys.set_identity(ana, a_pair(), wraps, None, None)
    assert own == await desk.keys.mine(ana)
    assert own.identity is not None
    assert own.identity.version == 1
    assert own.identity.inserted_at == desk.door.clock()
    pair = KeyPair(public_key=own.identity.public_key, private_key=own.identity.private_key)
    assert pair == a_pair()
    assert [(wrap.kind, wrap.label, wrap.wrapped) for wrap in own.wraps] == [
        (WrapKind.RECOVERY, None, {"v": 1, "ct": "key"}),
        (WrapKind.PASSKEY, "My laptop", {"v": 1, "ct": "prf"}),
    ]
    others = await desk.keys.mine(bea)
    assert (others.identity, others.wraps) == (None, ())


async def test_nothing_of_it_lies_open_in_the_database(desk: KeyDesk) -> None:
    ana = (await desk.door.someone()).actor
    secret = new_id().hex
    await desk.keys.set_identity(ana, a_pair(secret), [a_wrap(secret)], None, None)
    async with desk.door.town.storage.read() as work:
        identity = await work.account_keys.identity(ana.account_id)
        wraps = await work.account_keys.wraps(ana.account_id)
    assert identity is not None
    stored = [identity.sealed_public_key, identity.sealed_private_key, wraps[0].sealed]
    vault = FernetVault([VAULT_KEY])
    assert not [text for text in stored if secret in text]
    assert len([text for text in stored if secret in vault.unseal(text)]) == 3


async def test_those_one_talks_with_encrypted_are_told_and_no_others(desk: KeyDesk) -> None:
    ana, bea, caro, dani = [(await desk.door.someone()).actor for _ in range(4)]
    await share(desk, ana, bea)
    await share(desk, ana, caro, encrypted=False)
    left = await share(desk, ana, dani)
    await desk.door.town.core.members.leave(dani, left)
    desk.door.town.heard()
    await desk.keys.set_identity(ana, a_pair(), [a_wrap()], None, None)
    assert desk.door.town.heard() == [
        IdentityChanged(
            account_id=ana.account_id,
            public_key=a_pair().public_key,
            audience=frozenset({ana.account_id, bea.account_id}),
        )
    ]


async def test_anybody_finds_a_public_identity_and_nothing_else(desk: KeyDesk) -> None:
    ana, bea = [(await desk.door.someone()).actor for _ in range(2)]
    assert await desk.keys.identity_of(ana.account_id) is None
    await desk.first(ana)
    assert await desk.keys.identity_of(ana.account_id) == a_pair().public_key
    both = [ana.account_id, bea.account_id]
    assert await desk.keys.identities_of(both) == {ana.account_id: a_pair().public_key}
    assert await desk.keys.identities_of([]) == {}
    with desk.door.town.refuses(NotFound, "not_found"):
        await desk.keys.identity_of(new_id())


async def test_another_identity_takes_everything_of_the_old_one_along(desk: KeyDesk) -> None:
    ana = (await desk.door.someone()).actor
    await desk.first(ana)
    handover = await desk.handovers.begin(ana, {"v": 1})
    new = await desk.keys.set_identity(ana, a_pair("two"), [a_wrap("two")], 1, PASSWORD)
    assert new == await desk.keys.mine(ana)
    assert new.identity is not None
    assert (new.identity.version, new.identity.public_key) == (2, a_pair("two").public_key)
    assert [wrap.wrapped for wrap in new.wraps] == [a_wrap("two").wrapped]
    with pytest.raises(NotFound):
        await desk.handovers.get(ana, handover.id)


@pytest.mark.parametrize("replaces", [None, 0, 2])
async def test_only_the_present_one_is_replaced(desk: KeyDesk, replaces: int | None) -> None:
    ana = (await desk.door.someone()).actor
    before = await desk.first(ana)
    with desk.door.town.refuses(Conflict, "conflict"):
        await desk.keys.set_identity(ana, a_pair("two"), [a_wrap("two")], replaces, PASSWORD)
    assert await desk.keys.mine(ana) == before


async def test_where_there_is_none_there_is_none_to_replace(desk: KeyDesk) -> None:
    ana = (await desk.door.someone()).actor
    with desk.door.town.refuses(Conflict, "conflict"):
        await desk.keys.set_identity(ana, a_pair(), [a_wrap()], 1, PASSWORD)


async def test_of_two_devices_that_begin_at_once_one_is_the_first(desk: KeyDesk) -> None:
    ana = (await desk.door.someone()).actor
    done = await asyncio.gather(
        *[
            desk.keys.set_identity(ana, a_pair(name), [a_wrap(name)], None, None)
            for name in ("here", "there")
        ],
        return_exceptions=True,
    )
    refused = [each for each in done if isinstance(each, Refusal)]
    assert [each.code for each in refused] == ["conflict"]
    own = await desk.keys.mine(ana)
    assert own in done
    assert len(own.wraps) == 1


async def test_replacing_one_and_removing_a_wrap_take_the_password(desk: KeyDesk) -> None:
    ana = (await desk.door.someone()).actor
    first = await desk.first(ana)
    await desk.keys.add_wrap(ana, a_wrap("two"), None)
    for password, code in ((None, "required"), ("wrong horse battery", "wrong_password")):
        with desk.door.town.refuses(Invalid, code, "password"):
            await desk.keys.set_identity(ana, a_pair("two"), [a_wrap("two")], 1, password)
        with desk.door.town.refuses(Invalid, code, "password"):
            await desk.keys.drop_wrap(ana, first.wraps[0].id, password)
    assert (await desk.keys.mine(ana)).identity == first.identity


async def test_a_wrap_takes_the_place_of_others_only_with_the_password(desk: KeyDesk) -> None:
    ana, bea = [(await desk.door.someone()).actor for _ in range(2)]
    first = await desk.first(ana)
    beas = await desk.first(bea)
    replaced = [wrap.id for own in (first, beas) for wrap in own.wraps]
    with desk.door.town.refuses(Invalid, "wrong_password", "password"):
        await desk.keys.add_wrap(ana, a_wrap("two"), 1, replaced, "wrong horse battery")
    assert await desk.keys.mine(ana) == first
    added = await desk.keys.add_wrap(ana, a_wrap("two"), 1, replaced, PASSWORD)
    assert (await desk.keys.mine(ana)).wraps == (added,)
    assert await desk.keys.mine(bea) == beas


async def test_without_a_password_they_take_a_fresh_sign_in(desk: KeyDesk) -> None:
    ana = await desk.door.without_password()
    first = await desk.first(ana)
    await desk.keys.set_identity(ana, a_pair("two"), [a_wrap("two")], 1, None)
    desk.door.town.heard()
    desk.door.clock.advance(FRESH + timedelta(seconds=1))
    with desk.door.town.refuses(Forbidden, "sign_in_again"):
        await desk.keys.set_identity(ana, a_pair("three"), [a_wrap("three")], 2, None)
    with desk.door.town.refuses(Forbidden, "sign_in_again"):
        await desk.keys.drop_wrap(ana, first.wraps[0].id, None)
    # What takes nothing away needs no proof.
    await desk.keys.add_wrap(ana, a_wrap("four"), 2)


async def test_wraps_come_and_go_but_the_last_one_stays(desk: KeyDesk) -> None:
    ana, bea = [(await desk.door.someone()).actor for _ in range(2)]
    (first,) = (await desk.first(ana)).wraps
    await desk.first(bea)
    with desk.door.town.refuses(Conflict, "last_wrap"):
        await desk.keys.drop_wrap(ana, first.id, PASSWORD)
    added = await desk.keys.add_wrap(ana, a_wrap("two", kind=WrapKind.PASSKEY, label="Key"), 1)
    assert (await desk.keys.mine(ana)).wraps == (first, added)
    with desk.door.town.refuses(NotFound, "not_found"):
        await desk.keys.drop_wrap(bea, added.id, PASSWORD)
    await desk.keys.drop_wrap(ana, first.id, PASSWORD)
    assert (await desk.keys.mine(ana)).wraps == (added,)
    with desk.door.town.refuses(NotFound, "not_found"):
        await desk.keys.drop_wrap(ana, first.id, PASSWORD)


async def test_of_two_last_wraps_that_are_removed_at_once_one_stays(desk: KeyDesk) -> None:
    ana = (await desk.door.someone()).actor
    own = await desk.keys.set_identity(ana, a_pair(), [a_wrap("one"), a_wrap("two")], None, None)
    done = await asyncio.gather(
        *[desk.keys.drop_wrap(ana, wrap.id, PASSWORD) for wrap in own.wraps],
        return_exceptions=True,
    )
    assert sorted(str(getattr(each, "code", each)) for each in done) == ["None", "last_wrap"]
    assert len((await desk.keys.mine(ana)).wraps) == 1


async def test_a_wrap_belongs_to_the_identity_of_its_time(desk: KeyDesk) -> None:
    ana = (await desk.door.someone()).actor
    with desk.door.town.refuses(Conflict, "no_identity"):
        await desk.keys.add_wrap(ana, a_wrap(), None)
    await desk.first(ana)
    with desk.door.town.refuses(Conflict, "conflict"):
        await desk.keys.add_wrap(ana, a_wrap("two"), 2)


async def test_wraps_are_bounded(desk: KeyDesk) -> None:
    ana = (await desk.door.someone()).actor
    many = [a_wrap(str(number)) for number in range(MAX_WRAPS)]
    for wraps, code in (([], "required"), ([*many, a_wrap()], "too_many")):
        with desk.door.town.refuses(Invalid, code, "wraps"):
            await desk.keys.set_identity(ana, a_pair(), wraps, None, None)
    await desk.keys.set_identity(ana, a_pair(), many, None, None)
    desk.door.town.heard()
    with desk.door.town.refuses(Conflict, "too_many_wraps"):
        await desk.keys.add_wrap(ana, a_wrap(), None)


@pytest.mark.parametrize("name", NO_KEYS)
async def test_what_cannot_be_kept_is_named(desk: KeyDesk, name: str) -> None:
    ana = (await desk.door.someone()).actor
    wrong, code = NO_KEYS[name]
    good = a_pair().public_key
    for pair, wraps, attr in (
        (KeyPair(public_key=wrong, private_key=good), [a_wrap()], "public_key"),
        (KeyPair(public_key=good, private_key=wrong), [a_wrap()], "private_key"),
        (a_pair(), [a_wrap(), a_wrap(wrapped=wrong)], "wraps.1.wrapped"),
    ):
        with desk.door.town.refuses(Invalid, code, attr):
            await desk.keys.set_identity(ana, pair, wraps, None, None)
    await desk.first(ana)
    with desk.door.town.refuses(Invalid, code, "wrapped"):
        await desk.keys.add_wrap(ana, a_wrap(wrapped=wrong), None)
    with desk.door.town.refuses(Invalid, "too_long", "label"):
        await desk.keys.add_wrap(ana, a_wrap(label="x" * (MAX_LABEL_CHARS + 1)), None)


async def test_the_largest_and_deepest_key_is_kept(desk: KeyDesk) -> None:
    ana = (await desk.door.someone()).actor
    frame = len('{"x":""}')
    pair = KeyPair(
        public_key={"x": "a" * (MAX_KEY_CHARS - frame)},
        private_key=within_lists(MAX_KEY_DEPTH - 1),
    )
    own = await desk.keys.set_identity(ana, pair, [a_wrap()], None, None)
    assert own.identity is not None
    assert own.identity.public_key == pair.public_key
    assert own.identity.private_key == pair.private_key


async def test_they_are_limited(desk: KeyDesk) -> None:
    door = desk.door
    strict = AccountKeys(
        door.town.storage,
        FernetVault([VAULT_KEY]),
        door.confirmation,
        LimitsInMemory(clock_s=lambda: door.clock().timestamp()),
        door.clock,
    )
    ana = (await door.someone()).actor
    for number in range(limits.IDENTITIES_OF.times):
        await strict.set_identity(ana, a_pair(), [a_wrap()], number or None, PASSWORD)
    with pytest.raises(RateLimited):
        await strict.set_identity(ana, a_pair(), [a_wrap()], limits.IDENTITIES_OF.times, PASSWORD)


async def test_nothing_of_them_is_left_of_a_deleted_account(desk: KeyDesk) -> None:
    ana = await desk.door.someone()
    await desk.first(ana.actor)
    handover = await desk.handovers.begin(ana.actor, {"v": 1})
    await desk.door.departure.delete_account(ana.actor, PASSWORD)
    async with desk.door.town.storage.read() as work:
        assert await work.account_keys.identity(ana.account.id) is None
        assert await work.account_keys.wraps(ana.account.id) == ()
        assert await work.handovers.get(ana.account.id, handover.id) is None
    assert await desk.keys.identity_of(ana.account.id) is None
