"""The journal's law: whatever is sent, by whomever, at the same time or not, in any batches."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tertulia.core.errors import Conflict, Invalid, NotFound, Refusal
from tertulia.core.ids import new_id
from tertulia.core.message import Message
from tests import examples as eg
from tests.storage.conftest import open_shelf

if TYPE_CHECKING:
    from uuid import UUID

    from tertulia.core.message import Draft
    from tertulia.core.model import Conversation
    from tests.storage.conftest import Shelf

MEMBERS, STRANGER = (0, 1, 2), 3


@dataclass(frozen=True)
class Send:
    """One attempt: who sends into which of two groups, under which reference, replying to what.

    `reply` names what is replied to: nothing, a message of this group, one of the other group, or
    one that does not exist.
    """

    sender: int
    group: int
    ref: str | None
    reply: str | None


sends = st.builds(
    Send,
    sender=st.sampled_from([*MEMBERS, STRANGER]),
    group=st.integers(0, 1),
    ref=st.none() | st.sampled_from("abc"),
    reply=st.none() | st.sampled_from(["here", "elsewhere", "nowhere"]),
)
rounds = st.lists(st.lists(sends, min_size=1, max_size=12), max_size=5)
Attempt = tuple[Send, Message | BaseException]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rounds=rounds, max_batch=st.integers(1, 6))
def test_seqs_have_no_holes_and_references_one_message(
    database_url: str, rounds: list[list[Send]], max_batch: int
) -> None:
    asyncio.run(_play(database_url, rounds, max_batch))


async def _play(database_url: str, rounds: list[list[Send]], max_batch: int) -> None:
    async with open_shelf(database_url, max_batch=max_batch) as shelf:
        people = await shelf.accounts(4)
        groups = [await shelf.conversation(*people[:STRANGER]) for _ in range(2)]
        roots = [await shelf.send(group, people[0]) for group in groups]

        def draft(send: Send) -> Draft:
            targets = {"here": send.group, "elsewhere": 1 - send.group}
            known = targets.get(send.reply or "")
            return eg.draft(
                groups[send.group].id,
                people[send.sender].id,
                client_ref=send.ref,
                reply_to=new_id()
                if send.reply == "nowhere"
                else None
                if known is None
                else roots[known].id,
            )

        attempts: list[Attempt] = []
        for sent_at_once in rounds:
            answers = await asyncio.gather(
                *(shelf.journal.append(draft(send)) for send in sent_at_once),
                return_exceptions=True,
            )
            attempts += zip(sent_at_once, answers, strict=True)
        _check_answers(attempts)
        await _check_histories(shelf, groups, [root.id for root in roots], attempts)


def _check_answers(attempts: list[Attempt]) -> None:
    first: dict[tuple[int, str], tuple[int, Message]] = {}
    for send, answer in attempts:
        known = None if send.ref is None else first.get((send.sender, send.ref))
        if known is not None and known[0] != send.group:
            assert isinstance(answer, Conflict)
        elif known is not None:
            assert answer == known[1]
        elif send.sender == STRANGER:
            assert isinstance(answer, NotFound)
        elif send.reply in ("elsewhere", "nowhere"):
            assert isinstance(answer, Invalid)
        else:
            assert isinstance(answer, Message)
            if send.ref is not None:
                first[send.sender, send.ref] = (send.group, answer)


async def _check_histories(
    shelf: Shelf, groups: list[Conversation], roots: list[UUID], attempts: list[Attempt]
) -> None:
    answered = {answer.id: answer for _, answer in attempts if isinstance(answer, Message)}
    assert all(isinstance(answer, Message | Refusal) for _, answer in attempts)
    async with shelf.storage.read() as work:
        heads = await work.conversations.heads([group.id for group in groups])
    stored: dict[UUID, Message] = {}
    for group in groups:
        history = await shelf.history(group.id)
        assert [message.seq for message in history] == list(range(2, heads[group.id] + 1))
        assert [row for row in shelf.sent if row.conversation_id == group.id] == list(history)
        stored |= {message.id: message for message in history if message.id not in roots}
    assert stored == answered
