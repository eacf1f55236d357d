"""Members over HTTP: coming, going, bringing in, removing, roles."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.gateways.rest.conftest import Json, Town, body, brief, refusal
from tests.gateways.rest.contract import MEMBER_KEYS, OWN_CONVERSATION_KEYS, USER_KEYS


async def test_anyone_walks_into_a_room(town: Town) -> None:
    room = await town.room(town.ana)
    joined = body(await town.bea.http.post(f"/api/conversations/{room['id']}/join"))
    assert set(joined) == OWN_CONVERSATION_KEYS
    assert (joined["role"], joined["member_count"], joined["head_seq"]) == ("member", 2, 2)
    again = body(await town.bea.http.post(f"/api/conversations/{room['id']}/join"))
    assert again["head_seq"] == 2


async def test_nobody_walks_into_a_group(town: Town) -> None:
    group = await town.group(town.ana, town.bea)
    answer = await town.caro.http.post(f"/api/conversations/{group['id']}/join")
    assert refusal(answer) == (404, "not_found", None)


async def test_whoever_leaves_is_gone(town: Town) -> None:
    group = await town.group(town.ana, town.bea)
    answer = await town.bea.http.post(f"/api/conversations/{group['id']}/leave")
    assert (answer.status_code, answer.content) == (204, b"")
    assert refusal(await town.bea.http.get(f"/api/conversations/{group['id']}"))[0] == 404


async def test_an_owner_who_leaves_hands_over(town: Town) -> None:
    group = await town.group(town.ana, town.bea)
    await town.ana.http.post(f"/api/conversations/{group['id']}/leave")
    left = body(await town.bea.http.get(f"/api/conversations/{group['id']}"))
    assert (left["role"], left["member_count"]) == ("owner", 1)


async def test_members_are_listed_in_order_of_joining(town: Town) -> None:
    group = await town.group(town.ana, town.bea)
    path = f"/api/conversations/{group['id']}/members"
    await town.ana.http.post(path, json={"user_ids": [town.caro.id]})
    page = body(await town.bea.http.get(path))
    assert set(page) == {"items", "page_token"}
    assert all(set(member) == MEMBER_KEYS for member in page["items"])
    assert all(set(member["user"]) == USER_KEYS for member in page["items"])
    assert {member["user_id"] for member in page["items"][:2]} == {town.ana.id, town.bea.id}
    last = page["items"][2]
    assert (last["user_id"], last["joined_seq"], last["left"]) == (town.caro.id, 2, False)
    assert last["user"]["email"] == "caro@example.org"


async def test_members_come_in_pages(town: Town) -> None:
    group = await town.group(town.ana, town.bea, town.caro)
    path = f"/api/conversations/{group['id']}/members"
    first = body(await town.ana.http.get(path, params={"page_size": 2}))
    params = {"page_size": 2, "page_token": first["page_token"]}
    second = body(await town.ana.http.get(path, params=params))
    ids = [member["user_id"] for member in first["items"] + second["items"]]
    assert sorted(ids) == sorted([town.ana.id, town.bea.id, town.caro.id])
    assert second["page_token"] is None


async def test_people_are_brought_into_a_group(town: Town) -> None:
    group = await town.group(town.ana, town.bea)
    path = f"/api/conversations/{group['id']}/members"
    said = body(await town.ana.http.post(path, json={"user_ids": [town.bea.id, town.caro.id]}))
    assert set(said) == {"members"}
    assert [member["user_id"] for member in said["members"]] == [town.caro.id]
    assert set(said["members"][0]) == MEMBER_KEYS
    assert body(await town.caro.http.get(f"/api/conversations/{group['id']}"))["member_count"] == 3


async def test_nobody_is_brought_into_a_private_chat(town: Town) -> None:
    chat = await town.private(town.ana, town.bea)
    path = f"/api/conversations/{chat['id']}/members"
    answer = await town.ana.http.post(path, json={"user_ids": [town.caro.id]})
    assert refusal(answer) == (403, "private_conversation", None)


async def test_in_a_room_only_those_who_look_after_it_bring_people_in(town: Town) -> None:
    room = await town.room(town.ana)
    await town.bea.http.post(f"/api/conversations/{room['id']}/join")
    path = f"/api/conversations/{room['id']}/members"
    asked = {"user_ids": [town.caro.id]}
    assert refusal(await town.bea.http.post(path, json=asked))[0] == 403
    assert (await town.ana.http.post(path, json=asked)).status_code == 200


@pytest.mark.parametrize(
    ("asked", "attr"),
    [
        ({}, "user_ids"),
        ({"user_ids": []}, "user_ids"),
        ({"user_ids": None}, "user_ids"),
        ({"user_ids": ["caro"]}, "user_ids.0"),
        ({"user_ids": ["01900000-0000-7000-8000-000000000000"]}, "user_ids"),
        ({"user_ids": ["01900000-0000-7000-8000-000000000000"] * 1001}, "user_ids"),
    ],
    ids=brief,
)
async def test_nobody_in_particular_cannot_be_brought_in(
    town: Town, asked: Json, attr: str
) -> None:
    group = await town.group(town.ana)
    answer = await town.ana.http.post(f"/api/conversations/{group['id']}/members", json=asked)
    assert refusal(answer)[::2] == (400, attr)


async def test_the_owner_removes_a_member(town: Town) -> None:
    group = await town.group(town.ana, town.bea)
    answer = await town.ana.http.delete(f"/api/conversations/{group['id']}/members/{town.bea.id}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert refusal(await town.bea.http.get(f"/api/conversations/{group['id']}"))[0] == 404


async def test_a_member_removes_nobody(town: Town) -> None:
    group = await town.group(town.ana, town.bea, town.caro)
    here = f"/api/conversations/{group['id']}/members"
    assert refusal(await town.bea.http.delete(f"{here}/{town.caro.id}"))[0] == 403
    assert refusal(await town.bea.http.delete(f"{here}/{town.ana.id}"))[0] == 403
    assert refusal(await town.bea.http.delete(f"{here}/{town.bea.id}"))[:2] == (409, "use_leave")


async def test_one_who_is_not_there_cannot_be_removed(town: Town) -> None:
    group = await town.group(town.ana)
    here = f"/api/conversations/{group['id']}/members"
    for other in (town.caro.id, uuid4(), "caro"):
        assert refusal(await town.ana.http.delete(f"{here}/{other}"))[0] == 404


async def test_the_owner_makes_an_admin(town: Town) -> None:
    group = await town.group(town.ana, town.bea)
    path = f"/api/conversations/{group['id']}/members/{town.bea.id}"
    member = body(await town.ana.http.patch(path, json={"role": "admin"}))
    assert set(member) == MEMBER_KEYS
    assert (member["user_id"], member["role"]) == (town.bea.id, "admin")
    assert refusal(await town.bea.http.patch(path, json={"role": "member"}))[0] == 403


async def test_the_owner_hands_over(town: Town) -> None:
    group = await town.group(town.ana, town.bea)
    members = f"/api/conversations/{group['id']}/members"
    handed = await town.ana.http.patch(f"{members}/{town.bea.id}", json={"role": "owner"})
    assert body(handed)["role"] == "owner"
    roles = {
        each["user_id"]: each["role"] for each in body(await town.ana.http.get(members))["items"]
    }
    assert roles == {town.ana.id: "admin", town.bea.id: "owner"}


@pytest.mark.parametrize("role", ["king", None, 1], ids=str)
async def test_a_role_that_is_not_given_is_refused(town: Town, role: object) -> None:
    group = await town.group(town.ana, town.bea)
    path = f"/api/conversations/{group['id']}/members/{town.bea.id}"
    assert refusal(await town.ana.http.patch(path, json={"role": role}))[::2] == (400, "role")
