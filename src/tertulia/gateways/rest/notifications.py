"""What one hears of when not looking: settings, push subscriptions, and stopping digests."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from litestar import Controller
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter
from msgspec import UNSET, Meta, Struct, UnsetType, structs

from tertulia.core.digests import Digests
from tertulia.core.model import Notify
from tertulia.core.notification_settings import MAX_DIGEST_AFTER_H, Notifications
from tertulia.core.notify_rules import NotificationSettings
from tertulia.core.push_subscriptions import PushSubscriptions
from tertulia.gateways.rest.bodies import ApiRequest
from tertulia.gateways.rest.devices import device_of
from tertulia.gateways.rest.routes import reading, writing

DigestHours = Annotated[int, Meta(ge=1, le=MAX_DIGEST_AFTER_H)]
_Text = Annotated[str, Meta(max_length=4000)]


class NotificationChoices(Struct, frozen=True):
    """What one wants to hear of. Where `digest_after_h` is null no digest is mailed.

    `shows_text` lets notifications and digests quote what was written.
    """

    notify_private: Notify
    notify_groups: Notify
    notify_rooms: Notify
    shows_text: bool
    has_sound: bool
    digest_after_h: DigestHours | None


class NotificationChange(Struct, frozen=True):
    """Settings to change; a field that is absent stays as it is."""

    notify_private: Notify | UnsetType = UNSET
    notify_groups: Notify | UnsetType = UNSET
    notify_rooms: Notify | UnsetType = UNSET
    shows_text: bool | UnsetType = UNSET
    has_sound: bool | UnsetType = UNSET
    digest_after_h: DigestHours | UnsetType | None = UNSET


class PushKey(Struct, frozen=True):
    """What a browser subscribes with, as its `applicationServerKey` in base64url."""

    public_key: str


class BrowserKeys(Struct, frozen=True):
    """What a browser's subscription gives as its keys, in base64url."""

    p256dh: _Text
    auth: _Text


class NewPushSubscription(Struct, frozen=True):
    """A browser's subscription, as its `toJSON()` words it."""

    endpoint: _Text
    keys: BrowserKeys


class PushEndpoint(Struct, frozen=True):
    """The address by which a subscription is known."""

    endpoint: Annotated[str, Meta(max_length=4000, pattern=r"^[^\x00]*$")]


class NotificationsController(Controller):
    """One's own notifications."""

    path = "/api"
    tags = ["notifications"]

    @reading("/notification-settings", "getNotificationSettings")
    async def show(
        self, request: ApiRequest, notifications: NamedDependency[Notifications]
    ) -> NotificationChoices:
        """Get what one wants to hear of, as far as it holds for all conversations."""
        return _worded(await notifications.get(request.user))

    @writing("PATCH", "/notification-settings", "changeNotificationSettings", 400)
    async def change(
        self,
        request: ApiRequest,
        data: JSONBody[NotificationChange],
        notifications: NamedDependency[Notifications],
    ) -> NotificationChoices:
        """Change some of one's settings; answers all of them."""
        given = {name: value for name, value in structs.asdict(data).items() if value is not UNSET}
        changed = await notifications.change(request.user, lambda old: replace(old, **given))
        return _worded(changed)

    @reading("/push-key", "getPushKey")
    async def push_key(self, push_subscriptions: NamedDependency[PushSubscriptions]) -> PushKey:
        """Get the key that browsers subscribe with (VAPID, RFC 8292)."""
        return PushKey(push_subscriptions.public_key)

    @writing("POST", "/push-subscriptions", "subscribeToPushes", 400, 429, status=204)
    async def subscribe(
        self,
        request: ApiRequest,
        data: JSONBody[NewPushSubscription],
        push_subscriptions: NamedDependency[PushSubscriptions],
    ) -> None:
        """Be pushed to at an endpoint from now on, until this session ends.

        Of ten browsers the one that subscribed first makes room for another.
        """
        await push_subscriptions.subscribe(
            request.user, data.endpoint, data.keys.p256dh, data.keys.auth
        )

    @writing("DELETE", "/push-subscriptions", "unsubscribeFromPushes", 400, 413, 415, status=204)
    async def unsubscribe(
        self,
        request: ApiRequest,
        data: JSONBody[PushEndpoint],
        push_subscriptions: NamedDependency[PushSubscriptions],
    ) -> None:
        """Be pushed to at an endpoint no longer."""
        await push_subscriptions.unsubscribe(request.user, data.endpoint)

    @writing("POST", "/digest/unsubscribe", "stopDigests", 400, 429, status=204, public=True)
    async def stop_digests(
        self,
        request: ApiRequest,
        digests: NamedDependency[Digests],
        token: Annotated[str, QueryParameter(max_length=200)],
    ) -> None:
        """Stop the mails that tell of what waits, by the token in one of them.

        Mail programs call this with one click (RFC 8058); what the body says does not matter.
        """
        await digests.unsubscribe(token, device_of(request).address)


def _worded(settings: NotificationSettings) -> NotificationChoices:
    return NotificationChoices(
        notify_private=settings.notify_private,
        notify_groups=settings.notify_groups,
        notify_rooms=settings.notify_rooms,
        shows_text=settings.shows_text,
        has_sound=settings.has_sound,
        digest_after_h=settings.digest_after_h,
    )
