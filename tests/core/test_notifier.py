"""Who is pushed to when something is said, and what of it they are told."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tertulia.core.message import Poll, PollOption
from tertulia.core.model import Kind, Notify, Preferences
from tertulia.core.notify_rules import USUAL, NotificationSettings
from tests import examples as eg
from tests.core.ears import LIFETIME
from tests.core.sealing import circle, sealed
from tests.core.uploads import HandedIn
from tests.waiting import until

if TYPE_CHECKING:
    from uuid import UUID

    from tertulia.core.model import Actor
    from tertulia.settings import Settings
    from tests.core.ears import Ears


async def prefer(ears: Ears, actor: Actor, conversation_id: UUID, own: Preferences) -> None:
    async with ears.town.storage.begin() as work:
        await work.members.prefer(conversation_id, actor.account_id, own)


async def choose(ears: Ears, actor: Actor, settings: NotificationSettings) -> None:
    await ears.town.core.notifications.change(actor, lambda _: settings)


async def test_the_other_one_of_a_private_chat_is_told_and_the_sender_is_not(ears: Ears) -> None:
    ana, bea = ears.town.actors[:2]
    conversation_id = await ears.town.private(ana, bea)
    anas, beas = await ears.listen(ana, bea)
    message = await ears.say(ana, conversation_id, "Is it raining?")
    await ears.pass_on()
    (told,) = beas.payloads
    assert (told["title"], told["body"], told["seq"]) == ("Ana", "Is it raining?", message.seq)
    assert told["message_group"] == str(message.id)
    assert anas.payloads == []


async def test_in_a_group_it_is_told_where_and_by_whom(ears: Ears) -> None:
    ana, bea, caro = ears.town.actors[:3]
    conversation_id = await ears.town.group(ana, bea, caro)
    browsers = await ears.listen(bea, caro)
    await ears.say(ana, conversation_id, "Who brings wine?")
    await ears.pass_on()
    for browser in browsers:
        (told,) = browser.payloads
        assert (told["title"], told["body"]) == ("Peña", "Ana: Who brings wine?")


async def test_of_what_was_sealed_only_that_it_came_is_told(ears: Ears) -> None:
    ana, bea, caro = ears.town.actors[:3]
    group = await circle(ears.town, ana, bea)
    browsers = await ears.listen(bea, caro)
    sent = await ears.town.core.sealed_messages.send(ana, group, sealed("My diagnosis", ana, bea))
    await ears.town.bring(ana, group, caro)
    await ears.pass_on()
    (told,) = browsers[0].payloads
    assert (told["title"], told["body"]) == ("Peña", "Ana: Encrypted message")
    assert told["message_group"] == str(sent.id)
    assert "diagnosis" not in str(told)
    # Caro joined later, and has nothing to read.
    assert browsers[1].payloads == []


async def test_in_a_room_only_what_speaks_to_somebody_is_told(ears: Ears) -> None:
    ana, bea, caro = ears.town.actors[:3]
    conversation_id = await ears.town.room(ana, bea, caro)
    beas, caros = await ears.listen(bea, caro)
    question = await ears.say(bea, conversation_id, "Anybody here?")
    await ears.pass_on()
    await ears.say(ana, conversation_id, "I am", reply_to=question.id)
    await ears.pass_on()
    await ears.say(ana, conversation_id, "@caro too", mentions=(caro.account_id,))
    await ears.pass_on()
    assert ears.bodies(beas) == ["Ana: I am"]
    assert ears.bodies(caros) == ["Ana: @caro too"]
    await ears.say(ana, conversation_id, "@all come", mentions_all=True)
    await ears.pass_on()
    assert ears.bodies(beas)[1:] == ears.bodies(caros)[1:] == ["Ana: @all come"]


@pytest.mark.parametrize("kind", Kind)
async def test_the_database_leaves_out_nobody_whom_the_rules_would_tell(
    ears: Ears, kind: Kind
) -> None:
    ana, bea = ears.town.actors[:2]
    conversation_id = await ears.town.conversation(kind, ana, bea)
    (beas,) = await ears.listen(bea)
    for level in Notify:
        everywhere = NotificationSettings(
            notify_private=level, notify_groups=level, notify_rooms=level
        )
        for settings, own in ((everywhere, None), (USUAL, level)):
            await choose(ears, bea, settings)
            await prefer(ears, bea, conversation_id, Preferences(notify=own))
            for extras, is_told in (
                ({}, level is Notify.ALL),
                ({"mentions": (bea.account_id,)}, level is not Notify.NOTHING),
                ({"mentions_all": True}, level is not Notify.NOTHING),
                ({"mentions_all": True, "is_silent": True}, False),
            ):
                before = len(beas.payloads)
                await ears.say(ana, conversation_id, "Hello", **extras)
                await ears.pass_on()
                assert len(beas.payloads) - before == is_told, (level, settings, own, extras)


async def test_what_is_muted_is_not_told_until_the_muting_ends(ears: Ears) -> None:
    ana, bea = ears.town.actors[:2]
    conversation_id = await ears.town.private(ana, bea)
    (beas,) = await ears.listen(bea)
    until_then = ears.clock() + timedelta(hours=1)
    await prefer(ears, bea, conversation_id, Preferences(muted_until=until_then))
    await ears.say(ana, conversation_id, "One", mentions=(bea.account_id,))
    await ears.pass_on()
    ears.clock.advance(timedelta(hours=1))
    await ears.say(ana, conversation_id, "Two")
    await ears.pass_on()
    assert ears.bodies(beas) == ["Two"]


async def test_what_somebody_blocked_says_in_a_group_is_not_told(ears: Ears) -> None:
    ana, bea, caro = ears.town.actors[:3]
    conversation_id = await ears.town.group(ana, bea, caro)
    (caros,) = await ears.listen(caro)
    await ears.town.core.contacts.block(caro, ana.account_id)
    await ears.say(bea, conversation_id, "One")
    await ears.say(ana, conversation_id, "Two", mentions=(caro.account_id,))
    await ears.pass_on()
    assert ears.bodies(caros) == ["Bea: One"]


async def test_what_has_been_read_or_deleted_meanwhile_is_not_told(ears: Ears) -> None:
    ana, bea = ears.town.actors[:2]
    conversation_id = await ears.town.private(ana, bea)
    (beas,) = await ears.listen(bea)
    await ears.say(ana, conversation_id, "Read")
    await ears.town.core.receipts.read(bea, conversation_id)
    await ears.pass_on()
    message = await ears.say(ana, conversation_id, "Deleted")
    await ears.town.core.messages.delete(ana, message.id)
    await ears.pass_on()
    assert beas.asked == 0


async def test_what_is_said_at_once_makes_one_notice_of_the_latest_that_is_wanted(
    ears: Ears,
) -> None:
    ana, bea, caro = ears.town.actors[:3]
    conversation_id = await ears.town.room(ana, bea, caro)
    beas, caros = await ears.listen(bea, caro)
    await prefer(ears, caro, conversation_id, Preferences(notify=Notify.ALL))
    await ears.say(ana, conversation_id, "One", mentions=(bea.account_id,))
    await ears.say(ana, conversation_id, "Two")
    await ears.say(caro, conversation_id, "Three")
    await ears.pass_on()
    await ears.pass_on()
    assert ears.bodies(beas) == ["Ana: One"]
    assert ears.bodies(caros) == ["Ana: Two"]


async def test_every_browser_of_a_person_is_told(ears: Ears) -> None:
    ana, bea = ears.town.actors[:2]
    conversation_id = await ears.town.private(ana, bea)
    browsers = await ears.listen(bea, bea, bea)
    await ears.say(ana, conversation_id, "Hello")
    await ears.pass_on()
    assert [ears.bodies(browser) for browser in browsers] == [["Hello"]] * 3


async def test_whoever_has_left_or_is_shut_out_is_told_nothing(ears: Ears) -> None:
    ana, bea, caro, dani = ears.town.actors[:4]
    conversation_id = await ears.town.group(ana, bea, caro, dani)
    beas, caros, danis = await ears.listen(bea, caro, dani)
    await ears.town.core.members.leave(bea, conversation_id)
    async with ears.town.storage.begin() as work:
        account = await work.accounts.get(caro.account_id)
        await work.accounts.update(replace(account, disabled_at=eg.NOON))
    await ears.say(ana, conversation_id, "Hello")
    await ears.pass_on()
    assert (beas.asked, caros.asked, danis.asked) == (0, 0, 1)


async def test_a_session_that_nobody_can_renew_any_more_is_told_nothing(ears: Ears) -> None:
    ana, bea = ears.town.actors[:2]
    conversation_id = await ears.town.private(ana, bea)
    (beas,) = await ears.listen(bea)
    ears.clock.advance(LIFETIME)
    await ears.say(ana, conversation_id, "Hello")
    await ears.pass_on()
    assert beas.asked == 0


async def test_where_text_is_not_shown_nothing_of_it_leaves_the_server(ears: Ears) -> None:
    ana, bea, caro = ears.town.actors[:3]
    conversation_id = await ears.town.group(ana, bea, caro)
    beas, _ = await ears.listen(bea, caro)
    await choose(ears, bea, replace(USUAL, shows_text=False))
    await ears.say(ana, conversation_id, "My diagnosis")
    await ears.pass_on()
    (told,) = beas.payloads
    assert (told["title"], told["body"]) == ("Peña", "Ana: New message")
    assert "diagnosis" not in str(told)


async def test_what_a_message_without_words_carries_is_told(ears: Ears, settings: Settings) -> None:
    ana, bea = ears.town.actors[:2]
    conversation_id = await ears.town.private(ana, bea)
    (beas,) = await ears.listen(bea)
    poll = Poll(question="When?", options=(PollOption("Now"), PollOption("Later")))
    files = HandedIn(settings)
    photo = await files.file(ana, conversation_id)
    report = await files.file(ana, conversation_id, kind="file", name="report.pdf")
    for extras in (
        {"attachments": (photo,)},
        {"attachments": (report,)},
        {"poll": poll},
    ):
        await ears.say(ana, conversation_id, "", **extras)
        await ears.pass_on()
    await ears.say(ana, conversation_id, "x" * 1000)
    await ears.pass_on()
    *said, long = ears.bodies(beas)
    assert said == ["Photo", "File: report.pdf", "Poll: When?"]
    assert (len(long), long[-1]) == (400, "…")


async def test_a_chat_that_is_open_somewhere_has_its_moment_to_be_read(ears: Ears) -> None:
    ana, bea = ears.town.actors[:2]
    conversation_id = await ears.town.private(ana, bea)
    (beas,) = await ears.listen(bea)
    patient = ears.notifier_with(delay_s=1)
    await ears.say(ana, conversation_id, "Read at once")
    patient.sent(ears.town.heard())
    await patient.look()
    await ears.queue.push_all()
    assert beas.asked == 0
    await ears.town.core.receipts.read(bea, conversation_id)
    await ears.say(ana, conversation_id, "Not read")
    patient.sent(ears.town.heard())
    looking = asyncio.create_task(patient.run())
    pushing = asyncio.create_task(ears.queue.run())
    try:
        await until(lambda: len(beas.taken) == 1, within_s=10, what="a push")
    finally:
        looking.cancel()
        pushing.cancel()
        await asyncio.gather(looking, pushing, return_exceptions=True)
    assert ears.bodies(beas) == ["Not read"]


async def test_where_nobody_listens_nothing_is_asked_about_conversations(ears: Ears) -> None:
    ana, bea = ears.town.actors[:2]
    conversation_id = await ears.town.private(ana, bea)
    await ears.say(ana, conversation_id, "Hello")
    await ears.pass_on()
    (beas,) = await ears.listen(bea)
    await ears.pass_on()
    assert beas.asked == 0
