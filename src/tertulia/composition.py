"""The composition root of the core: puts the use cases over storage and the world outside."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from urllib.parse import urlsplit

from tertulia.adapters.archives_zip import ZipArchives
from tertulia.adapters.blobs_folder import BlobsFolder
from tertulia.adapters.file_kinds import kind_of
from tertulia.adapters.page_heads import read_head
from tertulia.adapters.passkeys_webauthn import WebauthnCeremony
from tertulia.adapters.passwords import ThreadedHasher
from tertulia.adapters.pictures import SquarePictures
from tertulia.adapters.push_web import WebPush
from tertulia.adapters.sfu_janus import JanusSfu
from tertulia.adapters.thumbnails import ThreadedThumbnails
from tertulia.adapters.tokens import SignedTokens
from tertulia.adapters.uploads_folder import UploadsFolder
from tertulia.adapters.vapid import Vapid
from tertulia.adapters.vault import FernetVault
from tertulia.adapters.web_fetch import WebFetch
from tertulia.core.account_keys import AccountKeys
from tertulia.core.accounts import Accounts
from tertulia.core.administration import Administration
from tertulia.core.audit import Audit
from tertulia.core.avatars import Avatars
from tertulia.core.bans import Bans
from tertulia.core.browsing import Browsing
from tertulia.core.changing import Changing
from tertulia.core.chat import ChatCore
from tertulia.core.clock import utc_now
from tertulia.core.confirmation import Confirmation
from tertulia.core.contacts import Contacts
from tertulia.core.conversation_pictures import ConversationPictures
from tertulia.core.conversations import Conversations
from tertulia.core.departure import Departure
from tertulia.core.devices import Devices
from tertulia.core.digests import Digests
from tertulia.core.emails import Emails
from tertulia.core.encryption_keys import EncryptionKeys
from tertulia.core.entrance import Entrance, Lifetimes
from tertulia.core.events import Event
from tertulia.core.exports import Exports
from tertulia.core.forwarding import Forwarding
from tertulia.core.handovers import Handovers
from tertulia.core.ice import IceServers
from tertulia.core.identities import Identities
from tertulia.core.invites import Invites
from tertulia.core.key_ring import KeyRing
from tertulia.core.limits import sends_of
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
from tertulia.core.ports import Publish
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
from tertulia.core.rotation import Rotation
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
from tertulia.core.upload_completion import Completion
from tertulia.core.upload_sweep import UploadSweep
from tertulia.core.uploads import Uploads
from tertulia.core.visitors import Visitors
from tertulia.core.voice import Voice
from tertulia.core.voice_channels import VoiceChannels
from tertulia.core.voice_forwarding import VoiceForwarding
from tertulia.couriers import mail_courier, sms_courier
from tertulia.identity_providers import identity_providers
from tertulia.nodes import Shared, in_memory
from tertulia.settings import Settings
from tertulia.storage.engine import Database
from tertulia.storage.journal import Journal
from tertulia.storage.sealed import SqlSealedTexts
from tertulia.storage.stores import SqlStorage


@asynccontextmanager
async def open_core(
    settings: Settings, database: Database, publish: Publish, shared: Shared | None = None
) -> AsyncIterator[ChatCore]:
    """Put the use cases over a database; `publish` hears what they announce.

    What is not `shared` with other nodes is kept in memory.
    """
    shared = shared or in_memory(limits_scale=settings.limits_scale)
    async with AsyncExitStack() as closing:
        push_service = WebPush(
            Vapid(settings.web_push.private_key, settings.web_push.subject),
            allowed=settings.web_push.allowed,
        )
        closing.push_async_callback(push_service.close)
        push_queue = PushQueue(SqlStorage(database, publish), push_service)
        notifier = Notifier(
            SqlStorage(database, publish),
            push_queue,
            utc_now,
            delay_s=settings.web_push.delay_ms / 1000,
            session_lifetime=_session_lifetime(settings),
        )

        def announce(events: Sequence[Event]) -> None:
            publish(events)
            # Not by the road between nodes: each message is pushed by one node alone.
            notifier.sent(events)

        storage = SqlStorage(database, announce)
        journal = Journal(
            database.batch_writer(), announce, utc_now, max_batch=settings.journal_batch
        )
        closing.push_async_callback(journal.close)
        hasher = ThreadedHasher()
        closing.callback(hasher.close)
        vault = FernetVault(settings.vault_keys)
        ring = KeyRing(vault)
        doors = shared.limits
        post = Post(storage, vault, mail_courier(settings), sms_courier(settings), utc_now)
        closing.push_async_callback(post.close)
        tokens = SignedTokens(
            settings.app_jwt_secret, timedelta(minutes=settings.access_token_duration_mins)
        )
        lifetimes = Lifetimes(
            refresh=timedelta(hours=settings.refresh_token_duration_hours),
            tolerance=timedelta(minutes=settings.access_token_tolerance_mins),
        )
        entrance = Entrance(tokens, lifetimes, utc_now)
        confirmation = Confirmation(storage, hasher, doors, utc_now)
        passkeys = Passkeys(
            storage,
            WebauthnCeremony(settings.frontend_url, settings.allowed_origins),
            entrance,
            confirmation,
            post,
            doors,
            utc_now,
        )
        emails = Emails(storage, post, confirmation, doors, utc_now)
        passwords = Passwords(storage, hasher, entrance, confirmation, post, doors, utc_now)
        accounts = Accounts(storage, doors, utc_now)
        blobs = BlobsFolder(settings.var_dir / "blobs")
        pictures = SquarePictures()
        closing.callback(pictures.close)
        thumbnails = ThreadedThumbnails()
        closing.callback(thumbnails.close)
        drafts = UploadsFolder(blobs)
        preview_pictures = PreviewPictures(blobs)
        web = WebFetch(settings.link_previews_allow)
        closing.callback(web.close)
        completion = Completion(storage, drafts, blobs, kind_of, thumbnails)
        archives = ZipArchives(blobs, settings.var_dir, utc_now)
        closing.callback(archives.close)
        avatars = Avatars(storage, blobs, pictures, doors, utc_now)
        changing = Changing(
            storage, doors, utc_now, sends=sends_of(settings.pushes_per_s, settings.push_burst)
        )
        members = Members(storage, avatars, doors, utc_now)
        typists = Typists(storage, shared.typists, publish)
        closing.callback(typists.close)
        voice_forwarding = _voice_forwarding(
            settings, publish, is_one_of_several=shared.node is not None
        )
        voice_channels = VoiceChannels(
            publish,
            mesh_limit=settings.voice_mesh_limit,
            forwarding=voice_forwarding,
            node=shared.node,
            is_alone=shared.is_alone,
        )
        closing.callback(voice_channels.close)
        messages = Messages(storage, journal, changing, max_body_chars=settings.max_body_chars)
        yield ChatCore(
            accounts=accounts,
            avatars=avatars,
            exports=Exports(storage, blobs, archives, avatars, doors, utc_now),
            signin=SignIn(storage, hasher, tokens, lifetimes, entrance, emails, doors, utc_now),
            sessions=Sessions(storage, tokens, shared.tickets, doors, utc_now),
            devices=Devices(storage, utc_now),
            session_sweep=SessionSweep(storage, publish, utc_now),
            confirmation=confirmation,
            departure=Departure(storage, confirmation, members, avatars, utc_now),
            administration=Administration(
                storage, hasher, emails, passwords, utc_now, region=settings.default_region
            ),
            emails=emails,
            passwords=passwords,
            identities=Identities(
                storage,
                identity_providers(settings),
                vault,
                entrance,
                doors,
                utc_now,
                site=settings.frontend_url,
            ),
            passkeys=passkeys,
            account_keys=AccountKeys(storage, vault, confirmation, doors, utc_now),
            handovers=Handovers(storage, vault, doors, utc_now),
            phones=Phones(
                storage,
                entrance,
                confirmation,
                post,
                doors,
                utc_now,
                secret=settings.secret_key_base,
                region=settings.default_region,
            ),
            post=post,
            proof_sweep=ProofSweep(storage, utc_now),
            second_steps=SecondSteps(
                storage,
                vault,
                entrance,
                confirmation,
                passkeys,
                post,
                doors,
                utc_now,
                issuer=urlsplit(settings.frontend_url).netloc,
            ),
            contacts=Contacts(storage, doors, utc_now, region=settings.default_region),
            conversations=Conversations(storage, avatars, ring, doors, utc_now, settings.topics),
            conversation_pictures=ConversationPictures(storage, avatars, doors, utc_now),
            preferences=OwnPreferences(storage, utc_now),
            openings=Openings(storage, ring),
            members=members,
            browsing=Browsing(storage),
            reactions=Reactions(changing),
            pins=Pins(storage, changing),
            stars=Stars(storage, changing, utc_now),
            polls=Polls(changing),
            forwarding=Forwarding(storage, journal, changing, utc_now),
            bans=Bans(storage, utc_now),
            invites=Invites(
                storage,
                members,
                vault,
                post,
                doors,
                utc_now,
                site=settings.frontend_url,
                region=settings.default_region,
            ),
            messages=messages,
            sealed_messages=SealedMessages(storage, journal, changing),
            encryption_keys=EncryptionKeys(storage, ring, changing, utc_now),
            audit=Audit(storage),
            receipts=Receipts(storage, utc_now),
            search=Search(storage, doors),
            search_index=SearchIndex(storage),
            presence=PresenceBoard(
                shared.online,
                shared.statuses,
                publish,
                accounts.acquaintances,
                town_limit=settings.presence_town_limit,
            ),
            typists=typists,
            visitors=Visitors(storage, shared.visitors, publish),
            voice=Voice(storage, voice_channels, ice_servers(settings), utc_now),
            voice_forwarding=voice_forwarding,
            uploads=Uploads(
                storage,
                drafts,
                blobs,
                completion,
                doors,
                utc_now,
                max_bytes=settings.max_upload_bytes,
            ),
            preview_pictures=preview_pictures,
            previews=Previews(
                storage,
                web,
                read_head,
                thumbnails,
                preview_pictures,
                doors,
                utc_now,
                is_on=settings.link_previews,
            ),
            upload_sweep=UploadSweep(storage, completion, blobs, utc_now),
            notifications=Notifications(storage),
            notifier=notifier,
            push_queue=push_queue,
            push_subscriptions=PushSubscriptions(storage, push_service, doors, utc_now),
            digests=Digests(storage, post, doors, utc_now, secret=settings.secret_key_base),
            scheduling=Scheduling(
                storage, messages, doors, utc_now, max_body_chars=settings.max_body_chars
            ),
        )


def rotation(settings: Settings, database: Database) -> Rotation:
    """Return what encrypts a database's sealed texts again under the first key of VAULT_KEY."""
    return Rotation(SqlSealedTexts(database), FernetVault(settings.vault_keys))


def ice_servers(settings: Settings) -> IceServers:
    """Return what clients in voice channels find each other by."""
    relays = settings.relays
    return IceServers(
        stun_urls=relays.stun_urls,
        turn_urls=relays.turn_urls,
        turn_secret=relays.turn_secret,
        turn_ttl=timedelta(seconds=relays.turn_ttl_s),
    )


def _voice_forwarding(
    settings: Settings, publish: Publish, *, is_one_of_several: bool
) -> VoiceForwarding | None:
    """Return what goes on where a mesh ends, if anything does."""
    janus = settings.janus
    if janus is None:
        return None
    town_key = settings.secret_key_base if is_one_of_several else None
    sfu = JanusSfu(janus.url, janus.secret, town_key=town_key)
    return VoiceForwarding(sfu, publish, limit=janus.limit)


def _session_lifetime(settings: Settings) -> timedelta:
    """Return for how long nobody need hear of a session that goes on."""
    return max(
        timedelta(hours=settings.refresh_token_duration_hours),
        timedelta(minutes=settings.access_token_duration_mins),
    )
