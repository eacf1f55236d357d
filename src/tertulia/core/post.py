"""The outbox: letters are stored with what they tell of, and delivered afterwards, again and again.

A letter is put in by the transaction that it belongs to, so it goes out if and only if that one
became durable. Its text may hold a secret, so it waits sealed. A delivery that fails is tried again
after a wait that doubles; one that was begun and never ended (the process was killed) is begun
again when its claim runs out, so that a letter may arrive twice but is never lost.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import Protocol

import msgspec

from tertulia.core.errors import Unavailable
from tertulia.core.ids import new_id
from tertulia.core.letters import Letter, LetterKind, WaitingLetter
from tertulia.core.model import Account
from tertulia.core.ports import Clock, Storage, Vault, Work

log = logging.getLogger(__name__)

POLL_S = 1.0
CLAIM = timedelta(minutes=1)
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(hours=1)
KEPT = timedelta(days=3)
"""How long delivery is tried for a letter that does not say when it expires."""
FINISH_S = 5.0
_AT_ONCE = 10


class Undeliverable(Exception):
    """The other side refused a letter for good: trying again would not help."""


class Courier(Protocol):
    """Carries letters of one channel."""

    async def deliver(self, letter: Letter, letter_id: str) -> None:
        """Hand a letter over; the same id says that it is the same letter.

        Raises Undeliverable where it is refused for good; any other exception means to try again.
        """


class Post:
    """Takes letters in, and delivers them."""

    def __init__(
        self, storage: Storage, vault: Vault, mail: Courier, sms: Courier, clock: Clock
    ) -> None:
        self._storage = storage
        self._vault = vault
        self._couriers = {"mail": mail, "sms": sms}
        self._clock = clock
        self._dropped = asyncio.Event()
        self._under_way: set[asyncio.Task[None]] = set()

    async def drop(self, work: Work, letter: Letter) -> None:
        """Put a letter into the outbox; it leaves once this work is durable."""
        now = self._clock()
        await work.letters.add(
            WaitingLetter(
                id=new_id(),
                sealed=self._vault.seal(msgspec.json.encode(letter).decode()),
                tries=0,
                due_at=now,
                expires_at=letter.expires_at or now + KEPT,
                inserted_at=now,
            )
        )
        self._dropped.set()

    async def tell(self, work: Work, account: Account, kind: LetterKind, **words: str) -> None:
        """Write to somebody what happened to their account, if it has an address."""
        if account.email is not None:
            words = {"name": account.display_name, **words}
            await self.drop(work, Letter(channel="mail", kind=kind, to=account.email, words=words))

    async def run(self) -> None:
        """Deliver what is due, for ever."""
        while True:
            self._dropped.clear()
            try:
                found = await self.deliver_due()
            except Unavailable:
                found = 0
            except Exception:
                log.exception("letters could not be looked after")
                found = 0
            if not found:
                await self._wait()

    async def deliver_due(self) -> int:
        """Try every letter that is due now, a few at once; return how many were tried."""
        now = self._clock()
        async with self._storage.begin() as work:
            letters = await work.letters.claim(now, now + CLAIM, _AT_ONCE)
        self._under_way = {asyncio.create_task(self._deliver(letter)) for letter in letters}
        if self._under_way:
            # Which goes on when this is cancelled: see `close`.
            done, _ = await asyncio.wait(self._under_way)
            await asyncio.gather(*done)
        return len(letters)

    async def close(self) -> None:
        """Finish the deliveries that are under way, so that nobody has to repeat them.

        What takes longer than FINISH_S is given up; it is repeated when its claim runs out.
        """
        if self._under_way:
            _, late = await asyncio.wait(self._under_way, timeout=FINISH_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _wait(self) -> None:
        # Somebody who drops a letter has not yet committed it; the poll finds what comes later.
        try:
            async with asyncio.timeout(POLL_S):
                await self._dropped.wait()
                await asyncio.sleep(0.05)
        except TimeoutError:
            return

    async def _deliver(self, waiting: WaitingLetter) -> None:
        letter = self._unsealed(waiting)
        is_late = waiting.expires_at is not None and waiting.expires_at <= self._clock()
        try:
            if letter is not None and not is_late:
                await self._couriers[letter.channel].deliver(letter, str(waiting.id))
        except Undeliverable as refusal:
            log.warning("letter %s was refused for good: %s", waiting.id, refusal)
        except Exception as error:
            log.warning("letter %s could not be delivered yet: %r", waiting.id, error)
            await self._put_off(waiting)
            return
        async with self._storage.begin() as work:
            await work.letters.drop(waiting.id)

    def _unsealed(self, waiting: WaitingLetter) -> Letter | None:
        try:
            return msgspec.json.decode(self._vault.unseal(waiting.sealed), type=Letter)
        except ValueError:
            log.exception("letter %s cannot be opened with the keys of VAULT_KEY", waiting.id)
            return None

    async def _put_off(self, waiting: WaitingLetter) -> None:
        wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(waiting.tries - 1, 20))
        async with self._storage.begin() as work:
            await work.letters.put_off(waiting.id, self._clock() + wait)
