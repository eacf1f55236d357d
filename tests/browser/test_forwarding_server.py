"""Channels that outgrow a mesh, through a real Janus, for clients that do what is documented."""

from __future__ import annotations

import asyncio
from itertools import permutations
from typing import TYPE_CHECKING

import pytest

from tests.browser.plain_talker import Talker
from tests.browser.voice import LOOPBACK, VOICE_FLAGS, until
from tests.e2e.people import register
from tests.janus_server import JanusServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.async_api import Browser

    from tests.e2e.server_process import ServerProcess

pytestmark = pytest.mark.timeout(240)


@pytest.fixture
def chromium_flags() -> list[str]:
    """Return what the browser needs to be heard and seen."""
    return VOICE_FLAGS


@pytest.fixture
def own_janus() -> Iterator[JanusServer]:
    """Return a Janus that a test may do anything with."""
    server = JanusServer()
    yield server
    server.stop()


@pytest.fixture
def settings(own_janus: JanusServer) -> dict[str, str]:
    """Return a server on which two people are a mesh, and three are more than that."""
    return {**own_janus.settings, "VOICE_MESH_LIMIT": "2", "VOICE_LIMIT": "4"}


@pytest.fixture
async def three(browser: Browser, server: ServerProcess) -> list[Talker]:
    """Return three people before the voice channel of a group of theirs, its owner first."""
    people = [await register(server.url, name) for name in ("ana", "bea", "caro")]
    ids = [each.id for each in people[1:]]
    group = await people[0].post(
        "/api/conversations", {"kind": "group", "alias": "Readers", "user_ids": ids}
    )
    seats = (Talker.sit_down(browser, server, each, group["id"]) for each in people)
    return list(await asyncio.gather(*seats))


async def test_what_outgrows_a_mesh_goes_on_through_the_forwarding_server(
    three: list[Talker],
) -> None:
    ana, bea, caro = three
    for each in three:
        await each.enter()
    for each, route in ((ana, "mesh"), (bea, "mesh"), (caro, "sfu")):
        (welcome,) = await each.told("participants_list")
        assert (welcome["route"], welcome["limit"]) == (route, 4)
    for each in (ana, bea):
        await each.expect_told("route", route="sfu", limit=4, end_to_end=False)
    for each in three:
        await each.send("audio")
    for each, other in permutations(three, 2):
        await each.expect_heard(other)
        assert await each.ways() <= LOOPBACK
    stream = next(iter((await ana.streams()).values()))
    assert stream["user_id"] in {bea.person.id, caro.person.id}
    assert not await ana.media_of(ana)

    await bea.send("screen")
    for each in (ana, caro):
        await each.expect_seen(bea, is_screen=True)
        await each.expect_heard(bea)

    await bea.say("leave", {})
    for each in (ana, caro):
        await each.expect_media(bea, 0)
        await each.expect_media(bea, 0, is_screen=True)
    await ana.expect_heard(caro)


async def test_whom_a_moderator_silences_nobody_hears_however_they_send(
    three: list[Talker],
) -> None:
    ana, bea, caro = three
    for each in three:
        await each.enter()
    await ana.expect_told("route", route="sfu")
    for each in three:
        await each.send("audio")
    await caro.expect_heard(bea)
    await ana.say("silence", {"user_id": bea.person.id, "silenced": True})
    await caro.expect_nothing(bea, "packets")
    await bea.send("audio")
    await caro.expect_media(bea, 2)
    await caro.expect_nothing(bea, "packets")
    await caro.expect_heard(ana)
    await ana.say("silence", {"user_id": bea.person.id, "silenced": False})
    await caro.expect_heard(bea)
    await ana.say("remove", {"user_id": bea.person.id})
    await caro.expect_media(bea, 0)


async def test_what_is_lost_on_the_way_is_offered_again(three: list[Talker]) -> None:
    ana, bea, caro = three
    for each in three:
        await each.enter()
    await bea.expect_told("route", route="sfu")
    await caro.answer(may_answer=False)
    await bea.send("audio")
    await ana.expect_heard(bea)
    await until(lambda: caro.told("offer"), bool, "nothing is offered")
    await caro.lose_socket()
    await caro.answer(may_answer=True)
    await caro.enter(caro.session)
    await caro.expect_heard(bea)
    await caro.hang_up()
    await caro.expect_heard(bea)


async def test_a_forwarding_server_that_goes_leaves_a_mesh_and_takes_over_again(
    three: list[Talker], own_janus: JanusServer
) -> None:
    ana, bea, _ = three
    for each in three:
        await each.enter()
    await ana.expect_told("route", route="sfu")
    for each in three:
        await each.send("audio")
    await ana.expect_heard(bea)
    own_janus.halt()
    for each in three:
        await each.expect_told("route", route="mesh", limit=2)
    await ana.send("audio")
    await ana.expect_told("error", code="not_found")
    own_janus.begin()
    for each in three:
        await each.expect_told("route", route="sfu", limit=4)
