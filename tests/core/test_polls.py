"""Polls: asking, voting, closing, and who hears of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tertulia.core import message_policy
from tertulia.core.errors import Conflict, Forbidden, Invalid, NotFound
from tertulia.core.events import PollClosed, PollVoted
from tertulia.core.ids import new_id
from tertulia.core.message import Poll, PollOption
from tertulia.core.model import Kind
from tertulia.core.polls import NewPoll

if TYPE_CHECKING:
    from uuid import UUID

    from tertulia.core.message import Message
    from tertulia.core.model import Actor
    from tests.core.town import Town

WHEN = NewPoll(question=" When? ", options=("Today", " Tomorrow", "Never"))
DAYS = NewPoll(question="Which days?", options=("Mon", "Tue", "Wed"), is_multiple=True)


def votes(message: Message) -> list[tuple[UUID, ...]]:
    """Return who chose each answer."""
    assert message.extras.poll is not None
    return [option.account_ids for option in message.extras.poll.options]


async def asked(town: Town, actor: Actor, conversation_id: UUID, poll: NewPoll = WHEN) -> Message:
    """Ask a poll, and leave no event of it."""
    sent = await town.core.messages.send(actor, conversation_id, "", poll=poll)
    town.heard()
    return sent


@pytest.mark.parametrize("kind", Kind)
async def test_a_poll_is_a_message_that_everyone_votes_under(town: Town, kind: Kind) -> None:
    ana, bea = town.actors[:2]
    conversation_id = await town.conversation(kind, ana, bea)
    sent = await asked(town, ana, conversation_id)
    options = (PollOption("Today"), PollOption("Tomorrow"), PollOption("Never"))
    assert sent.body == ""
    assert sent.extras.poll == Poll(question="When?", options=options)
    one = await town.core.polls.vote(bea, sent.id, [1])
    two = await town.core.polls.vote(ana, sent.id, [1])
    other = await town.core.polls.vote(bea, sent.id, [0])
    back = await town.core.polls.vote(ana, sent.id, [])
    assert votes(two) == [(), (bea.account_id, ana.account_id), ()]
    assert votes(other) == [(bea.account_id,), (ana.account_id,), ()]
    assert votes(back) == [(bea.account_id,), (), ()]
    assert town.heard() == [
        PollVoted(
            conversation_id=conversation_id,
            seq=message.changed_seq,
            message=message,
            account_id=actor.account_id,
            choices=choices,
        )
        for message, actor, choices in (
            (one, bea, (1,)),
            (two, ana, (1,)),
            (other, bea, (0,)),
            (back, ana, ()),
        )
    ]
    assert await town.history(bea, conversation_id) == [back]


async def test_the_same_vote_again_changes_nothing(town: Town) -> None:
    ana = town.actors[0]
    sent = await asked(town, ana, await town.group(ana), DAYS)
    voted = await town.core.polls.vote(ana, sent.id, [2, 0, 2])
    assert votes(voted) == [(ana.account_id,), (), (ana.account_id,)]
    town.heard()
    assert await town.core.polls.vote(ana, sent.id, [0, 2]) == voted
    assert town.heard() == []


async def test_a_vote_is_for_answers_that_there_are(town: Town) -> None:
    ana = town.actors[0]
    group = await town.group(ana)
    single, multiple = await asked(town, ana, group), await asked(town, ana, group, DAYS)
    for message, choices in ((single, [0, 1]), (single, [3]), (multiple, [-1]), (multiple, [0, 9])):
        with town.refuses(Invalid, "invalid", "choices"):
            await town.core.polls.vote(ana, message.id, choices)


@pytest.mark.parametrize("kind", [Kind.GROUP, Kind.ROOM])
async def test_author_owner_and_admins_close_a_poll(town: Town, kind: Kind) -> None:
    owner, admin, member, author = town.actors
    conversation_id = await town.conversation(kind, owner, admin, member, author)
    await town.promote(owner, conversation_id, admin)
    for actor in (owner, admin, author):
        sent = await asked(town, author, conversation_id)
        voted = await town.core.polls.vote(member, sent.id, [0])
        with town.refuses(Forbidden, "permission_denied"):
            await town.core.polls.close(member, sent.id)
        town.heard()
        closed = await town.core.polls.close(actor, sent.id)
        assert votes(closed) == votes(voted)
        assert closed.extras.poll is not None
        assert closed.extras.poll.closed_at is not None
        assert await town.core.polls.close(actor, sent.id) == closed
        assert town.heard() == [
            PollClosed(conversation_id=conversation_id, seq=closed.changed_seq, message=closed)
        ]
        for choices in ([1], []):
            with town.refuses(Conflict, "poll_closed"):
                await town.core.polls.vote(member, sent.id, choices)


async def test_in_a_private_chat_its_author_closes_a_poll(town: Town) -> None:
    ana, bea = town.actors[:2]
    sent = await asked(town, ana, await town.private(ana, bea))
    with town.refuses(Forbidden, "permission_denied"):
        await town.core.polls.close(bea, sent.id)
    await town.core.polls.close(ana, sent.id)


async def test_a_poll_has_bounds(town: Town) -> None:
    ana = town.actors[0]
    group = await town.group(ana)
    two = ("yes", "no")
    for question, options, code, attr in (
        ("", two, "required", "poll.question"),
        ("x" * 301, two, "too_long", "poll.question"),
        ("a\x00", two, "invalid", "poll.question"),
        ("a", ("yes",), "invalid", "poll.options"),
        ("a", tuple(map(str, range(13))), "invalid", "poll.options"),
        ("a", ("yes", " "), "required", "poll.options.1"),
        ("a", ("x" * 101, "no"), "too_long", "poll.options.0"),
        ("a", ("yes", "YES "), "repeated", "poll.options"),
    ):
        with town.refuses(Invalid, code, attr):
            await town.core.messages.send(
                ana, group, "", poll=NewPoll(question=question, options=options)
            )
    longest = NewPoll(question="x" * 300, options=[f"{each:0100}" for each in range(12)])
    await town.core.messages.send(ana, group, "", poll=longest)


async def test_votes_at_the_same_moment_all_count(town: Town) -> None:
    ana = town.actors[0]
    sent = await asked(town, ana, await town.group(*town.actors))
    await asyncio.gather(*[town.core.polls.vote(actor, sent.id, [1]) for actor in town.actors])
    message = (await town.core.browsing.message(ana, sent.id)).messages.items[0]
    assert set(votes(message)[1]) == set(town.ids)


async def test_5000_people_vote_at_most(town: Town) -> None:
    ana, bea = town.actors[:2]
    sent = await asked(town, ana, await town.group(ana, bea))
    poll = sent.extras.poll
    assert poll is not None
    crowd = tuple(new_id() for _ in range(message_policy.MAX_VOTERS - 1))
    full = replace(poll, options=(PollOption("Today", crowd), *poll.options[1:]))
    async with town.storage.begin() as work:
        await work.messages.update(replace(sent, extras=replace(sent.extras, poll=full)))
    await town.core.polls.vote(ana, sent.id, [1])
    with town.refuses(Conflict, "too_many_votes"):
        await town.core.polls.vote(bea, sent.id, [1])
    await town.core.polls.vote(ana, sent.id, [2])
    await town.core.polls.vote(ana, sent.id, [])
    await town.core.polls.vote(bea, sent.id, [1])


async def test_there_is_no_vote_without_a_poll_that_one_may_see(town: Town) -> None:
    ana, bea, outsider = town.actors[:3]
    group = await town.private(ana, bea)
    plain = await town.core.messages.send(ana, group, "one")
    sent = await asked(town, ana, group)
    with town.refuses(Conflict, "no_poll"):
        await town.core.polls.vote(bea, plain.id, [0])
    with town.refuses(Conflict, "no_poll"):
        await town.core.polls.close(ana, plain.id)
    with town.refuses(NotFound, "not_found"):
        await town.core.polls.vote(outsider, sent.id, [0])
    await town.core.contacts.block(ana, bea.account_id)
    town.heard()
    with town.refuses(Forbidden, "blocked"):
        await town.core.polls.vote(bea, sent.id, [0])
    await town.core.messages.delete(ana, sent.id)
    town.heard()
    with town.refuses(Conflict, "message_deleted"):
        await town.core.polls.vote(ana, sent.id, [0])
    with town.refuses(Conflict, "message_deleted"):
        await town.core.polls.close(ana, sent.id)
