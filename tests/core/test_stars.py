"""Stars: each person's own, and only of what that person can see."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tertulia.core import message_policy
from tertulia.core.errors import Conflict, Invalid, NotFound
from tertulia.core.events import MessageStarred, MessageUnstarred
from tertulia.core.ids import new_id
from tests.core.town import everything

if TYPE_CHECKING:
    from tertulia.core.message import Message
    from tertulia.core.model import Actor, Page
    from tests.core.town import Town


async def starred(town: Town, actor: Actor) -> list[Message]:
    """Return all that has somebody's star, page by page."""

    async def page_at(token: str | None, size: int) -> Page[Message]:
        return (await town.core.stars.page(actor, token, size)).messages

    return await everything(page_at, 2)


async def test_a_star_is_ones_own_and_takes_no_seq(town: Town) -> None:
    ana, bea = town.actors[:2]
    conversation_id = await town.group(ana, bea)
    sent = await town.core.messages.send(ana, conversation_id, "one")
    town.heard()
    for _ in range(2):
        await town.core.stars.star(bea, sent.id)
    assert await town.core.stars.ids(bea) == (sent.id,)
    assert await starred(town, bea) == [sent]
    assert (await town.core.stars.ids(ana), await starred(town, ana)) == ((), [])
    for _ in range(2):
        await town.core.stars.unstar(bea, sent.id)
    assert await town.core.stars.ids(bea) == ()
    said = {
        "conversation_id": conversation_id,
        "account_id": bea.account_id,
        "message_id": sent.id,
    }
    assert town.heard() == [MessageStarred(**said), MessageUnstarred(**said)]
    assert await town.head(conversation_id) == sent.seq


async def test_the_latest_star_comes_first_over_all_conversations(town: Town) -> None:
    ana, bea = town.actors[:2]
    places = [await town.group(ana, bea), await town.private(ana, bea), await town.room(ana)]
    sent = [await town.core.messages.send(ana, place, "one") for place in places * 2]
    order = [sent[index] for index in (3, 0, 5, 1, 4)]
    for message in order:
        await town.core.stars.star(ana, message.id)
    # Stars of one millisecond have an order too, if not that of their coming.
    found = await starred(town, ana)
    assert {each.id for each in found} == {each.id for each in order}
    assert [each.id for each in found] == list(await town.core.stars.ids(ana))
    people = (await town.core.stars.page(ana, None, 9)).people
    assert [person.id for person in people] == [ana.account_id]
    with town.refuses(Invalid, "invalid", "page_token"):
        await town.core.stars.page(ana, "nonsense", 9)


async def test_a_star_falls_with_its_message(town: Town) -> None:
    ana, bea = town.actors[:2]
    sent = await town.core.messages.send(ana, await town.group(ana, bea), "one")
    for actor in (ana, bea):
        await town.core.stars.star(actor, sent.id)
    await town.core.messages.delete(ana, sent.id)
    for actor in (ana, bea):
        assert (await town.core.stars.ids(actor), await starred(town, actor)) == ((), [])
    with town.refuses(Conflict, "message_deleted"):
        await town.core.stars.star(ana, sent.id)
    async with town.storage.read() as work:
        assert await work.stars.count(bea.account_id) == 0


async def test_what_one_has_left_is_out_of_sight_and_may_come_back(town: Town) -> None:
    ana, bea = town.actors[:2]
    room = await town.room(ana, bea)
    sent = await town.core.messages.send(ana, room, "one")
    await town.core.stars.star(bea, sent.id)
    await town.core.members.leave(bea, room)
    assert (await town.core.stars.ids(bea), await starred(town, bea)) == ((), [])
    with town.refuses(NotFound, "not_found"):
        await town.core.stars.star(bea, sent.id)
    await town.core.members.join(bea, room)
    assert await town.core.stars.ids(bea) == (sent.id,)
    await town.core.members.leave(bea, room)
    await town.core.stars.unstar(bea, sent.id)
    await town.core.members.join(bea, room)
    assert await town.core.stars.ids(bea) == ()
    await town.core.conversations.delete(ana, room)
    assert await starred(town, ana) == []


async def test_what_one_cannot_see_has_no_star(town: Town) -> None:
    ana, outsider = town.actors[:2]
    sent = await town.core.messages.send(ana, await town.group(ana), "one")
    for message_id in (sent.id, new_id()):
        for attempt in (
            town.core.stars.star(outsider, message_id),
            town.core.stars.unstar(outsider, message_id),
        ):
            with town.refuses(NotFound, "not_found"):
                await attempt


async def test_one_gives_5000_stars_at_most_even_at_once(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert message_policy.MAX_STARS == 5000
    monkeypatch.setattr(message_policy, "MAX_STARS", 3)
    ana = town.actors[0]
    conversation_id = await town.group(ana)
    sent = [await town.core.messages.send(ana, conversation_id, str(each)) for each in range(6)]
    outcomes = await asyncio.gather(
        *[town.core.stars.star(ana, message.id) for message in sent], return_exceptions=True
    )
    refused = [each for each in outcomes if isinstance(each, Conflict)]
    assert [each.code for each in refused] == ["too_many_stars"] * 3
    assert len(await town.core.stars.ids(ana)) == 3
