"""`system:general`: who is online, by what name people go, and where encrypted chats begin.

< [null, null, "system:general", "presence_diff", {"joins": {"0198...": {"metas": [...]}}, ...}]
> ["1", "4", "system:general", "set_hidden", {"hidden": true}]
> ["1", "5", "system:general", "start_private_conversation", {"other_user_id": "0198...", ...}]
< ["1", "5", "system:general", "phx_reply", {"status": "ok", "response": "0198..."}]
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from tertulia.core.errors import NotFound
from tertulia.core.policy import MAX_GROUP_MEMBERS
from tertulia.core.presence_events import Presence
from tertulia.gateways.keys import KeyObject, pair_of
from tertulia.gateways.payload import Handler, Payload
from tertulia.gateways.phoenix.channels.channel import DONE, Caller, Channel
from tertulia.gateways.phoenix.dialect import presences
from tertulia.realtime.topic import CircleTopic, TownTopic


class SystemChannel(Channel):
    """Counts its person as online for as long as it is joined, unless hidden.

    What is begun here is encrypted; open conversations are begun over HTTP.
    """

    __slots__ = ("_online", "_presence_ref")

    def __init__(self, caller: Caller, name: str) -> None:
        if name != "general":
            raise NotFound("There is no such topic.", code="unmatched topic")
        super().__init__(caller)
        self._presence_ref: str | None = None
        self._online: dict[UUID, tuple[Presence, ...]] = {}

    @property
    def events(self) -> Mapping[str, Handler[Any]]:
        """Changing one's name and whether one is seen online, and beginning conversations."""
        return EVENTS

    async def join(self, payload: Raw) -> object:
        """Come online: hidden if so asked, by default as in one's profile."""
        asked = _JOIN.read(payload).hidden
        core, account_id = self._caller.core, self._caller.actor.account_id
        hidden = (await core.accounts.me(self._caller.actor)).profile.hidden
        if asked is not UNSET:
            hidden = asked
        await self._listen(TownTopic(), CircleTopic(account_id))
        self._presence_ref = core.presence.join(account_id, hidden)
        self._online = await core.presence.state(account_id)
        return {}

    def greeting(self) -> tuple[tuple[str, object], ...]:
        """Tell who is online."""
        online, self._online = self._online, {}
        return (("presence_state", presences(online)),)

    def close(self) -> None:
        """Go offline."""
        super().close()
        ref, self._presence_ref = self._presence_ref, None
        if ref is not None:
            self._caller.core.presence.leave(ref)

    async def set_hidden(self, payload: SetHidden) -> object:
        """Be seen online or not, on all one's devices and from now on."""
        await self._caller.core.accounts.set_profile(self._caller.actor, hidden=payload.hidden)
        return DONE

    async def set_display_name(self, payload: SetDisplayName) -> object:
        """Go by another name."""
        accounts = self._caller.core.accounts
        await accounts.rename(self._caller.actor, display_name=payload.display_name)
        return DONE

    async def start_group_conversation(self, payload: StartGroupConversation) -> object:
        """Begin an encrypted group and return its id; everyone in it hears `new_conversation`."""
        chat = await self._caller.core.conversations.start_group(
            self._caller.actor,
            payload.alias,
            payload.user_ids,
            encrypted=True,
            keys=pair_of(payload.public_key, payload.private_key),
        )
        return chat.conversation.id

    async def start_private_conversation(self, payload: StartPrivateConversation) -> object:
        """Begin an encrypted private chat and return its id; both hear `new_conversation`."""
        chat = await self._caller.core.conversations.start_private(
            self._caller.actor,
            payload.other_user_id,
            encrypted=True,
            keys=pair_of(payload.public_key, payload.private_key),
        )
        return chat.conversation.id


class Join(Struct, frozen=True):
    """Whether not to be seen online; as in one's profile where it is not said."""

    hidden: bool | UnsetType = UNSET


class SetHidden(Struct, frozen=True):
    """Whether not to be shown among those online."""

    hidden: bool


class SetDisplayName(Struct, frozen=True):
    """A new name to be shown."""

    display_name: str


class StartGroupConversation(Struct, frozen=True):
    """Whom to begin a group with; the keys are one's own, both of them or neither."""

    user_ids: Annotated[list[UUID], Meta(max_length=MAX_GROUP_MEMBERS)]
    public_key: KeyObject | None = None
    private_key: KeyObject | None = None
    alias: str | None = None


class StartPrivateConversation(Struct, frozen=True):
    """Whom to begin a private chat with; the keys are one's own, both of them or neither."""

    other_user_id: UUID
    public_key: KeyObject | None = None
    private_key: KeyObject | None = None


_JOIN = Payload(Join)
EVENTS = {
    "set_hidden": Handler(SetHidden, SystemChannel.set_hidden),
    "set_display_name": Handler(SetDisplayName, SystemChannel.set_display_name),
    "start_group_conversation": Handler(
        StartGroupConversation, SystemChannel.start_group_conversation
    ),
    "start_private_conversation": Handler(
        StartPrivateConversation, SystemChannel.start_private_conversation
    ),
}
