"""Pictures of people over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import httpx
import pytest
from PIL import Image

from tertulia.core.blobs import new_blob_key
from tests.gateways.rest.conftest import (
    FRIENDLY_ORIGIN,
    MAX_AVATAR_BYTES,
    MAX_REQUEST_BYTES,
    Person,
    Town,
    body,
    brief,
    refusal,
)
from tests.gateways.rest.contract import ME_KEYS

PATH = "/api/me/avatar"


def picture(kind: str = "PNG", side: int = 200) -> bytes:
    """Return a file with a picture; of the larger ones a PNG is larger than any other body."""
    out = BytesIO()
    Image.effect_noise((side, side), 90).save(out, kind)
    return out.getvalue()


async def send(person: Person, data: bytes, content_type: str = "image/png") -> httpx.Response:
    return await person.http.put(PATH, content=data, headers={"Content-Type": content_type})


async def send_form(
    client: httpx.AsyncClient, data: bytes, field: str = "file", name: str = "me.png"
) -> httpx.Response:
    return await client.put(PATH, files={field: (name, data, "image/png")})


def form(parts: bytes, boundary: str = "edge") -> dict[str, Any]:
    return {
        "content": parts,
        "headers": {"Content-Type": f"multipart/form-data; boundary={boundary}"},
    }


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
async def test_a_picture_comes_as_the_body_or_in_a_form(town: Town, kind: str) -> None:
    data = picture(kind)
    seen: set[str] = set()
    for sending in (
        send(town.ana, data, f"image/{kind.lower()}"),
        send(town.ana, data, "image/*"),
        send_form(town.ana.http, data),
        send_form(town.ana.http, data, name="../../x.svg"),
    ):
        me = body(await sending)
        assert set(me) == ME_KEYS
        assert me["avatar"].startswith("/api/avatars/")
        assert body(await town.ana.http.get("/api/me"))["avatar"] == me["avatar"]
        seen.add(me["avatar"])
    assert len(seen) == 4


async def test_a_picture_may_be_larger_than_any_other_body(town: Town) -> None:
    data = picture(side=900)
    assert MAX_REQUEST_BYTES < len(data) < MAX_AVATAR_BYTES
    assert body(await send(town.ana, data))["avatar"]
    assert body(await send_form(town.ana.http, data))["avatar"]
    too_large = await town.ana.http.patch("/api/me", content=b" " * (MAX_REQUEST_BYTES + 1))
    assert too_large.status_code in (413, 415)


async def test_a_picture_that_is_too_large_is_refused(town: Town) -> None:
    data = picture() + bytes(MAX_AVATAR_BYTES)
    for answer in (await send(town.ana, data), await send_form(town.ana.http, data)):
        assert refusal(answer) == (413, "too_large", None)

    async def without_a_length() -> AsyncIterator[bytes]:
        for _ in range(30):
            yield bytes(100_000)

    answer = await town.ana.http.put(
        PATH, content=without_a_length(), headers={"Content-Type": "image/png"}
    )
    assert refusal(answer) == (413, "too_large", None)
    assert body(await town.ana.http.get("/api/me"))["avatar"] is None


async def test_everyone_may_see_a_picture_and_keep_it(
    town: Town, stranger: httpx.AsyncClient
) -> None:
    address = body(await send(town.ana, picture()))["avatar"]
    assert address.endswith("/256")
    for size in (96, 256, 640):
        answer = await stranger.get(address.removesuffix("256") + str(size))
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "image/webp"
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["content-disposition"] == "inline"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "set-cookie" not in answer.headers
        with Image.open(BytesIO(answer.content)) as shown:
            assert (shown.format, shown.size) == ("WEBP", (size, size))
    answer = await stranger.get(address, headers={"Origin": FRIENDLY_ORIGIN})
    assert answer.headers["access-control-allow-origin"] == FRIENDLY_ORIGIN
    assert answer.headers["vary"] == "Origin"
    assert (await stranger.head(address)).headers["content-type"] == "image/webp"


async def test_others_are_told_where_a_picture_is(town: Town) -> None:
    await town.private(town.ana, town.bea)
    address = body(await send(town.ana, picture()))["avatar"]
    found = body(await town.bea.http.get("/api/users", params={"search": "ana"}))["items"]
    assert [person["avatar"] for person in found] == [address]
    chats = body(await town.bea.http.get("/api/conversations"))["items"]
    assert chats[0]["peer"]["avatar"] == address


@pytest.mark.parametrize(
    "end",
    [
        "{key}/95",
        "{key}/0256",
        "{key}/256x",
        "{key}/-256",
        "{key}/99999999999999999999999999",
        "{key}",
        "{other}/256",
        "AAAA/256",
        "..%2f..%2ftown.db/256",
        "%00/256",
        "é/256",
        "{key}%0a/256",
    ],
    ids=brief,
)
async def test_where_there_is_no_picture_nothing_is_found(
    town: Town, stranger: httpx.AsyncClient, end: str
) -> None:
    address = body(await send(town.ana, picture()))["avatar"]
    key = address.split("/")[3]
    path = "/api/avatars/" + end.format(key=key, other=new_blob_key())
    answer = await stranger.get(path)
    if end == "{key}/0256":
        assert answer.status_code == 200
    else:
        assert refusal(answer) == (404, "not_found", None)


async def test_an_earlier_picture_is_not_there_any_longer(town: Town) -> None:
    first = body(await send(town.ana, picture()))["avatar"]
    second = body(await send(town.ana, picture()))["avatar"]
    assert first != second
    assert refusal(await town.bea.http.get(first))[0] == 404
    answer = await town.ana.http.delete(PATH)
    assert body(answer)["avatar"] is None
    assert set(body(answer)) == ME_KEYS
    assert refusal(await town.bea.http.get(second))[0] == 404
    assert body(await town.ana.http.delete(PATH))["avatar"] is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"x",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a<script>alert(1)</script>",
        picture()[:3000],
        b"\x89PNG\r\n\x1a\n" + bytes(100),
    ],
    ids=brief,
)
async def test_what_is_no_picture_is_refused(town: Town, data: bytes) -> None:
    for answer in (await send(town.ana, data), await send_form(town.ana.http, data)):
        assert refusal(answer) == (400, "invalid_image", "file")
    assert body(await town.ana.http.get("/api/me"))["avatar"] is None


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"content": b"{}", "headers": {"Content-Type": "application/json"}}, 415),
        ({"content": b"x", "headers": {"Content-Type": "text/plain"}}, 415),
        ({"content": b"x", "headers": {"Content-Type": "application/octet-stream"}}, 415),
        ({"data": {"file": "x"}}, 415),
        ({"content": b"x"}, 415),
        ({}, 415),
        ({"files": {"picture": ("a.png", b"x")}}, "required"),
        ({"files": {"file": (None, b"x")}}, "required"),
        (form(b"--edge--\r\n"), "required"),
        (form(b""), "required"),
        (form(b"--edge\r\n"), "invalid"),
        (form(b"no edge at all"), "invalid"),
        (form(b'--edge\r\nContent-Disposition: form-data; name="file"\r\n\r\nx'), "invalid"),
        (form(b"--edge\r\nContent-Type: image/png\r\n\r\nx\r\n--edge--\r\n"), "invalid"),
        (form(b'--edge\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\r\n--edge--'), None),
        (
            form(
                b'--edge\r\nContent-Disposition: form-data; name="a"\r\n'
                b"Content-Type: text/plain; charset=martian\r\n\r\nx\r\n--edge--\r\n"
            ),
            None,
        ),
        (form(b"x", boundary=""), "invalid"),
        (form(b"x", boundary="\xe9"), None),
        (form(b"x" * 5000, boundary="e" * 3000), "invalid"),
        ({"content": b"x", "headers": {"Content-Type": "multipart/form-data"}}, "invalid"),
    ],
    ids=brief,
)
async def test_a_body_of_another_form_is_refused(
    town: Town, sent: dict[str, Any], expected: int | str | None
) -> None:
    headers = {name: text.encode("latin-1") for name, text in sent.get("headers", {}).items()}
    answer = await town.ana.http.put(PATH, **{**sent, "headers": headers})
    status, code, _ = refusal(answer)
    if expected == 415:
        assert status == 415
    else:
        assert status == 400
        assert code == (expected or code)


async def test_a_form_by_cookie_needs_the_csrf_header(town: Town) -> None:
    browser = await town.browser(town.ana)
    token = browser.headers.pop("X-CSRFToken")
    data = picture()
    assert refusal(await send_form(browser, data)) == (403, "csrf_failed", None)
    answer = await browser.put(PATH, data={"csrftoken": token}, files={"file": ("a.png", data)})
    assert refusal(answer) == (403, "csrf_failed", None)
    assert refusal(await browser.delete(PATH)) == (403, "csrf_failed", None)
    browser.headers["X-CSRFToken"] = token
    assert body(await send_form(browser, data))["avatar"]
    foreign = await browser.put(
        PATH, files={"file": ("a.png", data)}, headers={"Origin": "https://evil.example"}
    )
    assert refusal(foreign) == (403, "origin_refused", None)


async def test_nobody_changes_no_picture(stranger: httpx.AsyncClient) -> None:
    assert refusal(await send_form(stranger, picture())) == (401, "not_authenticated", None)
    assert refusal(await stranger.delete(PATH)) == (401, "not_authenticated", None)
