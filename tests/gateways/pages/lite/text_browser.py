"""Lynx, a browser of text: keys are pressed in it, and what it shows is read."""

from __future__ import annotations

import asyncio
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path

from scripts.system_programs import LYNX

ENTER = "^J"
TAB = "<tab>"

_QUIT = "Q"
_WITHIN_S = 20.0
_LINES = 24


def typed(text: str) -> list[str]:
    """Return the keys that write a text."""
    return ["<space>" if letter == " " else letter for letter in text]


def find(text: str) -> list[str]:
    """Return the keys that look for a text on the page, and go to the link that has it."""
    return ["/", *typed(text), ENTER]


class TextBrowser:
    """A browser in a folder of its own, where it keeps its cookies from one start to the next."""

    def __init__(self, folder: Path) -> None:
        path = LYNX.path()
        if path is None:
            raise FileNotFoundError("Lynx is not installed; make test installs it")
        self._path = path
        self._folder = folder
        cookies = folder / "cookies"
        settings = {
            "ACCEPT_ALL_COOKIES": "TRUE",
            "PERSISTENT_COOKIES": "TRUE",
            "COOKIE_FILE": cookies,
            "COOKIE_SAVE_FILE": cookies,
        }
        lines = [f"{name}:{value}\n" for name, value in settings.items()]
        (folder / "lynx.cfg").write_text("".join(lines))

    async def press(self, url: str, *keys: str) -> None:
        """Open an address and press keys; each waits for the page that the one before led to."""
        pressed = self._folder / "keys"
        pressed.write_text("".join(f"key {key}\n" for key in (*keys, _QUIT)))
        await self._run(f"-cmd_script={pressed}", url)

    async def read(self, url: str) -> str:
        """Return what an address shows, in words and line breaks alone."""
        return await self._run("-dump", "-nolist", "-width=80", url)

    async def _run(self, *arguments: str) -> str:
        lynx = await asyncio.create_subprocess_exec(
            self._path,
            f"-cfg={self._folder / 'lynx.cfg'}",
            *arguments,
            env={
                "HOME": str(self._folder),
                "LANG": "C.UTF-8",
                "TERM": "vt100",
                "LINES": str(_LINES),
                "COLUMNS": "80",
            },
            stdin=DEVNULL,
            stdout=PIPE,
        )
        try:
            async with asyncio.timeout(_WITHIN_S):
                shown, _ = await lynx.communicate()
        finally:
            if lynx.returncode is None:
                lynx.kill()
                await lynx.wait()
        assert lynx.returncode == 0, shown
        return shown.decode()
