"""The devices that somebody is signed in on: each sign-in is a session, which can be ended."""

from __future__ import annotations

from uuid import UUID

from tertulia.core.errors import NotFound
from tertulia.core.events import SessionsEnded
from tertulia.core.model import Actor, Session
from tertulia.core.ports import Clock, Storage
from tertulia.core.signin import end_sessions


class Devices:
    """One's own sessions. Whatever is ended loses its sockets at once."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock

    async def living(self, actor: Actor) -> tuple[Session, ...]:
        """Return the sessions of this person that go on, the one used last first."""
        async with self._storage.read() as work:
            return await work.sessions.living(actor.account_id)

    async def end(self, actor: Actor, session_id: UUID) -> None:
        """End one of this person's sessions; NotFound for one that has ended or is another's."""
        async with self._storage.begin() as work:
            session = await work.sessions.get(session_id)
            is_own = session is not None and session.account_id == actor.account_id
            if not is_own or not await work.sessions.end(session_id, self._clock()):
                raise NotFound("There is no such session.")
            work.announce(SessionsEnded(account_id=actor.account_id, session_ids=(session_id,)))

    async def end_others(self, actor: Actor) -> None:
        """End every session of this person but the one that makes this call."""
        async with self._storage.begin() as work:
            await end_sessions(work, actor.account_id, self._clock(), but=actor)
