"""The files of the web client: which path finds which, and how long browsers keep them."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tertulia.gateways.asgi import Receive, Scope, Send, header, send_answer
from tertulia.gateways.pages.web_client import WebClient
from tests.gateways.pages.conftest import INDEX, SCRIPT

BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"


@dataclass
class Door:
    """Serves what the client finds, and 404 for what it does not."""

    pages: WebClient

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        page = self.pages.find(scope["path"], header(scope, b"accept") or "")
        if page is None:
            await send_answer(send, 404, [])
        else:
            await page(scope, receive, send)


def client_of(folder: Path) -> httpx.AsyncClient:
    headers = {"Accept": BROWSER, "Accept-Encoding": "identity"}
    transport = httpx.ASGITransport(Door(WebClient(folder)))
    return httpx.AsyncClient(transport=transport, base_url="http://town.example", headers=headers)


@pytest.fixture
async def client(dist: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Return a browser in front of a built client."""
    async with client_of(dist) as client:
        yield client


@pytest.mark.parametrize(
    ("path", "media_type", "cache_control"),
    [
        ("/index.html", "text/html; charset=utf-8", "no-cache"),
        ("/sw.js", "text/javascript; charset=utf-8", "no-cache"),
        ("/manifest.webmanifest", "application/manifest+json", "no-cache"),
        ("/robots.txt", "text/plain; charset=utf-8", "no-cache"),
        ("/assets/plain.svg", "image/svg+xml", "no-cache"),
        ("/odd.unheard-of", "application/octet-stream", "no-cache"),
        (
            "/assets/index-BfQ3xY1z.js",
            "text/javascript; charset=utf-8",
            "public, max-age=31536000, immutable",
        ),
        (
            "/assets/index-a1B2c_-4.css",
            "text/css; charset=utf-8",
            "public, max-age=31536000, immutable",
        ),
        (
            "/assets/roboto-latin-wght-normal-CkrJZj2Q.woff2",
            "font/woff2",
            "public, max-age=31536000, immutable",
        ),
    ],
)
async def test_a_file_has_its_type_and_is_kept_as_long_as_it_lasts(
    client: httpx.AsyncClient, dist: Path, path: str, media_type: str, cache_control: str
) -> None:
    answer = await client.get(path)
    assert (answer.status_code, answer.content) == (200, (dist / path[1:]).read_bytes())
    assert answer.headers["content-type"] == media_type
    assert answer.headers["cache-control"] == cache_control
    assert answer.headers["content-length"] == str(len(answer.content))


@pytest.mark.parametrize("path", ["/", "/rooms", "/chat/0198/about", "/a b", "/señal"])
async def test_every_route_of_the_client_is_its_index_page(
    client: httpx.AsyncClient, path: str
) -> None:
    answer = await client.get(path)
    assert (answer.status_code, answer.text) == (200, INDEX)
    assert answer.headers["cache-control"] == "no-cache"


async def test_the_first_page_is_for_everyone(client: httpx.AsyncClient) -> None:
    assert (await client.get("/", headers={"Accept": "*/*"})).text == INDEX


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        pytest.param("/rooms", "*/*", id="a program that asks for a route"),
        pytest.param("/rooms", "application/json", id="a program that wants JSON"),
        pytest.param("/nothing.js", BROWSER, id="a file that is not there"),
        pytest.param("/assets/index-ZZZZZZZZ.js", BROWSER, id="an asset of an older build"),
        pytest.param("/assets/gone.html", BROWSER, id="a page that is not there"),
    ],
)
async def test_what_is_not_there_is_not_found(
    client: httpx.AsyncClient, path: str, accept: str
) -> None:
    assert (await client.get(path, headers={"Accept": accept})).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/assets/../../secret.txt",
        "/..",
        "/./index.html",
        "//index.html",
        "/assets//plain.svg",
        "/..\\secret",
        "/index.html\x00",
        "/rooms\x00",
        "/rooms\r\nSet-Cookie: a=b",
    ],
    ids=ascii,
)
def test_a_path_with_a_trick_in_it_finds_nothing(dist: Path, path: str) -> None:
    assert WebClient(dist).find(path, BROWSER) is None


def test_a_file_outside_is_out_of_reach_by_any_name(dist: Path) -> None:
    pages = WebClient(dist)
    for path in ("/secret.txt", str(dist.parent / "secret.txt"), "/etc/passwd.txt"):
        assert pages.find(path, BROWSER) is None


async def test_what_a_browser_has_is_not_sent_again(client: httpx.AsyncClient) -> None:
    first = await client.get("/")
    etag = first.headers["etag"]
    for kept in (etag, f'"other", {etag}', f"W/{etag}", "*"):
        again = await client.get("/", headers={"If-None-Match": kept})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == etag
    changed = await client.get("/", headers={"If-None-Match": '"other"'})
    assert changed.status_code == 200


@pytest.mark.parametrize(
    ("accept_encoding", "encoding"),
    [
        ("gzip", "gzip"),
        ("br, gzip;q=0.8", "gzip"),
        ("GZIP", "gzip"),
        ("gzip;q=1.0", "gzip"),
        ("gzip; q=0", None),
        ("gzip;q=0.000", None),
        ("br", None),
        ("", None),
    ],
)
async def test_text_is_compressed_for_those_who_take_it(
    client: httpx.AsyncClient, accept_encoding: str, encoding: str | None
) -> None:
    path = "/assets/index-BfQ3xY1z.js"
    headers = {"Accept-Encoding": accept_encoding}
    async with client.stream("GET", path, headers=headers) as answer:
        raw = b"".join([chunk async for chunk in answer.aiter_raw()])
    assert answer.headers.get("content-encoding") == encoding
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["content-length"] == str(len(raw))
    assert (gzip.decompress(raw) if encoding else raw) == SCRIPT.encode()


async def test_the_two_forms_of_a_file_have_two_etags(client: httpx.AsyncClient) -> None:
    plain = (await client.get("/")).headers["etag"]
    zipped = {"Accept-Encoding": "gzip"}
    assert (await client.get("/", headers=zipped)).headers["etag"] != plain
    mixed = await client.get("/", headers=zipped | {"If-None-Match": plain})
    assert mixed.status_code == 200


@pytest.mark.parametrize("path", ["/assets/roboto-latin-wght-normal-CkrJZj2Q.woff2", "/robots.txt"])
async def test_what_would_not_shrink_is_sent_as_it_is(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path, headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in answer.headers


@pytest.mark.parametrize("path", ["/", "/rooms"])
async def test_without_a_built_client_a_page_says_what_to_do(tmp_path: Path, path: str) -> None:
    async with client_of(tmp_path / "none") as client:
        answer = await client.get(path)
        assert (await client.get("/assets/index.js")).status_code == 404
    assert answer.status_code == 503
    assert answer.headers["content-type"].startswith("text/html")
    assert "make web" in answer.text
