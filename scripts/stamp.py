"""Steps that are done once: a stamp remembers what a step was done with."""

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STAMPS = ROOT / ".venv" / "stamps"


def do_once(
    name: str,
    work: Callable[[], None],
    *,
    inputs: Iterable[Path],
    outputs: Iterable[Path],
    version: str = "",
) -> None:
    """Do ``work`` unless its outputs exist and it was last done with these very inputs.

    Inputs are compared by content, for their times say nothing after a checkout. ``version``
    stands for what no file tells.
    """
    stamp = STAMPS / name
    fingerprint = _fingerprint(inputs, version)
    is_done = stamp.is_file() and stamp.read_text() == fingerprint
    if is_done and all(output.exists() for output in outputs):
        return
    work()
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(fingerprint)


def _fingerprint(inputs: Iterable[Path], version: str) -> str:
    digest = hashlib.sha256(f"{ROOT}\n{version}\n".encode())
    for path in sorted(inputs):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(ROOT)} {content}\n".encode())
    return digest.hexdigest()
