"""The composition root of the core: puts the use cases over storage and the world outside."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from urllib.parse import urlsplit

from tertulia.adapters.archives_zip import ZipArchives
from tertulia.adapters.blobs_folder import BlobsFolder
from tertulia.adapters.limits_memory import LimitsInMemory
from tertulia.adapters.passkeys_webauthn import WebauthnCeremony
from tertulia.adapters.passwords import ThreadedHasher
from tertulia.adapters.pictures import SquarePictures
from tertulia.adapters.tickets_memory import TicketsInMemory
from tertulia.adapters.tokens import SignedTokens
from tertulia.adapters.vault import FernetVault
from tertulia.core.accounts import Accounts
from tertulia.core.administration import Administration
from tertulia.core.avatars import Avatars
from tertulia.core.chat import ChatCore
from tertulia.core.clock import utc_now
from tertulia.core.confirmation import Confirmation
from tertulia.core.contacts import Contacts
from tertulia.core.conversations import Conversations
from tertulia.core.departure import Departure
from tertulia.core.devices import Devices
from tertulia.core.emails import Emails
from tertulia.core.entrance import Entrance, Lifetimes
from tertulia.core.exports import Exports
from tertulia.core.identities import Identities
from tertulia.core.limits import sends_of
from tertulia.core.members import Members
from tertulia.core.messages import Messages
from tertulia.core.opening import Openings
from tertulia.core.passkeys import Passkeys
from tertulia.core.passwords import Passwords
from tertulia.core.phones import Phones
from tertulia.core.ports import Publish
from tertulia.core.post import Post
from tertulia.core.presence import PresenceBoard
from tertulia.core.proof_sweep import ProofSweep
from tertulia.core.receipts import Receipts
from tertulia.core.second_steps import SecondSteps
from tertulia.core.session_sweep import SessionSweep
from tertulia.core.sessions import Sessions
from tertulia.core.signin import SignIn
from tertulia.core.typists import Typists
from tertulia.couriers import mail_courier, sms_courier
from tertulia.identity_providers import identity_providers
from tertulia.realtime.roster_memory import MemoryRoster
from tertulia.settings import Settings
from tertulia.storage.engine import Database
from tertulia.storage.journal import Journal
from tertulia.storage.stores import SqlStorage


@asynccontextmanager
async def open_core(
    settings: Settings, database: Database, publish: Publish
) -> AsyncIterator[ChatCore]:
    """Put the use cases over a database; `publish` hears what they announce."""
    async with AsyncExitStack() as closing:
        storage = SqlStorage(database, publish)
        journal = Journal(
            database.batch_writer(), publish, utc_now, max_batch=settings.journal_batch
        )
        closing.push_async_callback(journal.close)
        hasher = ThreadedHasher()
        closing.callback(hasher.close)
        vault = FernetVault(settings.vault_keys)
        doors = LimitsInMemory(scale=settings.limits_scale)
        post = Post(storage, vault, mail_courier(settings), sms_courier(settings), utc_now)
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
        members = Members(storage, doors, utc_now)
        blobs = BlobsFolder(settings.var_dir / "blobs")
        pictures = SquarePictures()
        closing.callback(pictures.close)
        archives = ZipArchives(blobs, settings.var_dir, utc_now)
        closing.callback(archives.close)
        avatars = Avatars(storage, blobs, pictures, doors, utc_now)
        typists = Typists(storage, publish)
        closing.callback(typists.close)
        yield ChatCore(
            accounts=accounts,
            avatars=avatars,
            exports=Exports(storage, blobs, archives, avatars, doors, utc_now),
            signin=SignIn(storage, hasher, tokens, lifetimes, entrance, emails, doors, utc_now),
            sessions=Sessions(storage, tokens, TicketsInMemory(), doors, utc_now),
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
            conversations=Conversations(storage, doors, utc_now, settings.topics),
            openings=Openings(storage),
            members=members,
            messages=Messages(
                storage,
                journal,
                doors,
                utc_now,
                sends=sends_of(settings.pushes_per_s, settings.push_burst),
                max_body_chars=settings.max_body_chars,
            ),
            receipts=Receipts(storage, utc_now),
            presence=PresenceBoard(
                MemoryRoster(),
                publish,
                accounts.acquaintances,
                town_limit=settings.presence_town_limit,
            ),
            typists=typists,
        )
