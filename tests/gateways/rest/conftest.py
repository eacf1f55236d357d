"""A town behind its HTTP interface: the real core over a real database, and people who call."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from tertulia.adapters.tokens import SignedTokens
from tertulia.composition import open_core
from tertulia.core import limits
from tertulia.core.chat import ChatCore
from tertulia.core.clock import utc_now
from tertulia.core.entrance import Device, SignedIn
from tertulia.core.events import Event
from tertulia.core.model import Session
from tertulia.gateways.asgi import App
from tertulia.gateways.pages.web_client import WebClient
from tertulia.gateways.rest.app import Site, create_app
from tertulia.settings import Settings, read_settings
from tertulia.storage.engine import open_database
from tertulia.storage.migrations import migrate
from tertulia.storage.stores import SqlStorage
from tests.engines import Engines
from tests.gateways.founding import renewed, sign_in_now
from tests.refill import refilled_slowly

PASSWORD = "correct horse battery"
NAMES = ("ana", "bea", "caro")
JWT_SECRET = "j" * 64
HOST = "town.example"
FIRST_WAIT = timedelta(minutes=1)
FRIENDLY_ORIGIN = "https://friend.example"
MAX_REQUEST_BYTES = 65536
MAX_AVATAR_BYTES = 1_000_000
MAX_UPLOAD_BYTES = 2_000_000

Json = dict[str, Any]


@dataclass
class Person:
    """Somebody with an account; `http` calls with their bearer token, as programs do."""

    signed_in: SignedIn
    http: httpx.AsyncClient

    @property
    def id(self) -> str:
        """The account's id, as it stands in bodies."""
        return str(self.signed_in.account.id)


@dataclass
class Town:
    """Three people, and whoever else comes along."""

    core: ChatCore
    storage: SqlStorage
    app: App
    people: list[Person] = field(default_factory=list)
    published: list[Event] = field(default_factory=list)
    _closing: AsyncExitStack = field(default_factory=AsyncExitStack)

    @property
    def ana(self) -> Person:
        """The first one."""
        return self.people[0]

    @property
    def bea(self) -> Person:
        """The second one."""
        return self.people[1]

    @property
    def caro(self) -> Person:
        """The third one."""
        return self.people[2]

    def client(self, *, app: App | None = None, scheme: str = "http") -> httpx.AsyncClient:
        """Return a client that nobody is signed in with; it keeps cookies as a browser does."""
        transport = httpx.ASGITransport(app or self.app, client=("192.0.2.7", 4711))
        return httpx.AsyncClient(transport=transport, base_url=f"{scheme}://{HOST}")

    async def browser(self, person: Person) -> httpx.AsyncClient:
        """Return a client that has signed in and carries the cookies, and the CSRF header."""
        browser = await self._closing.enter_async_context(self.client())
        login = {"email": person.signed_in.account.email, "password": PASSWORD}
        answer = await browser.post("/auth/login", json=login)
        assert answer.status_code == 200
        browser.headers["X-CSRFToken"] = browser.cookies["csrftoken"]
        return browser

    async def session(self, session_id: UUID) -> Session:
        """Return a session as it is stored."""
        async with self.storage.read() as work:
            session = await work.sessions.get(session_id)
        assert session is not None
        return session

    async def group(self, owner: Person, *others: Person, alias: str = "Book club") -> Json:
        """Begin a group."""
        answer = await owner.http.post(
            "/api/conversations",
            json={"kind": "group", "alias": alias, "user_ids": [other.id for other in others]},
        )
        return body(answer)

    async def private(self, one: Person, other: Person) -> Json:
        """Begin a private chat."""
        return body(
            await one.http.post(
                "/api/conversations", json={"kind": "private", "user_ids": [other.id]}
            )
        )

    async def room(self, owner: Person, alias: str = "Night owls", topic: str = "music") -> Json:
        """Open a room."""
        return body(
            await owner.http.post(
                "/api/conversations", json={"kind": "room", "alias": alias, "topic": topic}
            )
        )

    async def say(self, person: Person, conversation: Json, content: str) -> Json:
        """Send a message."""
        path = f"/api/conversations/{conversation['id']}/messages"
        return body(await person.http.post(path, json={"content": content}))


def body(answer: httpx.Response) -> Json:
    """Return what a request was answered, which must be a success."""
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def refusal(answer: httpx.Response) -> tuple[int, str, str | None]:
    """Return (status, code, attr) of an answer that must be in the standard error form."""
    said = answer.json()
    assert set(said) == {"type", "errors"}, answer.text
    kinds = {400: "validation_error", 500: "server_error", 503: "server_error"}
    assert said["type"] == kinds.get(answer.status_code, "client_error")
    assert answer.headers["content-type"] == "application/json"
    first = said["errors"][0]
    assert set(first) == {"code", "detail", "attr"}
    assert first["detail"]
    return answer.status_code, first["code"], first["attr"]


def brief(value: object) -> str:
    """Return a value as the name of a test case: cut, and told apart by its length."""
    text = ascii(value)
    return text if len(text) <= 60 else f"{text[:60]}... of {len(text)}"


def expired_token(
    person: Person, ago: timedelta, now: datetime, session_id: UUID | None = None
) -> str:
    """Return an access token of a session of this person that expired some time ago."""
    tokens = SignedTokens(JWT_SECRET, timedelta(minutes=30))
    account = person.signed_in.account
    issued = now - ago - timedelta(minutes=30)
    return tokens.issue(
        account.id, account.number, session_id or person.signed_in.session.id, issued
    )


def settings_for(folder: Path, **texts: str) -> Settings:
    """Return settings for a town that has this folder; limits hardly matter in it."""
    return read_settings(
        {
            "VAR_DIR": str(folder),
            "SECRET_KEY_BASE": "k" * 64,
            "APP_JWT_SECRET": JWT_SECRET,
            "VAULT_KEY": "v" * 64,
            "VAPID_PRIVATE_KEY": "cHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHA",
            "LIMITS_SCALE": "1000",
            "MAX_UPLOAD_BYTES": str(MAX_UPLOAD_BYTES),
            **texts,
        }
    )


def site(*, is_https: bool = False) -> Site:
    """Return how the town is reached."""
    return Site(
        is_https=is_https,
        origins=(f"http://{HOST}", FRIENDLY_ORIGIN),
        csrf_secret="k" * 64,
        max_request_bytes=MAX_REQUEST_BYTES,
        max_avatar_bytes=MAX_AVATAR_BYTES,
        max_upload_bytes=MAX_UPLOAD_BYTES,
    )


@asynccontextmanager
async def a_core(
    settings: Settings, published: list[Event]
) -> AsyncIterator[tuple[ChatCore, SqlStorage]]:
    """Open the core over a database that is up to date."""
    database = open_database(settings.database_url, pool_size=settings.pool_size)
    try:
        async with open_core(settings, database, published.extend) as core:
            yield core, SqlStorage(database, published.extend)
    finally:
        await database.close()


Founded = tuple[dict[str, str], Sequence[SignedIn]]
"""The database of a town, by its settings, and the people who are in it."""


@pytest.fixture(scope="session")
def founded(engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Founded]:
    """Return the database of a town of three, made once: hashing passwords takes its time."""
    folder = tmp_path_factory.mktemp("founded")

    async def found(settings: Settings) -> list[SignedIn]:
        await migrate(settings.database_url)
        async with a_core(settings, []) as (core, _):
            return [
                await core.signin.register(
                    f"{name}@example.org",
                    PASSWORD,
                    name.title(),
                    name,
                    Device(name="Test", address="127.0.0.1"),
                )
                for name in NAMES
            ]

    with engines.open(folder) as ground:
        yield ground, asyncio.run(found(settings_for(folder, **ground)))


async def _signed_in_now(database_url: str, people: Sequence[SignedIn]) -> list[SignedIn]:
    now = utc_now()
    await sign_in_now(database_url, now)
    return [
        replace(
            each,
            session=replace(each.session, inserted_at=now, last_used_at=now),
            access_token=renewed(each.access_token, JWT_SECRET, now),
        )
        for each in people
    ]


@asynccontextmanager
async def _opened(
    founded: Founded, engines: Engines, folder: Path, **texts: str
) -> AsyncIterator[Town]:
    original, people = founded
    published: list[Event] = []
    async with AsyncExitStack() as closing:
        ground = closing.enter_context(engines.open(folder, original))
        settings = settings_for(folder, **ground, **texts)
        people = await _signed_in_now(settings.database_url, people)
        core, storage = await closing.enter_async_context(a_core(settings, published))
        pages = WebClient(folder / "no client")
        app = create_app(core, site(), ready=storage.check, pages=pages)
        town = Town(core, storage, app, published=published, _closing=closing)
        for signed_in in people:
            http = await closing.enter_async_context(town.client())
            http.headers["Authorization"] = f"Bearer {signed_in.access_token}"
            town.people.append(Person(signed_in, http))
        yield town


@pytest.fixture
async def town(founded: Founded, engines: Engines, tmp_path: Path) -> AsyncIterator[Town]:
    """Return a town of three with a database of its own."""
    async with _opened(founded, engines, tmp_path) as town:
        yield town


@pytest.fixture
async def strict_town(
    founded: Founded, engines: Engines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Town]:
    """Return a town with the limits of a server, by which no test may wait for anything.

    It lets five messages be sent and no more, and who guesses has to wait for long.
    """
    refilled_slowly(monkeypatch)
    for name in ("SIGN_INS", "SECOND_STEPS", "PASSWORD_CHECKS"):
        patience = replace(getattr(limits, name), first_wait=FIRST_WAIT)
        monkeypatch.setattr(limits, name, patience)
    strictly = {"LIMITS_SCALE": "1", "PUSHES_PER_S": "1", "PUSH_BURST": "5"}
    async with _opened(founded, engines, tmp_path, **strictly) as town:
        yield town


@pytest.fixture
async def stranger(town: Town) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client of somebody who is not signed in."""
    async with town.client() as client:
        yield client
