"""Letters in words: every kind has its texts, and nothing that people chose turns into markup."""

from __future__ import annotations

import pytest

from tertulia.adapters.letter_texts import LetterTexts
from tertulia.core.letters import Letter, LetterKind

SITE = "https://chat.example.org"
WORDS = {
    "name": "Ana",
    "email": "new@example.org",
    "code": "123456",
    "chats": "Film club: 3 messages",
}
TEXTS = (LetterKind.PHONE_CODE, LetterKind.INVITATION)
MAILS = [kind for kind in LetterKind if kind not in TEXTS]
WITH_LINK = (LetterKind.CONFIRM_EMAIL, LetterKind.CHANGE_EMAIL, LetterKind.RESET_PASSWORD)


def letter(kind: LetterKind, **words: str) -> Letter:
    path = "/page#to-ken_1" if kind in WITH_LINK else None
    return Letter(channel="mail", kind=kind, to="a@b.c", words=WORDS | words, path=path)


@pytest.mark.parametrize("kind", MAILS)
def test_every_mail_says_the_same_in_both_parts(kind: LetterKind) -> None:
    written = LetterTexts(SITE).mail(letter(kind))
    assert 10 < len(written.subject) < 60
    assert "\n" not in written.subject
    assert written.text.startswith("Hello Ana,\n")
    assert "chat.example.org" in written.text
    for paragraph in written.text.strip().split("\n\n"):
        assert " ".join(paragraph.split()) in written.html
    assert "{{" not in written.text + written.html


@pytest.mark.parametrize("kind", WITH_LINK)
def test_a_link_leads_to_the_page_at_the_address_that_people_open(kind: LetterKind) -> None:
    written = LetterTexts(SITE).mail(letter(kind))
    assert f"\n{SITE}/page#to-ken_1\n" in written.text
    assert f'href="{SITE}/page#to-ken_1"' in written.html


@pytest.mark.parametrize("kind", MAILS)
def test_a_mail_loads_nothing_from_anywhere(kind: LetterKind) -> None:
    html = LetterTexts(SITE).mail(letter(kind)).html
    for loading in ("<img", "<script", "<link", "src=", "url("):
        assert loading not in html


@pytest.mark.parametrize("kind", MAILS)
def test_a_name_is_text_whatever_it_has_in_it(kind: LetterKind) -> None:
    name = "<b>{{ 7*7 }}</b>&\"'"
    written = LetterTexts(SITE).mail(letter(kind, name=name))
    assert name in written.text
    assert "<b>" not in written.html
    assert "&lt;b&gt;{{ 7*7 }}&lt;/b&gt;" in written.html
    assert name not in written.subject


def test_a_code_stands_first_and_is_bound_to_the_site() -> None:
    text = LetterTexts("http://127.0.0.1:8000").message(letter(LetterKind.PHONE_CODE))
    assert text.startswith("123456 is your code")
    assert text.endswith("\n\n@127.0.0.1 #123456")
    assert len(text) <= 160


def test_an_invitation_says_who_to_what_and_how() -> None:
    words = {"name": "Ana", "conversation": "Film club"}
    sent = Letter(
        channel="sms", kind=LetterKind.INVITATION, to="+34600", words=words, path="/invite/to-ken"
    )
    assert LetterTexts(SITE).message(sent) == (
        f'Ana invites you to "Film club" at chat.example.org: {SITE}/invite/to-ken'
    )
