"""Two nodes over one database: what has to happen once happens once, whichever of them dies."""

from __future__ import annotations

import email
import email.policy
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from sqlalchemy import func, select

from tertulia.adapters.vault import FernetVault
from tertulia.core.ids import new_id
from tertulia.core.letters import Letter, LetterKind
from tertulia.core.post import Post
from tertulia.core.scheduled import Scheduled
from tertulia.storage.engine import Database, open_database
from tertulia.storage.stores import SqlStorage
from tertulia.storage.tables import letters
from tertulia.storage.talk_tables import scheduled
from tests.adapters.smtp_server import Mailbox, smtp_server
from tests.architecture.test_files import ROOT
from tests.e2e.people import Person, history, register
from tests.e2e.server_process import ServerProcess, at_work
from tests.waiting import until, until_found

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from sqlalchemy import Table

NUMBER = 200
VAULT_KEY = "v" * 32
PATIENCE_S = 90.0

pytestmark = pytest.mark.timeout(240)


@dataclass
class Nodes:
    """Two nodes that carry mails to one mailbox, each under a name of its own."""

    both: tuple[ServerProcess, ServerProcess]
    database: Database
    mailbox: Mailbox

    async def left(self, table: Table) -> int:
        """Return how many rows wait."""
        async with self.database.reader() as connection:
            return int(await connection.scalar(select(func.count()).select_from(table)) or 0)

    async def all_gone(self, table: Table) -> None:
        """Wait until nothing waits."""

        async def look() -> bool | None:
            return True if await self.left(table) == 0 else None

        await until_found(look, within_s=PATIENCE_S, what=f"no {table.name} are left")

    def carried(self) -> list[tuple[str, str]]:
        """Return who got a mail from which node, in the order of delivery."""
        mails = (email.message_from_bytes(text) for _, text in self.mailbox.taken)
        return [(mail["To"], mail["From"].partition("@")[0]) for mail in mails]


@pytest.fixture
async def nodes(tmp_path: Path, postgres_url: str, redis_url: str) -> AsyncIterator[Nodes]:
    """Return two nodes at work."""
    with smtp_server(Mailbox()) as mailbox:
        settings = {
            "PYTHONPATH": str(ROOT),
            "DATABASE_URL": postgres_url,
            "REDIS_URL": redis_url,
            "VAULT_KEY": VAULT_KEY,
            "POOL_SIZE": "5",
            "LOG_LEVEL": "warning",
            "LIMITS_SCALE": "1000",
            "PUSHES_PER_S": "1000",
            "PUSH_BURST": "1000",
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(mailbox.port),
            "SMTP_SECURITY": "none",
        }
        one, other = (
            ServerProcess(
                tmp_path,
                settings | {"FROM_EMAIL": f"{name}@example.org"},
                module="tests.e2e.hasty_server",
            )
            for name in ("one", "other")
        )
        async with _opened(postgres_url, one, other) as database:
            yield Nodes((one, other), database, mailbox)


@asynccontextmanager
async def _opened(url: str, *servers: ServerProcess) -> AsyncIterator[Database]:
    async with at_work(*servers):
        database = open_database(url, pool_size=2)
        yield database
        await database.close()


async def test_each_mail_is_carried_once_though_both_nodes_work(nodes: Nodes) -> None:
    await _post(nodes.database)
    await nodes.all_gone(letters)
    carried = nodes.carried()
    assert Counter(to for to, _ in carried) == dict.fromkeys(_addresses(), 1)
    assert {who for _, who in carried} == {"one", "other"}


async def test_the_mails_of_a_node_that_dies_are_carried_by_the_other(nodes: Nodes) -> None:
    nodes.mailbox.slow_s = 0.05
    await _post(nodes.database)
    await until(lambda: len(nodes.mailbox.taken) > NUMBER // 5, within_s=PATIENCE_S, what="some")
    await nodes.both[0].kill()
    await nodes.all_gone(letters)
    carried = nodes.carried()
    assert {to for to, _ in carried} == set(_addresses())
    # What the mail server had taken, and the dead node could not note any more, comes again: that
    # nothing is lost and nothing comes twice cannot both be promised. It is the same letter, by its
    # Message-ID, and no more than were under way.
    twice = [to for to, times in Counter(to for to, _ in carried).items() if times > 1]
    assert len(twice) <= 10
    for to in twice:
        assert [who for whom, who in carried if whom == to] == ["one", "other"]
    assert len({_id_of(text) for _, text in nodes.mailbox.taken}) == NUMBER


async def test_each_scheduled_message_is_sent_once_though_one_node_dies(nodes: Nodes) -> None:
    one, other = nodes.both
    ana, bea = await register(one.url, "ana"), await register(other.url, "bea")
    chat = await ana.post(
        "/api/conversations", {"kind": "group", "alias": "Us", "user_ids": [bea.id]}
    )
    await _schedule(nodes.database, (ana, bea), UUID(chat["id"]))

    async def some_are_sent() -> bool | None:
        return True if 0 < await nodes.left(scheduled) < NUMBER * 4 // 5 else None

    await until_found(some_are_sent, within_s=PATIENCE_S, what="some are sent")
    await one.kill()
    await nodes.all_gone(scheduled)
    said = await history(bea, chat["id"])
    assert Counter(each.content for each in said) == {f"It is {at}": 1 for at in range(NUMBER)}


def _addresses() -> list[str]:
    return [f"person{at}@example.org" for at in range(NUMBER)]


async def _post(database: Database) -> None:
    """Put as many mails into the outbox as one transaction would."""
    storage = SqlStorage(database, lambda _: None)
    post = Post(storage, FernetVault([VAULT_KEY]), _Nobody(), _Nobody(), lambda: datetime.now(UTC))
    async with storage.begin() as work:
        for address in _addresses():
            letter = Letter(
                channel="mail", kind=LetterKind.PASSWORD_CHANGED, to=address, words={"name": "Ana"}
            )
            await post.drop(work, letter)


async def _schedule(database: Database, people: tuple[Person, ...], conversation: UUID) -> None:
    """Have as many messages be due at once as nobody could schedule by hand."""
    now = datetime.now(UTC)
    async with SqlStorage(database, lambda _: None).begin() as work:
        for at in range(NUMBER):
            await work.scheduled.add(
                Scheduled(
                    id=new_id(),
                    account_id=UUID(people[at % len(people)].id),
                    conversation_id=conversation,
                    body=f"It is {at}",
                    reply_to=None,
                    due_at=now + timedelta(milliseconds=at),
                    inserted_at=now,
                )
            )


def _id_of(text: bytes) -> str:
    mail = email.message_from_bytes(text, policy=email.policy.default)
    return str(mail["Message-ID"])


class _Nobody:
    """A courier who is never asked: this process delivers nothing."""

    async def deliver(self, letter: Letter, letter_id: str) -> None:
        raise NotImplementedError(letter, letter_id)
