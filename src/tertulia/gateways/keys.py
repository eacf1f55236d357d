"""Keys of encrypted conversations as JSON objects, which are the same in REST and Phoenix Channels.

A key is whatever JSON object clients agree on; the server gives it back as it came.
"""

from __future__ import annotations

from uuid import UUID

from msgspec import Struct

from tertulia.core import encryption
from tertulia.core.errors import Invalid

KeyObject = dict[str, object]


class KeyPair(Struct, frozen=True):
    """What one publishes for a conversation; the private key comes wrapped by one's client."""

    public_key: KeyObject
    private_key: KeyObject


class Keys(Struct, frozen=True):
    """The keys of a conversation as the reader sees them; none of them in an open one.

    `public_keys` has the current one of each member who published any, `private_key` is the
    reader's own, and `private_keys` has the pairs that the reader went by before, the latest first.
    `identities` has what members sign their keys with.
    """

    public_keys: dict[UUID, KeyObject]
    private_key: KeyObject | None
    private_keys: list[KeyPair]
    identities: dict[UUID, KeyObject]


def keys(found: encryption.ConversationKeys | None) -> Keys:
    """Word the keys of a conversation; of an open one there is nothing to word."""
    if found is None:
        return Keys({}, None, [], {})
    current = None if found.current is None else found.current.pair
    return Keys(
        public_keys={owner_id: dict(key) for owner_id, key in found.public_keys.items()},
        private_key=None if current is None else dict(current.private_key),
        private_keys=[key_pair(published) for published in found.older],
        identities={owner_id: dict(key) for owner_id, key in found.identities.items()},
    )


def key_pair(published: encryption.PublishedPair) -> KeyPair:
    """Word a pair for its owner."""
    pair = published.pair
    return KeyPair(dict(pair.public_key), dict(pair.private_key))


def pair_of(
    public_key: KeyObject | None, private_key: KeyObject | None
) -> encryption.KeyPair | None:
    """Read a pair that may be missing as a whole; Invalid `required` names half of one."""
    if public_key is None and private_key is None:
        return None
    if public_key is None or private_key is None:
        missing = "public_key" if public_key is None else "private_key"
        raise Invalid("Both keys or neither are needed.", code="required", attr=missing)
    return encryption.KeyPair(public_key=public_key, private_key=private_key)
