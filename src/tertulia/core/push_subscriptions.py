"""Where people's browsers can be reached while nobody looks at them."""

from __future__ import annotations

from tertulia.core import limits
from tertulia.core.errors import NotAuthenticated
from tertulia.core.ids import new_id
from tertulia.core.limits import Limits
from tertulia.core.model import Actor
from tertulia.core.ports import Clock, Storage
from tertulia.core.pushes import PushService, PushSubscription

MAX_SUBSCRIPTIONS = 10
"""How many browsers of one account are pushed to; the one that subscribed first goes."""


class PushSubscriptions:
    """One's own subscriptions."""

    def __init__(self, storage: Storage, service: PushService, doors: Limits, clock: Clock) -> None:
        self._storage = storage
        self._service = service
        self._doors = doors
        self._clock = clock

    @property
    def public_key(self) -> str:
        """What browsers subscribe with."""
        return self._service.public_key

    async def subscribe(self, actor: Actor, endpoint: str, p256dh: str, auth: str) -> None:
        """Push to a browser from now on, for as long as the session that asks goes on.

        The same endpoint again takes the place of the first. Invalid names what is wrong with it;
        RateLimited beyond PUSH_SUBSCRIPTIONS_OF.
        """
        await self._doors.take(limits.PUSH_SUBSCRIPTIONS_OF, str(actor.account_id))
        self._service.require_usable(endpoint, p256dh, auth)
        async with self._storage.begin() as work:
            await work.accounts.locked(actor.account_id)
            if await work.sessions.holder(actor.session_id) is None:
                raise NotAuthenticated("This session has ended.", code="invalid_token")
            await work.push_subscriptions.put(
                PushSubscription(
                    id=new_id(),
                    account_id=actor.account_id,
                    session_id=actor.session_id,
                    endpoint=endpoint,
                    p256dh=p256dh,
                    auth=auth,
                    inserted_at=self._clock(),
                )
            )
            await work.push_subscriptions.trim(actor.account_id, MAX_SUBSCRIPTIONS)

    async def unsubscribe(self, actor: Actor, endpoint: str) -> None:
        """Push to a browser no longer; nothing happens where that was so already."""
        async with self._storage.begin() as work:
            await work.push_subscriptions.drop(actor.account_id, endpoint)
