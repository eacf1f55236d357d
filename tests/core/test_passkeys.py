"""Passkeys: made, used and forgotten, with keys and signatures that the real library checks."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from webauthn.helpers import encode_cbor

from tertulia.core.entrance import Device, SignedIn
from tertulia.core.errors import Conflict, Forbidden, Invalid, NotFound
from tertulia.core.passkeys import MAX_PASSKEYS, Credential
from tests.authenticator import SoftwareKey
from tests.core.door import DEVICE, PASSWORD

if TYPE_CHECKING:
    from tertulia.core.proofs import Passkey
    from tests.core.door import Door

WRONG = [
    pytest.param({"origin": "http://localhost:9000"}, id="another port"),
    pytest.param({"origin": "https://evil.example"}, id="another origin"),
    pytest.param({"rp_id": "evil.example"}, id="another relying party"),
    pytest.param({"challenge": b"x" * 32}, id="another challenge"),
    pytest.param({"cross_origin": True}, id="within another site's page"),
    pytest.param({"verified": False}, id="before nobody"),
]
NO_POINT = encode_cbor({1: 2, 3: -7, -1: 1, -2: bytes(31) + b"1", -3: bytes(31) + b"2"})
LONG_KEY = encode_cbor({1: 3, 3: -257, -1: b"\xff" * 1100, -2: b"\x01\x00\x01"})


async def add_passkey(
    door: Door,
    person: SignedIn,
    key: SoftwareKey,
    name: str | None = "Laptop",
    device: Device = DEVICE,
) -> Passkey:
    begun = await door.passkeys.begin_adding(person.actor, PASSWORD)
    made = key.create(begun.options)
    return await door.passkeys.add(person.actor, begun.token, name, made, device)


async def come_in(door: Door, key: SoftwareKey, **bent: Any) -> SignedIn:
    begun = await door.passkeys.begin_sign_in(DEVICE)
    return await door.passkeys.sign_in(begun.token, key.get(begun.options, **bent), DEVICE)


async def test_a_passkey_is_made_and_lets_its_owner_in_without_a_name(door: Door) -> None:
    ana, key = await door.someone(), SoftwareKey()
    passkey = await add_passkey(door, ana, key, "  My   laptop ")
    assert (passkey.id, passkey.name, passkey.transports) == (key.id, "My laptop", ("internal",))
    door.clock.advance(timedelta(minutes=1))
    signed_in = await come_in(door, key)
    assert signed_in.account.id == ana.account.id
    assert signed_in.session.id != ana.session.id
    (used,) = (await door.second_steps.security(ana.actor)).passkeys
    assert used.last_used_at == door.clock()


async def test_what_a_browser_is_asked_names_the_server_and_every_known_passkey(
    door: Door,
) -> None:
    ana, key = await door.someone(), SoftwareKey()
    await add_passkey(door, ana, key)
    options = (await door.passkeys.begin_adding(ana.actor, PASSWORD)).options
    assert options["rp"] == {"name": "Tertulia", "id": "localhost"}
    assert options["attestation"] == "none"
    selection = options["authenticatorSelection"]
    assert isinstance(selection, dict)
    assert selection["userVerification"] == selection["residentKey"] == "required"
    excluded = options["excludeCredentials"]
    assert isinstance(excluded, list)
    assert len(excluded) == 1
    asked = (await door.passkeys.begin_sign_in(DEVICE)).options
    assert asked["userVerification"] == "required"
    assert not asked.get("allowCredentials")


@pytest.mark.parametrize(
    "bent",
    [
        *WRONG,
        pytest.param({"public_key": NO_POINT}, id="a key off its curve"),
        pytest.param({"public_key": LONG_KEY}, id="a key of 8,800 bits"),
        pytest.param({"public_key": b"\x00"}, id="no key"),
        pytest.param({"attestation": ("none", {"sig": b"!"})}, id="a word that nobody asked for"),
        pytest.param({"attestation": ("packed", {"alg": -7, "sig": b"!"})}, id="a wrong word"),
        pytest.param({"attestation": ("unheard-of", {})}, id="a word of an unknown kind"),
    ],
)
async def test_a_passkey_made_elsewhere_or_for_nobody_is_refused(
    door: Door, bent: dict[str, Any]
) -> None:
    ana, key = await door.someone(), SoftwareKey()
    begun = await door.passkeys.begin_adding(ana.actor, PASSWORD)
    door.town.heard()
    with door.town.refuses(Invalid, "invalid_passkey", "credential"):
        made = key.create(begun.options, **bent)
        await door.passkeys.add(ana.actor, begun.token, "A", made, DEVICE)
    assert (await door.second_steps.security(ana.actor)).passkeys == ()


@pytest.mark.parametrize(
    "bent",
    [
        *WRONG,
        pytest.param({"tampered": True}, id="a wrong signature"),
        pytest.param({"user_handle": b"somebody"}, id="for somebody else"),
        pytest.param({"user_handle": b""}, id="for nobody"),
    ],
)
async def test_a_proof_that_does_not_hold_lets_nobody_in(door: Door, bent: dict[str, Any]) -> None:
    ana, key = await door.someone(), SoftwareKey()
    await add_passkey(door, ana, key)
    door.town.heard()
    with door.town.refuses(Invalid, "invalid_passkey", "credential"):
        await come_in(door, key, **bent)
    await come_in(door, key)


async def test_a_proof_is_good_once_and_for_its_own_ceremony(door: Door) -> None:
    ana, key = await door.someone(), SoftwareKey()
    await add_passkey(door, ana, key)
    first = await door.passkeys.begin_sign_in(DEVICE)
    second = await door.passkeys.begin_sign_in(DEVICE)
    proof = key.get(first.options)
    with door.town.refuses(Invalid, "invalid_passkey", "credential"):
        await door.passkeys.sign_in(second.token, proof, DEVICE)
    await door.passkeys.sign_in(first.token, proof, DEVICE)
    with door.town.refuses(Invalid, "invalid_token", "token"):
        await door.passkeys.sign_in(first.token, proof, DEVICE)
    late = await door.passkeys.begin_sign_in(DEVICE)
    door.clock.advance(timedelta(minutes=5))
    with door.town.refuses(Invalid, "invalid_token", "token"):
        await door.passkeys.sign_in(late.token, key.get(late.options), DEVICE)


async def test_of_several_who_bring_one_proof_one_comes_in(door: Door) -> None:
    ana, key = await door.someone(), SoftwareKey()
    await add_passkey(door, ana, key)
    begun = await door.passkeys.begin_sign_in(DEVICE)
    proof = key.get(begun.options)
    outcomes = await asyncio.gather(
        *[door.passkeys.sign_in(begun.token, proof, DEVICE) for _ in range(5)],
        return_exceptions=True,
    )
    assert sum(isinstance(outcome, SignedIn) for outcome in outcomes) == 1


async def test_a_count_that_goes_back_shows_a_copied_key(door: Door) -> None:
    ana, key = await door.someone(), SoftwareKey(count=5)
    await add_passkey(door, ana, key)
    key.count = 7
    await come_in(door, key)
    for copy in (replace(key, count=6), replace(key, count=7), replace(key, count=0)):
        door.town.heard()
        with door.town.refuses(Invalid, "invalid_passkey", "credential"):
            await come_in(door, copy)
    key.count = 8
    await come_in(door, key)


async def test_a_key_that_counts_nothing_is_used_again_and_again(door: Door) -> None:
    ana, key = await door.someone(), SoftwareKey(count=0)
    await add_passkey(door, ana, key)
    for _ in range(3):
        await come_in(door, key)


async def test_of_a_key_and_its_copy_that_come_at_once_one_comes_in(door: Door) -> None:
    ana, key = await door.someone(), SoftwareKey(count=5)
    await add_passkey(door, ana, key)
    key.count = 6
    outcomes = await asyncio.gather(
        *[come_in(door, replace(key)) for _ in range(5)], return_exceptions=True
    )
    assert sum(isinstance(outcome, SignedIn) for outcome in outcomes) == 1
    assert {type(outcome) for outcome in outcomes} == {SignedIn, Invalid}


async def test_an_unknown_passkey_lets_nobody_in(door: Door) -> None:
    with door.town.refuses(Invalid, "invalid_passkey", "credential"):
        await come_in(door, SoftwareKey())


async def test_one_passkey_belongs_to_one_person(door: Door) -> None:
    ana, bea = await door.someone("ana"), await door.someone("bea")
    key = SoftwareKey()
    await add_passkey(door, ana, key)
    begun = await door.passkeys.begin_adding(bea.actor, PASSWORD)
    door.town.heard()
    with door.town.refuses(Conflict, "passkey_taken"):
        await door.passkeys.add(bea.actor, begun.token, "A", key.create(begun.options), DEVICE)


async def test_a_ceremony_belongs_to_whoever_began_it(door: Door) -> None:
    ana, bea = await door.someone("ana"), await door.someone("bea")
    begun = await door.passkeys.begin_adding(ana.actor, PASSWORD)
    made = SoftwareKey().create(begun.options)
    with door.town.refuses(Invalid, "invalid_token", "token"):
        await door.passkeys.add(bea.actor, begun.token, "A", made, DEVICE)
    await door.passkeys.add(ana.actor, begun.token, "A", made, DEVICE)
    with door.town.refuses(Invalid, "invalid_token", "token"):
        await door.passkeys.add(ana.actor, begun.token, "A", made, DEVICE)


async def test_a_passkey_without_a_name_is_called_after_the_device(door: Door) -> None:
    ana = await door.someone()
    known = Device(name="Firefox on Linux", address="127.0.0.1")
    long = Device(name="x" * 200, address="127.0.0.1")
    nameless = Device(name="", address="127.0.0.1")
    called = [
        (await add_passkey(door, ana, SoftwareKey(), None, device)).name
        for device in (known, long, nameless)
    ]
    assert called == ["Firefox on Linux", "x" * 50, "Passkey"]


@pytest.mark.parametrize("name", ["", " ", "x" * 51, "a\x00b"], ids=ascii)
async def test_a_name_that_cannot_be_is_refused_before_anything_is_kept(
    door: Door, name: str
) -> None:
    ana = await door.someone()
    with pytest.raises(Invalid) as refused:
        await add_passkey(door, ana, SoftwareKey(), name)
    assert refused.value.attr == "name"
    assert (await door.second_steps.security(ana.actor)).passkeys == ()


async def test_there_is_room_for_so_many_however_many_are_begun_at_once(door: Door) -> None:
    ana = await door.someone()
    keys = [SoftwareKey() for _ in range(MAX_PASSKEYS + 1)]
    begun = [await door.passkeys.begin_adding(ana.actor, PASSWORD) for _ in keys]
    outcomes = await asyncio.gather(
        *[
            door.passkeys.add(ana.actor, each.token, "A", key.create(each.options), DEVICE)
            for each, key in zip(begun, keys, strict=True)
        ],
        return_exceptions=True,
    )
    (refused,) = [each for each in outcomes if isinstance(each, BaseException)]
    assert isinstance(refused, Invalid)
    assert refused.code == "too_many"
    door.town.heard()
    with door.town.refuses(Invalid, "too_many"):
        await door.passkeys.begin_adding(ana.actor, PASSWORD)


async def test_making_one_needs_the_password(door: Door) -> None:
    ana = await door.someone()
    with door.town.refuses(Invalid, "wrong_password", "password"):
        await door.passkeys.begin_adding(ana.actor, "wrong horse battery")
    with door.town.refuses(Invalid, "required", "password"):
        await door.passkeys.begin_adding(ana.actor, None)


@pytest.mark.parametrize(
    "credential",
    [
        {},
        {"id": 5},
        {"id": "é"},
        {"id": "A" * 100_000},
        {"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": {}},
        {"id": "AAAA", "rawId": [], "type": "public-key", "response": "x"},
        {
            "id": "AAAA",
            "rawId": "AAAA",
            "type": "public-key",
            "response": {"clientDataJSON": "!!", "attestationObject": "AAAA"},
        },
        {
            "id": "AAAA",
            "rawId": "AAAA",
            "type": "public-key",
            "response": {"clientDataJSON": "e30", "attestationObject": "oA"},
        },
    ],
    ids=["empty", "number", "odd", "long", "bare", "lists", "not base64", "no attestation"],
)
async def test_what_no_browser_answers_is_refused(door: Door, credential: Credential) -> None:
    ana = await door.someone()
    adding = await door.passkeys.begin_adding(ana.actor, PASSWORD)
    coming = await door.passkeys.begin_sign_in(DEVICE)
    door.town.heard()
    with door.town.refuses(Invalid, "invalid_passkey", "credential"):
        await door.passkeys.add(ana.actor, adding.token, "A", credential, DEVICE)
    with door.town.refuses(Invalid, "invalid_passkey", "credential"):
        await door.passkeys.sign_in(coming.token, credential, DEVICE)


async def test_a_passkey_is_renamed_and_forgotten_by_its_owner_alone(door: Door) -> None:
    ana, bea = await door.someone("ana"), await door.someone("bea")
    key = SoftwareKey()
    await add_passkey(door, ana, key)
    assert (await door.passkeys.rename(ana.actor, key.id, " Phone ")).name == "Phone"
    door.town.heard()
    with door.town.refuses(NotFound, "not_found"):
        await door.passkeys.rename(bea.actor, key.id, "Mine")
    with door.town.refuses(NotFound, "not_found"):
        await door.passkeys.remove(bea.actor, key.id, PASSWORD)
    with door.town.refuses(Invalid, "required", "name"):
        await door.passkeys.rename(ana.actor, key.id, " ")
    with door.town.refuses(Invalid, "wrong_password", "password"):
        await door.passkeys.remove(ana.actor, key.id, "wrong horse battery")
    await door.passkeys.remove(ana.actor, key.id, PASSWORD)
    with door.town.refuses(Invalid, "invalid_passkey", "credential"):
        await come_in(door, key)


async def test_a_passkey_alone_is_enough_and_is_not_taken_away(door: Door) -> None:
    ana, key = await door.someone(), SoftwareKey()
    await add_passkey(door, ana, key)
    await door.passwords.remove(ana.actor, PASSWORD)
    signed_in = await come_in(door, key)
    door.town.heard()
    with door.town.refuses(Conflict, "last_way_in"):
        await door.passkeys.remove(signed_in.actor, key.id, None)
    door.clock.advance(door.fresh * 2)
    with door.town.refuses(Forbidden, "sign_in_again"):
        await door.passkeys.begin_adding(signed_in.actor, None)


async def test_an_account_that_is_shut_is_not_opened_by_passkey(door: Door) -> None:
    ana, key = await door.someone(), SoftwareKey()
    await add_passkey(door, ana, key)
    async with door.town.storage.begin() as work:
        await work.accounts.update(replace(ana.account, disabled_at=door.clock()))
    door.town.heard()
    with door.town.refuses(Forbidden, "account_disabled"):
        await come_in(door, key)
