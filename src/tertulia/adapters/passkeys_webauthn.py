"""The ceremonies of Web Authentication, by the library `webauthn`.

The relying party is the host that people open. WebAuthn knows no IP addresses, so a server that is
opened at a loopback address is `localhost` here, which is the same machine by its name.
"""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Callable, Collection, Sequence
from typing import Any, TypeVar
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers import (
    base64url_to_bytes,
    decode_credential_public_key,
    decoded_public_key_to_cryptography,
    options_to_json_dict,
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from tertulia.core.model import Account
from tertulia.core.passkeys import Credential, NewCredential, bad_passkey
from tertulia.core.proofs import Passkey

log = logging.getLogger(__name__)

T = TypeVar("T")

MAX_CREDENTIAL_ID_BYTES = 1023
"""The longest that an id may be (level 3, section 5.8.3)."""
MAX_PUBLIC_KEY_BYTES = 1100
"""A little more than an RSA key of 8192 bits takes."""

_ALGORITHMS = [
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
]
_TRANSPORTS = {transport.value for transport in AuthenticatorTransport}


class WebauthnCeremony:
    """The core's Ceremony for a server that people open at `frontend_url`."""

    def __init__(self, frontend_url: str, origins: Sequence[str]) -> None:
        """Accept proofs made on pages of `origins` that belong to the relying party."""
        self._rp_id = rp_id_of(frontend_url)
        self._origins = [origin for origin in origins if rp_id_of(origin) == self._rp_id]

    def creation_options(
        self, challenge: bytes, account: Account, known: Collection[Passkey]
    ) -> dict[str, object]:
        """Return what `navigator.credentials.create` takes, as JSON."""
        options = webauthn.generate_registration_options(
            rp_id=self._rp_id,
            rp_name="Tertulia",
            user_id=account.id.bytes,
            user_name=(account.email or account.username or account.phone or account.display_name),
            user_display_name=account.display_name,
            challenge=challenge,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=_descriptors(known),
            supported_pub_key_algs=_ALGORITHMS,
        )
        return options_to_json_dict(options)

    def created(self, challenge: bytes, credential: Credential) -> NewCredential:
        """Return what was made, once its proof holds."""

        def check() -> NewCredential:
            parsed = parse_registration_credential_json(dict(credential))
            verified = webauthn.verify_registration_response(
                credential=parsed,
                expected_challenge=challenge,
                expected_rp_id=self._rp_id,
                expected_origin=self._origins,
                require_user_verification=True,
                supported_pub_key_algs=_ALGORITHMS,
            )
            _require_same_site(parsed.response.client_data_json)
            if len(verified.credential_id) > MAX_CREDENTIAL_ID_BYTES:
                raise ValueError("the id is too long")
            if verified.credential_id != parsed.raw_id:
                raise ValueError("the browser and the device name two keys")
            _require_usable(verified.credential_public_key)
            transports = parsed.response.transports or []
            return NewCredential(
                id=verified.credential_id,
                public_key=verified.credential_public_key,
                sign_count=verified.sign_count,
                transports=tuple(dict.fromkeys(transport.value for transport in transports)),
            )

        return _holding(check)

    def request_options(
        self, challenge: bytes, allowed: Collection[Passkey] | None
    ) -> dict[str, object]:
        """Return what `navigator.credentials.get` takes, as JSON."""
        options = webauthn.generate_authentication_options(
            rp_id=self._rp_id,
            challenge=challenge,
            allow_credentials=_descriptors(allowed or ()),
            user_verification=(
                UserVerificationRequirement.REQUIRED
                if allowed is None
                else UserVerificationRequirement.PREFERRED
            ),
        )
        return options_to_json_dict(options)

    def credential_id(self, credential: Credential) -> bytes:
        """Return which passkey an answer is by."""
        return _holding(lambda: base64url_to_bytes(_text(credential["id"])))

    def proven(
        self, challenge: bytes, credential: Credential, passkey: Passkey, *, person: bool
    ) -> int:
        """Return the count of uses once a proof holds; a count that went back is a copied key."""

        def check() -> int:
            parsed = parse_authentication_credential_json(dict(credential))
            handle = parsed.response.user_handle
            if handle != passkey.account_id.bytes and (person or handle):
                raise ValueError("this passkey was made for somebody else, or says not for whom")
            verified = webauthn.verify_authentication_response(
                credential=parsed,
                expected_challenge=challenge,
                expected_rp_id=self._rp_id,
                expected_origin=self._origins,
                credential_public_key=passkey.public_key,
                credential_current_sign_count=passkey.sign_count,
                require_user_verification=person,
            )
            _require_same_site(parsed.response.client_data_json)
            return verified.new_sign_count

        return _holding(check)


def rp_id_of(url: str) -> str:
    """Return the relying party of an address: its host, or `localhost` for a loopback address."""
    host = urlsplit(url).hostname or ""
    try:
        is_loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host
    return "localhost" if is_loopback else host


def _descriptors(passkeys: Collection[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=passkey.id,
            transports=[
                AuthenticatorTransport(name) for name in passkey.transports if name in _TRANSPORTS
            ],
        )
        for passkey in passkeys
    ]


def _require_same_site(client_data: bytes) -> None:
    """Refuse what was answered within another site's page (level 3, sections 7.1 and 7.2)."""
    if parse_client_data_json(client_data).cross_origin:
        raise ValueError("this was answered within a page of another site")


def _require_usable(public_key: bytes) -> None:
    """Refuse a key that no proof could be checked with; without attestation nothing else does."""
    if len(public_key) > MAX_PUBLIC_KEY_BYTES:
        raise ValueError("the public key is too long")
    decoded_public_key_to_cryptography(decode_credential_public_key(public_key))


def _holding(check: Callable[[], T]) -> T:
    """Return what a check returns; whatever it ends in, the answer does not hold.

    Anybody may send anything here, and it goes through parsers of JSON, CBOR, ASN.1 and
    certificates, whose exceptions have no common root.
    """
    try:
        return check()
    except WebAuthnException as refusal:
        raise bad_passkey() from refusal
    except Exception as failure:
        log.info("a passkey's answer could not be read: %s", type(failure).__name__)
        raise bad_passkey() from failure


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 2 * MAX_CREDENTIAL_ID_BYTES:
        raise TypeError("not an id")
    return value
