"""A copy of one's own data: whole, one's own, without secrets, and gone after a week."""

from __future__ import annotations

import asyncio
import base64
import json
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from tertulia.core import export_contents
from tertulia.core.entrance import SignedIn
from tertulia.core.errors import Forbidden, NotFound, RateLimited
from tertulia.core.exports import KEPT
from tertulia.core.ids import new_id
from tertulia.core.model import Actor, Role
from tertulia.core.proofs import Authenticator, Identity, Passkey
from tests.core.desk import a_picture, lines, open_desk

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

    from tertulia.core.export_contents import Archive, Archives
    from tests.core.desk import Desk
    from tests.core.door import Door
    from tests.core.town import Town

ALWAYS = {
    "README.txt",
    "account.json",
    "sessions.json",
    "identities.json",
    "passkeys.json",
    "contacts.json",
    "blocks.json",
}


class Interrupted(BaseException):
    """The process ends here."""


class Watched:
    """Archives that call somebody before each conversation's messages, and after the end."""

    def __init__(
        self,
        archives: Archives,
        *,
        before: Callable[[], Awaitable[object]] | None = None,
        kept: Callable[[], Awaitable[object]] | None = None,
    ) -> None:
        self._archives = archives
        self._before = before
        self._kept = kept

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Watched]:
        async with self._archives.begin() as archive:
            self._archive: Archive = archive
            yield self

    async def add(self, name: str, content: bytes) -> None:
        await self._archive.add(name, content)

    async def add_chunks(self, name: str, chunks: AsyncIterator[bytes]) -> None:
        if self._before:
            await self._before()
        await self._archive.add_chunks(name, chunks)

    async def keep(self, key: str) -> int:
        size = await self._archive.keep(key)
        if self._kept:
            await self._kept()
        return size


async def interrupt() -> None:
    raise Interrupted


async def break_down() -> None:
    raise OSError("No space left on device")


def folder_of(files: dict[str, bytes], conversation_id: UUID) -> str:
    """Return the folder of a conversation, or "" where it is not there."""
    for name, content in files.items():
        if name.endswith("/conversation.json") and json.loads(content)["id"] == str(
            conversation_id
        ):
            return name.removesuffix("/conversation.json")
    return ""


def said_in(files: dict[str, bytes], conversation_id: UUID) -> list[str]:
    """Return what was said in a conversation, as the copy has it."""
    content = files[folder_of(files, conversation_id) + "/messages.jsonl"]
    return [line["body"] for line in lines(content)]


async def test_a_copy_that_was_asked_for_waits_and_then_is_ready_for_a_week(desk: Desk) -> None:
    ana, *_ = desk.town.actors
    assert await desk.exports.latest(ana) is None
    export = await desk.exports.ask(ana)
    assert (export.status, export.done, export.total, export.size) == ("waiting", 0, 0, 0)
    assert await desk.exports.latest(ana) == export
    desk.clock.advance(timedelta(minutes=1))
    await desk.exports.make_waiting()
    ready = await desk.exports.latest(ana)
    assert ready is not None
    assert (ready.id, ready.status) == (export.id, "ready")
    assert ready.size > 0
    assert ready.expires_at == desk.clock() + KEPT
    assert await desk.files(ana, export.id)


async def test_a_copy_under_way_is_answered_again(desk: Desk) -> None:
    ana, bea, *_ = desk.town.actors
    asked = await asyncio.gather(*(desk.exports.ask(ana) for _ in range(5)))
    assert len({export.id for export in asked}) == 1
    assert (await desk.exports.ask(bea)).id != asked[0].id
    await desk.exports.make_waiting()


async def test_a_new_copy_takes_the_place_of_the_one_before(desk: Desk) -> None:
    ana, *_ = desk.town.actors
    first = await desk.exports.ask(ana)
    await desk.exports.make_waiting()
    second = await desk.exports.ask(ana)
    assert second.id != first.id
    with pytest.raises(NotFound):
        await desk.exports.fetch(ana, first.id)
    await desk.exports.drop_expired()
    await desk.exports.make_waiting()
    assert await desk.files(ana, second.id)
    assert desk.blobs_kept() == 1


async def test_the_copy_says_who_one_is(desk: Desk) -> None:
    ana, bea, caro, _ = desk.town.actors
    await desk.avatars.change(ana, a_picture())
    await desk.town.core.accounts.rename(ana, display_name="Ana {0} Ñ", about="Here\nand there")
    now = desk.clock()
    async with desk.town.storage.begin() as work:
        await work.relations.add_contact(ana.account_id, bea.account_id, now)
        await work.relations.block(ana.account_id, caro.account_id, now)
        await work.relations.block(bea.account_id, ana.account_id, now)
    files = await desk.copy(ana)
    assert set(files) == ALWAYS | {"avatar.webp"}
    account = await desk.town.account(ana)
    told = json.loads(files["account.json"])
    assert told["id"] == str(ana.account_id)
    assert (told["email"], told["username"]) == (account.email, account.username)
    assert (told["display_name"], told["about"]) == ("Ana {0} Ñ", "Here\nand there")
    assert told["has_password"] is False
    assert told["preferences"] == {
        "hidden": False,
        "theme": "auto",
        "magnification": 1.0,
        "recents": [],
    }
    (session,) = json.loads(files["sessions.json"])
    assert (session["name"], session["address"]) == ("Firefox", "127.0.0.1")
    assert [one["id"] for one in json.loads(files["contacts.json"])] == [str(bea.account_id)]
    assert [one["id"] for one in json.loads(files["blocks.json"])] == [str(caro.account_id)]
    assert files["avatar.webp"] == await desk.avatars.picture(account.avatar or "", 640)
    assert "Ana {0} Ñ" in files["README.txt"].decode()


async def test_the_copy_explains_each_of_its_files(desk: Desk) -> None:
    ana, bea, *_ = desk.town.actors
    await desk.town.private(ana, bea)
    await desk.avatars.change(ana, a_picture())
    files = await desk.copy(ana)
    explained = files["README.txt"].decode()
    for name in files:
        assert name.rpartition("/")[2] in explained


async def test_nobodys_address_is_told_but_ones_own(desk: Desk) -> None:
    ana, bea, *_ = desk.town.actors
    await desk.town.group(ana, bea)
    async with desk.town.storage.begin() as work:
        await work.relations.add_contact(ana.account_id, bea.account_id, desk.clock())
    everything = b"".join((await desk.copy(ana)).values())
    theirs = (await desk.town.account(bea)).email
    assert theirs is not None
    assert theirs.encode() not in everything


async def test_all_that_was_said_in_private_and_in_groups_is_there(desk: Desk) -> None:
    ana, bea, caro, _ = desk.town.actors
    private, group = await desk.town.private(ana, bea), await desk.town.group(bea, ana, caro)
    messages = desk.town.core.messages
    first = await messages.send(ana, private, "¡Hola, Bea! 🎉\nTwo lines")
    await messages.send(bea, private, "Ana!", reply_to=first.id)
    gone = await messages.send(caro, group, "Not for long")
    await messages.delete(caro, gone.id)
    await messages.send(bea, group, "Good evening")
    files = await desk.copy(ana)
    assert said_in(files, private) == ["¡Hola, Bea! 🎉\nTwo lines", "Ana!"]
    assert said_in(files, group) == [None, "Good evening"]
    mine, theirs = lines(files[folder_of(files, private) + "/messages.jsonl"])
    assert (mine["sender_id"], mine["sender_name"]) == (str(ana.account_id), "Ana")
    assert (theirs["sender_name"], theirs["reply_to"]) == ("Bea", str(first.id))
    assert lines(files[folder_of(files, group) + "/messages.jsonl"])[0]["deleted_at"]
    told = json.loads(files[folder_of(files, group) + "/conversation.json"])
    assert (told["kind"], told["alias"], told["own_role"]) == ("group", "Peña", "member")
    assert {one["display_name"]: one["role"] for one in told["members"]} == {
        "Ana": Role.MEMBER,
        "Bea": Role.OWNER,
        "Caro": Role.MEMBER,
    }


async def test_of_a_room_only_ones_own_words_are_there(desk: Desk) -> None:
    ana, bea, *_ = desk.town.actors
    room = await desk.town.room(bea, ana)
    for who, text in ((ana, "one"), (bea, "two"), (ana, "three"), (bea, "four")):
        await desk.town.core.messages.send(who, room, text)
    files = await desk.copy(ana)
    assert said_in(files, room) == ["one", "three"]
    told = json.loads(files[folder_of(files, room) + "/conversation.json"])
    assert (told["member_count"], told["members"]) == (2, [])


async def test_what_one_is_not_in_is_not_there(desk: Desk) -> None:
    ana, bea, caro, _ = desk.town.actors
    foreign, left = await desk.town.group(bea, caro), await desk.town.group(bea, ana)
    ended = await desk.town.group(bea, ana)
    for conversation_id in (foreign, left, ended):
        await desk.town.core.messages.send(bea, conversation_id, "Among us")
    await desk.town.core.members.leave(ana, left)
    await desk.town.core.conversations.delete(bea, ended)
    files = await desk.copy(ana)
    assert set(files) == ALWAYS
    assert b"Among us" not in b"".join(files.values())


async def test_a_long_history_is_read_page_by_page(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_contents, "MESSAGES_AT_ONCE", 4)
    ana, bea, *_ = desk.town.actors
    private = await desk.town.private(ana, bea)
    group, room = await desk.town.group(ana, bea), await desk.town.room(ana, bea)
    for kind, conversation_id, count in (
        ("private", private, 9),
        ("group", group, 8),
        ("room", room, 7),
    ):
        texts = [f"{kind} {number}" for number in range(count)]
        for text in texts:
            await desk.town.core.messages.send(ana, conversation_id, text)
            if kind == "room":
                await desk.town.core.messages.send(bea, conversation_id, "aside")
        assert said_in(await desk.copy(ana), conversation_id) == texts


async def test_whoever_leaves_in_the_middle_has_no_more_of_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_contents, "MESSAGES_AT_ONCE", 2)
    ana, bea, *_ = desk.town.actors
    group = await desk.town.group(bea, ana)
    for number in range(6):
        await desk.town.core.messages.send(bea, group, f"{number}")

    async def leave() -> None:
        await desk.town.core.members.leave(ana, group)

    exports = desk.with_archives(Watched(desk.archives, before=leave))
    export = await exports.ask(ana)
    await exports.make_waiting()
    assert said_in(await desk.files(ana, export.id), group) == []


async def test_folders_have_names_that_every_system_takes(desk: Desk) -> None:
    ana, bea, *_ = desk.town.actors
    for alias in ("../../etc/passwd", "C:\\Windows\\..", "CON", "a\u202eb", "日本語 🎉", "x" * 100):
        await desk.town.core.conversations.start_group(ana, alias, [bea.account_id])
    folders = {name.split("/")[1] for name in await desk.copy(ana) if "/" in name}
    assert len(folders) == 6
    assert {folder.partition("-")[2] for folder in folders} == {
        "_.._etc_passwd",
        "C__Windows_",
        "_CON",
        "ab",
        "日本語 🎉",
        "x" * 60,
    }
    assert all(folder.partition("-")[0].isdigit() for folder in folders)


async def test_no_secret_is_in_the_copy(door: Door, desk: Desk) -> None:
    signed_in = await door.someone()
    assert isinstance(signed_in, SignedIn)
    account_id = signed_in.account.id
    secrets = {bytes([number]) * 32 for number in range(0x61, 0x69)}
    one, two, three, four, five, *_ = sorted(secrets)
    now = desk.clock()
    async with desk.town.storage.begin() as work:
        await work.second_steps.put_authenticator(
            Authenticator(account_id=account_id, sealed_secret=one.decode(), confirmed_at=now)
        )
        await work.second_steps.replace_codes(account_id, [two])
        await work.passkeys.add(
            Passkey(
                id=new_id().bytes + three,
                account_id=account_id,
                public_key=four,
                sign_count=1,
                name="Telephone",
                transports=("internal",),
                inserted_at=now,
            )
        )
        await work.identities.add(
            Identity(
                provider="google",
                subject=new_id().hex,
                account_id=account_id,
                email="ana@mail.example",
                inserted_at=now,
            )
        )
        credentials = await work.accounts.credentials(account_id=account_id)
    assert credentials is not None
    assert credentials.password_hash
    assert signed_in.refresh_token
    files = await desk.copy(signed_in.actor)
    assert json.loads(files["account.json"])["has_password"] is True
    assert [one["name"] for one in json.loads(files["passkeys.json"])] == ["Telephone"]
    assert [one["provider"] for one in json.loads(files["identities.json"])] == ["google"]
    everything = b"".join(files.values())
    for text in (signed_in.access_token, signed_in.refresh_token, credentials.password_hash):
        assert text.encode() not in everything
    assert b"argon2" not in everything
    for secret in secrets | {two, three, four, five, door.town.ids[0].bytes}:
        for form in (secret, secret.hex().encode(), base64.b64encode(secret)[:40]):
            assert form not in everything


async def test_how_far_it_is_can_be_seen(desk: Desk) -> None:
    ana, bea, caro, dani = desk.town.actors
    for other in (bea, caro, dani):
        await desk.town.private(ana, other)
    seen: list[tuple[str, int, int]] = []

    async def look() -> None:
        export = await desk.exports.latest(ana)
        assert export is not None
        seen.append((export.status, export.done, export.total))

    exports = desk.with_archives(Watched(desk.archives, before=look, kept=look))
    await exports.ask(ana)
    await exports.make_waiting()
    assert seen == [("running", done, 3) for done in range(4)]


async def test_a_copy_that_a_restart_broke_off_is_begun_again(desk: Desk) -> None:
    ana, bea, *_ = desk.town.actors
    private = await desk.town.private(ana, bea)
    await desk.town.core.messages.send(bea, private, "Still here")
    export = await desk.exports.ask(ana)
    for breaking in ({"before": interrupt}, {"kept": interrupt}):
        with pytest.raises(Interrupted):
            await desk.with_archives(Watched(desk.archives, **breaking)).make_waiting()
        under_way = await desk.exports.ask(ana)
        assert (under_way.id, under_way.status) == (export.id, "running")
        with pytest.raises(NotFound):
            await desk.exports.fetch(ana, export.id)
    # What was written before the second breakdown is found again by its key.
    assert desk.blobs_kept() == 1
    await desk.with_archives(desk.archives).make_waiting()
    assert said_in(await desk.files(ana, export.id), private) == ["Still here"]
    assert desk.blobs_kept() == 1


async def test_a_copy_that_fails_says_so_and_can_be_asked_for_again(desk: Desk) -> None:
    ana, bea, caro, _ = desk.town.actors
    await desk.town.private(ana, bea)
    failing = desk.with_archives(Watched(desk.archives, before=break_down))
    export, other = await failing.ask(ana), await failing.ask(caro)
    await failing.make_waiting()
    failed = await desk.exports.latest(ana)
    assert failed is not None
    assert (failed.id, failed.status) == (export.id, "failed")
    with pytest.raises(NotFound):
        await desk.exports.fetch(ana, export.id)
    # The next one in the row is made all the same.
    assert await desk.files(caro, other.id)
    assert await desk.copy(ana)


async def test_after_a_week_nothing_is_left(desk: Desk) -> None:
    ana, *_ = desk.town.actors
    export = await desk.exports.ask(ana)
    await desk.exports.make_waiting()
    desk.clock.advance(KEPT - timedelta(seconds=1))
    await desk.exports.drop_expired()
    assert await desk.files(ana, export.id)
    desk.clock.advance(timedelta(seconds=1))
    assert await desk.exports.latest(ana) is None
    with pytest.raises(NotFound):
        await desk.exports.fetch(ana, export.id)
    await desk.exports.drop_expired()
    assert await desk.stored(ana) is None
    assert desk.blobs_kept() == 0


@pytest.mark.parametrize("is_made", [True, False])
async def test_a_copy_goes_with_its_account(desk: Desk, is_made: bool) -> None:
    ana, *_ = desk.town.actors
    await desk.exports.ask(ana)
    if is_made:
        await desk.exports.make_waiting()
        assert desk.blobs_kept() == 1
    await desk.shut(ana, is_deleted=True)
    if not is_made:
        await desk.exports.make_waiting()
    await desk.exports.drop_expired()
    assert await desk.stored(ana) is None
    assert desk.blobs_kept() == 0


async def test_nobody_fetches_anothers_copy(desk: Desk) -> None:
    ana, bea, *_ = desk.town.actors
    export = await desk.exports.ask(ana)
    await desk.exports.make_waiting()
    for export_id in (export.id, new_id()):
        with pytest.raises(NotFound):
            await desk.exports.fetch(bea, export_id)


async def test_a_disabled_account_gets_no_copy(desk: Desk) -> None:
    ana, *_ = desk.town.actors
    await desk.shut(ana, is_deleted=False)
    with pytest.raises(Forbidden):
        await desk.exports.ask(ana)


async def test_asking_all_day_is_too_often(town: Town, tmp_path: Path) -> None:
    ana, bea, *_ = town.actors
    async with open_desk(town, tmp_path / "blobs", limits_scale=1) as desk:
        for _ in range(5):
            await desk.exports.ask(ana)
            await desk.exports.ask(ana)
            await desk.exports.make_waiting()
        with pytest.raises(RateLimited):
            await desk.exports.ask(ana)
        assert await desk.copy(bea)


async def test_copies_are_made_in_the_background_as_soon_as_they_are_asked_for(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, bea, *_ = desk.town.actors
    running = asyncio.create_task(desk.exports.run())
    try:
        for actor in (ana, bea):
            await asyncio.sleep(0.05)
            await desk.exports.ask(actor)
            await _until_ready(desk, actor)
        # A mishap is survived.
        broken = monkeypatch.context()
        with broken as patch:
            patch.setattr(desk.exports, "drop_expired", break_down)
            await desk.exports.ask(ana)
            await asyncio.sleep(0.2)
        monkeypatch.setattr("tertulia.core.exports.POLL_S", 0.05)
        await desk.exports.ask(bea)
        for actor in (ana, bea):
            await _until_ready(desk, actor)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def _until_ready(desk: Desk, actor: Actor) -> None:
    async with asyncio.timeout(20):
        while True:
            export = await desk.exports.latest(actor)
            if export is not None and export.status == "ready":
                return
            await asyncio.sleep(0.02)
