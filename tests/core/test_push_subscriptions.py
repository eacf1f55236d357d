"""Subscriptions belong to the session that made them, and are few."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tertulia.adapters.limits_memory import LimitsInMemory
from tertulia.core import limits
from tertulia.core.errors import Invalid, NotAuthenticated, RateLimited
from tertulia.core.model import Actor
from tertulia.core.push_subscriptions import MAX_SUBSCRIPTIONS, PushSubscriptions
from tests import examples as eg

if TYPE_CHECKING:
    from tests.core.ears import Ears


async def told(ears: Ears, sender: Actor, receiver: Actor) -> None:
    conversation_id = await ears.town.private(sender, receiver)
    await ears.say(sender, conversation_id, "Hello")
    await ears.pass_on()


async def second_session(ears: Ears, actor: Actor) -> Actor:
    session = eg.session(actor.account_id)
    async with ears.town.storage.begin() as work:
        await work.sessions.add(session)
    return Actor(account_id=actor.account_id, session_id=session.id)


async def test_a_subscription_ends_with_its_session_and_others_go_on(ears: Ears) -> None:
    ana, bea = ears.town.actors[:2]
    laptop = await second_session(ears, bea)
    phones, laptops = await ears.listen(bea, laptop)
    await ears.town.core.devices.end(laptop, bea.session_id)
    await told(ears, ana, bea)
    assert (phones.asked, laptops.asked) == (0, 1)


async def test_ending_every_other_session_leaves_ones_own(ears: Ears) -> None:
    ana, bea = ears.town.actors[:2]
    laptop = await second_session(ears, bea)
    phones, laptops = await ears.listen(bea, laptop)
    await ears.town.core.devices.end_others(bea)
    await told(ears, ana, bea)
    assert (phones.asked, laptops.asked) == (1, 0)


async def test_no_session_that_has_ended_subscribes(ears: Ears) -> None:
    bea = ears.town.actors[1]
    async with ears.town.storage.begin() as work:
        await work.sessions.end(bea.session_id, eg.NOON)
    with pytest.raises(NotAuthenticated):
        await ears.listen(bea)


async def test_the_first_of_ten_makes_room_for_another(ears: Ears) -> None:
    ana, bea = ears.town.actors[:2]
    (caros,) = await ears.listen(ears.town.actors[2])
    browsers = await ears.listen(*[bea] * (MAX_SUBSCRIPTIONS + 1))
    await told(ears, ana, bea)
    assert [browser.asked for browser in browsers] == [0] + [1] * MAX_SUBSCRIPTIONS
    assert caros.asked == 0


async def test_the_same_browser_again_is_one_and_moves_to_whoever_is_signed_in_there(
    ears: Ears,
) -> None:
    ana, bea, caro = ears.town.actors[:3]
    (shared,) = await ears.listen(bea)
    await ears.subscribe(bea, shared)
    await told(ears, ana, bea)
    assert shared.asked == 1
    await ears.subscribe(caro, shared)
    conversation_id = await ears.town.group(ana, bea, caro)
    await ears.say(ana, conversation_id, "Hello")
    await ears.pass_on()
    assert shared.asked == 2


async def test_unsubscribing_is_ones_own_affair_and_can_be_repeated(ears: Ears) -> None:
    ana, bea, caro = ears.town.actors[:3]
    (beas,) = await ears.listen(bea)
    await ears.subscriptions.unsubscribe(caro, beas.endpoint)
    await told(ears, ana, bea)
    for _ in range(2):
        await ears.subscriptions.unsubscribe(bea, beas.endpoint)
    await told(ears, caro, bea)
    assert beas.asked == 1


async def test_what_cannot_be_pushed_to_is_not_kept(ears: Ears) -> None:
    bea = ears.town.actors[1]
    browser = ears.service.browser()
    with ears.town.refuses(Invalid, "invalid", "endpoint"):
        await ears.subscriptions.subscribe(
            bea, "https://10.0.0.1/push", browser.p256dh, browser.auth
        )
    with ears.town.refuses(Invalid, "invalid", "keys.auth"):
        await ears.subscriptions.subscribe(bea, browser.endpoint, browser.p256dh, "short")


async def test_subscribing_again_and_again_is_limited(ears: Ears) -> None:
    bea, doors = ears.town.actors[1], LimitsInMemory()
    strict = PushSubscriptions(ears.town.storage, ears.web_push, doors, ears.clock)
    browser, limit = ears.service.browser(), limits.PUSH_SUBSCRIPTIONS_OF
    await doors.take(limit, str(bea.account_id), count=limit.times)
    with pytest.raises(RateLimited):
        await strict.subscribe(bea, browser.endpoint, browser.p256dh, browser.auth)
