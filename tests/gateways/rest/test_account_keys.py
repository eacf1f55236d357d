"""One's own keys over HTTP: kept, replaced, found by others, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tertulia.core.ids import new_id
from tests.gateways.rest.conftest import PASSWORD, Json, body, refusal

if TYPE_CHECKING:
    from tests.gateways.rest.conftest import Person, Town

KEYS, IDENTITY, WRAPS = "/api/encryption", "/api/encryption/identity", "/api/encryption/wraps"
PUBLIC = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
PRIVATE = {"v": 1, "alg": "A256GCM", "iv": "AAAA", "ct": "BBBB", "kid": "CCCC"}
RECOVERY = {"kind": "recovery", "wrapped": {"v": 1, "ct": "DDDD"}}
PASSKEY = {"kind": "passkey", "label": "Laptop", "wrapped": {"v": 1, "ct": "EEEE"}}
# What a client that speaks of RSA alone sends (RFC 7517).
RSA = {
    **dict.fromkeys(("d", "dp", "dq", "p", "q", "qi")),
    **{"alg": "RSA-OAEP-256", "e": "AQAB", "ext": True, "key_ops": ["encrypt"], "kty": "RSA"},
    "n": "x" * 342,
}


async def first(person: Person, **changes: Any) -> Json:
    """Have somebody go by their first identity."""
    usual = {"public_key": PUBLIC, "private_key": PRIVATE, "wraps": [RECOVERY], "replaces": None}
    return body(await person.http.put(IDENTITY, json={**usual, **changes}))


async def test_there_is_nothing_until_one_brings_it(town: Town) -> None:
    assert body(await town.ana.http.get(KEYS)) == {"identity": None, "wraps": []}
    answer = await town.ana.http.get(f"/api/users/{town.ana.id}/identity")
    assert body(answer) == {"public_key": None}


async def test_an_identity_is_kept_for_its_owner_and_shown_to_others(town: Town) -> None:
    own = await first(town.ana, wraps=[RECOVERY, PASSKEY])
    assert own == body(await town.ana.http.get(KEYS))
    assert own["identity"] == {"public_key": PUBLIC, "private_key": PRIVATE, "version": 1}
    assert [set(wrap) for wrap in own["wraps"]] == [
        {"id", "kind", "label", "wrapped", "inserted_at"}
    ] * 2
    assert [(wrap["kind"], wrap["label"]) for wrap in own["wraps"]] == [
        ("recovery", None),
        ("passkey", "Laptop"),
    ]
    answer = await town.bea.http.get(f"/api/users/{town.ana.id}/identity")
    assert body(answer) == {"public_key": PUBLIC}
    # Nobody is given another's private key or wraps anywhere.
    assert body(await town.bea.http.get(KEYS)) == {"identity": None, "wraps": []}


async def test_keys_of_any_make_are_kept_as_they_are(town: Town) -> None:
    own = await first(town.ana, public_key=RSA, private_key={**RSA, "d": "ñ\u0000😀"})
    assert own["identity"]["public_key"] == RSA
    assert own["identity"]["private_key"]["d"] == "ñ\u0000😀"


async def test_it_is_replaced_by_who_names_its_version_and_proves_themselves(town: Town) -> None:
    await first(town.ana)
    new = {"public_key": RSA, "private_key": PRIVATE, "wraps": [PASSKEY]}
    for changes, expected in (
        ({"replaces": None}, (409, "conflict", None)),
        ({"replaces": 2, "password": PASSWORD}, (409, "conflict", None)),
        ({"replaces": 1}, (400, "required", "password")),
        ({"replaces": 1, "password": "wrong horse"}, (400, "wrong_password", "password")),
    ):
        answer = await town.ana.http.put(IDENTITY, json={**new, **changes})
        assert refusal(answer) == expected
    own = await first(town.ana, **new, replaces=1, password=PASSWORD)
    assert (own["identity"]["version"], own["identity"]["public_key"]) == (2, RSA)
    assert [wrap["kind"] for wrap in own["wraps"]] == ["passkey"]


@pytest.mark.parametrize(
    ("changes", "code", "attr"),
    [
        ({"public_key": {}}, "required", "public_key"),
        ({"public_key": []}, "invalid", "public_key"),
        ({"public_key": "text"}, "invalid", "public_key"),
        ({"public_key": {"x": "a" * 17_000}}, "too_long", "public_key"),
        ({"private_key": None}, "invalid", "private_key"),
        ({"private_key": {"x": [[[[[[[[1]]]]]]]]}}, "invalid", "private_key"),
        ({"wraps": []}, "required", "wraps"),
        ({"wraps": [RECOVERY, {**PASSKEY, "kind": "letter"}]}, "invalid", "wraps.1.kind"),
        ({"wraps": [{**RECOVERY, "wrapped": {}}]}, "required", "wraps.0.wrapped"),
        ({"wraps": [{**PASSKEY, "label": "x" * 51}]}, "too_long", "wraps.0.label"),
        ({"replaces": "1"}, "invalid", "replaces"),
        ({"replaces": -1}, "invalid", "replaces"),
    ],
)
async def test_what_cannot_be_kept_is_refused_by_name(
    town: Town, changes: Json, code: str, attr: str
) -> None:
    whole = {"public_key": PUBLIC, "private_key": PRIVATE, "wraps": [RECOVERY], **changes}
    answer = await town.ana.http.put(IDENTITY, json=whole)
    assert refusal(answer)[0] == 400
    (first_attr, first_code) = refusal(answer)[2], refusal(answer)[1]
    assert first_code == code
    # A list is named by the decoder without the places in it.
    assert first_attr is not None
    assert first_attr.replace("...", "1") == attr
    assert body(await town.ana.http.get(KEYS))["identity"] is None


async def test_wraps_come_and_go_but_the_last_one_stays(town: Town) -> None:
    assert refusal(await town.ana.http.post(WRAPS, json=PASSKEY)) == (409, "no_identity", None)
    (recovery,) = (await first(town.ana))["wraps"]
    added = body(await town.ana.http.post(WRAPS, json={**PASSKEY, "version": 1}))
    assert added["wrapped"] == PASSKEY["wrapped"]
    stale = await town.ana.http.post(WRAPS, json={**PASSKEY, "version": 7})
    assert refusal(stale) == (409, "conflict", None)
    path = f"{WRAPS}/{recovery['id']}"
    assert refusal(await town.ana.http.delete(path)) == (400, "required", "password")
    proof = {"password": PASSWORD}
    await first(town.bea)
    for person in (town.bea, town.caro):
        answer = await person.http.request("DELETE", path, json=proof)
        assert refusal(answer) == (404, "not_found", None)
    assert (await town.ana.http.request("DELETE", path, json=proof)).status_code == 204
    assert body(await town.ana.http.get(KEYS))["wraps"] == [added]
    last = await town.ana.http.request("DELETE", f"{WRAPS}/{added['id']}", json=proof)
    assert refusal(last) == (409, "last_wrap", None)


async def test_a_wrap_takes_the_place_of_others_with_a_proof(town: Town) -> None:
    (recovery,) = (await first(town.ana))["wraps"]
    new = {**RECOVERY, "version": 1, "replaces": [recovery["id"]]}
    assert refusal(await town.ana.http.post(WRAPS, json=new)) == (400, "required", "password")
    assert body(await town.ana.http.get(KEYS))["wraps"] == [recovery]
    added = body(await town.ana.http.post(WRAPS, json={**new, "password": PASSWORD}))
    assert body(await town.ana.http.get(KEYS))["wraps"] == [added]


async def test_who_does_not_exist_has_no_identity_to_find(town: Town) -> None:
    answer = await town.ana.http.get(f"/api/users/{new_id()}/identity")
    assert refusal(answer) == (404, "not_found", None)
