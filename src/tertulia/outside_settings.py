"""How the world outside is reached, by the settings: mail, texts, providers, pushes, voice."""

import base64
import binascii
import ipaddress
import re
from dataclasses import dataclass, field

from tertulia.secret_file import P256_ORDER
from tertulia.setting_values import SettingsError, SettingSource

_SECURITIES = ("starttls", "tls", "none")
_VAPID_KEY_BYTES = 32
_USUAL_PORTS = {"starttls": 587, "tls": 465, "none": 25}


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """The SMTP server that takes our mails; `security` is starttls, tls or none."""

    host: str
    port: int
    security: str
    username: str | None
    password: str | None = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Twilio:
    """An account at Twilio, which sends text messages; `sender` is a number or a service's id."""

    url: str
    account_sid: str
    auth_token: str = field(repr=False)
    sender: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsWebhook:
    """An address that is told of each text message to send, signed with `secret`."""

    url: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """Somebody whose word about who a person is we take.

    `kind` is oidc, where `issuer` has a discovery document, or github, where it is the address of
    the site. `id` stands in addresses, `title` on buttons.
    """

    id: str
    title: str
    kind: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebPush:
    """How browsers are pushed to.

    `private_key` is a key of P-256, 32 bytes in base64url; push services write to `subject` where
    something is wrong. `allowed` has networks beside the public internet where push services may
    be. A message waits `delay_ms` before anybody is pushed to.
    """

    private_key: str = field(repr=False)
    subject: str
    allowed: tuple[str, ...]
    delay_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Relays:
    """How the clients in voice channels find each other: STUN, and TURN, which knows `turn_secret`.

    Credentials for TURN hold for `turn_ttl_s`.
    """

    stun_urls: tuple[str, ...]
    turn_urls: tuple[str, ...]
    turn_secret: str | None = field(repr=False)
    turn_ttl_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Janus:
    """What forwards the sound of channels that outgrow a mesh, for up to `limit` people in each.

    `secret` is its `api_secret`, if it has one.
    """

    url: str
    secret: str | None = field(repr=False)
    limit: int


def mail_server(source: SettingSource) -> MailServer | None:
    """Read SMTP_...; None where no SMTP_HOST is set. Raises SettingsError."""
    host = source.text("SMTP_HOST")
    if host is None:
        return None
    security = source.choice("SMTP_SECURITY", "starttls", _SECURITIES)
    username, password = source.text("SMTP_USERNAME"), source.text("SMTP_PASSWORD")
    if (username is None) != (password is None):
        raise SettingsError("SMTP_USERNAME and SMTP_PASSWORD go together")
    return MailServer(
        host=host,
        port=source.integer("SMTP_PORT", _USUAL_PORTS[security], at_least=1, at_most=65535),
        security=security,
        username=username,
        password=password,
    )


def sms_sender(source: SettingSource) -> Twilio | SmsWebhook | None:
    """Read TWILIO_... or SMS_WEBHOOK_...; None where neither is set. Raises SettingsError."""
    sid, url = source.text("TWILIO_ACCOUNT_SID"), source.text("SMS_WEBHOOK_URL")
    if sid and url:
        raise SettingsError("TWILIO_ACCOUNT_SID and SMS_WEBHOOK_URL cannot both send the texts")
    if sid:
        return Twilio(
            url=source.web_url("TWILIO_URL", "https://api.twilio.com"),
            account_sid=sid,
            auth_token=_needed(source, "TWILIO_AUTH_TOKEN", "TWILIO_ACCOUNT_SID"),
            sender=_needed(source, "TWILIO_FROM", "TWILIO_ACCOUNT_SID"),
        )
    if url:
        return SmsWebhook(
            url=source.web_url("SMS_WEBHOOK_URL", url),
            secret=source.secret("SMS_WEBHOOK_SECRET"),
        )
    return None


def web_push(source: SettingSource, *, from_email: str, is_development: bool) -> WebPush:
    """Read VAPID_... and PUSH_.... Raises SettingsError."""
    # Of `Tertulia <chat@example.org>` the address alone.
    address = from_email.rpartition("<")[2].rstrip(">").strip()
    subject = source.text("VAPID_SUBJECT") or f"mailto:{address}"
    if not re.match(r"(mailto:\S+@|https://)\S", subject):
        raise SettingsError(f"VAPID_SUBJECT must begin with mailto: or https://, not {subject!r}")
    # Where nobody else can open the server, nobody else can point it at this machine.
    usual = ("127.0.0.0/8", "::1/128") if is_development else ()
    allowed = source.words("PUSH_ALLOW", usual)
    for network in allowed:
        try:
            ipaddress.ip_network(network)
        except ValueError:
            raise SettingsError(
                f"PUSH_ALLOW must have networks as in 10.0.0.0/8, not {network!r}"
            ) from None
    return WebPush(
        private_key=_vapid_key(source),
        subject=subject,
        allowed=allowed,
        delay_ms=source.integer("PUSH_DELAY_MS", 1500, at_least=0, at_most=60_000),
    )


def relays(source: SettingSource) -> Relays:
    """Read STUN_URLS and TURN_.... Raises SettingsError."""
    turn_urls = _ice_urls(source, "TURN_URLS", r"turns?:[^\s/?@]+(\?transport=(udp|tcp))?")
    return Relays(
        stun_urls=_ice_urls(source, "STUN_URLS", r"stuns?:[^\s/?@]+"),
        turn_urls=turn_urls,
        turn_secret=source.secret("TURN_SECRET") if turn_urls else None,
        turn_ttl_s=source.integer("TURN_TTL_S", 86_400, at_least=60, at_most=30 * 86_400),
    )


def janus(source: SettingSource, *, mesh_limit: int) -> Janus | None:
    """Read JANUS_... and VOICE_LIMIT; None where no JANUS_URL is set. Raises SettingsError."""
    url = source.websocket_url("JANUS_URL")
    if url is None:
        return None
    has_secret = source.text("JANUS_API_SECRET") is not None
    return Janus(
        url=url,
        secret=source.secret("JANUS_API_SECRET") if has_secret else None,
        limit=source.integer("VOICE_LIMIT", 50, at_least=mesh_limit, at_most=500),
    )


def _ice_urls(source: SettingSource, name: str, form: str) -> tuple[str, ...]:
    """Read addresses as in RFC 7064 and RFC 7065."""
    urls = source.words(name, ())
    for url in urls:
        if not re.fullmatch(form, url):
            scheme = name.partition("_")[0].lower()
            raise SettingsError(
                f"{name} must have addresses as in {scheme}:{scheme}.example.org:3478"
            )
    return urls


def _vapid_key(source: SettingSource) -> str:
    text = source.text("VAPID_PRIVATE_KEY") or ""
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != _VAPID_KEY_BYTES or not 0 < int.from_bytes(key, "big") < P256_ORDER:
        raise SettingsError("VAPID_PRIVATE_KEY must be a key of P-256, 32 bytes in base64url")
    return text


def providers(source: SettingSource) -> tuple[Provider, ...]:
    """Read GOOGLE_..., GITHUB_... and what OIDC_PROVIDERS names. Raises SettingsError."""
    found = [
        _provider(source, "google", "oidc", "Google", "GOOGLE", "https://accounts.google.com"),
        _provider(
            source,
            "github",
            "github",
            "GitHub",
            "GITHUB",
            source.web_url("GITHUB_URL", "https://github.com"),
        ),
    ]
    for name in source.slugs("OIDC_PROVIDERS", ()) if source.text("OIDC_PROVIDERS") else ():
        prefix = f"OIDC_{name.upper().replace('-', '_')}"
        if name in ("google", "github"):
            raise SettingsError(f"OIDC_PROVIDERS cannot name {name}, which has settings of its own")
        issuer = source.web_url(f"{prefix}_ISSUER", "")
        title = source.text(f"{prefix}_TITLE") or name.title()
        _needed(source, f"{prefix}_CLIENT_ID", "OIDC_PROVIDERS")
        found.append(_provider(source, name, "oidc", title, prefix, issuer))
    return tuple(provider for provider in found if provider is not None)


def _provider(
    source: SettingSource, provider_id: str, kind: str, title: str, prefix: str, issuer: str
) -> Provider | None:
    client_id = source.text(f"{prefix}_CLIENT_ID")
    if client_id is None:
        return None
    return Provider(
        id=provider_id,
        title=title,
        kind=kind,
        issuer=issuer,
        client_id=client_id,
        client_secret=_needed(source, f"{prefix}_CLIENT_SECRET", f"{prefix}_CLIENT_ID"),
    )


def _needed(source: SettingSource, name: str, because_of: str) -> str:
    text = source.text(name)
    if text is None:
        raise SettingsError(f"{name} is needed where {because_of} is set")
    return text
