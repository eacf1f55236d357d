"""Mentions: whom a message names, who may call everyone, and what counts as unread."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tertulia.core.mentions import MAX_MENTIONS, names_in
from tertulia.core.message import PLAIN
from tertulia.core.model import Kind

if TYPE_CHECKING:
    from uuid import UUID

    from tertulia.core.model import Actor
    from tests.core.town import Town


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("@ana, @Bea!", ("ana", "bea")),
        ("(@ana) «@bea» @ana", ("ana", "bea")),
        ("@ana.", ("ana.",)),
        ("@a.b_c", ("a.b_c",)),
        ("line\n@ana", ("ana",)),
        ("¿@ana?", ("ana",)),
        ("me@example.org", ()),
        ("@ana@example.org", ()),
        ("x@ana", ()),
        ("@@ana", ()),
        ("é@ana", ()),
        ("@anaé", ()),
        ("https://example.org/@ana", ()),
        ("@a", ()),
        ("@" + "a" * 32, ("a" * 32,)),
        ("@" + "a" * 33, ()),
        ("`@ana` @bea", ("bea",)),
        ("```\n@ana\n``` @bea", ("bea",)),
        ("@ _@ana @", ()),
        ("@ſam", ()),
    ],
)
def test_a_name_is_found_where_somebody_is_called(body: str, names: tuple[str, ...]) -> None:
    assert names_in(body) == names


def test_50_names_are_looked_at() -> None:
    body = " ".join(f"@person{number}" for number in range(80))
    assert len(names_in(body)) == MAX_MENTIONS == 50


async def name_of(town: Town, actor: Actor) -> str:
    """Return somebody's username."""
    name = (await town.account(actor)).username
    assert name is not None
    return name


async def unread_mentions(town: Town, actor: Actor, conversation_id: UUID) -> int:
    """Return how many messages that somebody has not read call them."""
    return (await town.core.conversations.get(actor, conversation_id)).mentions


async def test_members_are_mentioned_by_their_names_whatever_the_case(town: Town) -> None:
    ana, bea, caro, outsider = town.actors
    group = await town.group(ana, bea, caro)
    names = [await name_of(town, actor) for actor in (bea, caro, outsider)]
    body = f"@{names[1].upper()} and @{names[0]}. Not @{names[2]}, nor @nobody_at_all"
    sent = await town.core.messages.send(ana, group, body)
    assert sent.extras.mentions == (caro.account_id, bea.account_id)
    assert not sent.extras.mentions_all
    assert await town.history(bea, group) == [sent]
    nobody = await town.core.messages.send(ana, group, f"@{names[2]} `@{names[0]}`")
    assert nobody.extras == PLAIN


async def test_a_full_stop_is_the_names_or_the_sentences(town: Town) -> None:
    ana, bea, caro = town.actors[:3]
    group = await town.group(ana, bea, caro)
    name = await name_of(town, bea)
    await town.core.accounts.rename(caro, username=f"{name}.")
    with_dot = await town.core.messages.send(ana, group, f"@{name}.")
    without = await town.core.messages.send(ana, group, f"@{name}, @{name}..")
    assert with_dot.extras.mentions == (caro.account_id,)
    assert without.extras.mentions == (bea.account_id,)


@pytest.mark.parametrize("kind", Kind)
async def test_everyone_is_called_by_all_but_in_rooms_by_owner_and_admins(
    town: Town, kind: Kind
) -> None:
    owner, member, admin = town.actors[:3]
    conversation_id = await town.conversation(kind, owner, member, admin)
    for actor in (owner, member):
        sent = await town.core.messages.send(actor, conversation_id, "@all: supper, @All!")
        assert sent.extras.mentions == ()
        assert sent.extras.mentions_all is (kind is not Kind.ROOM or actor is owner)
    if kind is Kind.ROOM:
        await town.promote(owner, conversation_id, admin)
        sent = await town.core.messages.send(admin, conversation_id, "@all.")
        assert sent.extras.mentions_all


async def test_whom_a_message_mentions_is_settled_when_it_is_sent(town: Town) -> None:
    ana, bea, caro = town.actors[:3]
    group = await town.group(ana, bea, caro)
    names = [await name_of(town, actor) for actor in (bea, caro)]
    sent = await town.core.messages.send(ana, group, f"@{names[0]}")
    edited = await town.core.messages.edit(ana, sent.id, f"@{names[1]} @all")
    assert edited.extras == sent.extras
    assert [await unread_mentions(town, actor, group) for actor in (bea, caro)] == [1, 0]
    deleted = await town.core.messages.delete(ana, sent.id)
    assert deleted.extras == sent.extras
    assert [await unread_mentions(town, actor, group) for actor in (bea, caro)] == [0, 0]


async def test_unread_mentions_are_those_of_others_past_the_pointer(town: Town) -> None:
    ana, bea = town.actors[:2]
    group = await town.group(ana, bea)
    name = await name_of(town, bea)
    first = await town.core.messages.send(ana, group, f"@{name}")
    await town.core.messages.send(ana, group, f"@{name} and @all")
    await town.core.messages.send(bea, group, f"@{name} @all")
    last = await town.core.messages.send(ana, group, "@all")
    await town.core.messages.send(ana, group, "nobody")
    assert await unread_mentions(town, bea, group) == 3
    await town.core.receipts.read(bea, group, first.seq)
    assert await unread_mentions(town, bea, group) == 2
    await town.core.messages.delete(ana, last.id)
    assert await unread_mentions(town, bea, group) == 1
    assert await unread_mentions(town, ana, group) == 1
    await town.core.receipts.read(bea, group)
    assert await unread_mentions(town, bea, group) == 0
