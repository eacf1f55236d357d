"""The noun of handing an account's secret over from one signed-in device to another.

The server is the mailbox between the two. What the messages say is the devices' own affair.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tertulia.core.encryption import KeyObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """What two devices of one account have said to one another so far, in turns.

    `session_id` is the one that asks and spoke first; `answerer_id` the one that answered first,
    with which it goes on. `device` is what the asking one is called.
    """

    id: UUID
    account_id: UUID
    session_id: UUID
    answerer_id: UUID | None
    device: str
    messages: tuple[KeyObject, ...]
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredHandover:
    """A handover as it is stored: the JSON list of its messages, sealed by the vault."""

    id: UUID
    account_id: UUID
    session_id: UUID
    answerer_id: UUID | None
    device: str
    sealed_messages: str
    expires_at: datetime
