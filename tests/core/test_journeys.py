"""Journeys to a provider and back: each ends in the browser, and the session, that began it."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from tertulia.adapters.vault import FernetVault
from tertulia.core.entrance import SignedIn
from tertulia.core.errors import Invalid
from tertulia.core.identities import JOURNEY_LIFETIME, Journey, challenge_of
from tests.core.door import DEVICE, SITE, VAULT_KEY
from tests.core.vouching import Vouched, somebody


async def depart(vouched: Vouched) -> tuple[str, str, Journey]:
    """Begin a journey; return what the browser carries, the state, and what is in it."""
    departure = await vouched.identities.depart("work", DEVICE)
    state = urlsplit(departure.url).query.split("&")[1]
    return departure.sealed, state, vouched.identities.journey("work", departure.sealed, state)


async def test_a_journey_ends_where_it_began(vouched: Vouched) -> None:
    _, _, journey = await depart(vouched)
    came = await vouched.identities.arrive(journey, vouched.work.code_for(somebody()), DEVICE)
    assert isinstance(came, SignedIn)
    assert vouched.work.asked == [
        {
            "code_verifier": journey.code_verifier,
            "redirect_uri": f"{SITE}/auth/social/work/callback",
            "nonce": journey.nonce,
        }
    ]


async def test_what_goes_along_in_the_open_tells_nothing_of_the_rest(vouched: Vouched) -> None:
    departure = await vouched.identities.depart("work", DEVICE)
    callback, state, nonce, challenge = urlsplit(departure.url).query.split("&")
    journey = vouched.identities.journey("work", departure.sealed, state)
    assert callback == f"{SITE}/auth/social/work/callback"
    assert (nonce, challenge) == (journey.nonce, challenge_of(journey.code_verifier))
    for secret in (state, nonce, journey.code_verifier):
        assert len(secret) >= 32
        assert secret not in departure.sealed
    assert len({state, nonce, journey.code_verifier}) == 3


def test_a_challenge_is_that_of_the_standard() -> None:
    # RFC 7636, appendix B.
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert challenge_of(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


@pytest.mark.parametrize(
    "sealed", [None, "", "nonsense", "gAAAAA==", "\ud800", "é" * 5000], ids=ascii
)
async def test_a_return_without_its_journey_is_refused(
    vouched: Vouched, sealed: str | None
) -> None:
    _, state, _ = await depart(vouched)
    with vouched.door.town.refuses(Invalid, "state_mismatch", "state"):
        vouched.identities.journey("work", sealed, state)


async def test_a_journey_is_for_one_state_one_provider_and_a_short_while(vouched: Vouched) -> None:
    sealed, state, _ = await depart(vouched)
    _, other_state, _ = await depart(vouched)
    refuses = vouched.door.town.refuses
    for wrong in (None, "", other_state, state[:-1], "é", "\ud800"):
        with refuses(Invalid, "state_mismatch", "state"):
            vouched.identities.journey("work", sealed, wrong)
    with refuses(Invalid, "state_mismatch", "state"):
        vouched.identities.journey("elsewhere", sealed, state)
    vouched.door.clock.advance(JOURNEY_LIFETIME)
    vouched.identities.journey("work", sealed, state)
    vouched.door.clock.advance(timedelta(seconds=1))
    with refuses(Invalid, "state_mismatch", "state"):
        vouched.identities.journey("work", sealed, state)


async def test_what_else_the_vault_has_sealed_is_no_journey(vouched: Vouched) -> None:
    _, state, _ = await depart(vouched)
    vault = FernetVault([VAULT_KEY])
    for text in ("a secret", "{}", '{"provider": "work"}', "[]"):
        with vouched.door.town.refuses(Invalid, "state_mismatch", "state"):
            vouched.identities.journey("work", vault.seal(text), state)


async def test_connecting_ends_in_the_session_that_began_it(vouched: Vouched) -> None:
    ana, bea = await vouched.door.someone(), await vouched.door.someone("bea")
    also_ana = await vouched.door.come_in(email=ana.account.email)
    departure = await vouched.identities.depart("work", ana.actor)
    state = urlsplit(departure.url).query.split("&")[1]
    journey = vouched.identities.journey("work", departure.sealed, state)
    vouched.door.town.heard()
    for other in (bea.actor, also_ana.actor):
        with vouched.door.town.refuses(Invalid, "state_mismatch", "state"):
            code = vouched.work.code_for(somebody())
            await vouched.identities.arrive_connecting(journey, code, other)
    await vouched.identities.arrive_connecting(
        journey, vouched.work.code_for(somebody()), ana.actor
    )
    assert len(await vouched.identities.of(ana.actor)) == 1


async def test_a_journey_to_come_in_connects_nobody(vouched: Vouched) -> None:
    ana = await vouched.door.someone()
    _, _, journey = await depart(vouched)
    vouched.door.town.heard()
    with vouched.door.town.refuses(Invalid, "state_mismatch", "state"):
        code = vouched.work.code_for(somebody())
        await vouched.identities.arrive_connecting(journey, code, ana.actor)
