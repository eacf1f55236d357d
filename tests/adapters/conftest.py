"""What makes squares of pictures."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tertulia.adapters.pictures import SquarePictures


@pytest.fixture
async def pictures() -> AsyncIterator[SquarePictures]:
    """Return what makes squares."""
    made = SquarePictures()
    yield made
    made.close()
