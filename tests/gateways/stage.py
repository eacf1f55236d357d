"""A stage for trying rules: a server, people for every part, and scenes that they try things in.

A scene is one new conversation and one person about to try something there. What an attempt is
about it names in braces (`/api/messages/{others}`), and the scene brings about what is named.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from tertulia.adapters.tokens import SignedTokens
from tertulia.adapters.vault import FernetVault
from tertulia.composition import open_core
from tertulia.core.chat import ChatCore
from tertulia.core.clock import utc_now
from tertulia.core.ids import new_id
from tertulia.core.message import Message
from tertulia.core.model import Account, Actor, Kind, Role
from tertulia.core.moderation import Ban, Invite
from tertulia.core.onetime import digest_of, new_token
from tertulia.core.polls import NewPoll
from tertulia.server import open_app
from tertulia.settings import Settings
from tertulia.storage.engine import open_database
from tertulia.storage.migrations import migrate
from tertulia.storage.stores import SqlStorage
from tests import examples as eg
from tests.engines import Engines
from tests.gateways.conftest import Person, Town, served, settings_in
from tests.gateways.sealing import copies, keys_of

PARTS = ("owner", "admin", "member", "outsider", "banned", "other_admin", "other_member")
BESIDE = ("guest", "blocker")
"""Whom things are tried on: somebody who is not in it, and somebody who blocks whoever tries."""

_NAMED = re.compile(r"{(\w+)}")


@dataclass(frozen=True, kw_only=True)
class Part:
    """Somebody who appears, in every scene as the same."""

    account: Account
    actor: Actor
    person: Person


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A running server, a second hand on its database, and everyone who appears.

    `http` speaks for nobody by itself; it is one for all, since a client takes long to make.
    """

    town: Town
    http: httpx.AsyncClient
    settings: Settings
    core: ChatCore
    storage: SqlStorage
    cast: dict[str, Part] = field(default_factory=dict)

    async def scene(
        self, kind: Kind, part: str, *, is_silenced: bool = False, is_sealed: bool = False
    ) -> Scene:
        """Begin a conversation; a private chat is of `member` and `other_member`.

        In one that is sealed everybody has keys.
        """
        roles = {"member": Role.MEMBER, "other_member": Role.MEMBER}
        if kind is not Kind.PRIVATE:
            roles |= {"owner": Role.OWNER, "admin": Role.ADMIN, "other_admin": Role.ADMIN}
        begun = eg.conversation(kind, member_count=len(roles), encrypted=is_sealed)
        async with self.storage.begin() as work:
            # The pair is not stored: these two begin many a private chat here.
            await work.conversations.add(begun, None)
            await work.members.add(
                [
                    eg.member(begun.id, self.cast[name].account.id, role=role)
                    for name, role in roles.items()
                ]
            )
            if kind is not Kind.PRIVATE:
                await work.bans.add(
                    Ban(
                        conversation_id=begun.id,
                        account_id=self.cast["banned"].account.id,
                        banned_by=self.cast["owner"].account.id,
                        reason=None,
                        inserted_at=eg.NOON,
                    )
                )
        if is_sealed:
            for name in roles:
                keys = keys_of(self.cast[name].person)
                await self.core.encryption_keys.publish(self.cast[name].actor, begun.id, **keys)
        sealed_for = tuple(self.cast[name].person for name in roles) if is_sealed else ()
        return Scene(self, begun.id, part, part in roles, is_silenced, sealed_for)


@dataclass(frozen=True)
class Scene:
    """One conversation, and one part about to try something in it.

    What is said there is sealed for some, or for none and open.
    """

    stage: Stage
    id: UUID
    part: str
    is_member: bool
    is_silenced: bool
    sealed_for: tuple[Person, ...] = ()

    @property
    def hero(self) -> Part:
        """Whoever tries."""
        return self.stage.cast[self.part]

    async def rise(self) -> None:
        """Begin: from now on, if so asked, the other one does not want to hear from who tries."""
        if not self.is_silenced:
            return
        async with self.stage.storage.begin() as work:
            await work.members.silence(self.id, self.hero.account.id, eg.NOON)

    async def head(self) -> int:
        """Return the last seq of the conversation; -1 once it is deleted."""
        async with self.stage.storage.read() as work:
            return (await work.conversations.heads([self.id])).get(self.id, -1)

    async def filled(self, template: Any) -> Any:
        """Return a template with what it names in it, each thing brought about once."""
        made: dict[str, str] = {}
        for name in _NAMED.findall(str(template)):
            if name not in made:
                made[name] = str(await self._made(name))
        return _filled(template, made)

    async def _made(self, name: str) -> object:
        if name == "id":
            return self.id
        if name in _MAKERS:
            return await _MAKERS[name](self)
        if name in self.stage.cast:
            return self.stage.cast[name].account.id
        raise KeyError(name)

    async def say(self, *, is_own: bool, is_poll: bool = False) -> Message:
        """Have a message be there. Who is not in it has none of their own, and tries another's."""
        author = self.hero if is_own and self.is_member else self.stage.cast["other_member"]
        if self.sealed_for:
            sealed = {UUID(key): text for key, text in copies(*self.sealed_for).items()}
            return await self.stage.core.sealed_messages.send(author.actor, self.id, sealed)
        poll = NewPoll(question="When?", options=("Now", "Later")) if is_poll else None
        return await self.stage.core.messages.send(
            author.actor, self.id, "" if is_poll else "Well?", poll=poll
        )

    async def elsewhere(self) -> UUID:
        """Begin another conversation, in which whoever tries is alone."""
        begun = await self.stage.core.conversations.start_group(self.hero.actor, "Elsewhere", [])
        return begun.conversation.id

    async def invite(self, *, is_own: bool) -> tuple[UUID, str]:
        """Have a link be there, and return its id and its token."""
        maker = self.hero if is_own else self.stage.cast["other_admin"]
        token = new_token()
        invite = Invite(
            id=new_id(),
            conversation_id=self.id,
            digest=digest_of(token),
            sealed_token=FernetVault(self.stage.settings.vault_keys).seal(token),
            created_by=maker.account.id,
            inserted_at=eg.NOON,
        )
        async with self.stage.storage.begin() as work:
            await work.invites.add(invite)
        return invite.id, token


def _filled(template: Any, made: dict[str, str]) -> Any:
    if isinstance(template, str):
        return _NAMED.sub(lambda found: made[found[1]], template)
    if isinstance(template, dict):
        return {_filled(key, made): _filled(value, made) for key, value in template.items()}
    if isinstance(template, list):
        return [_filled(value, made) for value in template]
    return template


async def _own(scene: Scene) -> UUID:
    return (await scene.say(is_own=True)).id


async def _others(scene: Scene) -> UUID:
    return (await scene.say(is_own=False)).id


async def _own_poll(scene: Scene) -> UUID:
    return (await scene.say(is_own=True, is_poll=True)).id


async def _others_poll(scene: Scene) -> UUID:
    return (await scene.say(is_own=False, is_poll=True)).id


async def _elsewhere_message(scene: Scene) -> UUID:
    elsewhere = await scene.elsewhere()
    return (await scene.stage.core.messages.send(scene.hero.actor, elsewhere, "Heard?")).id


async def _own_invite(scene: Scene) -> UUID:
    return (await scene.invite(is_own=True))[0]


async def _others_invite(scene: Scene) -> UUID:
    return (await scene.invite(is_own=False))[0]


async def _token(scene: Scene) -> str:
    return (await scene.invite(is_own=False))[1]


async def _guest_name(scene: Scene) -> str:
    return scene.stage.cast["guest"].account.username or ""


async def _blocker(scene: Scene) -> UUID:
    blocker = scene.stage.cast["blocker"]
    await scene.stage.core.contacts.block(blocker.actor, scene.hero.account.id)
    return blocker.account.id


async def _blocker_name(scene: Scene) -> str:
    await _blocker(scene)
    return scene.stage.cast["blocker"].account.username or ""


async def _elsewhere(scene: Scene) -> UUID:
    return await scene.elsewhere()


_MAKERS: dict[str, Callable[[Scene], Awaitable[object]]] = {
    "own": _own,
    "others": _others,
    "own_poll": _own_poll,
    "others_poll": _others_poll,
    "elsewhere": _elsewhere,
    "elsewhere_message": _elsewhere_message,
    "own_invite": _own_invite,
    "others_invite": _others_invite,
    "token": _token,
    "guest_name": _guest_name,
    "blocker": _blocker,
    "blocker_name": _blocker_name,
}


@asynccontextmanager
async def open_stage(engines: Engines, folder: Path) -> AsyncIterator[Stage]:
    """Open a server over a new database, and a second hand on that."""
    async with AsyncExitStack() as closing:
        settings = settings_in(folder, **closing.enter_context(engines.open(folder)))
        await migrate(settings.database_url)
        app = await closing.enter_async_context(open_app(settings))
        url = await closing.enter_async_context(served(app, settings))
        database = open_database(settings.database_url, pool_size=settings.pool_size)
        closing.push_async_callback(database.close)
        core = await closing.enter_async_context(open_core(settings, database, lambda _: None))
        storage = SqlStorage(database, lambda _: None)
        cast = {name: await _appearing(storage, settings, name) for name in (*PARTS, *BESIDE)}
        people = [part.person for part in cast.values()]
        town = Town(url, *people[:4])
        http = await closing.enter_async_context(town.http())
        yield Stage(town=town, http=http, settings=settings, core=core, storage=storage, cast=cast)


async def _appearing(storage: SqlStorage, settings: Settings, name: str) -> Part:
    example = eg.account(
        email=f"{name}@example.org", username=name, display_name=name.title(), avatar=None
    )
    async with storage.begin() as work:
        account = await work.accounts.add(example, None)
        session = eg.session(account.id)
        await work.sessions.add(session)
    tokens = SignedTokens(settings.app_jwt_secret, timedelta(minutes=30))
    token = tokens.issue(account.id, account.number, session.id, utc_now())
    email = account.email or ""
    person = Person(str(account.id), name, account.display_name, email, token, "")
    actor = Actor(account_id=account.id, session_id=session.id)
    return Part(account=account, actor=actor, person=person)


def said(answer: httpx.Response) -> str:
    """Return the code of a refusal, or "done"."""
    if answer.is_success:
        return "done"
    assert answer.status_code < 500, answer.text
    code: str = answer.json()["errors"][0]["code"]
    return code
