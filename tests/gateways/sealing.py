"""Encrypted conversations for tests of the wires, which do not look into what is sealed."""

from __future__ import annotations

from typing import Any

from tests.gateways.conftest import Person, Town


def keys_of(person: Person, number: int = 1) -> dict[str, Any]:
    """Return a pair of keys of somebody's, as it stands in a payload."""
    x = f"{person.name}-{number}"
    return {
        "public_key": {"kty": "OKP", "crv": "X25519", "x": x},
        "private_key": {"v": 1, "alg": "A256GCM", "ct": f"wrapped {x}", "kid": [x]},
    }


def copies(*people: Person, text: str = "sealed") -> dict[str, str]:
    """Return a text for each of these, as if sealed for them."""
    return {person.id: f"{text} for {person.name}" for person in people}


async def publish(town: Town, person: Person, conversation_id: str, number: int = 1) -> None:
    """Have somebody go by these keys from now on."""
    path = f"/api/conversations/{conversation_id}/keys"
    await town.call(person, "PUT", path, keys_of(person, number))


async def start_sealed_group(town: Town, owner: Person, *others: Person) -> str:
    """Begin an encrypted group where everybody has keys, and return its id."""
    body = {"kind": "group", "alias": "Sealed", "user_ids": [other.id for other in others]}
    made = await town.call(
        owner, "POST", "/api/conversations", body | {"encrypted": True} | keys_of(owner)
    )
    conversation_id: str = made["id"]
    for other in others:
        await publish(town, other, conversation_id)
    return conversation_id
