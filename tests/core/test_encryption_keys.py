"""The keys of encrypted conversations: published, replaced, and read by those who are there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tertulia.core import key_ring
from tertulia.core.encryption import MAX_KEY_CHARS, MAX_KEY_DEPTH, ConversationKeys
from tertulia.core.errors import Conflict, Invalid, NotFound
from tertulia.core.events import ConversationStarted, KeysPublished
from tertulia.core.model import Kind
from tests.core.sealing import circle, pair, publish

if TYPE_CHECKING:
    from uuid import UUID

    from tertulia.core.encryption import KeyPair
    from tertulia.core.model import Actor
    from tests.core.town import Town


async def go_by(town: Town, actor: Actor, conversation_id: UUID, keys: KeyPair) -> None:
    """Publish a pair."""
    await town.core.encryption_keys.publish(
        actor, conversation_id, keys.public_key, keys.private_key
    )


def nested(levels: int) -> dict[str, Any]:
    """Return a key that is so deep."""
    key: dict[str, Any] = {"end": 1}
    for _ in range(levels - 1):
        key = {"in": key}
    return key


async def test_a_conversation_begins_with_its_founders_keys_or_without(town: Town) -> None:
    ana, bea = town.actors[:2]
    mine = pair()
    start = town.core.conversations
    group = await start.start_group(ana, "Peña", [bea.account_id], encrypted=True, keys=mine)
    private = await start.start_private(ana, bea.account_id, encrypted=True)
    assert [type(event) for event in town.heard()] == [ConversationStarted] * 2
    for chat, has_keys in ((group, True), (private, False)):
        conversation = chat.conversation
        assert conversation.encrypted
        opened = await town.core.openings.open(ana, conversation.id)
        assert opened.keys is not None
        assert opened.keys.public_keys == ({ana.account_id: mine.public_key} if has_keys else {})
        assert (opened.keys.current is not None) == has_keys
        seen = await town.core.openings.open(bea, conversation.id)
        assert seen.keys == ConversationKeys(public_keys=opened.keys.public_keys)
    plaza = await town.core.openings.open(ana, await town.room(ana))
    assert plaza.keys is None


async def test_two_people_have_an_open_chat_and_an_encrypted_one(town: Town) -> None:
    ana, bea = town.actors[:2]
    start, between = town.core.conversations.start_private, town.core.conversations.between
    secret = (await start(ana, bea.account_id, encrypted=True, keys=pair())).conversation
    assert await between(ana, bea.account_id) is None
    plain = (await start(ana, bea.account_id)).conversation
    assert (secret.kind, plain.kind) == (Kind.PRIVATE, Kind.PRIVATE)
    assert (secret.encrypted, plain.encrypted) == (True, False)
    for one, other in ((ana, bea), (bea, ana)):
        assert await between(one, other.account_id, encrypted=True) == secret.id
        assert await between(one, other.account_id) == plain.id
        assert (await start(one, other.account_id)).conversation.id == plain.id
        town.heard()
        with town.refuses(Conflict, "conversation_already_exists"):
            await start(one, other.account_id, encrypted=True, keys=pair())


async def test_an_open_conversation_has_no_keys(town: Town) -> None:
    ana, bea = town.actors[:2]
    plaza = await town.room(ana)
    with town.refuses(Conflict, "not_encrypted"):
        await go_by(town, ana, plaza, pair())
    with town.refuses(Conflict, "not_encrypted"):
        await town.core.encryption_keys.of(ana, plaza)
    for start in (
        town.core.conversations.start_private(ana, bea.account_id, keys=pair()),
        town.core.conversations.start_group(ana, "Peña", [], keys=pair()),
    ):
        with town.refuses(Invalid, "invalid", "public_key"):
            await start


async def test_publishing_is_a_change_that_everybody_hears(town: Town) -> None:
    ana, bea, outsider = town.actors[:3]
    group = await circle(town, ana, bea)
    head = await town.head(group)
    before = await town.core.encryption_keys.of(bea, group)
    new = pair()
    await go_by(town, bea, group, new)
    assert town.heard() == [
        KeysPublished(
            conversation_id=group,
            seq=head + 1,
            account_id=bea.account_id,
            public_key=new.public_key,
        )
    ]
    # The pair that one has changes nothing.
    await go_by(town, bea, group, new)
    assert town.heard() == []
    after = await town.core.encryption_keys.of(bea, group)
    assert after.current is not None
    assert (after.current.pair, after.current.seq) == (new, head + 1)
    assert after.older == (before.current,)
    assert (await town.core.encryption_keys.of(ana, group)).public_keys == after.public_keys
    assert after.public_keys[bea.account_id] == new.public_key
    # An older pair of one's own may be gone by again.
    assert before.current is not None
    await go_by(town, bea, group, before.current.pair)
    assert len((await town.core.encryption_keys.of(bea, group)).older) == 2
    town.heard()
    with town.refuses(NotFound, "not_found"):
        await go_by(town, outsider, group, pair())
    with town.refuses(NotFound, "not_found"):
        await town.core.encryption_keys.of(outsider, group)


async def test_keys_hold_for_as_long_as_one_is_a_member(town: Town) -> None:
    ana, bea = town.actors[:2]
    group = await circle(town, ana, bea)
    mine = (await town.core.encryption_keys.of(bea, group)).current
    assert mine is not None
    await town.core.members.leave(bea, group)
    assert (await town.core.encryption_keys.of(ana, group)).public_keys.keys() == {ana.account_id}
    await town.bring(ana, group, bea)
    keys = await town.core.encryption_keys.of(bea, group)
    assert (keys.current, keys.older) == (None, (mine,))
    assert keys.public_keys.keys() == {ana.account_id}
    # The same pair again is a change now.
    town.heard()
    await go_by(town, bea, group, mine.pair)
    assert [type(event) for event in town.heard()] == [KeysPublished]
    assert (await town.core.encryption_keys.of(bea, group)).public_keys.keys() == {
        ana.account_id,
        bea.account_id,
    }


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ({}, "required"),
        ({"n": "x" * MAX_KEY_CHARS}, "too_long"),
        ({"n": float("nan")}, "invalid"),
        ({"n": b"bytes"}, "invalid"),
        (nested(MAX_KEY_DEPTH + 1), "invalid"),
        ({"in": [nested(MAX_KEY_DEPTH - 1)]}, "invalid"),
    ],
)
async def test_what_is_no_key_is_refused(town: Town, key: dict[str, Any], code: str) -> None:
    ana, bea = town.actors[:2]
    group = await circle(town, ana)
    fine = {"kty": "RSA"}
    publish = town.core.encryption_keys.publish
    with town.refuses(Invalid, code, "public_key"):
        await publish(ana, group, key, fine)
    with town.refuses(Invalid, code, "private_key"):
        await publish(ana, group, fine, key)
    bad = pair()
    for keys, attr in (
        (type(bad)(public_key=key, private_key=fine), "public_key"),
        (type(bad)(public_key=fine, private_key=key), "private_key"),
    ):
        with town.refuses(Invalid, code, attr):
            await town.core.conversations.start_private(
                ana, bea.account_id, encrypted=True, keys=keys
            )
    assert await town.core.conversations.between(ana, bea.account_id, encrypted=True) is None


async def test_any_other_object_is_a_key(town: Town) -> None:
    ana = town.actors[0]
    group = await circle(town, ana)
    # As the documented client sends it: an RSA key as a JWK (RFC 7517), and what else may come.
    public = {"kty": "RSA", "alg": "RSA-OAEP-256", "n": "x" * 342, "e": "AQAB", "ext": True}
    private = nested(MAX_KEY_DEPTH) | {"d": None, "key_ops": ["decrypt"], "\0": "\ud800", "n": 1.5}
    await town.core.encryption_keys.publish(ana, group, public, private)
    keys = await town.core.encryption_keys.of(ana, group)
    assert keys.current is not None
    assert (keys.current.pair.public_key, keys.current.pair.private_key) == (public, private)


async def test_there_are_so_many_pairs(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_ring, "MAX_PAIRS", 3)
    ana = town.actors[0]
    group = await circle(town, ana)
    await publish(town, group, ana, ana)
    with town.refuses(Conflict, "too_many_keys"):
        await go_by(town, ana, group, pair())
