"""Fetching what an address leads to, from a web server of the test's own."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tertulia.adapters.web_fetch import MAX_REDIRECTS, WebFetch
from tertulia.core.previews import Bound, NothingThere
from tests.adapters.web_server import Answer, Asked, web_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.adapters.web_server import Answers

PAGES = {"text/html": Bound(1000, is_cut=True), "image/png": Bound(1000, is_cut=False)}
HTML = {"Content-Type": "text/html; charset=ISO-8859-1"}


@pytest.fixture
def web() -> Iterator[WebFetch]:
    """Return a web whose public part is this machine."""
    web = WebFetch(("127.0.0.0/8",))
    yield web
    web.close()


@pytest.fixture
def strict_web() -> Iterator[WebFetch]:
    """Return the web as it usually is."""
    web = WebFetch()
    yield web
    web.close()


def always(answer: Answer) -> Answers:
    return lambda _: answer


async def test_a_page_is_fetched_and_nothing_told(web: WebFetch) -> None:
    async with web_server(always(Answer(body=b"<title>Hi", headers=HTML))) as server:
        page = await web.fetch(f"{server.url}/some/page?q=1#part", PAGES)

    assert (page.data, page.media_type, page.charset) == (b"<title>Hi", "text/html", "ISO-8859-1")
    assert page.url == f"{server.url}/some/page?q=1#part"
    (asked,) = server.asked
    assert (asked.method, asked.path) == ("GET", "/some/page?q=1")
    assert asked.headers["host"] == server.url.removeprefix("http://")
    assert asked.headers["user-agent"].startswith("Tertulia/")
    assert asked.headers["accept-encoding"] == "identity"
    assert not {"cookie", "authorization", "referer"} & asked.headers.keys()


async def test_an_address_is_read_as_it_stands_on_a_page(web: WebFetch) -> None:
    picture = Answer(body=b"png", headers={"Content-Type": "image/png"})
    async with web_server(always(picture)) as server:
        found = await web.fetch("../me%20here.png", PAGES, f"{server.url}/a/b")

    assert (found.url, found.name) == (f"{server.url}/me%20here.png", "me here.png")


async def test_redirects_are_followed_but_not_for_ever(web: WebFetch) -> None:
    def answers(asked: Asked) -> Answer:
        number = int(asked.path[1:])
        if number == 0:
            return Answer(body=b"here", headers=HTML)
        return Answer(302, headers={"Location": f"/{number - 1}"})

    async with web_server(answers) as server:
        page = await web.fetch(f"{server.url}/{MAX_REDIRECTS}", PAGES)
        assert (page.data, page.url) == (b"here", f"{server.url}/0")
        with pytest.raises(NothingThere):
            await web.fetch(f"{server.url}/{MAX_REDIRECTS + 1}", PAGES)


@pytest.mark.parametrize(
    "location",
    [
        *("http://127.0.0.1:{port}/", "http://[::1]:{port}/", "http://localhost:{port}/"),
        *("http://2130706433:{port}/", "http://0x7f.1:{port}/", "http://0177.0.0.1:{port}/"),
        *("http://169.254.169.254/latest/meta-data/", "http://[::ffff:127.0.0.1]:{port}/"),
        *("file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1:{port}/", "//127.1:{port}"),
        *("http://user:password@127.0.0.1:{port}/", "http://", "http://[", "", "javascript:1"),
    ],
)
async def test_nothing_that_is_not_public_is_asked(strict_web: WebFetch, location: str) -> None:
    async with web_server(always(Answer(body=b"secret", headers=HTML))) as server:
        port = server.url.rpartition(":")[2]
        with pytest.raises(NothingThere):
            await strict_web.fetch(location.format(port=port), PAGES)

    assert server.asked == []


@pytest.mark.parametrize(
    "location", ["http://localhost:{port}/", "http://[::1]:{port}/", "http://127.0.0.3:{port}/"]
)
async def test_a_redirect_leads_no_further_than_an_address(location: str) -> None:
    web = WebFetch(("127.0.0.1/32",))

    def answers(asked: Asked) -> Answer:
        if asked.path == "/away":
            port = asked.headers["host"].rpartition(":")[2]
            return Answer(302, headers={"Location": location.format(port=port)})
        return Answer(body=b"secret", headers=HTML)

    async with web_server(answers) as server:
        try:
            found = await web.fetch(f"{server.url}/away", PAGES)
        except NothingThere:
            found = None
    web.close()

    # A name may mean the one address that is allowed, and then it is asked there.
    assert found is None or "localhost" in location
    assert all(asked.path == "/away" or "localhost" in location for asked in server.asked)


async def test_credentials_in_an_address_are_not_sent(web: WebFetch) -> None:
    async with web_server(always(Answer(headers=HTML))) as server:
        with pytest.raises(NothingThere):
            await web.fetch(server.url.replace("//", "//ana:secret@"), PAGES)

    assert server.asked == []


async def test_a_long_page_is_cut_and_a_long_picture_is_none(web: WebFetch) -> None:
    async with web_server(always(Answer(body=b"a" * 5000, headers=HTML))) as server:
        assert len((await web.fetch(server.url, PAGES)).data) == 1000
    picture = Answer(body=b"a" * 5000, headers={"Content-Type": "image/png"})
    async with web_server(always(picture)) as server:
        with pytest.raises(NothingThere):
            await web.fetch(server.url, PAGES)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(404, b"<title>Not found", HTML),
        Answer(500, b"", HTML),
        Answer(200, b"{}", {"Content-Type": "application/json"}),
        Answer(200, b"<svg/>", {"Content-Type": "image/svg+xml"}),
        Answer(200, b"<title>Hi"),
        Answer(200, b"\x1f\x8b", {**HTML, "Content-Encoding": "gzip"}),
        Answer(302, b"", HTML),
        Answer(302, b"", {"Location": "http://["}),
    ],
    ids=lambda answer: f"{answer.status} {answer.headers}",
)
async def test_what_is_no_page_is_nothing(web: WebFetch, answer: Answer) -> None:
    async with web_server(always(answer)) as server:
        with pytest.raises(NothingThere):
            await web.fetch(server.url, PAGES)


async def test_who_answers_slowly_is_left_in_time(web: WebFetch) -> None:
    slow = Answer(body=b"a" * 1000, headers=HTML, pause_s=0.05)
    async with web_server(always(slow)) as server:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await web.fetch(server.url, PAGES)


async def test_what_speaks_no_http_is_nothing(web: WebFetch) -> None:
    async def babble(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example ESMTP\r\n" + b"\x00" * 200_000)
        writer.close()

    server = await asyncio.start_server(babble, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with pytest.raises(NothingThere):
        await web.fetch(f"http://127.0.0.1:{port}/", PAGES)
    server.close()
    await server.wait_closed()
    with pytest.raises(NothingThere):
        await web.fetch(f"http://127.0.0.1:{port}/", PAGES)
