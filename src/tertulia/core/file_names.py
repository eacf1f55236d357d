r"""Names that people gave, made into names that a file may have on every system.

Windows is the strictest: it refuses `<>:"/\|?*` and control characters, drops dots and blanks at
the end of a name, and keeps some names for devices, whatever stands after a dot ("Naming Files,
Paths, and Namespaces" in Microsoft's documentation). Elsewhere a name has at most 255 bytes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

MAX_CHARS = 60
MAX_BYTES = 150

_SUBSTITUTE = "_"
_FOLDERS = re.compile(r".*[/\\]", re.DOTALL)
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,12}\Z")
_NOT_IN_A_NAME = re.compile(r'[<>:"/\\|?*]')
# Control characters, marks that are not seen, halves of pairs, private use and unassigned ones,
# and what separates lines.
_CATEGORIES = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_DEVICES = re.compile(r"(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(COM|LPT)[0-9¹²³])\s*(\..*)?", re.I)


def safe_name(text: str, otherwise: str) -> str:
    """Return a name for a file or folder that looks like this text; `otherwise` where none does."""
    kept = "".join(map(_kept, unicodedata.normalize("NFC", text)))
    name = _trimmed(" ".join(_NOT_IN_A_NAME.sub(_SUBSTITUTE, kept).split())[:MAX_CHARS])
    while len(name.encode()) > MAX_BYTES:
        name = _trimmed(name[:-1])
    if _DEVICES.fullmatch(name):
        name = _SUBSTITUTE + name
    return name or otherwise


def _kept(char: str) -> str:
    return _SUBSTITUTE if unicodedata.category(char) in _CATEGORIES else char


def _trimmed(name: str) -> str:
    return name.strip(" .")


def safe_file_name(text: str) -> str:
    """Return a name for a file that looks like the one it had elsewhere, without its folders."""
    name = _FOLDERS.sub("", text)
    found = _SUFFIX.search(name)
    suffix = "" if found is None else found[0]
    stem = safe_name(name.removesuffix(suffix), "file")
    # Whole again, it may be a device's name or the like.
    return safe_name(f"{stem[: MAX_CHARS - len(suffix)]}{suffix}", "file")


def with_suffix(name: str, suffixes: Collection[str]) -> str:
    """Return a name that ends with one of these suffixes, the first where it had none of them."""
    if not suffixes or name.lower().endswith(tuple(suffixes)):
        return name
    return name + next(iter(suffixes))
