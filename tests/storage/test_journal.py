"""The journal on both databases: what it stores, answers and announces, and what it withstands."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import asynccontextmanager, nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

import asyncpg
import pytest
from sqlalchemy import make_url

from tertulia.core.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable
from tertulia.core.events import MessageSent, SealedSent
from tertulia.core.ids import new_id
from tertulia.core.message import Message
from tertulia.core.model import Kind
from tertulia.storage import journal as journal_module
from tertulia.storage.journal import Journal
from tertulia.storage.journal_sqlite import SqliteBatchWriter
from tests import examples as eg
from tests.storage.conftest import open_shelf

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from datetime import datetime

    from tertulia.core.message import Draft
    from tertulia.core.model import Account, Conversation
    from tertulia.storage.journal_batch import Settled
    from tests.storage.conftest import Shelf


@asynccontextmanager
async def held_up(shelf: Shelf, conversation: Conversation) -> AsyncIterator[None]:
    """Let other work hold the conversation, so that the journal waits for it within."""
    async with shelf.storage.begin() as work:
        await work.conversations.take_seq(conversation.id)
        yield


async def started(*drafts: Draft, journal: Journal) -> list[asyncio.Task[Message]]:
    """Hand drafts in, in this order, without waiting for their answers."""
    tasks = [asyncio.create_task(journal.append(draft)) for draft in drafts]
    await asyncio.sleep(0)
    return tasks


async def test_a_send_is_stored_announced_and_noted_as_activity(shelf: Shelf) -> None:
    ana = await shelf.account()
    earlier = eg.moment(minutes=-9)
    group = await shelf.conversation(ana, last_activity_at=earlier, updated_at=earlier)
    sent = await shelf.send(group, ana)
    async with shelf.storage.read() as work:
        chat = await work.conversations.chat(ana.id, group.id)

    assert await shelf.history(group.id) == (sent,)
    assert shelf.announced == [
        MessageSent(conversation_id=group.id, seq=2, message=sent, sender=ana.face)
    ]
    assert chat.last_message == sent
    assert (chat.conversation.head_seq, chat.conversation.last_activity_at) == (2, eg.NOON)
    assert chat.conversation.updated_at == earlier


async def test_many_sends_at_once_take_a_seq_each_in_the_order_of_their_coming(
    shelf: Shelf,
) -> None:
    people = await shelf.accounts(3)
    groups = [await shelf.conversation(*people) for _ in range(2)]
    drafts = [
        eg.draft(groups[index % 2].id, people[index % 3].id, body=str(index), client_ref=str(index))
        for index in range(60)
    ]
    sent = await asyncio.gather(*map(shelf.journal.append, drafts))

    assert [message.body for message in sent] == [draft.body for draft in drafts]
    for group in groups:
        of_group = [message for message in sent if message.conversation_id == group.id]
        assert [message.seq for message in of_group] == list(range(2, 32))
        assert await shelf.history(group.id) == tuple(of_group)
        assert [row for row in shelf.sent if row.conversation_id == group.id] == of_group


async def test_a_repeat_returns_the_first_message_and_announces_nothing(shelf: Shelf) -> None:
    ana, bea = await shelf.accounts(2)
    group = await shelf.conversation(ana, bea)
    first = await shelf.send(group, ana, client_ref="r")
    edited = await shelf.change(first, body="Better", edited_at=eg.moment(1))

    assert await shelf.send(group, ana, client_ref="r", body="again") == edited
    assert (await shelf.send(group, bea, client_ref="r")).id != first.id
    assert len(shelf.announced) == 2
    assert len(await shelf.history(group.id)) == 2


async def test_repeats_at_the_same_moment_are_one_message(shelf: Shelf) -> None:
    ana = await shelf.account()
    group = await shelf.conversation(ana)
    draft = eg.draft(group.id, ana.id, client_ref="r")
    sent = await asyncio.gather(*(shelf.journal.append(draft) for _ in range(9)))

    assert len({message.id for message in sent}) == 1
    assert await shelf.history(group.id) == (sent[0],)
    assert len(shelf.announced) == 1


async def test_a_refused_send_hurts_no_other_of_its_batch(shelf: Shelf) -> None:
    ana, gone, stranger = await shelf.accounts(3)
    group = await shelf.conversation(ana, gone)
    secret = await shelf.conversation(ana, encrypted=True)
    elsewhere = await shelf.send(await shelf.conversation(ana), ana)
    await shelf.part(group, gone)
    async with held_up(shelf, group):
        tasks = await started(
            eg.draft(group.id, ana.id, body="one"),
            eg.draft(group.id, gone.id),
            eg.draft(group.id, stranger.id),
            eg.draft(new_id(), ana.id),
            eg.draft(secret.id, ana.id),
            eg.draft(group.id, ana.id, reply_to=elsewhere.id),
            eg.draft(group.id, ana.id, body="two"),
            journal=shelf.journal,
        )
    one, *refused, two = await asyncio.gather(*tasks, return_exceptions=True)

    assert [type(refusal) for refusal in refused] == [
        NotFound,
        NotFound,
        NotFound,
        Conflict,
        Invalid,
    ]
    assert await shelf.history(group.id) == (one, two)
    assert isinstance(one, Message)
    assert isinstance(two, Message)
    assert two.seq == one.seq + 1


async def test_somebody_silenced_is_refused_until_that_is_taken_back(shelf: Shelf) -> None:
    ana, bea = await shelf.accounts(2)
    chat = await shelf.conversation(ana, bea, kind=Kind.PRIVATE)
    group = await shelf.conversation(ana, bea)
    before = await shelf.send(chat, bea, client_ref="r")
    async with shelf.storage.begin() as work:
        await work.members.silence(chat.id, bea.id, eg.NOON)
        assert (await work.members.get(chat.id, bea.id)).silenced_at == eg.NOON
    made = await asyncio.gather(
        shelf.send(chat, bea),
        shelf.send(chat, bea, client_ref="r"),
        shelf.send(chat, ana),
        shelf.send(group, bea),
        return_exceptions=True,
    )

    refusal, again, by_other, elsewhere = made
    assert isinstance(refusal, Forbidden)
    assert refusal.code == "blocked"
    assert again == before
    assert isinstance(by_other, Message)
    assert isinstance(elsewhere, Message)
    assert await shelf.history(chat.id) == (before, by_other)
    async with shelf.storage.begin() as work:
        await work.members.silence(chat.id, bea.id, None)
    assert (await shelf.send(chat, bea)).seq == by_other.seq + 1


async def test_what_the_database_cannot_take_fails_alone(shelf: Shelf) -> None:
    ana = await shelf.account()
    group = await shelf.conversation(ana)
    bodies = ("one", "a lone surrogate: \ud800", "two")
    one, failed, two = await asyncio.gather(
        *(shelf.journal.append(eg.draft(group.id, ana.id, body=body)) for body in bodies),
        return_exceptions=True,
    )

    assert isinstance(failed, UnicodeError | asyncpg.DataError)
    assert await shelf.history(group.id) == (one, two)
    assert shelf.sent == [one, two]


async def test_membership_is_what_it_is_when_the_send_is_written(shelf: Shelf) -> None:
    ana, bea = await shelf.accounts(2)
    group = await shelf.conversation(ana, bea)
    async with shelf.storage.begin() as work:
        seq = await work.conversations.take_seq(group.id)
        (task,) = await started(eg.draft(group.id, bea.id), journal=shelf.journal)
        await work.members.update(
            eg.member(group.id, bea.id, changed_seq=seq, left_at=eg.moment(1))
        )

    with pytest.raises(NotFound):
        await task


async def test_a_sender_that_is_cancelled_disturbs_nobody(shelf: Shelf) -> None:
    ana = await shelf.account()
    group = await shelf.conversation(ana)
    async with held_up(shelf, group):
        first, cancelled, last = await started(
            *(eg.draft(group.id, ana.id, body=body) for body in ("one", "two", "three")),
            journal=shelf.journal,
        )
        cancelled.cancel()
    sent = [await first, await last]

    assert [message.body for message in sent] == ["one", "three"]
    assert cancelled.cancelled()
    # What had been handed in is written: its sender may be gone because it believed it was sent.
    history = await shelf.history(group.id)
    assert [message.body for message in history] == ["one", "two", "three"]
    assert shelf.sent == list(history)


async def test_a_full_line_refuses_more_at_once(database_url: str) -> None:
    async with open_shelf(database_url, max_batch=1, max_waiting=2) as shelf:
        ana = await shelf.account()
        group = await shelf.conversation(ana)
        drafts = [eg.draft(group.id, ana.id, body=str(index)) for index in range(4)]
        async with held_up(shelf, group):
            written = await started(drafts[0], journal=shelf.journal)
            waiting = await started(*drafts[1:3], journal=shelf.journal)
            with pytest.raises(Unavailable):
                await shelf.journal.append(drafts[3])
        sent = await asyncio.gather(*written, *waiting)

        assert [message.body for message in sent] == ["0", "1", "2"]
        assert (await shelf.journal.append(drafts[3])).body == "3"


async def test_no_batch_is_larger_than_its_bound(database_url: str) -> None:
    async with open_shelf(database_url, max_batch=4) as shelf:
        ana = await shelf.account()
        group = await shelf.conversation(ana)
        drafts = [eg.draft(group.id, ana.id, body=str(index)) for index in range(11)]
        sent = await asyncio.gather(*map(shelf.journal.append, drafts))

        assert [message.seq for message in sent] == list(range(2, 13))


async def test_a_batch_ends_where_it_has_many_copies(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "MAX_COPIES", 5)
    sizes = []

    async with open_shelf(database_url) as shelf:
        people = await shelf.accounts(3)
        group = await shelf.conversation(*people)
        secret = await shelf.conversation(*people, encrypted=True)
        async with shelf.storage.begin() as work:
            for person in people:
                await work.encryption_keys.add(eg.stored_pair(secret.id, person.id))
        writer = shelf.database.batch_writer()

        class Measured:
            """The writer, and how much it is given."""

            close = writer.close

            async def write(self, drafts: Sequence[Draft], now: datetime) -> Settled:
                sizes.append(len(drafts))
                return await writer.write(drafts, now)

        journal = Journal(Measured(), shelf.announced.extend, lambda: eg.NOON)
        copies = {person.id: "x" for person in people}
        drafts = [eg.draft(secret.id, people[0].id, body=None, copies=copies)] * 3
        drafts += [eg.draft(group.id, people[0].id)] * 6
        sent = await asyncio.gather(*map(journal.append, drafts))
        await journal.close()

    assert [message.seq for message in sent] == [*range(2, 5), *range(2, 8)]
    assert sizes == [2, 7]


async def test_what_was_sealed_is_stored_for_each_reader(shelf: Shelf) -> None:
    ana, bea = await shelf.accounts(2)
    secret = await shelf.conversation(ana, bea, encrypted=True)
    async with shelf.storage.begin() as work:
        for person in (ana, bea):
            await work.encryption_keys.add(eg.stored_pair(secret.id, person.id))
    copies = {ana.id: "for Ana", bea.id: "for Bea"}
    sent = await shelf.journal.append(
        eg.draft(secret.id, ana.id, body=None, copies=copies, client_ref="r")
    )

    assert sent.copy is not None
    assert sent.copy.content == "for Ana"
    (told,) = shelf.announced
    assert isinstance(told, SealedSent)
    assert told.message == replace(sent, copy=None)
    async with shelf.storage.read() as work:
        for reader in (ana, bea):
            (found,) = await work.messages.page(
                secret.id, copies_of=reader.id, after_seq=None, order="asc", limit=9
            )
            assert found == replace(sent, copy=told.copies[reader.id])
    # The journal has the first message for a repeat, and not whose copy is wanted of it.
    again = eg.draft(secret.id, ana.id, body=None, copies={}, client_ref="r")
    assert await shelf.journal.append(again) == replace(sent, copy=None)
    assert len(shelf.announced) == 1


async def test_a_batch_may_be_larger_than_what_one_statement_takes(sqlite_url: str) -> None:
    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(str(make_url(sqlite_url).database), isolation_level=None)
        connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 32_766)  # as SQLite has it
        return connection

    async with open_shelf(sqlite_url) as shelf:
        ana = await shelf.account()
        group = await shelf.conversation(ana)
        writer = SqliteBatchWriter(connect, nullcontext)
        drafts = [eg.draft(group.id, ana.id, client_ref=str(index)) for index in range(10_000)]
        settled = await writer.write(drafts, eg.NOON)
        await writer.close()

        assert [message.seq for message in settled.fresh] == list(range(2, 10_002))
        assert len(await shelf.history(group.id)) == 10_000


async def test_closing_writes_what_waits_and_takes_no_more(shelf: Shelf) -> None:
    ana = await shelf.account()
    group = await shelf.conversation(ana)
    tasks = await started(*(eg.draft(group.id, ana.id) for _ in range(3)), journal=shelf.journal)
    await shelf.journal.close()

    assert len(await asyncio.gather(*tasks)) == 3
    with pytest.raises(Unavailable):
        await shelf.send(group, ana)


async def test_a_journal_that_wrote_nothing_closes(shelf: Shelf) -> None:
    await shelf.journal.close()


async def _busy(shelf: Shelf, group: Conversation, person: Account) -> list[int]:
    """Return the seqs that twenty other changes of a conversation took."""
    taken = []
    for _ in range(20):
        async with shelf.storage.begin() as work:
            await work.conversations.locked_for_member(person.id, group.id)
            taken.append(await work.conversations.take_seq(group.id))
    return taken


async def test_sends_and_other_changes_take_seqs_without_holes_or_doubles(shelf: Shelf) -> None:
    ana, bea = await shelf.accounts(2)
    groups = [await shelf.conversation(ana, bea) for _ in range(2)]
    other = Journal(shelf.database.batch_writer(), shelf.announced.extend, lambda: eg.NOON)

    async def send(journal: Journal, person: Account) -> list[Message]:
        drafts = [eg.draft(groups[index % 2].id, person.id) for index in range(40)]
        return [
            message
            for start in range(0, 40, 4)
            for message in await asyncio.gather(*map(journal.append, drafts[start : start + 4]))
        ]

    # Two journals stand for two nodes on one database.
    sending = asyncio.gather(send(shelf.journal, ana), send(other, bea))
    changing = asyncio.gather(
        *(_busy(shelf, group, person) for group in groups for person in (ana, bea))
    )
    sent = [message for node in await sending for message in node]
    taken = await changing
    await other.close()

    for index, group in enumerate(groups):
        seqs = [seq for busy in taken[2 * index : 2 * index + 2] for seq in busy]
        seqs += [message.seq for message in sent if message.conversation_id == group.id]
        assert sorted(seqs) == list(range(2, 2 + 80))


async def test_of_one_reference_for_two_conversations_on_two_nodes_one_is_taken(
    shelf: Shelf,
) -> None:
    ana = await shelf.account()
    groups = [await shelf.conversation(ana) for _ in range(2)]
    other = Journal(shelf.database.batch_writer(), shelf.announced.extend, lambda: eg.NOON)
    for index in range(10):
        outcomes = await asyncio.gather(
            *(
                journal.append(eg.draft(group.id, ana.id, client_ref=f"r{index}"))
                for journal, group in zip((shelf.journal, other), groups, strict=True)
            ),
            return_exceptions=True,
        )
        assert {type(outcome) for outcome in outcomes} == {Message, Conflict}
    await other.close()

    assert len(shelf.announced) == 10
    assert sum([len(await shelf.history(group.id)) for group in groups]) == 10
