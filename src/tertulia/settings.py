"""Everything that can be set, as one frozen value, read once from the environment and ``.env``."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values

from tertulia.outside_settings import (
    Janus,
    MailServer,
    Provider,
    Relays,
    SmsWebhook,
    Twilio,
    WebPush,
    janus,
    mail_server,
    providers,
    relays,
    sms_sender,
    web_push,
)
from tertulia.secret_file import VAPID_PRIVATE_KEY, keep_secrets
from tertulia.setting_values import SettingsError, SettingSource, origin_of

_MIB = 1024 * 1024
_TOPICS = ("cinema", "music", "books", "games", "general")
_SECRET_KEY_BASE = ("SECRET_KEY_BASE", "APP_SECRET_KEY")
_ENVIRONMENTS = ("development", "production")
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_LOG_LEVELS = ("debug", "info", "warning", "error", "critical")
_EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104, names them, binds nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings; ``.env.example`` tells of each under its name in upper case.

    ``database_url`` names an asynchronous SQLAlchemy driver. ``vault_keys`` has at least one key;
    the first one writes, all of them read. ``allowed_origins`` holds whole web origins
    (``http://127.0.0.1:8000``), those of ``frontend_url`` and of the server itself included.
    What may hold a password or a key is left out of the text form.
    """

    host: str
    port: int
    var_dir: Path
    log_level: str

    database_url: str = field(repr=False)
    read_database_url: str | None = field(repr=False)
    pool_size: int
    redis_url: str | None = field(repr=False)
    sweep_s: int
    drain_s: int
    journal_batch: int

    secret_key_base: str = field(repr=False)
    app_jwt_secret: str = field(repr=False)
    vault_keys: tuple[str, ...] = field(repr=False)
    access_token_duration_mins: int
    access_token_tolerance_mins: int
    refresh_token_duration_hours: int

    frontend_url: str
    from_email: str
    allowed_origins: tuple[str, ...]
    trusted_proxies: tuple[str, ...]
    is_development: bool
    topics: tuple[str, ...]

    mail_server: MailServer | None
    sms_sender: Twilio | SmsWebhook | None
    default_region: str | None
    providers: tuple[Provider, ...]
    web_push: WebPush
    relays: Relays
    voice_mesh_limit: int
    janus: Janus | None

    link_previews: bool
    link_previews_allow: tuple[str, ...]

    max_body_chars: int
    max_request_bytes: int
    max_avatar_bytes: int
    max_upload_bytes: int
    max_frame_bytes: int
    slow_listener_bytes: int
    presence_town_limit: int
    pushes_per_s: int
    push_burst: int
    limits_scale: int


def load_settings(
    environ: Mapping[str, str] = os.environ, dotenv_path: Path = Path(".env")
) -> Settings:
    """Read the settings from the environment, then from ``.env``, then take what is usual.

    Secrets that are not set are made once and kept in ``VAR_DIR`` (see secret_file).
    Raises SettingsError, whose message is one line, when a value cannot be used.
    """
    given = {name: text for name, text in environ.items() if text}
    return read_settings(_with_kept_secrets(_dotenv(dotenv_path) | given))


def read_settings(texts: Mapping[str, str]) -> Settings:
    """Read the settings from named texts alone, the secrets among them. Raises SettingsError."""
    source = SettingSource(texts)
    host = source.text("HOST") or "127.0.0.1"
    port = source.integer("PORT", 8000, at_least=0, at_most=65535)
    own_url = f"http://{_in_url(host)}:{port}"
    var_dir = _var_dir(source)
    frontend_url = source.web_url("FRONTEND_URL", own_url)
    from_email = _from_email(source)
    is_development = _is_development(source, own_url, frontend_url)
    voice_mesh_limit = source.integer("VOICE_MESH_LIMIT", 8, at_least=2, at_most=16)
    return Settings(
        host=host,
        port=port,
        var_dir=var_dir,
        log_level=source.choice("LOG_LEVEL", "info", _LOG_LEVELS),
        database_url=source.database_url("DATABASE_URL", "DB_URI")
        or f"sqlite+aiosqlite:///{var_dir / 'tertulia.db'}",
        read_database_url=_read_database_url(source),
        pool_size=source.integer("POOL_SIZE", 10, at_least=1, at_most=1000),
        redis_url=source.redis_url("REDIS_URL"),
        sweep_s=source.integer("SWEEP_S", 5, at_least=1, at_most=3600),
        drain_s=source.integer("DRAIN_S", 5, at_least=0, at_most=60),
        journal_batch=source.integer("JOURNAL_BATCH", 512, at_least=1, at_most=10_000),
        secret_key_base=source.secret(*_SECRET_KEY_BASE),
        app_jwt_secret=source.secret("APP_JWT_SECRET"),
        vault_keys=source.secrets("VAULT_KEY"),
        access_token_duration_mins=source.integer(
            "ACCESS_TOKEN_DURATION_MINS", 30, at_least=1, at_most=60 * 24 * 365
        ),
        access_token_tolerance_mins=source.integer(
            "ACCESS_TOKEN_TOLERANCE_MINS", 10, at_least=0, at_most=60 * 24
        ),
        refresh_token_duration_hours=source.integer(
            "REFRESH_TOKEN_DURATION_HOURS", 336, at_least=1, at_most=24 * 365 * 5
        ),
        frontend_url=frontend_url,
        from_email=from_email,
        allowed_origins=_allowed_origins(source, frontend_url, own_url),
        trusted_proxies=source.words("TRUSTED_PROXIES", ("127.0.0.1", "::1")),
        is_development=is_development,
        topics=source.slugs("TOPICS", _TOPICS),
        mail_server=mail_server(source),
        sms_sender=sms_sender(source),
        default_region=_region(source),
        providers=providers(source),
        link_previews=source.choice("LINK_PREVIEWS", "on", ("on", "off")) == "on",
        link_previews_allow=source.networks("LINK_PREVIEWS_ALLOW"),
        web_push=web_push(source, from_email=from_email, is_development=is_development),
        relays=relays(source),
        voice_mesh_limit=voice_mesh_limit,
        janus=janus(source, mesh_limit=voice_mesh_limit),
        max_body_chars=source.integer("MAX_BODY_CHARS", 4096, at_least=1, at_most=65536),
        max_request_bytes=source.integer(
            "MAX_REQUEST_BYTES", _MIB, at_least=1024, at_most=1024 * _MIB
        ),
        max_avatar_bytes=source.integer(
            "MAX_AVATAR_BYTES", 10 * _MIB, at_least=1024, at_most=1024 * _MIB
        ),
        max_upload_bytes=source.integer(
            "MAX_UPLOAD_BYTES", 100 * _MIB, at_least=1024, at_most=1024 * 1024 * _MIB
        ),
        max_frame_bytes=source.integer("MAX_FRAME_BYTES", _MIB, at_least=1024, at_most=64 * _MIB),
        slow_listener_bytes=source.integer(
            "SLOW_LISTENER_BYTES", _MIB, at_least=65536, at_most=1024 * _MIB
        ),
        presence_town_limit=source.integer(
            "PRESENCE_TOWN_LIMIT", 1000, at_least=0, at_most=1_000_000
        ),
        pushes_per_s=source.integer("PUSHES_PER_S", 50, at_least=1, at_most=100_000),
        push_burst=source.integer("PUSH_BURST", 200, at_least=1, at_most=1_000_000),
        limits_scale=source.integer("LIMITS_SCALE", 1, at_least=1, at_most=1_000_000),
    )


def _dotenv(path: Path) -> dict[str, str]:
    # A secret may hold a "$", so nothing in the file is expanded.
    return {name: text for name, text in dotenv_values(path, interpolate=False).items() if text}


def _with_kept_secrets(texts: Mapping[str, str]) -> dict[str, str]:
    source = SettingSource(texts)
    var_dir = _var_dir(source)
    kinds = (_SECRET_KEY_BASE, ("APP_JWT_SECRET",), ("VAULT_KEY",), (VAPID_PRIVATE_KEY,))
    missing = [names[0] for names in kinds if source.text(*names) is None]
    try:
        return {**texts, **keep_secrets(var_dir, missing)}
    except OSError as error:
        raise SettingsError(f"VAR_DIR ({var_dir}) cannot be used: {error.strerror}") from error


def _var_dir(source: SettingSource) -> Path:
    return Path(source.text("VAR_DIR") or "var")


def _in_url(host: str) -> str:
    """Return the host as it stands in an address that this machine itself can open."""
    if host in _EVERY_ADDRESS:
        return _EVERY_ADDRESS[host]
    return f"[{host}]" if ":" in host else host


def _is_development(source: SettingSource, *own_urls: str) -> bool:
    """Whether only this machine itself can open the server, and nobody says otherwise."""
    is_alone = all(urlsplit(url).hostname in _LOOPBACK for url in own_urls)
    is_alone = is_alone and source.text("HOST") not in _EVERY_ADDRESS
    usual = _ENVIRONMENTS[0] if is_alone else _ENVIRONMENTS[1]
    environment = source.choice("ENVIRONMENT", usual, _ENVIRONMENTS)
    if environment == _ENVIRONMENTS[0] and not is_alone:
        raise SettingsError(
            "ENVIRONMENT cannot be development where HOST or FRONTEND_URL can be reached by others"
        )
    return environment == _ENVIRONMENTS[0]


def _read_database_url(source: SettingSource) -> str | None:
    replica = source.database_url("READ_DATABASE_URL")
    if replica is None:
        return None
    database = source.database_url("DATABASE_URL", "DB_URI") or "sqlite"
    if database.startswith("sqlite") or replica.startswith("sqlite"):
        raise SettingsError("READ_DATABASE_URL is for a replica of a PostgreSQL DATABASE_URL")
    return replica


def _region(source: SettingSource) -> str | None:
    text = source.text("DEFAULT_REGION")
    if text is not None and not re.fullmatch("[A-Za-z]{2}", text):
        raise SettingsError(
            f"DEFAULT_REGION must be two letters of ISO 3166-1, as in ES, not {text!r}"
        )
    return text and text.upper()


def _from_email(source: SettingSource) -> str:
    text = source.text("FROM_EMAIL") or "tertulia@localhost"
    name, _, host = text.rpartition("@")
    if not name or not host or any(char.isspace() and char != " " for char in text):
        raise SettingsError(f"FROM_EMAIL must be an e-mail address, not {text!r}")
    return text


def _allowed_origins(source: SettingSource, *own_urls: str) -> tuple[str, ...]:
    own = [origin_of(url) for url in own_urls]
    by_name = [origin.replace("//127.0.0.1", "//localhost") for origin in own]
    return tuple(dict.fromkeys([*own, *by_name, *source.origins("ALLOWED_ORIGINS")]))
