"""The secrets that nobody set: made once, kept in a file that only its owner can read."""

import base64
import fcntl
import os
import secrets
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from dotenv import dotenv_values

FILE_NAME = "secrets.env"
SECRET_BYTES = 48
VAPID_PRIVATE_KEY = "VAPID_PRIVATE_KEY"

# The order of P-256 (FIPS 186-5): a private key is a number from 1 to one less.
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def keep_secrets(folder: Path, names: Collection[str]) -> dict[str, str]:
    """Return a secret for each of ``names``, those of earlier starts first.

    ``folder`` is made with mode 0700 and the file in it with mode 0600; the file is replaced as a
    whole, so that a crash leaves the old one or the new one. Of two processes that start at once,
    the second waits and reads what the first has written.

    Raises OSError when the folder or the file cannot be read or written.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / FILE_NAME
    with _locked(folder):
        kept = _read(path)
        missing = [name for name in names if name not in kept]
        if missing:
            kept |= {name: _new_secret(name) for name in missing}
            _replace(path, kept)
    return {name: kept[name] for name in names}


def _new_secret(name: str) -> str:
    if name != VAPID_PRIVATE_KEY:
        return secrets.token_urlsafe(SECRET_BYTES)
    key = secrets.randbelow(P256_ORDER - 1) + 1
    return base64.urlsafe_b64encode(key.to_bytes(32, "big")).rstrip(b"=").decode()


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder's advisory lock; it ends with the descriptor, so no lock file is left."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _read(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    path.chmod(0o600)
    return {name: value for name, value in dotenv_values(path, interpolate=False).items() if value}


def _replace(path: Path, kept: Mapping[str, str]) -> None:
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.writelines(f"{name}={value}\n" for name, value in kept.items())
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
