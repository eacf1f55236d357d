"""Invitations in a town, over the clock and the post of its door."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tertulia.adapters.limits_memory import LimitsInMemory
from tertulia.adapters.vault import FernetVault
from tertulia.core.invites import Invites
from tertulia.core.members import Members
from tests import examples as eg
from tests.core.door import SITE, VAULT_KEY

if TYPE_CHECKING:
    from uuid import UUID

    from tertulia.core.model import Actor
    from tests.core.door import Door
    from tests.core.town import Town

ADDRESS = "192.0.2.7"


def invites_at(door: Door, *, limits_scale: int = 1000) -> Invites:
    """Return invitations over the door's clock and post."""
    town, doors = door.town, LimitsInMemory(scale=limits_scale)
    members = Members(town.storage, town.core.avatars, doors, door.clock)
    vault = FernetVault([VAULT_KEY])
    return Invites(
        town.storage, members, vault, door.post, doors, door.clock, site=SITE, region=None
    )


async def with_phone(town: Town, actor: Actor) -> str:
    """Give somebody a telephone number of their own, and return it."""
    number = eg.phone_number()
    async with town.storage.begin() as work:
        account = await work.accounts.locked(actor.account_id)
        await work.accounts.update(replace(account, phone=number))
    return number


async def made(invites: Invites, actor: Actor, conversation_id: UUID, **bounds: int) -> str:
    """Make a link and return its token."""
    link = await invites.by_link(actor, conversation_id, **bounds)
    assert link.url.startswith(f"{SITE}/invite/")
    return link.url.rpartition("/")[2]


async def uses(invites: Invites, actor: Actor, conversation_id: UUID) -> list[int]:
    """Return how often each living link was used, the latest link first."""
    return [link.invite.uses for link in await invites.living(actor, conversation_id)]
