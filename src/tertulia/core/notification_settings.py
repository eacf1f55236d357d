"""What somebody wants to be notified of, as far as it holds for all their conversations."""

from __future__ import annotations

from collections.abc import Callable

from tertulia.core.errors import Invalid
from tertulia.core.model import Actor
from tertulia.core.notify_rules import NotificationSettings
from tertulia.core.ports import Storage

MAX_DIGEST_AFTER_H = 168
"""A week: whoever has been away for longer has another one than that waiting."""


class Notifications:
    """People's own settings; nobody else sees them."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def get(self, actor: Actor) -> NotificationSettings:
        """Return one's settings."""
        async with self._storage.read() as work:
            return await work.notification_settings.get(actor.account_id)

    async def change(
        self, actor: Actor, change: Callable[[NotificationSettings], NotificationSettings]
    ) -> NotificationSettings:
        """Change one's settings."""
        async with self._storage.begin() as work:
            await work.accounts.locked(actor.account_id)
            old = await work.notification_settings.get(actor.account_id)
            new = change(old)
            hours = new.digest_after_h
            if hours is not None and not 1 <= hours <= MAX_DIGEST_AFTER_H:
                raise Invalid(
                    f"A digest comes after 1 to {MAX_DIGEST_AFTER_H} hours.", attr="digest_after_h"
                )
            if new != old:
                await work.notification_settings.put(actor.account_id, new)
            return new
