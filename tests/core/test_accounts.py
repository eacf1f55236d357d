"""People: their names, their preferences, finding one another, and whose address is shown."""

from __future__ import annotations

import asyncio
import math
from typing import TYPE_CHECKING, Any

import pytest

from tertulia.core.accounts import MAX_RECENTS, without_address
from tertulia.core.errors import Invalid, NotFound
from tertulia.core.events import AccountChanged, DisplayNameChanged, PersonChanged
from tertulia.core.ids import new_id
from tertulia.core.model import Actor, Profile
from tertulia.core.paging import encode_token
from tertulia.core.presence_events import VisibilityChanged
from tests.core.town import everything

if TYPE_CHECKING:
    from tests.core.town import Town


async def test_people_see_their_own_address(town: Town) -> None:
    ana = town.actors[0]
    account = await town.core.accounts.me(ana)
    assert account.id == ana.account_id
    assert account.email is not None
    assert account.email.startswith("ana")


async def test_nobody_is_no_account(town: Town) -> None:
    with town.refuses(NotFound, "not_found"):
        await town.core.accounts.me(Actor(account_id=new_id(), session_id=new_id()))


async def test_a_new_display_name_is_told_to_everyone_and_the_account_to_its_owner(
    town: Town,
) -> None:
    ana = town.actors[0]
    renamed = await town.core.accounts.rename(ana, display_name="  Ana  María ")
    assert renamed.display_name == "Ana María"
    assert renamed == await town.account(ana)
    assert town.heard() == [
        AccountChanged(account=renamed),
        DisplayNameChanged(account_id=ana.account_id, display_name="Ana María"),
        PersonChanged(person=without_address(renamed)),
    ]


async def test_a_new_username_is_told_to_everyone_without_an_address(town: Town) -> None:
    ana = town.actors[0]
    username = f"ana.{new_id().hex[-12:]}"
    renamed = await town.core.accounts.rename(ana, username=username)
    assert renamed.username == username
    (to_owner, to_all) = town.heard()
    assert to_owner == AccountChanged(account=renamed)
    assert isinstance(to_all, PersonChanged)
    assert to_all.person.username == username
    assert (to_all.person.email, to_all.person.phone) == (None, None)


async def test_what_one_says_of_oneself_is_told_to_everyone_and_can_be_taken_back(
    town: Town,
) -> None:
    ana = town.actors[0]
    renamed = await town.core.accounts.rename(ana, about="  Reads\ntoo much ")
    assert renamed.about == "Reads\ntoo much"
    assert PersonChanged(person=without_address(renamed)) in town.heard()
    assert (await town.core.accounts.rename(ana, about=" ")).about is None
    with town.refuses(Invalid, "too_long", "about"):
        await town.core.accounts.rename(ana, about="x" * 201)


@pytest.mark.parametrize("username", ["admin", "Admin", "support", "tertulia", "Everyone", "root_"])
async def test_a_username_that_would_pass_for_the_server_is_reserved(
    town: Town, username: str
) -> None:
    with town.refuses(Invalid, "reserved", "username"):
        await town.core.accounts.rename(town.actors[0], username=username)


async def test_the_same_names_again_change_nothing(town: Town) -> None:
    ana = town.actors[0]
    old = await town.account(ana)
    same = await town.core.accounts.rename(ana, display_name="Ana", username=old.username)
    assert same == old
    assert await town.core.accounts.rename(ana) == old
    assert town.heard() == []


async def test_a_username_belongs_to_one_person_whatever_its_case(town: Town) -> None:
    ana, bea = town.actors[:2]
    taken = (await town.account(bea)).username
    assert taken is not None
    with town.refuses(Invalid, "taken", "username"):
        await town.core.accounts.rename(ana, display_name="Bea Too", username=taken.upper())
    assert (await town.account(ana)).display_name == "Ana"


async def test_one_may_change_the_case_of_ones_own_username(town: Town) -> None:
    ana = town.actors[0]
    username = (await town.account(ana)).username
    assert username is not None
    assert (await town.core.accounts.rename(ana, username=username.upper())).username == (
        username.upper()
    )


@pytest.mark.parametrize(
    ("names", "code", "attr"),
    [
        ({"display_name": " "}, "required", "display_name"),
        ({"display_name": "x" * 51}, "too_long", "display_name"),
        ({"display_name": "a\x00"}, "invalid", "display_name"),
        ({"username": "a b"}, "invalid", "username"),
        ({"username": ""}, "invalid", "username"),
        ({"username": "x" * 33}, "invalid", "username"),
    ],
)
async def test_names_have_bounds(town: Town, names: dict[str, str], code: str, attr: str) -> None:
    with town.refuses(Invalid, code, attr):
        await town.core.accounts.rename(town.actors[0], **names)


async def test_preferences_are_changed_one_by_one_and_told_to_their_owner(town: Town) -> None:
    ana = town.actors[0]
    changes: list[tuple[dict[str, Any], Profile]] = [
        ({"hidden": True}, Profile(hidden=True)),
        ({"theme": "night"}, Profile(hidden=True, theme="night")),
        ({"magnification": 1.4}, Profile(hidden=True, theme="night", magnification=1.4)),
        (
            {"recents": ["/c/1", "/c/2"], "hidden": False},
            Profile(theme="night", magnification=1.4, recents=("/c/1", "/c/2")),
        ),
    ]
    for change, profile in changes:
        account = await town.core.accounts.set_profile(ana, **change)
        assert account.profile == profile
        assert account == await town.account(ana)
        hidden = change.get("hidden")
        shown = [] if hidden is None else [VisibilityChanged(account_id=account.id, hidden=hidden)]
        assert town.heard() == [*shown, AccountChanged(account=account)]


async def test_the_same_preferences_again_change_nothing(town: Town) -> None:
    ana = town.actors[0]
    old = await town.account(ana)
    assert await town.core.accounts.set_profile(ana, theme="auto", magnification=1.0) == old
    assert town.heard() == []


async def test_being_shown_or_hidden_is_said_even_where_the_profile_stays(town: Town) -> None:
    ana = town.actors[0]
    old = await town.account(ana)
    assert await town.core.accounts.set_profile(ana, hidden=False) == old
    assert town.heard() == [VisibilityChanged(account_id=ana.account_id, hidden=False)]


@pytest.mark.parametrize(
    ("change", "code", "attr"),
    [
        ({"theme": "dusk"}, "invalid", "theme"),
        ({"magnification": 0.69}, "invalid", "magnification"),
        ({"magnification": 1.41}, "invalid", "magnification"),
        ({"magnification": math.nan}, "invalid", "magnification"),
        ({"magnification": math.inf}, "invalid", "magnification"),
        ({"recents": ["/"] * (MAX_RECENTS + 1)}, "too_long", "recents"),
        ({"recents": ["x" * 201]}, "too_long", "recents"),
        ({"recents": [""]}, "required", "recents"),
    ],
)
async def test_preferences_have_bounds(
    town: Town, change: dict[str, Any], code: str, attr: str
) -> None:
    with town.refuses(Invalid, code, attr):
        await town.core.accounts.set_profile(town.actors[0], hidden=True, **change)
    assert (await town.account(town.actors[0])).profile == Profile()


async def test_names_and_preferences_changed_at_the_same_time_are_all_kept(town: Town) -> None:
    ana = town.actors[0]
    accounts = town.core.accounts
    for turn in range(10):
        is_hidden = turn % 2 == 0
        await asyncio.gather(
            accounts.rename(ana, display_name=f"Ana {turn}"),
            accounts.set_profile(ana, hidden=is_hidden),
            accounts.set_profile(ana, recents=[f"/c/{turn}"]),
        )
        account = await town.account(ana)
        assert account.display_name == f"Ana {turn}"
        assert account.profile == Profile(hidden=is_hidden, recents=(f"/c/{turn}",))


async def test_others_are_found_by_part_of_a_name_or_by_their_whole_address(town: Town) -> None:
    ana, bea = town.actors[:2]
    unique = new_id().hex[-12:]
    found = await town.core.accounts.rename(
        bea, display_name=f"Beatriz Ñandú {unique}", username=f"B.{unique}"
    )
    address = (await town.account(bea)).email
    assert address is not None
    for text in (
        f"ñandú {unique}",
        f"  BEATRIZ  Ñandú {unique[:-1]} ",
        f"b.{unique}",
        f"B.{unique[:-1].upper()}",
        address,
        address.upper(),
    ):
        page = await town.core.accounts.search(ana, text, None, 10)
        assert [person.id for person in page.items] == [found.id], text
        assert page.token is None
    for text in (address[:-1], address[1:]):
        assert not (await town.core.accounts.search(ana, text, None, 10)).items


async def test_nobody_finds_oneself(town: Town) -> None:
    ana = town.actors[0]
    unique = (await town.account(ana)).username
    assert unique is not None
    assert not (await town.core.accounts.search(ana, unique, None, 10)).items


async def test_what_is_looked_for_is_taken_as_it_is_written(town: Town) -> None:
    ana, bea, caro = town.actors[:3]
    unique = new_id().hex[-12:]
    await town.core.accounts.rename(bea, display_name=f"100% {unique}")
    await town.core.accounts.rename(caro, display_name=f"100_ {unique}\\")
    for text, found in (
        (f"0% {unique}", [bea]),
        (f"0_ {unique}", [caro]),
        (f"{unique}\\", [caro]),
        (f"%{unique}", []),
        (f"_ {unique}%", []),
    ):
        page = await town.core.accounts.search(ana, text, None, 10)
        assert [person.id for person in page.items] == [actor.account_id for actor in found], text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("x" * 201, "too_long", id="long"),
        pytest.param("a\x00b", "invalid", id="control character"),
    ],
)
async def test_what_nobody_can_be_called_is_not_looked_for(
    town: Town, text: str, code: str
) -> None:
    with town.refuses(Invalid, code, "search"):
        await town.core.accounts.search(town.actors[0], text, None, 10)


@pytest.mark.parametrize(
    "token",
    [
        pytest.param("", id="empty"),
        pytest.param("nonsense", id="nonsense"),
        pytest.param(encode_token(2**63), id="too large"),
        pytest.param(encode_token(1, 2), id="of another list"),
    ],
)
async def test_a_page_token_that_was_not_given_out_is_refused(town: Town, token: str) -> None:
    with town.refuses(Invalid, "invalid", "page_token"):
        await town.core.accounts.search(town.actors[0], "", token, 10)


async def test_paging_through_people_shows_each_once(town: Town) -> None:
    ana = town.actors[0]
    unique = new_id().hex[-12:]
    crowd = await town.settle(*[f"{unique}{index}" for index in range(7)])
    for size in (1, 3, 7, 8):
        shown = await everything(
            lambda token, size: town.core.accounts.search(ana, unique, token, size), size
        )
        assert [person.id for person in shown] == [actor.account_id for actor in crowd]


async def test_an_empty_search_finds_everyone_else(town: Town) -> None:
    *others, last = town.actors
    before = encode_token((await town.account(others[0])).number - 1)
    page = await town.core.accounts.search(last, " ", before, 10)
    assert [person.id for person in page.items] == [other.account_id for other in others]


async def test_addresses_are_shown_among_those_who_share_a_private_chat_or_a_group(
    town: Town,
) -> None:
    ana, bea, caro, dani = town.actors
    await town.private(ana, bea)
    await town.group(caro, ana)
    await town.room(dani, ana)
    shown = {
        person.id: person.email is not None
        for person in await town.core.accounts.people(ana, town.ids)
    }
    assert shown == {
        ana.account_id: True,
        bea.account_id: True,
        caro.account_id: True,
        dani.account_id: False,
    }
    for reader, other in ((ana, dani), (bea, caro), (dani, ana)):
        (person,) = await town.core.accounts.people(reader, [other.account_id])
        assert person.email is None
        (found,) = (await town.core.accounts.search(reader, person.username or "", None, 10)).items
        assert found == person


async def test_whoever_left_the_last_shared_conversation_sees_no_address_any_more(
    town: Town,
) -> None:
    ana, bea, caro, dani = town.actors
    left, ended = await town.group(ana, bea, caro), await town.group(ana, dani)
    await town.core.members.leave(bea, left)
    await town.core.conversations.delete(ana, ended)
    for reader, other, is_shown in (
        (bea, ana, False),
        (ana, bea, False),
        (ana, dani, False),
        (dani, ana, False),
        (ana, caro, True),
    ):
        (person,) = await town.core.accounts.people(reader, [other.account_id])
        assert (person.email is not None) is is_shown


async def test_people_come_in_order_of_their_number_and_strangers_to_the_town_are_passed_over(
    town: Town,
) -> None:
    asked = [*reversed(town.ids), new_id(), town.ids[0]]
    people = await town.core.accounts.people(town.actors[0], asked)
    assert [person.id for person in people] == town.ids
    assert await town.core.accounts.people(town.actors[0], []) == ()


async def test_acquaintances_share_a_private_chat_or_a_group_now(town: Town) -> None:
    ana, bea, caro, dani = town.actors
    assert await town.core.accounts.acquaintances(ana.account_id) == frozenset()
    await town.private(ana, bea)
    group = await town.group(caro, ana)
    await town.room(dani, ana)
    assert await town.core.accounts.acquaintances(ana.account_id) == {
        bea.account_id,
        caro.account_id,
    }
    await town.core.members.leave(ana, group)
    assert await town.core.accounts.acquaintances(ana.account_id) == {bea.account_id}
    assert await town.core.accounts.acquaintances(caro.account_id) == frozenset()
