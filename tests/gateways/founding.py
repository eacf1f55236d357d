"""People of a town that was founded once for all tests, signed in anew for one of them.

Hashing passwords takes its time, so the tests work on copies of one database. How long ago somebody
signed in decides what they may do, and a token holds for half an hour: a run may take longer.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import jwt
from sqlalchemy import update
from sqlalchemy.ext.asyncio import create_async_engine

from tertulia.adapters.tokens import SignedTokens
from tertulia.storage.tables import sessions


async def sign_in_now(database_url: str, now: datetime) -> None:
    """Have all sessions in a copy of the database begin now."""
    engine = create_async_engine(database_url)
    async with engine.begin() as connection:
        await connection.execute(update(sessions).values(inserted_at=now, last_used_at=now))
    await engine.dispose()


def renewed(token: str, secret: str, now: datetime) -> str:
    """Return an access token of the same session that holds from now on."""
    claims = jwt.decode(token, secret, ["HS256"], options={"verify_exp": False})
    tokens = SignedTokens(secret, timedelta(minutes=30))
    return tokens.issue(UUID(claims["sub"]), claims["user_id"], UUID(claims["sid"]), now)
