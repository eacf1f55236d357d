"""How one keeps a conversation: /api/conversations/{id}/preferences."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Controller
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import UNSET, Meta, Struct, UnsetType

from tertulia.core.model import Notify
from tertulia.core.preferences import OwnPreferences
from tertulia.gateways import objects
from tertulia.gateways.rest.bodies import ApiRequest
from tertulia.gateways.rest.routes import writing


class PreferencesChange(Struct, frozen=True):
    """What shall be otherwise; a field that is absent stays as it is.

    `notify` null is as in the notification settings; `muted_until` null or gone by is not muted.
    """

    notify: Notify | UnsetType | None = UNSET
    muted_until: Annotated[datetime, Meta(tz=True)] | UnsetType | None = UNSET
    pinned: bool | None = None
    archived: bool | None = None
    marked_unread: bool | None = None


class PreferencesController(Controller):
    """One's own preferences; nobody else sees them."""

    path = "/api/conversations/{conversation_id:uuid}/preferences"
    tags = ["conversations"]

    @writing("PATCH", "/", "changePreferences", 400, 404, 409)
    async def change(
        self,
        request: ApiRequest,
        conversation_id: FromPath[UUID],
        data: JSONBody[PreferencesChange],
        preferences: NamedDependency[OwnPreferences],
    ) -> objects.Preferences:
        """Mute, pin, archive or mark a conversation as unread, or the other way round.

        At most 20 conversations are pinned. Whether one counts as archived follows from three
        fields: it does where `archived_at` is set and either `muted_until` is still to come or
        nothing was sent since, that is, `archived_at` is not before `last_activity_at`. Reading a
        conversation takes `marked_unread` away. Who leaves and returns begins anew.
        """
        changed = await preferences.change(
            request.user,
            conversation_id,
            notify=data.notify,
            muted_until=data.muted_until,
            pinned=data.pinned,
            archived=data.archived,
            marked_unread=data.marked_unread,
        )
        return objects.preferences(changed)
