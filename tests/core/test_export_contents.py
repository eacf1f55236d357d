"""What is in a copy of one's own data: all that is one's own, and no secret."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tertulia.core import export_contents
from tertulia.core.clock import utc_now
from tertulia.core.entrance import SignedIn
from tertulia.core.ids import new_id
from tertulia.core.model import Notify, Role
from tertulia.core.polls import NewPoll
from tertulia.core.proofs import Authenticator, Identity, Passkey
from tests.core.desk import Watched, a_picture, folder_of, lines, said_in
from tests.core.keys import a_pair, a_wrap
from tests.core.sealing import circle, seal, sealed
from tests.core.uploads import HandedIn

if TYPE_CHECKING:
    from uuid import UUID

    from tertulia.core.model import Actor
    from tests.core.desk import Desk
    from tests.core.door import Door


ALWAYS = {
    "README.txt",
    "account.json",
    "sessions.json",
    "identities.json",
    "passkeys.json",
    "encryption.json",
    "contacts.json",
    "blocks.json",
    "notifications.json",
    "stars.json",
    "scheduled.json",
}


async def hand_in(
    desk: Desk, uploads: HandedIn, actor: Actor, where: UUID, name: str, content: bytes
) -> UUID:
    """Bring a file, and return its id."""
    attachment = await uploads.file(actor, where, name=name, size=len(content))
    async with desk.town.storage.read() as work:
        stored = await work.uploads.own(actor.account_id, attachment.id)
    await desk.blobs.put(stored.blob, content)
    return attachment.id


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


async def test_what_hangs_on_messages_is_there(desk: Desk) -> None:
    ana, bea, *_ = desk.town.actors
    core, group = desk.town.core, await desk.town.group(ana, bea)
    first = await core.messages.send(ana, group, "Good mornin")
    await core.messages.edit(ana, first.id, "Good morning")
    theirs = await core.messages.send(bea, group, "Mornin")
    await core.messages.edit(bea, theirs.id, "Morning")
    await core.reactions.react(bea, first.id, "🎉")
    await core.pins.pin(ana, first.id)
    poll = NewPoll(question="When?", options=("Now", "Later"))
    asked = await core.messages.send(ana, group, "", poll=poll, is_silent=True)
    await core.polls.vote(bea, asked.id, [1])
    files = await desk.copy(ana)
    mine, others, question = lines(files[folder_of(files, group) + "/messages.jsonl"])
    assert (mine["body"], [each["body"] for each in mine["versions"]]) == (
        "Good morning",
        ["Good mornin"],
    )
    assert (others["body"], others["versions"]) == ("Morning", [])
    assert mine["pinned_at"]
    assert mine["reactions"] == [{"emoji": "🎉", "account_ids": [str(bea.account_id)]}]
    assert question["silent"] is True
    assert question["poll"]["question"] == "When?"
    assert [option["account_ids"] for option in question["poll"]["options"]] == [
        [],
        [str(bea.account_id)],
    ]


async def test_ones_own_files_are_there_and_others_are_named(desk: Desk, uploads: HandedIn) -> None:
    ana, bea, *_ = desk.town.actors
    group, send = await desk.town.group(ana, bea), desk.town.core.messages.send
    mine = await hand_in(desk, uploads, ana, group, "../my plan?.txt", b"mine" * 1000)
    theirs = await hand_in(desk, uploads, bea, group, "theirs.txt", b"theirs")
    gone = await hand_in(desk, uploads, ana, group, "gone.txt", b"gone")
    sent = await send(ana, group, "", attachments=[mine])
    await desk.town.core.forwarding.forward(ana, sent.id, [group])
    await send(bea, group, "Look", attachments=[theirs])
    await desk.town.core.messages.delete(ana, (await send(ana, group, "", attachments=[gone])).id)
    files = await desk.copy(ana)
    folder = folder_of(files, group)
    own, _, others, _ = lines(files[f"{folder}/messages.jsonl"])
    assert (own["attachments"][0]["id"], own["attachments"][0]["size"]) == (str(mine), 4000)
    assert others["attachments"][0]["name"] == "theirs.txt"
    kept = {name: content for name, content in files.items() if "/files/" in name}
    assert kept == {f"{folder}/files/{mine}-my plan_.txt": b"mine" * 1000}


async def test_how_one_keeps_ones_chats_is_there(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_contents, "STARS_AT_ONCE", 2)
    ana, bea, *_ = desk.town.actors
    core, group = desk.town.core, await desk.town.group(ana, bea)
    said = [await core.messages.send(bea, group, f"{number}") for number in range(5)]
    for message in said:
        await core.stars.star(ana, message.id)
    await core.stars.star(bea, said[0].id)
    await core.preferences.change(ana, group, notify=Notify.MENTIONS)
    due_at = utc_now() + timedelta(hours=1)
    await core.scheduling.schedule(ana, group, "Later", due_at)
    await core.scheduling.schedule(bea, group, "Not Ana's", due_at)
    files = await desk.copy(ana)
    stars = json.loads(files["stars.json"])
    assert [star["message_id"] for star in stars] == [str(each.id) for each in reversed(said)]
    assert [each["body"] for each in json.loads(files["scheduled.json"])] == ["Later"]
    assert json.loads(files["notifications.json"])["notify_rooms"] == "mentions"
    told = json.loads(files[folder_of(files, group) + "/conversation.json"])
    assert told["own_preferences"]["notify"] == "mentions"


async def test_what_was_sealed_is_named_as_such(desk: Desk) -> None:
    ana, bea, *_ = desk.town.actors
    group = await circle(desk.town, bea, ana)
    await desk.town.core.sealed_messages.send(bea, group, sealed("x", ana, bea))
    files = await desk.copy(ana)
    (told,) = lines(files[folder_of(files, group) + "/messages.jsonl"])
    assert (told["body"], told["is_sealed"], told["sender_name"]) == (None, True, "Bea")
    assert seal("x", ana.account_id) not in str(files)


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


async def test_keys_for_encrypted_chats_are_told_of_and_not_given_out(desk: Desk) -> None:
    ana = desk.town.actors[0]
    files = await desk.copy(ana)
    assert json.loads(files["encryption.json"]) == {"identity": None, "wraps": []}
    own = await desk.town.core.account_keys.set_identity(
        ana, a_pair("s3cret"), [a_wrap("s3cret", label="On paper")], None, None
    )
    files = await desk.copy(ana)
    told = json.loads(files["encryption.json"])
    assert told["identity"]["version"] == 1
    assert [(wrap["kind"], wrap["label"]) for wrap in told["wraps"]] == [("recovery", "On paper")]
    assert own.identity is not None
    assert not [name for name, content in files.items() if b"s3cret" in content]
