"""How SQLite finds what is asked all the time: by index, never by reading a whole table."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from tertulia.core.ids import new_id
from tests import examples as eg
from tests.storage.conftest import open_shelf

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tertulia.core.ports import Work

ID, OTHER = new_id(), new_id()
QUESTIONS: dict[str, Callable[[Work], Awaitable[Any]]] = {
    "an account": lambda work: work.accounts.find([ID]),
    "credentials by e-mail": lambda work: work.accounts.credentials(email="a"),
    "credentials by username": lambda work: work.accounts.credentials(username="a"),
    "an account as somebody sees it": lambda work: work.accounts.seen_by(ID, [OTHER]),
    "acquaintances": lambda work: work.accounts.acquaintances(ID),
    "a session": lambda work: work.sessions.get(ID),
    "the holder of a session": lambda work: work.sessions.holder(ID),
    "a refresh token": lambda work: work.sessions.token(b"digest"),
    "the sessions of an account": lambda work: work.sessions.end_all(ID, eg.NOON),
    "the living sessions of an account": lambda work: work.sessions.living(ID),
    "sessions that ended a moment ago": lambda work: work.sessions.ended_since(eg.NOON),
    "groups and rooms of a person": lambda work: work.members.joined(ID, 100),
    "the chat of a pair": lambda work: work.conversations.between(ID, OTHER),
    "heads": lambda work: work.conversations.heads([ID, OTHER]),
    "chats": lambda work: work.conversations.chats(ID, before=None, limit=50),
    "further chats": lambda work: work.conversations.chats(ID, before=(eg.NOON, 9), limit=50),
    "new rooms": lambda work: work.conversations.directory(
        ID, topic=None, text="", order="new", after=None, limit=50
    ),
    "popular rooms": lambda work: work.conversations.directory(
        ID, topic=None, text="", order="popular", after=(9, 9), limit=50
    ),
    "members": lambda work: work.members.present(ID),
    "members beside their accounts": lambda work: work.members.people(ID),
    "a page of members": lambda work: work.members.page(ID, after=(1, OTHER), limit=50),
    "changed members": lambda work: work.members.changed_since(ID, 1, 50),
    "a page of history": lambda work: work.messages.page(ID, after_seq=9, order="desc", limit=50),
    "all conversations of a person": lambda work: work.conversations.ids_of(ID),
    "what somebody sent": lambda work: work.messages.sent_by(ID, OTHER, after_seq=9, limit=50),
    "changed messages": lambda work: work.messages.changed_since(ID, 1, 50),
}
# What a plan may read from end to end: the page that an inner question has picked, and the index
# that holds nothing but rooms.
PICKED = re.compile(
    r"SCAN (mine|anon_\d|conversations USING INDEX ix_conversations_rooms_by_number)$"
)


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS.keys())
async def test_it_is_found_by_index(
    sqlite_url: str, question: Callable[[Work], Awaitable[Any]]
) -> None:
    asked: list[tuple[str, Any]] = []

    def listen(_c: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if not statement.startswith("BEGIN"):
            asked.append((statement, values))

    async with open_shelf(sqlite_url) as shelf:
        event.listen(Engine, "before_cursor_execute", listen)
        try:
            async with shelf.storage.begin() as work:
                await question(work)
        finally:
            event.remove(Engine, "before_cursor_execute", listen)
        assert len(asked) == 1
        async with shelf.database.reader() as connection:
            rows = await connection.exec_driver_sql(
                f"EXPLAIN QUERY PLAN {asked[0][0]}", asked[0][1]
            )
            steps = [row.detail for row in rows]

    assert steps
    assert [step for step in steps if step.startswith("SCAN") and not PICKED.match(step)] == []
