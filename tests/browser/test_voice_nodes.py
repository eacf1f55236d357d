"""Voice channels whose people come by different nodes, in real browsers, and a node that dies."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.browser.screen import Screen
from tests.browser.voice import (
    VOICE_FLAGS,
    WATCH,
    button,
    expect_heard,
    expect_pixels,
    expect_together,
    join_voice,
    measure,
    participants,
)
from tests.browser.voice_streams import expect_streams_heard
from tests.e2e.balancer import balanced
from tests.e2e.server_process import ServerProcess, at_work
from tests.engines import Servers
from tests.ports import free_port

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from playwright.async_api import Browser

    from tests.e2e.forge import Forge
    from tests.janus_server import JanusServer
    from tests.services import PostgresCluster, RedisServer

pytestmark = pytest.mark.timeout(240)

MOMENT_S = 8.0
"""After this a node that died is missed."""
GONE_WITHIN_S = 20.0


@pytest.fixture
def chromium_flags() -> list[str]:
    """Return what the browser needs to be heard and seen."""
    return VOICE_FLAGS


@pytest.fixture
def settings() -> dict[str, str]:
    """Return the settings of both nodes."""
    return {}


@pytest.fixture
async def nodes(
    tmp_path: Path,
    settings: dict[str, str],
    postgres_cluster: PostgresCluster,
    redis_server: RedisServer,
    forge: Forge,
) -> AsyncIterator[list[ServerProcess]]:
    """Return two nodes of one town."""
    with Servers(postgres_cluster, redis_server).open(tmp_path) as ground:
        texts = {**ground, **settings}
        nodes = [ServerProcess(tmp_path, texts, free_port(), forge=forge) for _ in range(2)]
        async with at_work(*nodes):
            yield nodes


async def sit(closing: AsyncExitStack, browser: Browser, url: str, name: str) -> Screen:
    """Register somebody at a node."""
    context = await browser.new_context(base_url=url, locale="en-GB")
    closing.push_async_callback(context.close)
    context.set_default_timeout(20_000)
    page = await context.new_page()
    await page.add_init_script(WATCH)
    screen = Screen(page)
    await page.goto("/")
    await screen.register(name)
    return screen


async def test_people_at_different_nodes_hear_each_other_and_go_on_when_one_dies(
    browser: Browser, nodes: list[ServerProcess]
) -> None:
    ports = [nodes[0].port]
    async with AsyncExitStack() as closing:
        road = await closing.enter_async_context(balanced(ports))
        ana = await sit(closing, browser, road, "Ana")
        bea = await sit(closing, browser, nodes[1].url, "Bea")
        await ana.start_group("Readers", "Bea")
        await bea.open("Readers")
        await join_voice(ana)
        await join_voice(bea)
        await expect_together(ana, bea)
        for screen in (ana, bea):
            await expect_heard(screen, 1)
        lines = [[each["at"] for each in await measure(screen)] for screen in (ana, bea)]

        # Ana's node dies, and her client comes to the other one as who it was.
        ports[:] = [nodes[1].port]
        await nodes[0].kill()
        await asyncio.sleep(MOMENT_S)
        await expect_together(ana, bea)
        for screen, before in zip((ana, bea), lines, strict=True):
            assert [each["at"] for each in await expect_heard(screen, 1)] == before

        # She goes back to the first node, and that dies for good: now she is gone for Bea.
        await nodes[0].start()
        ports[:] = [nodes[0].port]
        await ana.page.reload()
        await ana.open("Readers")
        await join_voice(ana)
        await expect_together(ana, bea)
        ports[:] = []
        await nodes[0].kill()
        await expect(participants(bea)).to_have_count(1, timeout=GONE_WITHIN_S * 1000)


class TestForwarded:
    """More people than a mesh carries, at two nodes."""

    @pytest.fixture
    def settings(self, janus_server: JanusServer) -> dict[str, str]:
        """Return nodes whose channels outgrow a mesh early."""
        return {**janus_server.settings, "VOICE_MESH_LIMIT": "2"}

    async def test_they_hear_each_other_through_one_room(
        self, browser: Browser, nodes: list[ServerProcess]
    ) -> None:
        names = ("Ana", "Bea", "Cleo")
        async with AsyncExitStack() as closing:
            screens = [
                await sit(closing, browser, nodes[at % 2].url, name)
                for at, name in enumerate(names)
            ]
            await screens[0].start_group("Readers", *names[1:])
            for screen in screens[1:]:
                await screen.open("Readers")
            for screen in screens:
                await join_voice(screen)
            for screen in screens:
                await expect(participants(screen)).to_have_count(3)
                await expect_streams_heard(screen, 2)
            await button(screens[1], "Share screen").click()
            for screen in (screens[0], screens[2]):
                await expect_pixels(screen.page.get_by_label("Screen of Bea"))
