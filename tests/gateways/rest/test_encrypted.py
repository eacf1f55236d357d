"""Encrypted conversations over HTTP: beginning them, their keys, and reading one's own copies."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.gateways.rest.conftest import Json, Person, Town, body, refusal
from tests.gateways.rest.contract import ENCRYPTED_KEYS, KEYS_KEYS, MESSAGE_KEYS

GOOD = {"kty": "OKP", "x": "x"}
KEYS = sorted(KEYS_KEYS)


def keys_of(person: Person, number: int = 1) -> dict[str, Json]:
    """Return keys of somebody's; what is in them is nobody's business here."""
    return {
        "public_key": {"kty": "OKP", "x": f"{person.id} {number}"},
        "private_key": {"wrapped": [f"{person.id} {number}"], "v": 1},
    }


async def sealed_group(town: Town, *others: Person) -> Json:
    """Begin a group of Ana's where everybody has keys."""
    new = {
        "kind": "group",
        "alias": "Sealed",
        "user_ids": [other.id for other in others],
        "encrypted": True,
        **keys_of(town.ana),
    }
    group = body(await town.ana.http.post("/api/conversations", json=new))
    for other in others:
        path = f"/api/conversations/{group['id']}/keys"
        body(await other.http.put(path, json=keys_of(other)))
    return group


async def say_sealed(town: Town, group: Json, *people: Person) -> UUID:
    """Have Ana send a message sealed for these, and return its id."""
    actor = town.ana.signed_in.actor
    copies = {UUID(person.id): f"for {person.id}" for person in people}
    message = await town.core.sealed_messages.send(actor, UUID(group["id"]), copies)
    return message.id


async def test_a_group_begins_encrypted_with_its_founders_keys(town: Town) -> None:
    group = await sealed_group(town)
    path = f"/api/conversations/{group['id']}/keys"
    found = body(await town.ana.http.get(path))
    assert group["encrypted"] is True
    assert found == {
        "public_keys": {town.ana.id: keys_of(town.ana)["public_key"]},
        "private_key": keys_of(town.ana)["private_key"],
        "private_keys": [],
        "identities": {},
    }


async def test_other_keys_take_the_place_of_the_first_ones(town: Town) -> None:
    group = await sealed_group(town, town.bea)
    path = f"/api/conversations/{group['id']}"
    for _ in range(2):
        answer = await town.ana.http.put(f"{path}/keys", json=keys_of(town.ana, 2))
        assert body(answer) == keys_of(town.ana, 2)
    changes = body(await town.ana.http.get(f"{path}/changes?since=1"))
    seen_by_bea = body(await town.bea.http.get(f"{path}/keys"))
    assert changes["conversation"]["head_seq"] == 3
    assert {name: changes[name] for name in KEYS} == {
        "public_keys": {
            town.ana.id: keys_of(town.ana, 2)["public_key"],
            town.bea.id: keys_of(town.bea)["public_key"],
        },
        "private_key": keys_of(town.ana, 2)["private_key"],
        "private_keys": [keys_of(town.ana)],
        "identities": {},
    }
    assert seen_by_bea["public_keys"] == changes["public_keys"]
    assert seen_by_bea["private_key"] == keys_of(town.bea)["private_key"]


async def test_the_identities_of_those_who_have_keys_come_with_them(town: Town) -> None:
    group = await sealed_group(town, town.bea)
    identity = {"public_key": {"x": "ana's"}, "private_key": {"ct": "wrapped"}}
    wraps = [{"kind": "recovery", "wrapped": {"ct": "secret"}}]
    answer = await town.ana.http.put(
        "/api/encryption/identity", json={**identity, "wraps": wraps, "replaces": None}
    )
    assert answer.status_code == 200, answer.text
    found = body(await town.bea.http.get(f"/api/conversations/{group['id']}/keys"))
    assert found["identities"] == {town.ana.id: {"x": "ana's"}}


async def test_only_members_of_an_encrypted_conversation_have_keys_there(town: Town) -> None:
    sealed, group = await sealed_group(town), await town.group(town.ana)
    for http, conversation, expected in (
        (town.bea.http, sealed, (404, "not_found", None)),
        (town.ana.http, group, (409, "not_encrypted", None)),
    ):
        path = f"/api/conversations/{conversation['id']}/keys"
        assert refusal(await http.get(path)) == expected
        assert refusal(await http.put(path, json=keys_of(town.ana))) == expected
    changes = body(await town.ana.http.get(f"/api/conversations/{group['id']}/changes?since=0"))
    assert {name: changes[name] for name in KEYS} == {
        "public_keys": {},
        "private_key": None,
        "private_keys": [],
        "identities": {},
    }


@pytest.mark.parametrize("field", ["public_key", "private_key"])
async def test_keys_that_cannot_be_used_are_refused_by_name(town: Town, field: str) -> None:
    group = await sealed_group(town)
    other = {"public_key": "private_key", "private_key": "public_key"}[field]
    new = {"kind": "group", "alias": "More", "encrypted": True, other: GOOD}
    deep: Any = {}
    for _ in range(20):
        deep = {"a": [deep]}
    for bad, code in (
        ([], "invalid"),
        ("x", "invalid"),
        ({}, "required"),
        (deep, "invalid"),
        ({"x": "x" * 16_384}, "too_long"),
    ):
        path = f"/api/conversations/{group['id']}/keys"
        answer = await town.ana.http.put(path, json={field: bad, other: GOOD})
        assert refusal(answer) == (400, code, field)
        answer = await town.ana.http.post("/api/conversations", json=new | {field: bad})
        assert refusal(answer) == (400, code, field)
    answer = await town.ana.http.post("/api/conversations", json=new)
    assert refusal(answer) == (400, "required", field)
    assert len(body(await town.ana.http.get("/api/conversations"))["items"]) == 1


async def test_keys_and_rooms_do_not_go_together(town: Town) -> None:
    room = {"kind": "room", "alias": "Owls", "topic": "music"}
    group = {"kind": "group", "alias": "Open", **keys_of(town.ana)}
    for new, attr in ((room | {"encrypted": True}, "encrypted"), (group, "public_key")):
        answer = await town.ana.http.post("/api/conversations", json=new)
        assert refusal(answer) == (400, "invalid", attr)


async def test_two_people_have_an_open_and_an_encrypted_chat(town: Town) -> None:
    path = f"/api/conversations/private/{town.bea.id}"
    new = {"kind": "private", "user_ids": [town.bea.id]}

    async def found(query: str = "") -> str | None:
        answer = body(await town.ana.http.get(path + query))
        chat: str | None = answer["conversation_id"]
        return chat

    assert await found() is None
    sealed = body(await town.ana.http.post("/api/conversations", json=new | {"encrypted": True}))
    assert [await found(query) for query in ("", "?encrypted=true", "?encrypted=false")] == [
        sealed["id"],
        sealed["id"],
        None,
    ]
    opened = await town.private(town.ana, town.bea)
    assert [await found(query) for query in ("", "?encrypted=true", "?encrypted=false")] == [
        sealed["id"],
        sealed["id"],
        opened["id"],
    ]
    again = await town.bea.http.post(
        "/api/conversations",
        json={"kind": "private", "user_ids": [town.ana.id], "encrypted": True},
    )
    assert refusal(again) == (409, "conversation_already_exists", None)


async def test_each_reads_their_own_copies_alone(town: Town) -> None:
    group = await sealed_group(town, town.bea)
    message = await say_sealed(town, group, town.ana, town.bea)
    path = f"/api/conversations/{group['id']}/members"
    body(await town.ana.http.post(path, json={"user_ids": [town.caro.id]}))
    for person, texts in (
        (town.ana, [f"for {town.ana.id}"]),
        (town.bea, [f"for {town.bea.id}"]),
        (town.caro, []),
    ):
        pages = [
            f"/api/messages?conversation_id={group['id']}",
            f"/api/conversations/{group['id']}/around?seq=1",
        ]
        for page in pages:
            items = body(await person.http.get(page))["items"]
            assert [item["content"] for item in items] == texts
            assert all(set(item) == MESSAGE_KEYS | ENCRYPTED_KEYS for item in items)
            assert all(item["encrypted"] for item in items)
            assert all(item["message_group"] == str(message) != item["id"] for item in items)
        changes = body(await person.http.get(f"/api/conversations/{group['id']}/changes?since=0"))
        assert [row["content"] for row in changes["messages"]] == texts
        chat = body(await person.http.get(f"/api/conversations/{group['id']}"))
        last = chat["last_message"]
        assert ([last["content"]] if last else []) == texts
    assert refusal(await town.caro.http.get(f"/api/messages/{message}"))[:2] == (404, "not_found")


async def test_nothing_open_is_said_or_asked_of_it(town: Town) -> None:
    group = await sealed_group(town)
    message = await say_sealed(town, group, town.ana)
    elsewhere = await town.group(town.ana)
    for method, path, sent in (
        ("POST", f"/api/conversations/{group['id']}/messages", {"content": "hello"}),
        ("PATCH", f"/api/messages/{message}", {"content": "hello"}),
        ("POST", f"/api/messages/{message}/reactions", {"emoji": "🎉"}),
        ("POST", f"/api/messages/{message}/forward", {"conversation_ids": [elsewhere["id"]]}),
        ("GET", f"/api/messages/{message}/versions", None),
    ):
        answer = await town.ana.http.request(method, path, json=sent)
        assert refusal(answer) == (409, "encrypted", None), path


async def test_an_id_that_nobody_has_is_no_chat(town: Town) -> None:
    for name in ("undefined", str(uuid4())):
        answer = await town.ana.http.get(f"/api/conversations/private/{name}?encrypted=true")
        assert body(answer) == {"conversation_id": None}
