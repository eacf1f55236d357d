"""A town: a real server over a real database, with people who have signed in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from tertulia.composition import open_core
from tertulia.core.chat import ChatCore
from tertulia.core.clock import utc_now
from tertulia.core.entrance import Device
from tertulia.gateways.asgi import App
from tertulia.server import open_app, server_config
from tertulia.settings import Settings, read_settings
from tertulia.storage.engine import open_database
from tertulia.storage.migrations import migrate
from tests.engines import Engines
from tests.gateways.founding import renewed, sign_in_now
from tests.waiting import until

PASSWORD = "correct horse battery"
NAMES = ("ana", "bea", "caro", "dani")
READY_S = 10.0


@dataclass(frozen=True)
class Person:
    """Somebody with an account and a session; `name` is the username, `display_name` its title."""

    id: str
    name: str
    display_name: str
    email: str
    token: str
    refresh_token: str

    @property
    def headers(self) -> dict[str, str]:
        """What authorises a request."""
        return {"authorization": f"Bearer {self.token}"}


@dataclass(frozen=True)
class Town:
    """A running server, and four people who do not know each other yet."""

    url: str
    ana: Person
    bea: Person
    caro: Person
    dani: Person

    @property
    def people(self) -> tuple[Person, ...]:
        """Everyone."""
        return (self.ana, self.bea, self.caro, self.dani)

    def http(self, person: Person | None = None) -> httpx.AsyncClient:
        """Return an HTTP client that speaks for somebody by bearer token, or for nobody."""
        headers = person.headers if person else {}
        return httpx.AsyncClient(base_url=self.url, headers=headers, timeout=30)

    async def call(
        self, person: Person, method: str, path: str, body: object = None
    ) -> dict[str, Any]:
        """Do something over REST that has to succeed; {} where the answer is empty."""
        async with self.http(person) as http:
            answer = await http.request(method, path, json=body)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json() if answer.content else {}
        return found

    async def start_private(self, person: Person, other: Person) -> str:
        """Begin a private chat and return its id."""
        return await self._start(person, {"kind": "private", "user_ids": [other.id]})

    async def start_group(self, owner: Person, *others: Person, alias: str = "Friends") -> str:
        """Begin a group and return its id."""
        ids = [other.id for other in others]
        return await self._start(owner, {"kind": "group", "alias": alias, "user_ids": ids})

    async def start_room(self, owner: Person, *others: Person, alias: str = "Films") -> str:
        """Open a room, have the others walk in, and return its id."""
        room_id = await self._start(owner, {"kind": "room", "alias": alias, "topic": "cinema"})
        for other in others:
            await self.call(other, "POST", f"/api/conversations/{room_id}/join")
        return room_id

    async def send(self, person: Person, conversation_id: str, content: str) -> dict[str, Any]:
        """Send a message and return it."""
        path = f"/api/conversations/{conversation_id}/messages"
        return await self.call(person, "POST", path, {"content": content})

    async def _start(self, person: Person, body: object) -> str:
        made = await self.call(person, "POST", "/api/conversations", body)
        conversation_id: str = made["id"]
        return conversation_id


OpenTown = Callable[..., AbstractAsyncContextManager[Town]]


def settings_in(folder: Path, **texts: str) -> Settings:
    """Return the settings of a server that has this folder."""
    return read_settings(
        {
            "VAR_DIR": str(folder),
            "PORT": "0",
            "SECRET_KEY_BASE": "k" * 64,
            "APP_JWT_SECRET": "j" * 64,
            "VAULT_KEY": "v" * 64,
            "VAPID_PRIVATE_KEY": "cHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHA",
            "LIMITS_SCALE": "1000",
            **texts,
        }
    )


@pytest.fixture(scope="session")
def founded(
    engines: Engines, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[dict[str, str], tuple[Person, ...]]]:
    """Return a database in which four people have just registered; tests work on copies of it."""
    folder = tmp_path_factory.mktemp("founded")
    with engines.open(folder) as ground:
        yield ground, asyncio.run(_register(settings_in(folder, **ground)))


@pytest.fixture
def open_town(
    founded: tuple[dict[str, str], tuple[Person, ...]], engines: Engines, tmp_path: Path
) -> OpenTown:
    """Return what opens a town with settings of the test's choosing, by their names."""
    original, people = founded

    @asynccontextmanager
    async def opened(**texts: str) -> AsyncIterator[Town]:
        with engines.open(tmp_path, original) as ground:
            settings = settings_in(tmp_path, **ground, **texts)
            now = utc_now()
            await sign_in_now(settings.database_url, now)
            here = [
                replace(each, token=renewed(each.token, settings.app_jwt_secret, now))
                for each in people
            ]
            async with open_app(settings) as app, served(app, settings) as url:
                yield Town(url, *here)

    return opened


@pytest.fixture
async def town(open_town: OpenTown) -> AsyncIterator[Town]:
    """Return a town with the usual settings."""
    async with open_town() as town:
        yield town


async def _register(settings: Settings) -> tuple[Person, ...]:
    await migrate(settings.database_url)
    database = open_database(settings.database_url, pool_size=settings.pool_size)
    try:
        async with open_core(settings, database, lambda _: None) as core:
            return tuple([await registered(core, name) for name in NAMES])
    finally:
        await database.close()


async def registered(core: ChatCore, name: str) -> Person:
    """Have somebody sign up."""
    email = f"{name}@example.org"
    made = await core.signin.register(
        email, PASSWORD, name.title(), name, Device(name="Test", address="127.0.0.1")
    )
    assert made.refresh_token is not None
    return Person(
        str(made.account.id), name, name.title(), email, made.access_token, made.refresh_token
    )


@asynccontextmanager
async def served(app: App, settings: Settings) -> AsyncIterator[str]:
    """Serve an application on a free port, and yield its address."""
    server = uvicorn.Server(server_config(app, settings))
    serving = asyncio.create_task(server.serve())
    try:
        await until(lambda: server.started, within_s=READY_S, what="the server listens")
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await serving
