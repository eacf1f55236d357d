"""Access tokens: what they say, whom they hold for and when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import jwt
import pytest

from tertulia.adapters.tokens import SignedTokens
from tertulia.core.errors import NotAuthenticated
from tertulia.core.ids import new_id

SECRET = "a secret of thirty-two characters"
NOW = datetime(2026, 5, 4, 12, 0, 0, tzinfo=UTC)
LIFETIME = timedelta(minutes=30)


@pytest.fixture
def tokens() -> SignedTokens:
    return SignedTokens(SECRET, LIFETIME)


def claims(token: str) -> dict[str, object]:
    decoded: dict[str, object] = jwt.decode(
        token, SECRET, ["HS256"], options={"verify_exp": False, "verify_iat": False}
    )
    return decoded


def sign(changes: dict[str, object], secret: str = SECRET, algorithm: str = "HS256") -> str:
    sound: dict[str, object] = {
        "sub": str(new_id()),
        "sid": str(new_id()),
        "exp": int((NOW + LIFETIME).timestamp()),
    }
    given = {name: value for name, value in (sound | changes).items() if value is not None}
    return jwt.encode(given, secret, algorithm)


def test_a_token_names_its_account_and_session(tokens: SignedTokens) -> None:
    account_id, session_id = new_id(), new_id()
    assert tokens.read(tokens.issue(account_id, 7, session_id, NOW), NOW) == (
        account_id,
        session_id,
    )


def test_a_token_carries_every_name_under_which_clients_look_for_the_account(
    tokens: SignedTokens,
) -> None:
    account_id, session_id = new_id(), new_id()
    said = claims(tokens.issue(account_id, 7, session_id, NOW))
    assert said.pop("jti")
    assert said == {
        "sub": str(account_id),
        "sid": str(session_id),
        "user_id": 7,
        "id": 7,
        "iat": int(NOW.timestamp()),
        "exp": int(NOW.timestamp()) + 1800,
    }


def test_two_tokens_of_one_moment_differ(tokens: SignedTokens) -> None:
    account_id, session_id = new_id(), new_id()
    first = tokens.issue(account_id, 7, session_id, NOW)
    assert first != tokens.issue(account_id, 7, session_id, NOW)


def test_a_token_holds_until_its_lifetime_is_over(tokens: SignedTokens) -> None:
    token = tokens.issue(new_id(), 7, new_id(), NOW)
    tokens.read(token, NOW + LIFETIME - timedelta(seconds=1))
    with pytest.raises(NotAuthenticated) as refusal:
        tokens.read(token, NOW + LIFETIME)
    assert refusal.value.code == "invalid_token"


def test_a_tolerance_accepts_what_expired_a_moment_ago_and_no_more(tokens: SignedTokens) -> None:
    token = tokens.issue(new_id(), 7, new_id(), NOW)
    tokens.read(token, NOW + LIFETIME + timedelta(seconds=59), tolerance_s=60)
    with pytest.raises(NotAuthenticated):
        tokens.read(token, NOW + LIFETIME + timedelta(seconds=60), tolerance_s=60)


@pytest.mark.parametrize(
    "token",
    [
        pytest.param("", id="empty"),
        pytest.param("no-token", id="no token"),
        pytest.param("a.b.c", id="three parts of nothing"),
        pytest.param("\ud800.é.\x00", id="characters that no token has"),
        pytest.param(sign({}, secret="another secret of 32 characters!"), id="another's signature"),
        pytest.param(sign({}, secret="", algorithm="none"), id="no signature"),
        pytest.param(sign({}, secret=SECRET * 2, algorithm="HS512"), id="another algorithm"),
        pytest.param(sign({"sub": None}), id="no account"),
        pytest.param(sign({"sid": None}), id="no session"),
        pytest.param(sign({"exp": None}), id="no end"),
        pytest.param(sign({"sub": "7"}), id="an account that is no UUID"),
        pytest.param(sign({"sid": 7}), id="a session that is no text"),
        pytest.param(sign({"exp": "soon"}), id="an end that is no number"),
    ],
)
def test_anything_else_is_refused_alike(tokens: SignedTokens, token: str) -> None:
    with pytest.raises(NotAuthenticated) as refusal:
        tokens.read(token, NOW)
    assert refusal.value.code == "invalid_token"


def test_a_changed_claim_breaks_the_signature(tokens: SignedTokens) -> None:
    header, body, signature = tokens.issue(new_id(), 7, new_id(), NOW).split(".")
    other_body = tokens.issue(UUID(int=1), 7, new_id(), NOW).split(".")[1]
    assert body != other_body
    with pytest.raises(NotAuthenticated):
        tokens.read(f"{header}.{other_body}.{signature}", NOW)
