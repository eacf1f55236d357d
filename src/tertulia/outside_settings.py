"""How the world outside is reached, as far as the settings say: mail, text messages, providers."""

from dataclasses import dataclass, field

from tertulia.setting_values import SettingsError, SettingSource

_SECURITIES = ("starttls", "tls", "none")
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
