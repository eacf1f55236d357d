"""What pages are marked with, read with libxml2, which takes its time by their length alone.

(The standard library's parser takes a minute for some pages of 64 KiB.) Nothing is loaded that a
page refers to, no entity is expanded, and no tree is built: the marks are noted as they go by.
"""

from __future__ import annotations

from lxml import etree  # type: ignore[import-untyped]  # it says nothing of its types

from tertulia.core.page_facts import PageHead

_CHUNK_BYTES = 64 * 1024
_MAX_MARKS = 200
_MAX_MARK_CHARS = 4096
_MAX_TITLE_CHARS = 4096


def read_head(data: bytes, charset: str | None) -> PageHead:
    """Return the marks of a page; what comes first counts. Without any they are empty."""
    for encoding in (charset, None):
        try:
            return _read(data, encoding)
        except (LookupError, ValueError):
            # An encoding that nobody knows; libxml2 looks for itself then.
            continue
        except etree.LxmlError:
            break
    return PageHead(title="", marks={})


def _read(data: bytes, encoding: str | None) -> PageHead:
    marks = _Marks()
    parser = etree.HTMLParser(target=marks, encoding=encoding, no_network=True, huge_tree=False)
    for start in range(0, len(data), _CHUNK_BYTES):
        parser.feed(data[start : start + _CHUNK_BYTES])
    return parser.close() if data else marks.close()


class _Marks:
    """Hears of a page's elements as they go by, and keeps few of them."""

    def __init__(self) -> None:
        self._marks: dict[str, str] = {}
        self._title = ""
        self._is_in_title = False
        self._has_title = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "title" and not self._has_title:
            self._is_in_title = True
        elif tag == "meta" and len(self._marks) < _MAX_MARKS:
            name = attributes.get("property") or attributes.get("name") or ""
            self._marks.setdefault(
                name.strip().lower()[:100], (attributes.get("content") or "")[:_MAX_MARK_CHARS]
            )

    def end(self, tag: str) -> None:
        if tag == "title" and self._is_in_title:
            self._is_in_title, self._has_title = False, True

    def data(self, text: str) -> None:
        if self._is_in_title and len(self._title) < _MAX_TITLE_CHARS:
            self._title += text[:_MAX_TITLE_CHARS]

    def close(self) -> PageHead:
        return PageHead(title=self._title, marks=self._marks)
