"""Deleting one's account: what goes, what stays, and what a moment in between leaves behind."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from tertulia.adapters.limits_memory import LimitsInMemory
from tertulia.core.clock import utc_now
from tertulia.core.departure import DELETED_NAME, Departure
from tertulia.core.errors import Forbidden, Invalid, NotAuthenticated, NotFound, Refusal
from tertulia.core.events import (
    AccountChanged,
    DisplayNameChanged,
    Event,
    MemberChanged,
    MemberLeft,
    PersonChanged,
    SessionsEnded,
)
from tertulia.core.members import Members
from tertulia.core.model import Actor, Kind, Profile, Role
from tertulia.core.notify_rules import USUAL
from tertulia.core.proofs import Authenticator, Purpose
from tests import examples as eg
from tests.core.desk import a_picture
from tests.core.door import DEVICE, PASSWORD, Door
from tests.core.sealing import circle, pair, publish, seal, sealed, texts_of
from tests.push_service import push_service

if TYPE_CHECKING:
    from tertulia.core.entrance import SignedIn
    from tests.core.town import Town


async def delete(door: Door, signed_in: SignedIn) -> None:
    """Have somebody delete their account."""
    await door.departure.delete_account(signed_in.actor, PASSWORD)


async def joined(town: Town, account_id: UUID) -> tuple[UUID, ...]:
    """Return the groups and rooms that somebody is in."""
    async with town.storage.read() as work:
        return await work.members.joined(account_id, 1000)


async def test_the_row_stays_and_nothing_is_on_it(door: Door) -> None:
    ana = await door.someone()
    await door.town.core.accounts.rename(ana.actor, about="Reads too much")
    await door.town.core.accounts.set_profile(ana.actor, hidden=True, theme="night")
    await delete(door, ana)
    async with door.town.storage.read() as work:
        gone = await work.accounts.get(ana.account.id)
        known = await work.accounts.credentials(account_id=ana.account.id)
    assert gone == eg.account(
        id=ana.account.id,
        number=ana.account.number,
        email=None,
        username=None,
        display_name=DELETED_NAME,
        profile=Profile(),
        inserted_at=ana.account.inserted_at,
        updated_at=door.clock(),
        deleted_at=door.clock(),
    )
    assert known is not None
    assert known.password_hash is None


async def test_nothing_is_sent_or_pushed_for_whoever_is_gone(door: Door) -> None:
    ana, core = await door.someone(), door.town.core
    chat_id = await door.town.private(ana.actor, door.town.actors[0])
    later = utc_now() + timedelta(hours=1)
    await core.scheduling.schedule(ana.actor, chat_id, "Good morning", later)
    await core.notifications.change(ana.actor, lambda old: replace(old, digest_after_h=1))
    with push_service(core.push_subscriptions.public_key) as service:
        browser = service.browser()
    keys = (browser.endpoint, browser.p256dh, browser.auth)
    await core.push_subscriptions.subscribe(ana.actor, *keys)
    await delete(door, ana)
    async with door.town.storage.begin() as work:
        assert await work.scheduled.of(ana.account.id, None) == ()
        assert await work.notification_settings.get(ana.account.id) == USUAL
        assert not await work.push_subscriptions.drop(ana.account.id, browser.endpoint)


async def test_it_is_told_to_everyone_and_ones_sockets_close(door: Door) -> None:
    ana = await door.someone()
    there = await door.come_in(email=ana.account.email)
    door.town.heard()
    await delete(door, ana)
    changed, renamed, person, ended = door.town.heard()
    assert isinstance(changed, AccountChanged)
    assert changed.account.deleted_at == door.clock()
    assert renamed == DisplayNameChanged(account_id=ana.account.id, display_name=DELETED_NAME)
    assert isinstance(person, PersonChanged)
    assert person.person == changed.account
    assert isinstance(ended, SessionsEnded)
    assert set(ended.session_ids) == {ana.session.id, there.session.id}


async def test_nobody_comes_in_any_more(door: Door) -> None:
    ana = await door.someone()
    await delete(door, ana)
    for names in ({"email": ana.account.email}, {"username": ana.account.username}):
        with pytest.raises(NotAuthenticated) as refused:
            await door.signin.with_password(**names, password=PASSWORD, device=DEVICE)
        assert refused.value.code == "invalid_credentials"
    with pytest.raises(NotAuthenticated):
        await door.sessions.authenticate(ana.access_token)
    with pytest.raises(NotAuthenticated):
        await door.signin.refresh(ana.refresh_token or "", DEVICE.address)
    with pytest.raises(NotAuthenticated):
        await door.signin.renew(ana.access_token, ana.refresh_token or "")
    async with door.town.storage.begin() as work:
        # Whoever proved themselves a moment before.
        with pytest.raises(NotAuthenticated):
            await door.entrance.admit(work, ana.account, DEVICE)
    with pytest.raises(Refusal):
        await delete(door, ana)


async def test_its_names_are_free_for_others_at_once(door: Door) -> None:
    ana = await door.someone()
    await delete(door, ana)
    assert ana.account.email is not None
    other = await door.signin.register(
        ana.account.email, PASSWORD, None, ana.account.username, DEVICE
    )
    assert other.account.id != ana.account.id
    assert (await door.come_in(email=ana.account.email)).account.id == other.account.id


async def test_nobody_finds_it_or_brings_it_anywhere(door: Door) -> None:
    town = door.town
    ana, bea = await door.someone(), town.actors[1]
    group = await town.group(bea)
    await delete(door, ana)
    for text in (DELETED_NAME, ana.account.username or "", ana.account.email or ""):
        assert (await town.core.accounts.search(bea, text, None, 100)).items == ()
    town.heard()
    for attempt in (
        town.core.conversations.start_private(bea, ana.account.id),
        town.core.conversations.start_group(bea, "Peña", [ana.account.id]),
        town.core.members.add(bea, group, [ana.account.id]),
    ):
        with town.refuses(Invalid, "not_found", "user_ids"):
            await attempt


@pytest.mark.parametrize("kind", [Kind.GROUP, Kind.ROOM])
async def test_every_group_and_room_is_left_in_order_and_handed_over(
    door: Door, kind: Kind
) -> None:
    town = door.town
    ana, bea = await door.someone(), town.actors[1]
    owned = await town.conversation(kind, ana.actor, bea)
    visited = await town.conversation(kind, bea, ana.actor)
    heads = [await town.head(each) for each in (owned, visited)]
    await delete(door, ana)
    told: list[Event] = town.heard()
    taken = [
        (event.conversation_id, event.seq)
        for event in told
        if isinstance(event, MemberLeft | MemberChanged)
    ]
    assert taken == [(owned, heads[0] + 1), (owned, heads[0] + 2), (visited, heads[1] + 1)]
    for each in (owned, visited):
        assert await town.roles(each) == {bea.account_id: Role.OWNER}
        chat = await town.core.conversations.get(bea, each)
        assert chat.conversation.member_count == 1
    assert await joined(town, ana.account.id) == ()


async def test_a_group_of_one_ends_and_its_private_chats_stay_with_what_was_said(
    door: Door,
) -> None:
    town = door.town
    ana, bea = await door.someone(), town.actors[1]
    alone = await town.group(ana.actor)
    chat = await town.private(ana.actor, bea)
    said = await town.core.messages.send(ana.actor, chat, "Goodbye")
    await delete(door, ana)
    with pytest.raises(NotFound):
        await town.core.conversations.get(ana.actor, alone)
    found = await town.core.openings.history(bea, chat, None, 10, "asc")
    assert found.messages.items == (said,)
    assert [person.deleted_at is not None for person in found.people] == [True]
    peer = (await town.core.conversations.get(bea, chat)).peer
    assert peer is not None
    assert (peer.display_name, peer.email, peer.username) == (DELETED_NAME, None, None)
    # The chat is still the one of these two.
    assert (await town.core.conversations.start_private(bea, ana.account.id)).conversation.id == (
        chat
    )


async def test_whatever_it_proved_itself_with_goes(door: Door) -> None:
    ana = await door.someone()
    account_id = ana.account.id
    token = eg.one_time_token(account_id, purpose=Purpose.RESET_PASSWORD)
    async with door.town.storage.begin() as work:
        await work.one_time_tokens.add(token)
        await work.identities.add(eg.identity(account_id))
        await work.identities.add(eg.identity(account_id, provider="github"))
        await work.passkeys.add(eg.passkey(account_id))
        await work.second_steps.put_authenticator(
            Authenticator(account_id=account_id, sealed_secret="sealed", confirmed_at=None)
        )
        await work.second_steps.replace_codes(account_id, [b"one", b"two"])
    await delete(door, ana)
    async with door.town.storage.read() as work:
        assert await work.one_time_tokens.get(token.purpose, token.digest) is None
        assert await work.identities.of(account_id) == ()
        assert await work.passkeys.of(account_id) == ()
        assert await work.second_steps.authenticator(account_id) is None
        assert await work.second_steps.codes_left(account_id) == 0


async def test_its_keys_go_and_what_was_sealed_for_the_others_stays(door: Door) -> None:
    town, ana = door.town, await door.someone()
    bea = town.actors[0]
    core, gone = town.core, ana.actor
    chat = await core.conversations.start_private(bea, gone.account_id, encrypted=True, keys=pair())
    chat_id = chat.conversation.id
    left = await circle(town, bea, gone)
    await publish(town, chat_id, gone)
    await core.sealed_messages.send(gone, chat_id, sealed("x", gone, bea))
    await delete(door, ana)
    async with town.storage.read() as work:
        for conversation_id in (chat_id, left):
            assert await work.encryption_keys.of(conversation_id, gone.account_id) == ()
    assert texts_of(await town.history(bea, chat_id)) == [seal("x", bea.account_id)]
    keys = await core.encryption_keys.of(bea, chat_id)
    assert keys.public_keys.keys() == {bea.account_id}


async def test_of_its_sessions_no_name_no_address_and_no_token_stays(door: Door) -> None:
    ana, bea = await door.someone("ana"), await door.someone("bea")
    earlier = await door.come_in(email=ana.account.email)
    await door.signin.sign_out(earlier.actor)
    await delete(door, ana)
    async with door.town.storage.read() as work:
        for signed_in in (ana, earlier):
            session = await work.sessions.get(signed_in.session.id)
            assert session is not None
            assert (session.name, session.address) == ("", "")
            assert session.ended_at is not None
        assert await work.sessions.get(bea.session.id) == bea.session
    await door.signin.refresh(bea.refresh_token or "", DEVICE.address)


async def test_whom_it_knew_and_blocked_is_forgotten_on_both_sides(door: Door) -> None:
    town, contacts = door.town, door.town.core.contacts
    ana = await door.someone()
    bea, caro = town.actors[1:3]
    chat = await town.private(ana.actor, bea)
    await contacts.add(ana.actor, user_id=caro.account_id)
    await contacts.add(caro, user_id=ana.account.id)
    await contacts.block(ana.actor, bea.account_id)
    with pytest.raises(Forbidden):
        await town.core.messages.send(bea, chat, "Hello?")
    await delete(door, ana)
    assert await contacts.contacts(caro) == ()
    async with town.storage.read() as work:
        assert await work.relations.contacts(ana.account.id) == ()
        assert await work.relations.blocked(ana.account.id) == ()
    await town.core.messages.send(bea, chat, "Farewell")


async def test_its_picture_goes(door: Door) -> None:
    town = door.town
    ana = await door.someone()
    shown = await town.core.avatars.change(ana.actor, a_picture())
    assert shown.avatar is not None
    assert await town.core.avatars.picture(shown.avatar, 96)
    await delete(door, ana)
    with pytest.raises(NotFound):
        await town.core.avatars.picture(shown.avatar, 96)


async def test_the_password_is_asked_for_first(door: Door) -> None:
    ana = await door.someone()
    group = await door.town.group(ana.actor)
    for password, code in ((None, "required"), ("wrong horse battery", "wrong_password")):
        with door.town.refuses(Invalid, code, "password"):
            await door.departure.delete_account(ana.actor, password)
    assert await joined(door.town, ana.account.id) == (group,)
    without = await door.without_password()
    door.clock.advance(door.fresh * 2)
    with door.town.refuses(Forbidden, "sign_in_again"):
        await door.departure.delete_account(without, None)


class Killed(Exception):
    """The server was killed at this moment."""


class DyingMembers(Members):
    """Leaves one conversation, and is then killed."""

    left = 0

    async def leave(self, actor: Actor, conversation_id: UUID) -> None:
        """Leave, or be killed."""
        if self.left:
            raise Killed
        self.left += 1
        await super().leave(actor, conversation_id)


async def test_after_a_kill_half_way_deleting_again_goes_on(door: Door) -> None:
    town = door.town
    ana, bea = await door.someone(), town.actors[1]
    groups = [await town.group(ana.actor, bea) for _ in range(3)]
    dying = Departure(
        town.storage,
        door.confirmation,
        DyingMembers(town.storage, town.core.avatars, LimitsInMemory(), door.clock),
        town.core.avatars,
        door.clock,
    )
    with pytest.raises(Killed):
        await dying.delete_account(ana.actor, PASSWORD)
    assert await joined(town, ana.account.id) == tuple(groups[1:])
    assert (await town.account(ana.actor)) == ana.account
    await delete(door, ana)
    assert await joined(town, ana.account.id) == ()
    assert (await town.account(ana.actor)).deleted_at is not None


async def test_who_is_brought_in_at_the_same_moment_is_in_nothing_afterwards(door: Door) -> None:
    town = door.town
    bea = town.actors[1]
    for _ in range(3):
        ana = await door.someone()
        groups = [await town.group(bea) for _ in range(6)]
        rooms = [await town.room(bea) for _ in range(3)]
        outcomes = await asyncio.gather(
            delete(door, ana),
            *[town.core.members.add(bea, group, [ana.account.id]) for group in groups],
            *[town.core.members.join(ana.actor, room) for room in rooms],
            town.core.conversations.start_group(ana.actor, "Late", [bea.account_id]),
            return_exceptions=True,
        )
        assert outcomes[0] is None
        assert all(
            isinstance(outcome, Refusal) or not isinstance(outcome, BaseException)
            for outcome in outcomes
        )
        assert await joined(town, ana.account.id) == ()
        for conversation_id in (*groups, *rooms):
            assert set(await town.roles(conversation_id)) == {bea.account_id}
            chat = await town.core.conversations.get(bea, conversation_id)
            assert chat.conversation.member_count == 1


async def test_who_signs_in_at_the_same_moment_is_not_signed_in_afterwards(door: Door) -> None:
    for _ in range(5):
        ana = await door.someone()
        await asyncio.gather(
            delete(door, ana),
            *[door.come_in(email=ana.account.email) for _ in range(4)],
            return_exceptions=True,
        )
        async with door.town.storage.read() as work:
            assert await work.sessions.living(ana.account.id) == ()
