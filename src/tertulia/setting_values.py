"""What the text of a setting may say: each function reads one kind of value or refuses it."""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

# HMAC-SHA-256 wants a key of at least 256 bits (RFC 7518, section 3.2).
SECRET_MIN_CHARS = 32

_ASYNC_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
    "ecto": "postgresql+asyncpg",
}


class SettingsError(Exception):
    """A setting has a value that cannot be used; the message is one line and names it."""


@dataclass(frozen=True, slots=True)
class SettingSource:
    """The named texts that settings are read from; an empty text counts as not set.

    Where several names are given they mean the same setting and the first that is set wins.
    Every method raises SettingsError for a value that it cannot use.
    """

    texts: Mapping[str, str]

    def text(self, *names: str) -> str | None:
        """Return the text of the first name that is set."""
        return next((found for _, found in self._found(names)), None)

    def integer(self, name: str, default: int, *, at_least: int, at_most: int) -> int:
        """Return a whole number between two bounds, both included."""
        text = self.text(name)
        if text is None:
            return default
        if not re.fullmatch(r"[0-9]{1,18}", text) or not at_least <= int(text) <= at_most:
            raise SettingsError(
                f"{name} must be a whole number from {at_least} to {at_most}, not {text!r}"
            )
        return int(text)

    def choice(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        """Return one of a few words, written in any case."""
        text = (self.text(name) or default).lower()
        if text not in choices:
            raise SettingsError(f"{name} must be one of {', '.join(choices)}, not {text!r}")
        return text

    def words(self, name: str, default: tuple[str, ...]) -> tuple[str, ...]:
        """Return the parts of a comma-separated list, each once and in order."""
        text = self.text(name)
        if text is None:
            return default
        return tuple(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))

    def slugs(self, name: str, default: tuple[str, ...]) -> tuple[str, ...]:
        """Return a comma-separated list of short names that can stand in a URL; at least one."""
        slugs = self.words(name, default)
        if not slugs or not all(re.fullmatch(r"[a-z0-9][a-z0-9-]{0,31}", slug) for slug in slugs):
            raise SettingsError(
                f"{name} must be short names of a-z, 0-9 and -, separated by commas,"
                f" not {self.text(name)!r}"
            )
        return slugs

    def secret(self, *names: str) -> str:
        """Return a text long enough to be a key; the refusal does not repeat it."""
        for name, text in self._found(names):
            _require_long_enough(name, text)
            return text
        raise SettingsError(f"{names[0]} is not set")

    def secrets(self, name: str) -> tuple[str, ...]:
        """Return the keys of a comma-separated list, at least one."""
        keys = self.words(name, ())
        if not keys:
            raise SettingsError(f"{name} is not set")
        for key in keys:
            _require_long_enough(name, key)
        return keys

    def web_url(self, name: str, default: str) -> str:
        """Return an http(s) address without the slash at its end."""
        text = (self.text(name) or default).rstrip("/")
        if _origin(text) is None:
            raise SettingsError(f"{name} must be an http:// or https:// address, not {text!r}")
        return text

    def origins(self, name: str) -> tuple[str, ...]:
        """Return the web origins (RFC 6454) of a comma-separated list of addresses."""
        return tuple(
            origin_of(SettingSource({name: word}).web_url(name, word))
            for word in self.words(name, ())
        )

    def networks(self, name: str) -> tuple[str, ...]:
        """Return the networks (RFC 4632) of a comma-separated list, as in 10.0.0.0/8."""
        words = self.words(name, ())
        for word in words:
            try:
                ipaddress.ip_network(word)
            except ValueError:
                raise SettingsError(
                    f"{name} must be networks as in 10.0.0.0/8, with commas, not {word!r}"
                ) from None
        return words

    def redis_url(self, name: str) -> str | None:
        """Return a redis://, rediss:// or unix:// address."""
        text = self.text(name)
        if text is not None and not re.match(r"(rediss?://[^/]|unix:///)", text):
            raise SettingsError(f"{name} must be a redis://, rediss:// or unix:// address")
        return text

    def websocket_url(self, name: str) -> str | None:
        """Return a ws:// or wss:// address."""
        text = self.text(name)
        if text is not None and not re.fullmatch(r"wss?://[^\s/?#@]+(/[^\s?#]*)?", text):
            raise SettingsError(f"{name} must be a ws:// or wss:// address")
        return text

    def database_url(self, *names: str) -> str | None:
        """Return the address with the asynchronous SQLAlchemy driver that serves it.

        ``sqlite:///file``, ``postgres://``, ``postgresql://`` and ``ecto://`` are understood, and
        libpq's ``sslmode`` as well as Ecto's ``ssl=true``.
        """
        for name, text in self._found(names):
            scheme, separator, rest = text.partition("://")
            driver = _ASYNC_DRIVERS.get(scheme.lower())
            if driver is None or not separator:
                # The address may hold a password, so the refusal does not repeat it.
                raise SettingsError(f"{name} must begin with sqlite:///, postgresql:// or ecto://")
            return f"{driver}://{_sqlite(name, rest) if 'sqlite' in driver else _postgres(rest)}"
        return None

    def _found(self, names: tuple[str, ...]) -> list[tuple[str, str]]:
        texts = ((name, self.texts.get(name, "").strip()) for name in names)
        return [(name, text) for name, text in texts if text]


def origin_of(url: str) -> str:
    """Return the web origin (RFC 6454: scheme, host, port) of an http(s) address."""
    origin = _origin(url)
    if origin is None:
        raise ValueError(f"not an http(s) address: {url!r}")
    return origin


def _origin(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    is_usual = port in {None, {"http": 80, "https": 443}[parts.scheme]}
    return f"{parts.scheme}://{host}" + ("" if is_usual else f":{port}")


def _require_long_enough(name: str, text: str) -> None:
    if len(text) < SECRET_MIN_CHARS:
        raise SettingsError(f"{name} must have at least {SECRET_MIN_CHARS} characters")


def _sqlite(name: str, rest: str) -> str:
    path = rest.removeprefix("/")
    if path == rest or path.partition("?")[0] in {"", ":memory:"}:
        raise SettingsError(f"{name} must name a file, as in sqlite:///var/tertulia.db")
    return rest


def _postgres(rest: str) -> str:
    place, _, query = rest.partition("?")
    options = dict(parse_qsl(query))
    ssl = options.pop("sslmode", options.pop("ssl", None))
    if ssl is not None:
        options["ssl"] = {"true": "require", "false": "disable"}.get(ssl, ssl)
    return f"{place}?{urlencode(options, safe='/')}" if options else place
