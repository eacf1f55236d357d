"""What devices are called: browsers in words, programs as they say, nobody by nothing."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tertulia.gateways.device_names import MAX_NAME_CHARS, UNKNOWN, device_name

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0",
            "Firefox on Linux",
        ),
        (
            "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0",
            "Firefox on Ubuntu",
        ),
        (
            "Mozilla/5.0 (Android 13; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0",
            "Firefox on Android",
        ),
        (
            f"Mozilla/5.0 (Linux; Android 13; Pixel 7) {WEBKIT} Chrome/119.0 Mobile Safari/537.36",
            "Chrome on Android",
        ),
        (
            f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/120.0 Safari/537.36",
            "Chrome on Windows",
        ),
        (
            f"Mozilla/5.0 (Windows NT 10.0) {WEBKIT} Chrome/120.0 Safari/537.36 Edg/120.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15"
            " (KHTML, like Gecko) Version/17.1 Safari/605.1.15",
            "Safari on macOS",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15"
            " (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1",
            "Safari on iOS",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15"
            " (KHTML, like Gecko) CriOS/120.0 Mobile/15E148 Safari/604.1",
            "Chrome on iOS",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15"
            " (KHTML, like Gecko) FxiOS/120.0 Mobile/15E148 Safari/605.1.15",
            "Firefox on iOS",
        ),
        ("Opera/9.80 (X11; Linux x86_64) Presto/2.12.388 Version/12.16", "Opera on Linux"),
    ],
)
def test_a_browser_is_called_by_its_name_and_its_system(user_agent: str, name: str) -> None:
    assert device_name(user_agent) == name


@pytest.mark.parametrize(
    "user_agent", ["python-httpx/0.28.1", "curl/8.5.0", "Teatime/1.0", "okhttp/4.9", "Tertulia"]
)
def test_a_program_is_called_as_it_calls_itself(user_agent: str) -> None:
    assert device_name(user_agent) == user_agent


@pytest.mark.parametrize("user_agent", ["", "   ", "\x00\x1b", "\ud800"], ids=ascii)
def test_what_does_not_say_its_name_is_an_unknown_device(user_agent: str) -> None:
    assert device_name(user_agent) == UNKNOWN


def test_what_nobody_knows_keeps_its_text_cleaned_and_cut() -> None:
    assert device_name("Mozilla/5.0") == "Mozilla/5.0"
    assert device_name(" Mozilla/5.0 \x1b[31m(odd) ") == "Mozilla/5.0 [31m(odd)"
    for long in ("x" * 60_000, "Mozilla/" + "y" * 60_000, "Mozilla/5.0 (" * 5000):
        assert 0 < len(device_name(long)) <= MAX_NAME_CHARS


def test_the_patterns_are_not_loaded_before_a_browser_comes() -> None:
    script = (
        "import sys; import tertulia.server;"
        "from tertulia.gateways.device_names import device_name;"
        "device_name('curl/8.5.0'); sys.exit('ua_parser' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
