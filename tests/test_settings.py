"""What the environment may say, and what it is answered."""

import dataclasses
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertulia.setting_values import SettingsError
from tertulia.settings import Settings, load_settings, read_settings

EXAMPLE = (Path(__file__).parents[1] / ".env.example").read_text(encoding="utf-8")
LISTED_NAMES = re.findall(r"(?m)^#([A-Z_]+)=", EXAMPLE)
SECRETS = {
    "SECRET_KEY_BASE": "a signing key of thirty-two chars or more",
    "APP_JWT_SECRET": "another one, for the access tokens alone",
    "VAULT_KEY": "the key that encrypts what rests on the disk",
    "VAPID_PRIVATE_KEY": "cHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHA",
}


class RecordingTexts(Mapping[str, str]):
    """Named texts that remember which names were asked for."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        return self._texts[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)


OUTSIDE = {
    "SMTP_HOST": "mail.example.org",
    "SMTP_USERNAME": "tertulia",
    "SMTP_PASSWORD": "hunter2",
    "GOOGLE_CLIENT_ID": "ours",
    "GOOGLE_CLIENT_SECRET": "hunter2",
    "GITHUB_CLIENT_ID": "ours",
    "GITHUB_CLIENT_SECRET": "hunter2",
    "OIDC_PROVIDERS": "work",
    "OIDC_WORK_ISSUER": "https://login.example.org",
    "OIDC_WORK_CLIENT_ID": "ours",
    "OIDC_WORK_CLIENT_SECRET": "hunter2",
    "TURN_URLS": "turn:turn.example.org:3478,turns:turn.example.org:5349?transport=tcp",
    "TURN_SECRET": "hunter2" * 5,
    "JANUS_URL": "wss://sfu.example.org/janus",
    "JANUS_API_SECRET": "hunter2" * 5,
}
TWILIO = {
    "TWILIO_ACCOUNT_SID": "AC1",
    "TWILIO_AUTH_TOKEN": "hunter2",
    "TWILIO_FROM": "+15550100",
}
WEBHOOK = {
    "SMS_WEBHOOK_URL": "https://sms.example.org/send",
    "SMS_WEBHOOK_SECRET": "hunter2 hunter2 hunter2 hunter2 hunter2",
}


def read(**texts: str) -> Settings:
    return read_settings(SECRETS | texts)


def test_with_nothing_set_everything_has_a_usual_value() -> None:
    settings = read()

    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.database_url == "sqlite+aiosqlite:///var/tertulia.db"
    assert settings.frontend_url == "http://127.0.0.1:8000"
    assert settings.topics == ("cinema", "music", "books", "games", "general")
    assert settings.redis_url is None


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        read().port = 1  # type: ignore[misc]  # what is tested is that this fails


@pytest.mark.parametrize(
    ("given_url", "url"),
    [
        ("sqlite:///database.db", "sqlite+aiosqlite:///database.db"),
        ("sqlite:////srv/chat.db", "sqlite+aiosqlite:////srv/chat.db"),
        ("postgres://u:p@db/chat", "postgresql+asyncpg://u:p@db/chat"),
        ("postgresql://u:p@db:5433/chat", "postgresql+asyncpg://u:p@db:5433/chat"),
        ("postgresql+asyncpg://u@db/chat", "postgresql+asyncpg://u@db/chat"),
        ("ecto://u:p@db/chat?ssl=true", "postgresql+asyncpg://u:p@db/chat?ssl=require"),
        ("postgresql://u@/chat?host=/run/pg", "postgresql+asyncpg://u@/chat?host=/run/pg"),
        ("postgres://db/chat?sslmode=disable", "postgresql+asyncpg://db/chat?ssl=disable"),
    ],
)
def test_a_database_address_of_any_style_gets_its_asynchronous_driver(
    given_url: str, url: str
) -> None:
    assert read(DATABASE_URL=given_url).database_url == url
    assert read(DB_URI=given_url).database_url == url


def test_of_two_names_for_one_setting_the_first_wins() -> None:
    settings = read(
        DATABASE_URL="sqlite:///first.db",
        DB_URI="sqlite:///second.db",
        APP_SECRET_KEY="never read, for the first name is set",
    )

    assert settings.database_url.endswith("first.db")
    assert settings.secret_key_base == SECRETS["SECRET_KEY_BASE"]


def test_the_second_name_is_read_where_the_first_is_empty() -> None:
    key = "the key under the other name, long enough"

    assert read(SECRET_KEY_BASE=" ", APP_SECRET_KEY=key).secret_key_base == key


def test_several_vault_keys_keep_their_order() -> None:
    first, second = "f" * 32, "s" * 32

    assert read(VAULT_KEY=f"{first}, {second}").vault_keys == (first, second)


def test_a_replica_is_one_of_a_postgresql_database() -> None:
    replica, primary = "postgresql://replica/chat", "postgresql://primary/chat"

    assert read().read_database_url is None
    read_url = read(DATABASE_URL=primary, READ_DATABASE_URL=replica).read_database_url
    assert read_url == "postgresql+asyncpg://replica/chat"
    for texts in (
        {"READ_DATABASE_URL": replica},
        {"READ_DATABASE_URL": "sqlite:///copy.db", "DATABASE_URL": primary},
    ):
        with pytest.raises(SettingsError, match="READ_DATABASE_URL is for a replica"):
            read(**texts)


def test_the_redis_address_is_kept_as_it_is() -> None:
    assert read(REDIS_URL="redis://cache:6379/1").redis_url == "redis://cache:6379/1"


def test_origins_of_the_frontend_and_of_the_server_are_always_allowed() -> None:
    settings = read(
        HOST="0.0.0.0",
        PORT="9000",
        FRONTEND_URL="https://chat.example.org/app/",
        ALLOWED_ORIGINS="https://Other.example.org:443, http://[::1]:5173/x",
    )

    assert settings.frontend_url == "https://chat.example.org/app"
    assert settings.allowed_origins == (
        "https://chat.example.org",
        "http://127.0.0.1:9000",
        "http://localhost:9000",
        "https://other.example.org",
        "http://[::1]:5173",
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("PORT", "٣"),
        ("POOL_SIZE", "0"),
        ("POOL_SIZE", "9" * 5000),
        ("DATABASE_URL", "mysql://u:hunter2@db/chat"),
        ("DB_URI", "sqlite://"),
        ("DB_URI", "sqlite:///:memory:"),
        ("REDIS_URL", "http://cache"),
        ("SECRET_KEY_BASE", "hunter2"),
        ("APP_SECRET_KEY", "hunter2"),
        ("APP_JWT_SECRET", "hunter2"),
        ("VAULT_KEY", f"{'k' * 32},hunter2"),
        ("VAULT_KEY", ","),
        ("FRONTEND_URL", "chat.example.org"),
        ("FRONTEND_URL", "http://chat:port"),
        ("ALLOWED_ORIGINS", "https://good.example.org,*"),
        ("FROM_EMAIL", "nobody"),
        ("FROM_EMAIL", "a@b\r\nBcc: c@d"),
        ("TOPICS", "music,Réseau"),
        ("TOPICS", ","),
        ("LOG_LEVEL", "loud"),
        ("MAX_FRAME_BYTES", "64k"),
        ("STUN_URLS", "https://stun.example.org"),
        ("STUN_URLS", "stun:a.example.org?transport=udp"),
        ("TURN_URLS", "turn:turn.example.org/hunter2"),
        ("TURN_URLS", "turn:me:hunter2@turn.example.org"),
        ("TURN_URLS", "turn:turn.example.org?transport=sctp"),
        ("VOICE_MESH_LIMIT", "1"),
        ("VOICE_MESH_LIMIT", "17"),
        ("JANUS_URL", "http://127.0.0.1:8188"),
        ("JANUS_URL", "ws://me:hunter2@127.0.0.1:8188"),
    ],
)
def test_a_bad_value_is_refused_in_one_line_that_names_it_and_tells_no_secret(
    name: str, value: str
) -> None:
    first_names = {"APP_SECRET_KEY": "SECRET_KEY_BASE"}
    others = {key: text for key, text in SECRETS.items() if key != first_names.get(name)}

    with pytest.raises(SettingsError) as refusal:
        read_settings(others | {name: value})

    message = str(refusal.value)
    assert message.startswith(name)
    assert "\n" not in message
    assert "hunter2" not in message


@pytest.mark.parametrize(
    ("texts", "named"),
    [
        ({"SMTP_HOST": "mail", "SMTP_PASSWORD": "hunter2"}, "SMTP_USERNAME"),
        ({"SMTP_HOST": "mail", "SMTP_SECURITY": "hope"}, "SMTP_SECURITY"),
        ({"TWILIO_ACCOUNT_SID": "AC1"}, "TWILIO_AUTH_TOKEN"),
        ({**TWILIO, "TWILIO_FROM": ""}, "TWILIO_FROM"),
        ({**TWILIO, **WEBHOOK}, "TWILIO_ACCOUNT_SID"),
        ({"SMS_WEBHOOK_URL": "https://sms.example.org"}, "SMS_WEBHOOK_SECRET"),
        ({"SMS_WEBHOOK_URL": "sms.example.org"}, "SMS_WEBHOOK_URL"),
        ({"GOOGLE_CLIENT_ID": "ours"}, "GOOGLE_CLIENT_SECRET"),
        ({"OIDC_PROVIDERS": "google"}, "OIDC_PROVIDERS"),
        ({"OIDC_PROVIDERS": "work"}, "OIDC_WORK_ISSUER"),
        ({"OIDC_PROVIDERS": "work", "OIDC_WORK_ISSUER": "https://a.b"}, "OIDC_WORK_CLIENT_ID"),
        ({"DEFAULT_REGION": "Spain"}, "DEFAULT_REGION"),
        ({"TURN_URLS": "turn:turn.example.org"}, "TURN_SECRET"),
        ({"TURN_URLS": "turn:turn.example.org", "TURN_SECRET": "hunter2"}, "TURN_SECRET"),
        ({"JANUS_URL": "ws://127.0.0.1:8188", "JANUS_API_SECRET": "hunter2"}, "JANUS_API_SECRET"),
        ({"JANUS_URL": "ws://127.0.0.1:8188", "VOICE_LIMIT": "7"}, "VOICE_LIMIT"),
        ({"ENVIRONMENT": "development", "HOST": "0.0.0.0"}, "ENVIRONMENT"),
        ({"ENVIRONMENT": "development", "FRONTEND_URL": "https://a.example"}, "ENVIRONMENT"),
    ],
)
def test_what_does_not_go_together_is_refused_by_name(texts: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        read(**texts)

    assert str(refusal.value).startswith(named)
    assert "hunter2" not in str(refusal.value)


def test_providers_are_known_by_their_settings() -> None:
    google, github, work = read(**OUTSIDE).providers

    assert (google.id, google.kind, google.issuer) == (
        "google",
        "oidc",
        "https://accounts.google.com",
    )
    assert (github.id, github.kind, github.issuer) == ("github", "github", "https://github.com")
    assert (work.id, work.kind, work.title) == ("work", "oidc", "Work")
    assert work.issuer == "https://login.example.org"


def test_relays_are_known_by_their_addresses() -> None:
    relays = read(**OUTSIDE, STUN_URLS="stun:[2001:db8::1]:3478").relays

    assert relays.stun_urls == ("stun:[2001:db8::1]:3478",)
    assert relays.turn_urls == tuple(OUTSIDE["TURN_URLS"].split(","))
    assert (relays.turn_secret, relays.turn_ttl_s) == (OUTSIDE["TURN_SECRET"], 86_400)
    assert read().relays.turn_secret is None


def test_a_forwarding_server_takes_more_people_than_a_mesh() -> None:
    janus = read(**OUTSIDE).janus

    assert janus is not None
    assert (janus.url, janus.secret) == (OUTSIDE["JANUS_URL"], OUTSIDE["JANUS_API_SECRET"])
    assert janus.limit == 50
    assert read(VOICE_LIMIT="7").janus is None


def test_the_usual_port_of_a_mail_server_follows_from_its_security() -> None:
    ports = {}
    for security in ("starttls", "tls", "none"):
        server = read(SMTP_HOST="mail", SMTP_SECURITY=security).mail_server
        assert server is not None
        ports[security] = server.port

    assert ports == {"starttls": 587, "tls": 465, "none": 25}


@pytest.mark.parametrize(
    ("texts", "is_development"),
    [
        ({}, True),
        ({"PORT": "9000"}, True),
        ({"FRONTEND_URL": "http://localhost:8000"}, True),
        ({"ENVIRONMENT": "production"}, False),
        ({"HOST": "0.0.0.0"}, False),
        ({"HOST": "192.0.2.7"}, False),
        ({"FRONTEND_URL": "https://chat.example.org"}, False),
    ],
)
def test_it_is_development_where_only_this_machine_can_open_the_server(
    texts: dict[str, str], is_development: bool
) -> None:
    assert read(**texts).is_development is is_development


@given(name=st.sampled_from(LISTED_NAMES), text=st.text())
def test_whatever_the_text_it_is_read_or_refused(name: str, text: str) -> None:
    try:
        read(**{name: text})
    except SettingsError as refusal:
        assert "\n" not in str(refusal)


def test_the_text_form_of_settings_tells_no_secret() -> None:
    addresses = {"DATABASE_URL": "postgres://u:hunter2@db/chat", "REDIS_URL": "redis://:hunter2@r"}

    for sender in (TWILIO, WEBHOOK):
        assert "hunter2" not in repr(read(**addresses, **OUTSIDE, **sender))
    told = repr(read(**addresses))
    assert not [secret for secret in SECRETS.values() if secret in told]


def test_the_example_file_lists_every_setting_once_and_no_other() -> None:
    asked: set[str] = set()
    for sender in (TWILIO, WEBHOOK):
        texts = RecordingTexts({**SECRETS, **OUTSIDE, **sender})
        read_settings(texts)
        asked |= texts.asked

    assert sorted(LISTED_NAMES) == sorted(asked)


def test_the_example_file_tells_the_usual_values() -> None:
    told = dict(re.findall(r"(?m)^#([A-Z_]+)=(.+)$", EXAMPLE))
    for name in ("DATABASE_URL", "DB_URI", "READ_DATABASE_URL", "REDIS_URL", "ALLOWED_ORIGINS"):
        del told[name]

    assert read(**told) == read()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder to start in, with none of our names in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in LISTED_NAMES:
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_the_environment_wins_over_the_file_and_an_empty_name_is_not_set(folder: Path) -> None:
    (folder / ".env").write_text("HOST=::1\nPORT=9001\nFROM_EMAIL=a$b@c.example\n")

    settings = load_settings({"PORT": "9002", "HOST": ""})

    assert (settings.host, settings.port) == ("::1", 9002)
    assert settings.from_email == "a$b@c.example"
    assert settings.allowed_origins == ("http://[::1]:9002",)


def test_a_second_start_finds_the_secrets_of_the_first(folder: Path) -> None:
    first = load_settings({})

    assert load_settings({}) == first
    assert (folder / "var" / "secrets.env").exists()
    assert len({first.secret_key_base, first.app_jwt_secret, *first.vault_keys}) == 3


def test_a_secret_that_was_set_is_not_written_down(folder: Path) -> None:
    load_settings({"APP_SECRET_KEY": SECRETS["SECRET_KEY_BASE"]})

    kept = (folder / "var" / "secrets.env").read_text()

    assert sorted(re.findall(r"(?m)^([A-Z_]+)=", kept)) == [
        "APP_JWT_SECRET",
        "VAPID_PRIVATE_KEY",
        "VAULT_KEY",
    ]


def test_a_folder_that_cannot_be_made_is_told_of_as_var_dir(folder: Path) -> None:
    (folder / "occupied").write_text("")

    with pytest.raises(SettingsError, match="VAR_DIR .*occupied"):
        load_settings({"VAR_DIR": "occupied"})
