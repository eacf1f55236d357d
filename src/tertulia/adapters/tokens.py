"""Access tokens: JSON Web Tokens (RFC 7519) signed with HMAC-SHA-256.

Claims: `sub` the account's UUID, `sid` the session's UUID, `user_id` and `id` the account's number
for clients that expect an integer, `iat` and `exp` in seconds, `jti` unique to the token.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from uuid import UUID

import jwt

from tertulia.core.errors import NotAuthenticated

_ALGORITHM = "HS256"
_JTI_BYTES = 12


class SignedTokens:
    """The core's AccessTokens; every node that shares `secret` reads what any of them issued."""

    def __init__(self, secret: str, lifetime: timedelta) -> None:
        self._secret = secret
        self._lifetime_s = int(lifetime.total_seconds())
        # The core's clock decides what has expired, so the library only proves who signed.
        self._reader = jwt.PyJWT(
            options={
                "require": ["sub", "sid", "exp"],
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            }
        )

    def issue(self, account_id: UUID, number: int, session_id: UUID, now: datetime) -> str:
        """Sign a token that is valid from `now` for the lifetime."""
        issued_at = int(now.timestamp())
        return jwt.encode(
            {
                "sub": str(account_id),
                "sid": str(session_id),
                "user_id": number,
                "id": number,
                "iat": issued_at,
                "exp": issued_at + self._lifetime_s,
                "jti": secrets.token_urlsafe(_JTI_BYTES),
            },
            self._secret,
            _ALGORITHM,
        )

    def read(self, token: str, now: datetime, tolerance_s: float = 0) -> tuple[UUID, UUID]:
        """Return (account_id, session_id); NotAuthenticated `invalid_token` if it does not hold.

        `tolerance_s` accepts a token that expired no longer ago than that.
        """
        try:
            claims = self._reader.decode(token, self._secret, [_ALGORITHM])
            expires_at = float(claims["exp"])
            account_id, session_id = UUID(claims["sub"]), UUID(claims["sid"])
        except (jwt.InvalidTokenError, ValueError, TypeError, AttributeError):
            # The last three: claims of another shape, which only a leaked key or a bug can sign.
            raise _invalid() from None
        if now.timestamp() >= expires_at + tolerance_s:
            raise _invalid()
        return account_id, session_id


def _invalid() -> NotAuthenticated:
    return NotAuthenticated("This access token is not valid.", code="invalid_token")
