"""Invitations over HTTP: making them, seeing where they lead, and coming in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.gateways.rest.conftest import HOST, body, refusal
from tests.gateways.rest.contract import MEMBER_KEYS, OWN_CONVERSATION_KEYS, USER_KEYS

if TYPE_CHECKING:
    import httpx

    from tests.gateways.rest.conftest import Json, Person, Town

INVITE_KEYS = {"id", "url", "created_by", "inserted_at", "expires_at", "max_uses", "uses"}


def path_of(conversation: Json) -> str:
    return f"/api/conversations/{conversation['id']}/invites"


async def linked(person: Person, conversation: Json, **bounds: int) -> Json:
    made = body(await person.http.post(path_of(conversation), json=bounds))
    assert set(made) == {"kind", "invite"}
    assert made["kind"] == "link"
    assert set(made["invite"]) == INVITE_KEYS
    return dict(made["invite"])


def taking(invite: Json) -> str:
    return "/api/invites/" + str(invite["url"]).rpartition("/invite/")[2]


async def test_a_link_is_made_shown_and_taken(town: Town, stranger: httpx.AsyncClient) -> None:
    group = await town.group(town.ana, alias="Book club")
    invite = await linked(town.ana, group, expires_in_s=3600, max_uses=2)
    assert set(invite["created_by"]) == USER_KEYS
    assert (invite["max_uses"], invite["uses"]) == (2, 0)
    shown = body(await stranger.get(taking(invite)))
    assert shown == {
        "conversation": {
            "alias": "Book club",
            "kind": "group",
            "description": None,
            "picture": None,
            "member_count": 1,
        },
        "invited_by": {"display_name": "Ana", "avatar": None},
        "is_member": False,
    }
    assert body(await town.bea.http.get(taking(invite))) == shown
    joined = body(await town.bea.http.post(taking(invite)))
    assert set(joined) == OWN_CONVERSATION_KEYS
    assert joined["id"] == group["id"]
    assert body(await town.bea.http.get(taking(invite)))["is_member"] is True
    (living,) = body(await town.ana.http.get(path_of(group)))["items"]
    assert living == {**invite, "uses": 1}


async def test_whoever_is_signed_in_by_cookie_or_by_a_bad_token_sees_it_too(
    town: Town, stranger: httpx.AsyncClient
) -> None:
    invite = await linked(town.ana, await town.group(town.ana))
    browser = await town.browser(town.ana)
    assert body(await browser.get(taking(invite)))["is_member"] is True
    wrong = {"authorization": "Bearer nonsense"}
    assert body(await stranger.get(taking(invite), headers=wrong))["is_member"] is False


async def test_strangers_do_not_take_it(town: Town, stranger: httpx.AsyncClient) -> None:
    invite = await linked(town.ana, await town.group(town.ana))
    assert refusal(await stranger.post(taking(invite))) == (401, "not_authenticated", None)


async def test_what_does_not_hold_is_gone(town: Town) -> None:
    group = await town.group(town.ana)
    invite = await linked(town.ana, group)
    answer = await town.ana.http.delete(f"{path_of(group)}/{invite['id']}")
    assert (answer.status_code, answer.content) == (204, b"")
    for path in (taking(invite), "/api/invites/unknown", "/api/invites/%00%ED%A0%80"):
        assert refusal(await town.bea.http.get(path)) == (404, "invite_gone", None)
        assert refusal(await town.bea.http.post(path)) == (404, "invite_gone", None)


async def test_somebody_is_invited_by_username(town: Town) -> None:
    group = await town.group(town.ana)
    answer = body(await town.ana.http.post(path_of(group), json={"username": "bea"}))
    assert set(answer) == {"kind", "member"}
    assert answer["kind"] == "added"
    assert set(answer["member"]) == MEMBER_KEYS
    assert answer["member"]["user_id"] == town.bea.id
    nobody = await town.ana.http.post(path_of(group), json={"username": "nobody"})
    assert refusal(nobody) == (400, "not_found", "username")


async def test_a_number_is_answered_the_same_whether_or_not_somebody_has_it(town: Town) -> None:
    group = await town.group(town.ana)
    answer = await town.ana.http.post(path_of(group), json={"phone": "+34600123456"})
    assert body(answer) == {"kind": "sent"}
    wrong = await town.ana.http.post(path_of(group), json={"phone": "12"})
    assert refusal(wrong) == (400, "invalid", "phone")


@pytest.mark.parametrize(
    "asked",
    [
        {"username": "bea", "phone": "+34600123456"},
        {"username": "bea", "max_uses": 1},
        {"phone": "+34600123456", "expires_in_s": 60},
    ],
)
async def test_an_invitation_is_one_of_three(town: Town, asked: Json) -> None:
    group = await town.group(town.ana)
    answer = await town.ana.http.post(path_of(group), json=asked)
    assert refusal(answer) == (400, "invalid", "username")


async def test_a_link_from_another_page_by_cookie_is_refused(town: Town) -> None:
    invite = await linked(town.ana, await town.group(town.ana))
    browser = await town.browser(town.bea)
    del browser.headers["X-CSRFToken"]
    answer = await browser.post(taking(invite), headers={"origin": f"http://{HOST}"})
    assert refusal(answer) == (403, "csrf_failed", None)
