"""The account store on both databases."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tertulia.core.errors import Invalid, NotFound
from tertulia.core.ids import new_id
from tertulia.core.model import Kind, Profile
from tests import examples as eg

if TYPE_CHECKING:
    from tests.storage.conftest import Shelf


async def test_an_account_comes_back_as_it_was_stored(shelf: Shelf) -> None:
    account = eg.account(
        avatar="a.png",
        confirmed_at=eg.moment(minutes=3),
        profile=Profile(hidden=True, theme="night", magnification=1.25, recents=("a/ñ", "b")),
    )
    async with shelf.storage.begin() as work:
        stored = await work.accounts.add(account, "hash")
    async with shelf.storage.read() as work:
        fetched = await work.accounts.get(account.id)

    assert fetched == stored == replace(account, number=stored.number)
    assert stored.number >= 1


async def test_the_database_allots_rising_numbers(shelf: Shelf) -> None:
    accounts = await shelf.accounts(3)

    numbers = [account.number for account in accounts]
    assert numbers == sorted(set(numbers))


async def test_an_unknown_account_is_not_found(shelf: Shelf) -> None:
    async with shelf.storage.read() as work:
        with pytest.raises(NotFound):
            await work.accounts.get(new_id())


@pytest.mark.parametrize(
    ("attr", "mine", "theirs"),
    [
        ("email", "Ana@Example.org", "ana@example.ORG"),
        ("username", "Straße", "STRASSE"),
    ],
)
async def test_a_name_that_differs_in_case_alone_is_taken(
    shelf: Shelf, attr: str, mine: str, theirs: str
) -> None:
    await shelf.account(**{attr: mine})

    with pytest.raises(Invalid) as refused:
        await shelf.account(**{attr: theirs})

    assert (refused.value.code, refused.value.attr) == ("taken", attr)


async def test_a_rename_to_a_taken_name_is_refused(shelf: Shelf) -> None:
    ana, bea = await shelf.accounts(2)

    with pytest.raises(Invalid) as refused:
        async with shelf.storage.begin() as work:
            await work.accounts.update(replace(bea, username=str(ana.username).upper()))

    assert (refused.value.code, refused.value.attr) == ("taken", "username")


async def test_many_may_have_no_username(shelf: Shelf) -> None:
    await shelf.account(username=None)
    await shelf.account(username=None)


async def test_an_update_stores_every_field_but_the_number(shelf: Shelf) -> None:
    account = await shelf.account()
    changed = eg.account(id=account.id, number=99_999, email=account.email, display_name="Ana B.")
    async with shelf.storage.begin() as work:
        await work.accounts.update(changed)
    async with shelf.storage.read() as work:
        assert await work.accounts.get(account.id) == replace(changed, number=account.number)


async def test_people_are_found_in_order_of_number(shelf: Shelf) -> None:
    ana, bea, _ = await shelf.accounts(3)
    async with shelf.storage.read() as work:
        assert await work.accounts.find([bea.id, new_id(), ana.id, bea.id]) == (ana, bea)
        assert await work.accounts.find([]) == ()


async def test_credentials_are_found_by_either_name_without_case(shelf: Shelf) -> None:
    async with shelf.storage.begin() as work:
        account = await work.accounts.add(eg.account(email="Ana@x.org", username="Ana"), "hash")
        await work.accounts.set_password_hash(account.id, "better hash")
    async with shelf.storage.read() as work:
        by_email = await work.accounts.credentials(email="ANA@X.ORG")
        by_username = await work.accounts.credentials(username="aNa")
        unknown = await work.accounts.credentials(username="ana@x.org")

    assert by_email == by_username
    assert by_email is not None
    assert (by_email.account, by_email.password_hash) == (account, "better hash")
    assert unknown is None


async def test_people_are_searched_by_part_of_a_name_or_a_whole_address(shelf: Shelf) -> None:
    ana = await shelf.account(display_name="Ána Núñez", username="ana", email="ana@a.org")
    bea = await shelf.account(display_name="Bea", username="beana", email="bea@a.org")

    async def found(text: str) -> list[str]:
        async with shelf.storage.read() as work:
            people = await work.accounts.search(new_id(), text, after_number=0, limit=9)
        return [str(person.username) for person in people]

    assert await found("ANA") == ["ana", "beana"]
    assert await found("áNA nÚÑ") == ["ana"]
    assert await found("BEA@A.ORG") == ["beana"]
    assert await found("a.org") == []
    assert await found("%") == []
    assert await found("_") == []
    assert await found("") == ["ana", "beana"]
    async with shelf.storage.read() as work:
        for_bea = await work.accounts.search(bea.id, "", after_number=0, limit=9)
        assert for_bea == (replace(ana, email=None),)
        further = await work.accounts.search(new_id(), "", after_number=ana.number, limit=9)
        assert further == (replace(bea, email=None),)
        first = await work.accounts.search(new_id(), "", after_number=0, limit=1)
        assert first == (replace(ana, email=None),)


async def test_addresses_are_seen_by_those_of_common_private_chats_and_groups(shelf: Shelf) -> None:
    ana, friend, groupmate, roommate, former, stranger = await shelf.accounts(6)
    await shelf.conversation(ana, friend, kind=Kind.PRIVATE)
    group = await shelf.conversation(ana, groupmate, former)
    await shelf.part(group, former)
    await shelf.conversation(ana, roommate, kind=Kind.ROOM)
    ended = await shelf.conversation(ana, stranger)
    everyone = [ana, friend, groupmate, roommate, former, stranger]
    ids = [account.id for account in everyone]

    async with shelf.storage.begin() as work:
        await work.conversations.delete(ended.id, eg.NOON)
    async with shelf.storage.read() as work:
        shown = [ana, friend, groupmate]
        hidden = [replace(account, email=None) for account in (roommate, former, stranger)]
        assert await work.accounts.seen_by(ana.id, ids) == (*shown, *hidden)
        assert await work.accounts.search(ana.id, "", after_number=0, limit=9) == (
            *shown[1:],
            *hidden,
        )
        assert await work.accounts.seen_by(former.id, [ana.id, new_id()]) == (
            replace(ana, email=None),
        )
        assert await work.accounts.seen_by(ana.id, []) == ()
        assert await work.accounts.acquaintances(ana.id) == {friend.id, groupmate.id}
