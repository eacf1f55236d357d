"""E-mail addresses: confirming them, and changing to another one."""

from __future__ import annotations

from tertulia.core import onetime
from tertulia.core.letters import Letter, LetterKind
from tertulia.core.model import Account
from tertulia.core.onetime import LIFETIMES
from tertulia.core.ports import Clock, Storage, Work
from tertulia.core.post import Post
from tertulia.core.proofs import Purpose


class Emails:
    """One's e-mail address."""

    def __init__(self, storage: Storage, post: Post, clock: Clock) -> None:
        self._storage = storage
        self._post = post
        self._clock = clock

    async def ask_to_confirm(self, work: Work, account: Account) -> None:
        """Send a mail with a link that proves that the address is this person's."""
        if account.email is None or account.confirmed_at is not None:
            return
        now = self._clock()
        purpose = Purpose.CONFIRM_EMAIL
        token = await onetime.issue(work, purpose, now, account_id=account.id, detail=account.email)
        await self._post.drop(
            work,
            Letter(
                channel="mail",
                kind=LetterKind.CONFIRM_EMAIL,
                to=account.email,
                words={"name": account.display_name},
                path=f"/confirm-email#{token}",
                expires_at=now + LIFETIMES[purpose],
            ),
        )
