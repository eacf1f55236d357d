"""A town of three nodes behind a balancer, and all that can go wrong with its parts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from scripts.stamp import ROOT
from tests.caddy_server import CaddyServer
from tests.e2e.cut_relay import CutRelay
from tests.e2e.forge import Forge
from tests.e2e.server_process import ServerProcess
from tests.gateways.conftest import NAMES, PASSWORD, Person, Town
from tests.gateways.dialects.conftest import room_in
from tests.gateways.dialects.voices import Place
from tests.ports import free_port
from tests.services import PostgresCluster, RedisServer

CUT_S = 5.0


@dataclass(frozen=True)
class ThreeNodes:
    """One room of Ana and Bea, and the parts that its town consists of.

    The last node reaches Redis by a road that can be cut.
    """

    place: Place
    nodes: tuple[ServerProcess, ServerProcess, ServerProcess]
    redis: RedisServer
    postgres: PostgresCluster
    road: CutRelay

    async def lose_a_node(self, away_s: float) -> None:
        """End one without a word, and have it come again."""
        node = self.nodes[0]
        await node.kill()
        await asyncio.sleep(away_s)
        await node.start()

    async def lose_redis(self, away_s: float) -> None:
        """End Redis, and have it come again knowing nothing."""
        await asyncio.to_thread(self.redis.halt)
        await asyncio.sleep(away_s)
        await asyncio.to_thread(self.redis.begin)

    async def lose_postgres(self, away_s: float) -> None:
        """End PostgreSQL as a crash does, and have it come again."""
        await asyncio.to_thread(self.postgres.halt)
        await asyncio.sleep(away_s)
        await asyncio.to_thread(self.postgres.begin)

    async def cut_off_a_node(self) -> None:
        """Part the last node from Redis for a while."""
        await self.road.cut(CUT_S)


@asynccontextmanager
async def open_three_nodes(folder: Path, forge: Forge) -> AsyncIterator[ThreeNodes]:
    """Start all of it, with nobody there yet."""
    async with AsyncExitStack() as closing:
        postgres = await asyncio.to_thread(lambda: PostgresCluster(is_durable=True))
        closing.push_async_callback(asyncio.to_thread, postgres.stop)
        redis = RedisServer()
        closing.push_async_callback(asyncio.to_thread, redis.stop)
        road = await closing.enter_async_context(
            CutRelay.open(redis.socket_path, folder / "redis.sock")
        )
        port = free_port()
        settings = {
            "PYTHONPATH": str(ROOT),
            "DATABASE_URL": postgres.url(postgres.create_database()),
            "FRONTEND_URL": f"http://localhost:{port}",
            "SWEEP_S": "1",
            "POOL_SIZE": "5",
            "LOG_LEVEL": "error",
            # What everybody may do in a while is not what is looked at.
            "PUSHES_PER_S": "100000",
            "PUSH_BURST": "100000",
            "LIMITS_SCALE": "100000",
        }
        roads = (redis.url, redis.url, f"unix://{road.path}?db=0")
        one, two, three = (
            ServerProcess(
                folder, {**settings, "REDIS_URL": url}, module="tests.e2e.hasty_server", forge=forge
            )
            for url in roads
        )
        nodes = (one, two, three)
        for node in nodes:
            closing.push_async_callback(node.kill)
            await node.start()
        addresses = [node.url.removeprefix("http://") for node in nodes]
        caddy = await asyncio.to_thread(CaddyServer, port, *addresses, is_tls=False)
        closing.push_async_callback(asyncio.to_thread, caddy.stop)
        town = Town(caddy.url, *[await _register(caddy.url, name) for name in NAMES])
        yield ThreeNodes(await room_in(town), nodes, redis, postgres, road)


async def _register(url: str, name: str) -> Person:
    email = f"{name}@example.org"
    account = {"email": email, "password": PASSWORD, "display_name": name.title(), "username": name}
    async with httpx.AsyncClient(base_url=url, timeout=30) as http:
        answer = await http.post("/auth/register", json=account)
        answer.raise_for_status()
        made = answer.json()
    return Person(
        made["user"]["id"], name, name.title(), email, made["access_token"], made["refresh_token"]
    )
