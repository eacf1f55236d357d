"""Which page answers which address: a table that is looked through from its top.

    Route("POST", "/lite/chats/{number}", chat.send, again=chat.show)

A form that is refused shows the page `again`, with the reason and with what was typed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tertulia.gateways.pages.lite.visit import View

_NAMED = re.compile(r"{(\w+)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """An address and what answers there.

    `is_public` ones are for people who are not signed in, too. Of an `is_file` one the form is left
    for the view to read.
    """

    method: str
    path: str
    view: View
    again: View | None = None
    is_public: bool = False
    is_file: bool = False


class Routes:
    """Finds the route of a request."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self._routes = [(_pattern(route.path), route) for route in routes]

    def find(self, method: str, path: str) -> tuple[Route, Mapping[str, str]] | None:
        """Return a route with the named parts of the path, or None where there is none."""
        for pattern, route in self._routes:
            match = pattern.fullmatch(path) if route.method == method else None
            if match:
                return route, match.groupdict()
        return None

    def knows(self, path: str) -> bool:
        """Whether anything answers at a path, by whatever method."""
        return any(pattern.fullmatch(path) for pattern, _ in self._routes)


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(_NAMED.sub(r"(?P<\1>[^/]+)", path))
