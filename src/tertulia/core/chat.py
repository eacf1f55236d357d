"""The core as gateways receive it: every use case, by the noun it serves."""

from __future__ import annotations

from dataclasses import dataclass

from tertulia.core.accounts import Accounts
from tertulia.core.administration import Administration
from tertulia.core.avatars import Avatars
from tertulia.core.confirmation import Confirmation
from tertulia.core.contacts import Contacts
from tertulia.core.conversations import Conversations
from tertulia.core.departure import Departure
from tertulia.core.devices import Devices
from tertulia.core.emails import Emails
from tertulia.core.exports import Exports
from tertulia.core.identities import Identities
from tertulia.core.members import Members
from tertulia.core.messages import Messages
from tertulia.core.opening import Openings
from tertulia.core.passkeys import Passkeys
from tertulia.core.passwords import Passwords
from tertulia.core.phones import Phones
from tertulia.core.post import Post
from tertulia.core.presence import PresenceBoard
from tertulia.core.proof_sweep import ProofSweep
from tertulia.core.receipts import Receipts
from tertulia.core.second_steps import SecondSteps
from tertulia.core.session_sweep import SessionSweep
from tertulia.core.sessions import Sessions
from tertulia.core.signin import SignIn
from tertulia.core.typists import Typists


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatCore:
    """What a gateway may call."""

    accounts: Accounts
    avatars: Avatars
    exports: Exports
    signin: SignIn
    sessions: Sessions
    devices: Devices
    session_sweep: SessionSweep
    confirmation: Confirmation
    departure: Departure
    administration: Administration
    emails: Emails
    identities: Identities
    passkeys: Passkeys
    passwords: Passwords
    phones: Phones
    post: Post
    proof_sweep: ProofSweep
    second_steps: SecondSteps
    contacts: Contacts
    conversations: Conversations
    openings: Openings
    members: Members
    messages: Messages
    receipts: Receipts
    presence: PresenceBoard
    typists: Typists
