"""What makes squares of pictures, and an issuer that can be bent."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tertulia.adapters.pictures import SquarePictures
from tests.adapters.issuer import Issuer, issuer


@pytest.fixture
async def pictures() -> AsyncIterator[SquarePictures]:
    """Return what makes squares."""
    made = SquarePictures()
    yield made
    made.close()


@pytest.fixture
async def bent() -> AsyncIterator[Issuer]:
    """Return an issuer that is as it should be until a test bends it."""
    async with issuer() as made:
        yield made
