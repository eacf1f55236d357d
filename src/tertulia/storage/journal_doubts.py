"""Sends of which nobody knows whether they were written, as the answer to their commit was lost.

If they were, they have been told to nobody, and their repeat alone brings them back to the journal.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from tertulia.core.message import Message
from tertulia.storage.columns import to_millis

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from uuid import UUID

    from tertulia.core.message import Draft
    from tertulia.storage.journal_batch import Settled

MAX_DOUBTS = 16_384
"""How many are remembered; the oldest are forgotten first."""


class Doubts:
    """Remembers them by what their repeats are known by, and since when."""

    def __init__(self) -> None:
        self._since: OrderedDict[tuple[UUID, str], int] = OrderedDict()

    def add(self, drafts: Sequence[Draft], now: datetime) -> None:
        """Remember a batch that was to be written at this moment."""
        for draft in drafts:
            if draft.client_ref is not None:
                self._since.setdefault((draft.sender_id, draft.client_ref), to_millis(now))
        while len(self._since) > MAX_DOUBTS:
            self._since.popitem(last=False)

    def untold(self, drafts: Sequence[Draft], settled: Settled) -> list[Message]:
        """Return what a batch repeats and was told to nobody yet; it is in doubt no more."""
        if not self._since:
            return []
        return sorted(self._found(drafts, settled), key=lambda message: message.seq)

    def _found(self, drafts: Sequence[Draft], settled: Settled) -> Iterator[Message]:
        fresh = {message.id for message in settled.fresh}
        for draft, outcome in zip(drafts, settled.outcomes, strict=True):
            if draft.client_ref is None or not isinstance(outcome, Message):
                continue
            since = self._since.pop((draft.sender_id, draft.client_ref), None)
            if since is None or outcome.id in fresh or outcome.deleted_at is not None:
                continue
            # What is older was told when it was written, and only its repeat came to grief. Who is
            # gone meanwhile is not told as a sender; what was sealed, repeats do not bring here.
            is_untold = to_millis(outcome.inserted_at) >= since and draft.copies is None
            if is_untold and (outcome.conversation_id, outcome.sender_id) in settled.senders:
                yield outcome
