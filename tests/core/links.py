"""A place where links are looked at, and a web server of the test with the pages behind them."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image

from tertulia.adapters.blobs_folder import BlobsFolder
from tertulia.adapters.limits_memory import LimitsInMemory
from tertulia.adapters.page_heads import read_head
from tertulia.adapters.thumbnails import ThreadedThumbnails
from tertulia.adapters.web_fetch import WebFetch
from tertulia.core.clock import utc_now
from tertulia.core.preview_pictures import PreviewPictures
from tertulia.core.previews import Previews
from tests.adapters.web_server import Answer, Asked, WebServer, web_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.core.town import Town

HTML = {"Content-Type": "text/html; charset=utf-8"}


@dataclass
class Post:
    """Where links are looked at."""

    town: Town
    server: WebServer
    previews: Previews
    pictures: PreviewPictures
    folder: Path

    def url(self, path: str) -> str:
        return f"{self.server.url}{path}"


def a_picture(kind: str = "PNG") -> bytes:
    out = BytesIO()
    Image.new("RGB", (1280, 640), (200, 30, 30)).save(out, kind)
    return out.getvalue()


def page(title: str, *marks: str) -> Answer:
    return Answer(body=f"<title>{title}</title>{''.join(marks)}".encode(), headers=HTML)


PICTURE = Answer(body=a_picture(), headers={"Content-Type": "image/png"})
PAGES = {
    "/page": page(
        "Title",
        '<meta property="og:title" content="The Café">',
        '<meta property="og:description" content="Open">',
        '<meta property="og:site_name" content="Guide">',
        '<meta property="og:image" content="/me.png">',
    ),
    "/plain": page("Plain"),
    "/empty": page(""),
    "/me.png": PICTURE,
    "/bomb": page("Bomb", '<meta property="og:image" content="/bomb.png">'),
    "/bomb.png": Answer(
        body=b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x7f\xff\xff\xff\x7f\xff\xff\xff" + bytes(50),
        headers={"Content-Type": "image/png"},
    ),
    "/stray": page("Stray", '<meta property="og:image" content="http://169.254.169.254/x.png">'),
    "/slow": page("Slow", '<meta property="og:image" content="/slow.png">'),
    "/slow.png": replace(PICTURE, pause_s=0.05),
    "/very-slow": replace(page("Very slow"), pause_s=1),
}


def answers(asked: Asked) -> Answer:
    return PAGES.get(asked.path, Answer(404))


@asynccontextmanager
async def open_post(
    town: Town, folder: Path, *, allowed: tuple[str, ...] = ("127.0.0.0/8",), is_on: bool = True
) -> AsyncIterator[Post]:
    pictures = PreviewPictures(BlobsFolder(folder))
    thumbnails, web = ThreadedThumbnails(), WebFetch(allowed)
    previews = Previews(
        town.storage,
        web,
        read_head,
        thumbnails,
        pictures,
        LimitsInMemory(scale=1),
        utc_now,
        is_on=is_on,
    )
    async with web_server(answers) as server:
        yield Post(town, server, previews, pictures, folder)
    thumbnails.close()
    web.close()
