"""People with browsers that are pushed to: the notifier over a town, and a push service."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tertulia.adapters.limits_memory import LimitsInMemory
from tertulia.adapters.push_encryption import to_base64url
from tertulia.adapters.push_web import WebPush
from tertulia.adapters.vapid import Vapid
from tertulia.core.clock import utc_now
from tertulia.core.message import Draft, Extras
from tertulia.core.notifier import Notifier
from tertulia.core.push_queue import PushQueue
from tertulia.core.push_subscriptions import PushSubscriptions
from tertulia.storage.engine import open_database
from tertulia.storage.journal import Journal
from tests import examples as eg
from tests.core.door import Clock
from tests.push_service import push_service

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from uuid import UUID

    from tertulia.core.message import Message
    from tertulia.core.model import Actor
    from tertulia.settings import Settings
    from tests.core.town import Town
    from tests.push_service import Browser, LocalPushService

LIFETIME = timedelta(days=14)


@dataclass
class Ears:
    """What pushes, and who is pushed to. The clock stands a little after people signed in."""

    town: Town
    clock: Clock
    journal: Journal
    service: LocalPushService
    web_push: WebPush
    subscriptions: PushSubscriptions
    queue: PushQueue
    notifier: Notifier

    def notifier_with(self, *, delay_s: float) -> Notifier:
        """Return a notifier that waits for so long."""
        return Notifier(
            self.town.storage,
            self.queue,
            self.clock,
            delay_s=delay_s,
            session_lifetime=LIFETIME,
        )

    async def listen(self, *actors: Actor) -> list[Browser]:
        """Have each of them subscribe a browser."""
        browsers = []
        for actor in actors:
            browser = self.service.browser()
            await self.subscribe(actor, browser)
            browsers.append(browser)
        return browsers

    async def subscribe(self, actor: Actor, browser: Browser) -> None:
        """Have somebody subscribe this browser."""
        await self.subscriptions.subscribe(actor, browser.endpoint, browser.p256dh, browser.auth)
        self.clock.advance(timedelta(milliseconds=1))

    async def say(
        self,
        actor: Actor,
        conversation_id: UUID,
        body: str,
        *,
        reply_to: UUID | None = None,
        **extras: Any,
    ) -> Message:
        """Send a message with whatever hangs on it."""
        return await self.journal.append(
            Draft(
                conversation_id=conversation_id,
                sender_id=actor.account_id,
                body=body,
                reply_to=reply_to,
                extras=Extras(**extras),
            )
        )

    def hear(self) -> None:
        """Hear what has happened, as the node does on which it happened."""
        events = self.town.heard()
        self.queue.hear(events)
        self.notifier.sent(events)

    async def pass_on(self) -> None:
        """Hear what has happened and push what follows from it, all of it."""
        self.hear()
        await self.notifier.look()
        await self.queue.push_all()
        await self.queue.take_back()
        await self.queue.push_all()

    def bodies(self, browser: Browser) -> list[str]:
        """Return what a browser was told of messages."""
        return [each["body"] for each in browser.payloads if each["type"] == "message"]


@asynccontextmanager
async def open_ears(town: Town, settings: Settings) -> AsyncIterator[Ears]:
    """Put the notifier over a town's database."""
    vapid = Vapid(to_base64url(b"p" * 32), "mailto:chat@example.org")
    web_push = WebPush(vapid, allowed=["127.0.0.0/8"])
    database = open_database(settings.database_url, pool_size=2)
    journal = Journal(database.batch_writer(), town.published.extend, utc_now, max_batch=100)
    clock = Clock(eg.moment(minutes=5))
    queue = PushQueue(town.storage, web_push)
    try:
        with push_service(web_push.public_key) as service:
            yield Ears(
                town=town,
                clock=clock,
                journal=journal,
                service=service,
                web_push=web_push,
                subscriptions=PushSubscriptions(
                    town.storage, web_push, LimitsInMemory(scale=1000), clock
                ),
                queue=queue,
                notifier=Notifier(town.storage, queue, clock, delay_s=0, session_lifetime=LIFETIME),
            )
            await web_push.close()
            assert service.faults == []
    finally:
        await journal.close()
        await database.close()
