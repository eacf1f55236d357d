"""Keys of encrypted conversations, as frozen values.

A key is a JSON object that the server does not interpret: clients alone know what is in it. Private
keys come wrapped, under something that the server never sees.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from tertulia.core.errors import Invalid

KeyObject = Mapping[str, object]

MAX_KEY_CHARS = 16 * 1024
"""Of its compact JSON in ASCII, so these are bytes as well."""
MAX_KEY_DEPTH = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPair:
    """What one person publishes for a conversation: for the others, and for their own devices."""

    public_key: KeyObject
    private_key: KeyObject


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedPair:
    """A pair that was published, and the `seq` that this took of the conversation."""

    pair: KeyPair
    seq: int
    inserted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPair:
    """A published pair as it is stored: the JSON of both keys, sealed by the vault."""

    conversation_id: UUID
    account_id: UUID
    seq: int
    sealed_public_key: str
    sealed_private_key: str
    inserted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationKeys:
    """The keys of an encrypted conversation as one member sees them.

    `public_keys` has the current one of each present member who published any since they joined.
    Of the reader's own pairs the `current` one is among those, and the `older` ones, those from
    before they left and came back included, open what was sealed then; the latest comes first.
    `identities` has what those who published keys sign them with, of accounts that have one.
    """

    public_keys: Mapping[UUID, KeyObject] = field(default_factory=dict)
    current: PublishedPair | None = None
    older: tuple[PublishedPair, ...] = ()
    identities: Mapping[UUID, KeyObject] = field(default_factory=dict)


def worded(key: KeyObject, attr: str) -> str:
    """Return the text of a key that may be stored; Invalid naming `attr` otherwise."""
    if not key:
        raise Invalid("A key cannot be empty.", code="required", attr=attr)
    if _is_deeper(key, MAX_KEY_DEPTH):
        raise Invalid(f"A key has at most {MAX_KEY_DEPTH} levels.", attr=attr)
    try:
        text = json.dumps(key, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError):
        raise Invalid("A key is a JSON object.", attr=attr) from None
    if len(text) > MAX_KEY_CHARS:
        raise Invalid(f"A key has at most {MAX_KEY_CHARS} characters.", code="too_long", attr=attr)
    return text


def key_of(text: str) -> KeyObject:
    """Return the key of a text that was stored."""
    found: dict[str, object] = json.loads(text)
    return found


def _is_deeper(value: object, levels: int) -> bool:
    """Whether objects and lists lie in one another deeper than that, looked at level by level."""
    layer: list[object] = [value]
    for _ in range(levels):
        layer = [inner for each in layer for inner in _inside(each)]
        if not layer:
            return False
    return any(isinstance(each, dict | list) for each in layer)


def _inside(value: object) -> list[object]:
    if isinstance(value, Mapping):
        return list(value.values())
    return value if isinstance(value, list) else []
