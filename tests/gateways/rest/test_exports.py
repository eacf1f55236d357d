"""A copy of one's own data over HTTP."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import httpx
import pytest

from tertulia.core.clock import utc_now
from tests.gateways.rest.conftest import Town, body, expired_token, refusal

PATH = "/api/me/export"
EXPORT_KEYS = {"id", "status", "done", "total", "size", "inserted_at", "expires_at"}


async def test_there_is_no_copy_until_one_is_asked_for(town: Town) -> None:
    assert body(await town.ana.http.get(PATH)) == {"export": None}


async def test_a_copy_is_asked_for_watched_and_fetched(town: Town) -> None:
    chat = await town.private(town.ana, town.bea)
    await town.say(town.bea, chat, "For the record")
    asked = body(await town.ana.http.post(PATH))
    assert set(asked) == EXPORT_KEYS
    assert (asked["status"], asked["size"], asked["expires_at"]) == ("waiting", 0, None)
    assert body(await town.ana.http.post(PATH)) == asked
    assert body(await town.ana.http.get(PATH)) == {"export": asked}
    address = f"{PATH}/{asked['id']}/tertulia.zip"
    assert refusal(await town.ana.http.get(address)) == (404, "not_found", None)
    await town.core.exports.make_waiting()
    ready = body(await town.ana.http.get(PATH))["export"]
    assert set(ready) == EXPORT_KEYS
    assert (ready["id"], ready["status"]) == (asked["id"], "ready")
    assert (ready["done"], ready["total"]) == (1, 1)
    assert ready["expires_at"].endswith("Z")
    answer = await town.ana.http.get(address)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == 'attachment; filename="tertulia.zip"'
    assert answer.headers["cache-control"] == "no-store"
    assert int(answer.headers["content-length"]) == len(answer.content) == ready["size"]
    with ZipFile(BytesIO(answer.content)) as found:
        assert b"For the record" in b"".join(map(found.read, found.namelist()))


async def test_a_copy_is_fetched_by_cookie_too(town: Town) -> None:
    browser = await town.browser(town.ana)
    asked = body(await browser.post(PATH))
    await town.core.exports.make_waiting()
    answer = await browser.get(f"{PATH}/{asked['id']}/tertulia.zip")
    assert answer.content.startswith(b"PK")
    del browser.headers["X-CSRFToken"]
    assert refusal(await browser.post(PATH)) == (403, "csrf_failed", None)


async def test_a_copy_is_for_its_owner_while_signed_in(
    town: Town, stranger: httpx.AsyncClient
) -> None:
    asked = body(await town.ana.http.post(PATH))
    await town.core.exports.make_waiting()
    address = f"{PATH}/{asked['id']}/tertulia.zip"
    assert refusal(await town.bea.http.get(address)) == (404, "not_found", None)
    assert refusal(await stranger.get(address)) == (401, "not_authenticated", None)
    late = expired_token(town.ana, timedelta(seconds=1), utc_now())
    answer = await stranger.get(address, headers={"Authorization": f"Bearer {late}"})
    assert refusal(answer) == (401, "invalid_token", None)
    await town.ana.http.post("/auth/logout")
    assert refusal(await town.ana.http.get(address)) == (401, "invalid_token", None)


@pytest.mark.parametrize(
    "export_id", ["0190b8a4-6b5e-7cc0-8b5d-0c2f6d1e4a11", "1", "latest", "..%2f..", "%00"]
)
async def test_what_was_never_asked_for_is_not_found(town: Town, export_id: str) -> None:
    await town.ana.http.post(PATH)
    await town.core.exports.make_waiting()
    for name in ("tertulia.zip", "tertulia.tar", ""):
        answer = await town.ana.http.get(f"{PATH}/{export_id}/{name}")
        assert refusal(answer)[0] == 404


async def test_nobody_has_no_copy(stranger: httpx.AsyncClient) -> None:
    assert refusal(await stranger.get(PATH)) == (401, "not_authenticated", None)
    assert refusal(await stranger.post(PATH)) == (401, "not_authenticated", None)
