"""How long to wait before something is tried again that has failed so many times."""

from __future__ import annotations

import random


def backoff_s(failures: int, *, first_s: float, longest_s: float) -> float:
    """Return twice as long each time, by chance less, so that not all come again at once."""
    wait_s: float = min(longest_s, first_s * 2 ** min(failures, 10))
    return wait_s * random.uniform(0.5, 1)  # noqa: S311, nobody gains by guessing it
