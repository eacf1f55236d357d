"""Files as those get them over HTTP who may see them."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from PIL import Image

from tests.gateways.rest.conftest import Json, Person, Town, body, refusal
from tests.gateways.rest.test_uploads import a_picture, bring

if TYPE_CHECKING:
    import httpx

DATA = bytes(range(200))


async def send(person: Person, conversation: Json, *attachments: Json) -> Json:
    """Send a message that carries files and says nothing."""
    return body(
        await person.http.post(
            f"/api/conversations/{conversation['id']}/messages",
            json={"content": "", "attachments": [each["id"] for each in attachments]},
        )
    )


async def a_file(town: Town, name: str = "data.bin", data: bytes = DATA) -> Json:
    """Send a file into a group of two; return it as the message has it."""
    group = await town.group(town.ana, town.bea)
    sent = await send(town.ana, group, body(await bring(town.ana, group, data, name)))
    found: Json = sent["attachments"][0]
    return found


async def fetch(person: Person, file: Json, **headers: str) -> httpx.Response:
    """Ask for a file."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return await person.http.get(file["url"], headers=names)


async def test_members_see_what_a_message_carries_and_nobody_else_does(town: Town) -> None:
    group = await town.group(town.ana, town.bea)
    file = body(await bring(town.ana, group, DATA))
    assert (await fetch(town.ana, file)).content == DATA
    assert (await fetch(town.bea, file)).status_code == 404

    await send(town.ana, group, file)

    assert (await fetch(town.bea, file)).content == DATA
    assert (await fetch(town.ana, file)).content == DATA
    assert (await fetch(town.caro, file)).status_code == 404
    async with town.client() as stranger:
        assert (await stranger.get(file["url"])).status_code == 401


async def test_who_leaves_sees_it_no_longer(town: Town) -> None:
    group = await town.group(town.ana, town.bea)
    file = body(await bring(town.ana, group, DATA))
    await send(town.ana, group, file)
    await town.bea.http.post(f"/api/conversations/{group['id']}/leave")

    assert (await fetch(town.bea, file)).status_code == 404


async def test_with_its_last_message_it_is_gone(town: Town) -> None:
    group = await town.group(town.ana, town.bea)
    picture = body(await bring(town.ana, group, a_picture(), "me.png"))
    first = await send(town.ana, group, picture)
    forwarded = body(
        await town.ana.http.post(
            f"/api/messages/{first['message_group']}/forward",
            json={"conversation_ids": [group["id"]]},
        )
    )["items"][0]

    await town.ana.http.delete(f"/api/messages/{first['message_group']}")
    assert (await fetch(town.bea, picture)).status_code == 200
    await town.ana.http.delete(f"/api/messages/{forwarded['message_group']}")

    for person in (town.ana, town.bea):
        assert (await fetch(person, picture)).status_code == 404
        assert (await person.http.get(picture["thumbnail_url"])).status_code == 404
    await town.core.upload_sweep.sweep()
    async with town.storage.read() as work:
        assert await work.uploads.unsent(town.ana.signed_in.account.id) == (0, 0)


async def test_a_file_is_handed_over_as_what_it_is_and_never_run(town: Town) -> None:
    page = await a_file(town, "a.html", b"<!doctype html><script>alert(1)</script>")
    drawing = await a_file(town, "a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    paper = await a_file(town, "a.pdf", b"%PDF-1.7\n")

    for file, media_type in (
        (page, "application/octet-stream"),
        (drawing, "application/octet-stream"),
        (paper, "application/pdf"),
    ):
        answer = await fetch(town.bea, file)
        assert answer.headers["content-type"] == media_type
        assert answer.headers["content-disposition"].startswith("attachment; ")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"


async def test_pictures_are_shown_where_they_stand_unless_they_are_to_be_kept(town: Town) -> None:
    picture = await a_file(town, "ana's «photo».png", a_picture())

    shown = await fetch(town.bea, picture)
    kept = await town.bea.http.get(picture["url"], params={"download": "1"})

    assert shown.headers["content-type"] == "image/png"
    assert shown.headers["content-disposition"] == (
        "inline; filename=\"ana's _photo_.png\"; filename*=UTF-8''ana%27s%20%C2%ABphoto%C2%BB.png"
    )
    assert kept.headers["content-disposition"].startswith("attachment; ")


async def test_a_part_of_a_file_is_answered_with_that_part(town: Town) -> None:
    file = await a_file(town)

    for asked, span in (
        ("bytes=0-9", (0, 10)),
        ("bytes=190-", (190, 200)),
        ("bytes=-5", (195, 200)),
        ("bytes=150-900", (150, 200)),
        ("bytes=-900", (0, 200)),
        ("BYTES = 3 - 3", (3, 4)),
    ):
        answer = await fetch(town.bea, file, range=asked)
        start, end = span
        assert answer.status_code == 206, asked
        assert answer.content == DATA[start:end]
        assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/200"
        assert answer.headers["content-length"] == str(end - start)


@pytest.mark.parametrize(
    "asked", ["bytes=0-1,4-5", "bytes=5-2", "lines=0-1", "bytes=-", "bytes=x-y", "bytes=1-2;", ""]
)
async def test_what_asks_for_no_one_part_gets_all_of_it(town: Town, asked: str) -> None:
    answer = await fetch(town.bea, await a_file(town), range=asked)

    assert (answer.status_code, answer.content) == (200, DATA)
    assert answer.headers["accept-ranges"] == "bytes"


@pytest.mark.parametrize("asked", ["bytes=200-", "bytes=900-950", "bytes=-0"])
async def test_a_part_that_is_not_there_is_refused(town: Town, asked: str) -> None:
    answer = await fetch(town.bea, await a_file(town), range=asked)

    assert refusal(answer) == (416, "out_of_range", "Range")
    assert answer.headers["content-range"] == "bytes */200"


async def test_parts_of_another_file_are_not_mixed(town: Town) -> None:
    file = await a_file(town)
    tag = (await fetch(town.bea, file)).headers["etag"]

    same = await fetch(town.bea, file, range="bytes=0-1", if_range=tag)
    other = await fetch(town.bea, file, range="bytes=0-1", if_range='"other"')

    assert (same.status_code, other.status_code) == (206, 200)


async def test_head_says_all_and_sends_nothing(town: Town) -> None:
    file = await a_file(town)

    answer = await town.bea.http.head(file["url"])

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == "200"


async def test_a_thumbnail_is_a_small_picture(town: Town) -> None:
    picture = await a_file(town, "me.png", a_picture(1000, 500))

    answer = await town.bea.http.get(picture["thumbnail_url"])

    assert answer.headers["content-type"] == "image/webp"
    assert Image.open(BytesIO(answer.content)).size == (640, 320)
    assert (await town.caro.http.get(picture["thumbnail_url"])).status_code == 404


async def test_what_has_no_picture_has_no_thumbnail(town: Town) -> None:
    file = await a_file(town)

    assert (await town.bea.http.get(f"/api/uploads/{file['id']}/thumbnail")).status_code == 404


@pytest.mark.parametrize("key", ["x", "../../etc/passwd", "a" * 32, "%00", "a" * 5000])
async def test_a_key_that_nobody_was_told_shows_nothing(town: Town, key: str) -> None:
    assert (await town.ana.http.get(f"/api/previews/{key}")).status_code == 404


async def test_no_other_blob_is_shown_as_a_page_s_picture(town: Town) -> None:
    group = await town.group(town.ana, town.bea)
    file = body(await bring(town.ana, group, DATA))
    async with town.storage.read() as work:
        stored = await work.uploads.own(town.ana.signed_in.account.id, UUID(file["id"]))

    assert (await town.ana.http.get(f"/api/previews/{stored.blob}")).status_code == 404
