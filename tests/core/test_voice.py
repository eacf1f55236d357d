"""Who may be in the voice channel of a conversation, and who looks after it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tertulia.core.errors import Forbidden, NotFound
from tertulia.core.events import ConversationEnded
from tertulia.core.ice import IceServers
from tertulia.core.ids import new_id
from tertulia.core.model import Kind
from tertulia.core.participant import OwnState
from tertulia.core.voice import Voice
from tertulia.core.voice_channels import VoiceChannels
from tertulia.core.voice_events import CallStarted, VoiceChanged, VoiceJoined, VoiceLeft
from tests import examples as eg

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from tertulia.core.events import Event
    from tertulia.core.model import Actor
    from tests.core.town import Town


@pytest.fixture
def voice(town: Town) -> Voice:
    """Return the town's own, which hears what is published as on a node."""
    return town.core.voice


def _hear(town: Town) -> list[Event]:
    """Let the town's voice hear all that was announced, and return it."""
    heard = town.heard()
    town.core.voice.hear(heard)
    return heard


def _lefts(events: Sequence[Event]) -> list[tuple[UUID, str]]:
    return [(event.account_id, event.reason) for event in events if isinstance(event, VoiceLeft)]


@pytest.mark.parametrize("kind", Kind)
async def test_members_come_in_and_see_one_another(town: Town, voice: Voice, kind: Kind) -> None:
    ana, bea = town.actors[:2]
    place = await town.conversation(kind, ana, bea)
    alone = await voice.join(ana, place, object())
    both = await voice.join(bea, place, object(), own=OwnState(muted=True))
    assert [each.account_id for each in alone.view.participants] == [ana.account_id]
    assert [each.account_id for each in both.view.participants] == [ana.account_id, bea.account_id]
    assert [person.id for person in both.view.people] == [ana.account_id, bea.account_id]
    assert {person.email is None for person in both.view.people} == {kind is Kind.ROOM}
    assert (both.view.limit, both.view.route, both.view.end_to_end) == (8, "mesh", True)
    assert await voice.seen_by(ana, place) == both.view
    assert await voice.busy(ana) == {place: (ana.account_id, bea.account_id)}
    rang = [event.account_id for event in town.heard() if isinstance(event, CallStarted)]
    assert rang == ([bea.account_id] if kind is Kind.PRIVATE else [])


async def test_strangers_neither_come_in_nor_see_who_is_there(town: Town, voice: Voice) -> None:
    ana, bea, stranger = town.actors[:3]
    for place in (await town.private(ana, bea), await town.group(ana), new_id()):
        with town.refuses(NotFound, "not_found"):
            await voice.join(stranger, place, object())
        with town.refuses(NotFound, "not_found"):
            await voice.seen_by(stranger, place)
    assert await voice.busy(stranger) == {}
    assert town.heard() == []


@pytest.mark.parametrize("how", ["removed", "banned", "left", "deleted"])
async def test_who_is_in_the_conversation_no_more_leaves_its_channel(
    town: Town, voice: Voice, how: str
) -> None:
    ana, bea = town.actors[:2]
    group = await town.group(ana, bea)
    for actor in (ana, bea):
        await voice.join(actor, group, object())
    town.heard()
    match how:
        case "removed":
            await town.core.members.remove(ana, group, bea.account_id)
        case "banned":
            await town.core.bans.ban(ana, group, bea.account_id)
        case "left":
            await town.core.members.leave(bea, group)
        case _:
            await town.core.conversations.delete(ana, group)
    _hear(town)
    reason = "removed" if how in ("removed", "banned") else "left"
    assert (bea.account_id, reason) in _lefts(town.heard())
    there = () if how == "deleted" else (ana.account_id,)
    assert voice.channels.participants_in(group) == there


async def test_who_signs_out_leaves_the_channel(town: Town, voice: Voice) -> None:
    ana, bea = town.actors[:2]
    group = await town.group(ana, bea)
    for actor in (ana, bea):
        await voice.join(actor, group, object())
    town.heard()
    await town.core.devices.end(bea, bea.session_id)
    _hear(town)
    assert _lefts(town.heard()) == [(bea.account_id, "left")]


async def test_whom_the_other_one_has_blocked_is_not_let_in_and_leaves(
    town: Town, voice: Voice
) -> None:
    ana, bea = town.actors[:2]
    place = await town.private(ana, bea)
    await voice.join(bea, place, object())
    await town.core.contacts.block(ana, bea.account_id)
    _hear(town)
    assert _lefts(town.heard()) == [(bea.account_id, "removed")]
    with town.refuses(Forbidden, "blocked"):
        await voice.join(bea, place, object())
    await voice.join(ana, place, object())
    heard = town.heard()
    assert [type(event) for event in heard] == [VoiceJoined, VoiceChanged], "nothing rings there"


async def test_who_loses_the_right_while_coming_in_is_not_in(town: Town, voice: Voice) -> None:
    ana, bea = town.actors[:2]
    group = await town.group(ana, bea)
    coming = asyncio.create_task(voice.join(bea, group, object()))
    await asyncio.sleep(0)  # the entry is begun, and storage is being asked
    removed = ConversationEnded(
        conversation_id=group, account_ids=(bea.account_id,), reason="removed"
    )
    voice.hear([removed])
    with town.refuses(NotFound, "not_found"):
        await coming
    assert voice.channels.participants_in(group) == ()


@pytest.mark.parametrize("kind", [Kind.GROUP, Kind.ROOM])
async def test_owner_and_admins_look_after_those_below_them(
    town: Town, voice: Voice, kind: Kind
) -> None:
    ana, bea, caro, dani = town.actors
    place = await town.conversation(kind, ana, bea, caro, dani)
    await town.promote(ana, place, bea)
    for actor in town.actors:
        await voice.join(actor, place, object())

    async def tries(actor: Actor, other: Actor) -> bool:
        try:
            await voice.silence(actor, place, other.account_id, True)
        except Forbidden as refused:
            assert refused.code == "forbidden"
            with pytest.raises(Forbidden):
                await voice.remove(actor, place, other.account_id)
            return False
        return True

    outcomes = {
        (one, other): await tries(one_actor, other_actor)
        for one, one_actor in zip("abc", (ana, bea, caro), strict=True)
        for other, other_actor in zip("abd", (ana, bea, dani), strict=True)
        if one != other
    }
    assert outcomes == {
        ("a", "b"): True,
        ("a", "d"): True,
        ("b", "a"): False,
        ("b", "d"): True,
        ("c", "a"): False,
        ("c", "b"): False,
        ("c", "d"): False,
    }
    town.heard()
    await voice.remove(bea, place, dani.account_id)
    assert _lefts(town.heard()) == [(dani.account_id, "removed")]
    with town.refuses(NotFound, "not_found"):
        await voice.remove(bea, place, dani.account_id)


async def test_in_a_private_chat_nobody_looks_after_the_other(town: Town, voice: Voice) -> None:
    ana, bea = town.actors[:2]
    place = await town.private(ana, bea)
    for actor in (ana, bea):
        await voice.join(actor, place, object())
    with town.refuses(Forbidden, "forbidden"):
        await voice.silence(ana, place, bea.account_id, True)


async def test_people_are_seen_as_they_look_now(town: Town, voice: Voice) -> None:
    ana, bea = town.actors[:2]
    group = await town.group(ana, bea)
    await voice.join(ana, group, object())
    await town.core.accounts.rename(ana, about="Reads too much")
    _hear(town)
    seen = (await voice.seen_by(bea, group)).people[0]
    assert (seen.about, seen.email) == ("Reads too much", (await town.account(ana)).email)


async def test_each_gets_credentials_of_their_own_for_the_relay(town: Town) -> None:
    ana = town.actors[0]
    group = await town.group(ana)
    ice = IceServers(
        stun_urls=("stun:s.example:3478",),
        turn_urls=("turn:t.example:3478",),
        turn_secret="s" * 32,
        turn_ttl=timedelta(hours=1),
    )
    channels = VoiceChannels(town.published.extend, mesh_limit=8)
    voice = Voice(town.storage, channels, ice, lambda: eg.NOON)
    stun, turn = (await voice.join(ana, group, object())).ice_servers
    assert (stun.urls, stun.username) == (("stun:s.example:3478",), None)
    until = int((eg.NOON + timedelta(hours=1)).timestamp())
    assert (turn.urls, turn.username) == (("turn:t.example:3478",), f"{until}:{ana.account_id}")
