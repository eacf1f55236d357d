"""Bringing files into conversations over HTTP, in one go and in parts."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from tests.gateways.rest.conftest import MAX_UPLOAD_BYTES, Json, Person, Town, body, refusal

if TYPE_CHECKING:
    import httpx

OFFSET_TYPE = "application/offset+octet-stream"


def a_picture(width: int = 300, height: int = 200) -> bytes:
    out = BytesIO()
    Image.new("RGB", (width, height), (200, 30, 30)).save(out, "PNG")
    return out.getvalue()


async def bring(
    person: Person, conversation: Json, data: bytes, name: str = "notes.txt"
) -> httpx.Response:
    """Send a file in one go."""
    return await person.http.post(
        "/api/uploads",
        files={"file": (name, data, "text/html")},
        data={"conversation_id": conversation["id"]},
    )


async def begin(person: Person, conversation: Json, size: int, name: str = "long.bin") -> Json:
    """Begin a file that comes in parts."""
    return body(
        await person.http.post(
            "/api/uploads/resumable",
            json={"conversation_id": conversation["id"], "name": name, "size": size},
        )
    )


async def part(person: Person, upload: Json, offset: Any, data: bytes) -> httpx.Response:
    """Go on with a file."""
    return await person.http.patch(
        f"/api/uploads/{upload['id']}",
        content=data,
        headers={"Upload-Offset": str(offset), "Content-Type": OFFSET_TYPE},
    )


async def test_a_file_comes_in_one_go(town: Town) -> None:
    group = await town.group(town.ana, town.bea)

    attachment = body(await bring(town.ana, group, b"<script>alert(1)</script>", "a page.html"))

    assert attachment["kind"] == "file"
    assert attachment["media_type"] == "application/octet-stream"
    assert attachment["name"] == "a page.html"
    assert attachment["size"] == 25
    assert attachment["url"] == f"/api/uploads/{attachment['id']}/a%20page.html"
    assert attachment["thumbnail_url"] is None


async def test_a_picture_gets_a_size_and_a_thumbnail(town: Town) -> None:
    group = await town.group(town.ana, town.bea)

    attachment = body(await bring(town.ana, group, a_picture(900, 600), "me.png"))

    assert (attachment["kind"], attachment["media_type"]) == ("image", "image/png")
    assert (attachment["width"], attachment["height"]) == (900, 600)
    assert len(attachment["blurhash"]) == 28
    small = await town.ana.http.get(attachment["thumbnail_url"])
    assert Image.open(BytesIO(small.content)).size == (640, 427)


async def test_a_file_comes_in_parts(town: Town) -> None:
    group = await town.group(town.ana, town.bea)
    data = bytes(range(256)) * 40
    upload = await begin(town.ana, group, len(data))
    assert (upload["received"], upload["chunk_bytes"]) == (0, 4 * 1024 * 1024)

    first = body(await part(town.ana, upload, 0, data[:4000]))
    last = body(await part(town.ana, upload, 4000, data[4000:]))

    assert (first["received"], first["attachment"]) == (4000, None)
    assert (last["received"], last["size"]) == (len(data), len(data))
    found = await town.ana.http.get(last["attachment"]["url"])
    assert found.content == data
    assert body(await town.ana.http.get(f"/api/uploads/{upload['id']}")) == last


async def test_a_wrong_offset_is_told_the_right_one(town: Town) -> None:
    group = await town.group(town.ana, town.bea)
    upload = await begin(town.ana, group, 10)
    body(await part(town.ana, upload, 0, b"abc"))

    answer = await part(town.ana, upload, 0, b"abc")

    assert refusal(answer) == (409, "wrong_offset", "Upload-Offset")
    assert answer.headers["upload-offset"] == "3"


@pytest.mark.parametrize("offset", ["", "-1", "x", str(2**70), "1.5"])
async def test_an_offset_is_a_number(town: Town, offset: str) -> None:
    group = await town.group(town.ana, town.bea)
    upload = await begin(town.ana, group, 10)

    assert (await part(town.ana, upload, offset, b"abc")).status_code == 400


async def test_more_than_was_said_is_refused_and_does_not_count(town: Town) -> None:
    group = await town.group(town.ana, town.bea)
    upload = await begin(town.ana, group, 10)
    body(await part(town.ana, upload, 0, b"abc"))

    assert refusal(await part(town.ana, upload, 3, b"x" * 8))[:2] == (400, "too_large")
    assert body(await town.ana.http.get(f"/api/uploads/{upload['id']}"))["received"] == 3
    assert body(await part(town.ana, upload, 3, b"x" * 7))["attachment"]["size"] == 10


async def test_too_large_a_file_is_refused(town: Town) -> None:
    group = await town.group(town.ana, town.bea)
    too_large = await bring(town.ana, group, bytes(MAX_UPLOAD_BYTES + 1))
    far_too_large = await bring(town.ana, group, bytes(MAX_UPLOAD_BYTES + 100_000))
    said = await town.ana.http.post(
        "/api/uploads/resumable",
        json={"conversation_id": group["id"], "name": "x", "size": MAX_UPLOAD_BYTES + 1},
    )

    assert refusal(too_large) == (400, "too_large", "file")
    assert refusal(far_too_large)[:2] == (413, "too_large")
    assert refusal(said) == (400, "too_large", "size")


async def test_an_empty_file_is_refused(town: Town) -> None:
    group = await town.group(town.ana, town.bea)
    said = await town.ana.http.post(
        "/api/uploads/resumable", json={"conversation_id": group["id"], "name": "x", "size": 0}
    )

    assert refusal(await bring(town.ana, group, b"")) == (400, "required", "file")
    assert refusal(said) == (400, "required", "size")


async def test_what_only_seems_to_be_a_picture_is_refused_and_gone(town: Town) -> None:
    group = await town.group(town.ana, town.bea)
    data = b"\x89PNG\r\n\x1a\n" + b"<script>" * 40
    upload = await begin(town.ana, group, len(data))

    assert refusal(await bring(town.ana, group, data)) == (400, "invalid_image", "file")
    assert refusal(await part(town.ana, upload, 0, data)) == (400, "invalid_image", "file")
    assert (await town.ana.http.get(f"/api/uploads/{upload['id']}")).status_code == 404


async def test_the_conversation_may_come_after_the_file(town: Town) -> None:
    group = await town.group(town.ana, town.bea)

    answer = await town.ana.http.post(
        "/api/uploads",
        files=[("file", ("a.bin", b"abc")), ("conversation_id", (None, group["id"]))],
    )

    assert body(answer)["size"] == 3


@pytest.mark.parametrize(
    ("content", "content_type", "status"),
    [
        (b"", "multipart/form-data; boundary=x", 400),
        (b"--x\r\n", "multipart/form-data; boundary=x", 400),
        (b"--x--\r\n", "multipart/form-data; boundary=x", 400),
        (b"--x--\r\n", "multipart/form-data", 400),
        (b"{}", "application/json", 415),
        (
            b'--x\r\nContent-Disposition: form-data; name="conversation_id"\r\n\r\nno\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
            400,
        ),
        (
            b'--x\r\nContent-Disposition: form-data; name="other"\r\n\r\n'
            + b"a" * 5000
            + b"\r\n--x--\r\n",
            "multipart/form-data; boundary=x",
            400,
        ),
    ],
)
async def test_a_form_that_is_none_is_refused(
    town: Town, content: bytes, content_type: str, status: int
) -> None:
    answer = await town.ana.http.post(
        "/api/uploads", content=content, headers={"Content-Type": content_type}
    )

    assert answer.status_code == status


async def test_only_members_bring_files_and_only_into_their_conversations(town: Town) -> None:
    group = await town.group(town.ana, town.bea)
    upload = await begin(town.ana, group, 10)
    said = await town.caro.http.post(
        "/api/uploads/resumable", json={"conversation_id": group["id"], "name": "x", "size": 3}
    )

    assert (await bring(town.caro, group, b"abc")).status_code == 404
    assert said.status_code == 404
    assert (await part(town.bea, upload, 0, b"abc")).status_code == 404
    assert (await town.bea.http.get(f"/api/uploads/{upload['id']}")).status_code == 404
    assert (await town.bea.http.delete(f"/api/uploads/{upload['id']}")).status_code == 404


async def test_whoever_left_meanwhile_cannot_end_it(town: Town) -> None:
    group = await town.group(town.ana, town.bea)
    upload = await begin(town.bea, group, 6)
    body(await part(town.bea, upload, 0, b"abc"))
    left = await town.ana.http.delete(f"/api/conversations/{group['id']}/members/{town.bea.id}")
    assert left.status_code == 204

    assert (await part(town.bea, upload, 3, b"def")).status_code == 404
    assert (await town.bea.http.get(f"/api/uploads/{upload['id']}")).status_code == 404


async def test_a_file_that_was_not_sent_can_be_thrown_away(town: Town) -> None:
    group = await town.group(town.ana, town.bea)
    attachment = body(await bring(town.ana, group, b"abc"))

    gone = await town.ana.http.delete(f"/api/uploads/{attachment['id']}")

    assert gone.status_code == 204
    assert (await town.ana.http.get(attachment["url"])).status_code == 404
