"""Mails about what waits: once for each absence, to those who asked, and easily stopped."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tertulia.adapters.letter_texts import LetterTexts
from tertulia.adapters.limits_memory import LimitsInMemory
from tertulia.adapters.mail_form import mail_of
from tertulia.adapters.vault import FernetVault
from tertulia.core.clock import utc_now
from tertulia.core.digests import MAX_CHATS, Digests
from tertulia.core.errors import Invalid
from tertulia.core.ids import new_id
from tertulia.core.letters import LetterKind
from tertulia.core.model import Notify, Preferences
from tertulia.core.notify_rules import USUAL
from tertulia.core.post import Post
from tests.core.door import VAULT_KEY, Clock, Letters, no_token
from tests.core.sealing import publish, sealed
from tests.core.test_at_once import outcomes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from uuid import UUID

    from tertulia.core.letters import Letter
    from tertulia.core.model import Actor
    from tests.core.town import Town

DAY = timedelta(days=1)


@dataclass
class Desk:
    """Who writes digests, to Bea above all, who wants one after a day."""

    town: Town
    clock: Clock
    letters: Letters
    post: Post
    digests: Digests
    ana: Actor
    bea: Actor
    conversation_id: UUID

    async def say(self, body: str = "Are you there?", where: UUID | None = None) -> None:
        await self.town.core.messages.send(self.ana, where or self.conversation_id, body)

    async def sent(self) -> list[Letter]:
        """Return the digests to Bea that are due now."""
        await self.digests.send_due()
        while await self.post.deliver_due():
            pass
        address = (await self.town.account(self.bea)).email
        found = self.letters.of(LetterKind.DIGEST)
        self.letters.forget(LetterKind.DIGEST)
        return [letter for letter in found if letter.to == address]

    async def come_back(self) -> None:
        async with self.town.storage.begin() as work:
            await work.sessions.touch(self.bea.session_id, self.clock())


@pytest.fixture
async def desk(town: Town) -> AsyncIterator[Desk]:
    """Return a desk over a town; Bea was here just now and has a confirmed address."""
    ana, bea = town.actors[:2]
    clock, letters = Clock(utc_now()), Letters()
    post = Post(town.storage, FernetVault([VAULT_KEY]), letters, letters, clock)
    digests = Digests(town.storage, post, LimitsInMemory(scale=1000), clock, secret="k" * 64)
    conversation_id = await town.private(ana, bea)
    desk = Desk(town, clock, letters, post, digests, ana, bea, conversation_id)
    async with town.storage.begin() as work:
        account = await work.accounts.get(bea.account_id)
        await work.accounts.update(replace(account, confirmed_at=clock()))
    await town.core.notifications.change(bea, lambda old: replace(old, digest_after_h=24))
    await desk.come_back()
    yield desk
    async with town.storage.begin() as work:
        for actor in town.actors:
            await work.notification_settings.drop(actor.account_id)


async def test_whoever_has_been_away_for_as_long_as_they_said_is_told_what_waits(
    desk: Desk,
) -> None:
    await desk.say("Are you\nthere?")
    desk.clock.advance(DAY - timedelta(milliseconds=1))
    assert await desk.sent() == []
    desk.clock.advance(timedelta(milliseconds=1))
    (letter,) = await desk.sent()
    assert letter.words["chats"] == "Ana: 1 new message: “Are you there?”"
    assert letter.path == "/"


async def test_there_is_one_for_each_absence(desk: Desk) -> None:
    await desk.say()
    desk.clock.advance(DAY)
    assert len(await desk.sent()) == 1
    await desk.say("And now?")
    desk.clock.advance(7 * DAY)
    assert await desk.sent() == []
    await desk.come_back()
    desk.clock.advance(DAY)
    (letter,) = await desk.sent()
    assert letter.words["chats"].startswith("Ana: 2 new messages")


async def test_two_nodes_at_once_send_one(desk: Desk) -> None:
    await desk.say()
    desk.clock.advance(DAY)
    await outcomes(desk.digests.send_due(), desk.digests.send_due())
    assert len(await desk.sent()) == 1


async def test_reading_counts_as_being_here(desk: Desk) -> None:
    desk.clock.advance(-DAY)
    await desk.come_back()
    await desk.say("One")
    await desk.town.core.receipts.read(desk.bea, desk.conversation_id)
    await desk.say("Two")
    desk.clock.advance(2 * DAY - timedelta(hours=1))
    assert await desk.sent() == []


async def test_whoever_asked_for_none_has_read_all_or_has_no_address_of_their_own_gets_none(
    desk: Desk,
) -> None:
    desk.clock.advance(DAY)
    assert await desk.sent() == []
    await desk.say()
    async with desk.town.storage.begin() as work:
        account = await work.accounts.get(desk.bea.account_id)
        await work.accounts.update(replace(account, confirmed_at=None))
    assert await desk.sent() == []
    async with desk.town.storage.begin() as work:
        await work.accounts.update(replace(account, disabled_at=desk.clock()))
    assert await desk.sent() == []
    async with desk.town.storage.begin() as work:
        await work.accounts.update(account)
    await desk.town.core.notifications.change(desk.bea, lambda _: USUAL)
    assert await desk.sent() == []


async def test_groups_count_by_mention_and_what_is_muted_or_not_wanted_not_at_all(
    desk: Desk,
) -> None:
    group = await desk.town.group(desk.ana, desk.bea)
    account = await desk.town.account(desk.bea)
    await desk.say("Hello", group)
    desk.clock.advance(DAY)
    assert await desk.sent() == []
    await desk.say(f"@{account.username} hello", group)
    for own in (
        Preferences(muted_until=desk.clock() + DAY),
        Preferences(notify=Notify.NOTHING),
    ):
        async with desk.town.storage.begin() as work:
            await work.members.prefer(group, desk.bea.account_id, own)
        assert await desk.sent() == []
    async with desk.town.storage.begin() as work:
        await work.members.prefer(group, desk.bea.account_id, Preferences())
    (letter,) = await desk.sent()
    assert letter.words["chats"] == "Peña: 1 new mention"


async def test_where_text_is_not_shown_none_is_quoted(desk: Desk) -> None:
    await desk.town.core.notifications.change(desk.bea, lambda old: replace(old, shows_text=False))
    await desk.say("My diagnosis")
    desk.clock.advance(DAY)
    (letter,) = await desk.sent()
    assert letter.words["chats"] == "Ana: 1 new message"


async def test_of_what_was_sealed_nothing_is_quoted(desk: Desk) -> None:
    core, ana, bea = desk.town.core, desk.ana, desk.bea
    chat = await core.conversations.start_private(ana, bea.account_id, encrypted=True)
    await publish(desk.town, chat.conversation.id, ana, bea)
    await core.sealed_messages.send(ana, chat.conversation.id, sealed("My diagnosis", ana, bea))
    desk.clock.advance(DAY)
    (letter,) = await desk.sent()
    assert letter.words["chats"] == "Ana: 1 new message: “Encrypted message”"


async def test_only_the_liveliest_chats_are_named(desk: Desk) -> None:
    for actor in await desk.town.settle(*["zoe"] * (MAX_CHATS + 2)):
        chat = await desk.town.private(actor, desk.bea)
        await desk.town.core.messages.send(actor, chat, "x" * 500)
    desk.clock.advance(DAY)
    (letter,) = await desk.sent()
    *named, more = letter.words["chats"].split("\n\n")
    assert (len(named), more) == (MAX_CHATS, "And 2 more.")
    assert all(len(line) < 200 for line in named)


async def test_the_mail_can_be_stopped_by_one_click(desk: Desk) -> None:
    await desk.say()
    desk.clock.advance(DAY)
    (letter,) = await desk.sent()
    mail = mail_of(
        letter, str(new_id()), LetterTexts("https://chat.example.org"), "chat@example.org"
    )
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = mail["List-Unsubscribe"].strip("<>")
    start = "https://chat.example.org/api/digest/unsubscribe?token="
    assert address.startswith(start)
    body = mail.get_body(("plain",))
    assert body is not None
    assert "https://chat.example.org/settings/notifications" in body.get_content()
    for _ in range(2):
        await desk.digests.unsubscribe(address.removeprefix(start), "192.0.2.1")
    settings = await desk.town.core.notifications.get(desk.bea)
    assert settings.digest_after_h is None


@no_token
async def test_what_is_no_token_stops_nothing(desk: Desk, token: str) -> None:
    with desk.town.refuses(Invalid, "invalid_token", "token"):
        await desk.digests.unsubscribe(token, "192.0.2.1")


async def test_a_token_is_for_one_person_and_one_server(desk: Desk) -> None:
    token = desk.digests.token_of(desk.bea.account_id)
    others = desk.digests.token_of(desk.ana.account_id)
    elsewhere = Digests(
        desk.town.storage, desk.post, LimitsInMemory(), desk.clock, secret="x" * 64
    ).token_of(desk.bea.account_id)
    for wrong in (token[:22] + others[22:], elsewhere, token[:-4], token + "AAAA"):
        with desk.town.refuses(Invalid, "invalid_token", "token"):
            await desk.digests.unsubscribe(wrong, "192.0.2.1")


@pytest.mark.parametrize("hours", [0, 169])
async def test_only_absences_of_an_hour_to_a_week_can_be_chosen(desk: Desk, hours: int) -> None:
    desk.town.heard()
    with desk.town.refuses(Invalid, "invalid", "digest_after_h"):
        await desk.town.core.notifications.change(
            desk.bea, lambda old: replace(old, digest_after_h=hours)
        )
