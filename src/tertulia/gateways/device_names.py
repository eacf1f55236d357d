"""What a device calls itself, in words by which its owner knows it again: "Firefox on Linux".

A browser's `User-Agent` is a list of everything that browsers ever claimed to be; who it is, a
library of patterns tells. Any other program says its name and no more, and keeps it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tertulia.core import texts

if TYPE_CHECKING:
    from ua_parser import Resolver

UNKNOWN = "Unknown device"
MAX_NAME_CHARS = 80

_MAX_READ_CHARS = 500
# What browsers begin with since 1994, and Opera's own form.
_BROWSER_STARTS = ("Mozilla/", "Opera/")
_SYSTEMS = {"Mac OS X": "macOS"}
# The library tells a browser's editions apart; to the owner it is one browser.
_EDITIONS = (" Mobile", "Mobile ", " iOS")


def device_name(user_agent: str) -> str:
    """Return a short name for whatever sends this header; never an empty one."""
    said = texts.label(user_agent, _MAX_READ_CHARS).strip()
    if said.startswith(_BROWSER_STARTS):
        said = _browser(said) or said
    return said[:MAX_NAME_CHARS].rstrip() or UNKNOWN


def _browser(user_agent: str) -> str | None:
    from ua_parser import Domain

    found = _patterns()(user_agent, Domain.USER_AGENT | Domain.OS)
    if found.user_agent is None:
        return None
    browser = found.user_agent.family
    for edition in _EDITIONS:
        browser = browser.replace(edition, "")
    if found.os is None:
        return browser
    return f"{browser} on {_SYSTEMS.get(found.os.family, found.os.family)}"


@cache
def _patterns() -> Resolver:
    # Some 50 ms to import and 60 ms to put together, so it is left to the first browser that signs
    # in. The patterns for makes of telephones are left out: they are as many as all the others.
    from ua_parser import BestAvailableResolver, load_lazy_builtins

    browsers, systems, _ = load_lazy_builtins()
    return BestAvailableResolver((browsers, systems, []))
