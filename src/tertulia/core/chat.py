"""The core as gateways receive it: every use case, by the noun it serves."""

from __future__ import annotations

from dataclasses import dataclass

from tertulia.core.account_keys import AccountKeys
from tertulia.core.accounts import Accounts
from tertulia.core.administration import Administration
from tertulia.core.audit import Audit
from tertulia.core.avatars import Avatars
from tertulia.core.bans import Bans
from tertulia.core.browsing import Browsing
from tertulia.core.confirmation import Confirmation
from tertulia.core.contacts import Contacts
from tertulia.core.conversation_pictures import ConversationPictures
from tertulia.core.conversations import Conversations
from tertulia.core.departure import Departure
from tertulia.core.devices import Devices
from tertulia.core.digests import Digests
from tertulia.core.emails import Emails
from tertulia.core.encryption_keys import EncryptionKeys
from tertulia.core.exports import Exports
from tertulia.core.forwarding import Forwarding
from tertulia.core.handovers import Handovers
from tertulia.core.identities import Identities
from tertulia.core.invites import Invites
from tertulia.core.members import Members
from tertulia.core.messages import Messages
from tertulia.core.notification_settings import Notifications
from tertulia.core.notifier import Notifier
from tertulia.core.opening import Openings
from tertulia.core.passkeys import Passkeys
from tertulia.core.passwords import Passwords
from tertulia.core.phones import Phones
from tertulia.core.pins import Pins
from tertulia.core.polls import Polls
from tertulia.core.post import Post
from tertulia.core.preferences import OwnPreferences
from tertulia.core.presence import PresenceBoard
from tertulia.core.preview_pictures import PreviewPictures
from tertulia.core.previews import Previews
from tertulia.core.proof_sweep import ProofSweep
from tertulia.core.push_queue import PushQueue
from tertulia.core.push_subscriptions import PushSubscriptions
from tertulia.core.reactions import Reactions
from tertulia.core.receipts import Receipts
from tertulia.core.scheduling import Scheduling
from tertulia.core.sealed_messages import SealedMessages
from tertulia.core.search import Search
from tertulia.core.search_index import SearchIndex
from tertulia.core.second_steps import SecondSteps
from tertulia.core.session_sweep import SessionSweep
from tertulia.core.sessions import Sessions
from tertulia.core.signin import SignIn
from tertulia.core.stars import Stars
from tertulia.core.typists import Typists
from tertulia.core.upload_sweep import UploadSweep
from tertulia.core.uploads import Uploads
from tertulia.core.visitors import Visitors
from tertulia.core.voice import Voice
from tertulia.core.voice_forwarding import VoiceForwarding


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
    account_keys: AccountKeys
    handovers: Handovers
    passwords: Passwords
    phones: Phones
    post: Post
    proof_sweep: ProofSweep
    second_steps: SecondSteps
    contacts: Contacts
    conversations: Conversations
    conversation_pictures: ConversationPictures
    preferences: OwnPreferences
    openings: Openings
    members: Members
    bans: Bans
    invites: Invites
    audit: Audit
    messages: Messages
    sealed_messages: SealedMessages
    encryption_keys: EncryptionKeys
    browsing: Browsing
    reactions: Reactions
    pins: Pins
    stars: Stars
    polls: Polls
    forwarding: Forwarding
    receipts: Receipts
    search: Search
    search_index: SearchIndex
    presence: PresenceBoard
    typists: Typists
    visitors: Visitors
    voice: Voice
    voice_forwarding: VoiceForwarding | None
    uploads: Uploads
    upload_sweep: UploadSweep
    preview_pictures: PreviewPictures
    previews: Previews
    notifications: Notifications
    notifier: Notifier
    push_queue: PushQueue
    push_subscriptions: PushSubscriptions
    digests: Digests
    scheduling: Scheduling
