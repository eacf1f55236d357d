"""Letters put into words: the mail or the text message that each kind of letter becomes.

A kind has its texts in `letter_templates`: `<kind>.txt`, whose first line is the subject of a mail,
and nothing else. The HTML part of a mail is made from the same paragraphs, so that the two cannot
say different things: a paragraph that is only the link becomes a button.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from tertulia.core.letters import Letter

TEMPLATES = Path(__file__).parent / "letter_templates"


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenMail:
    """A mail in words; `html` says the same as `text`."""

    subject: str
    text: str
    html: str


class LetterTexts:
    """Words letters for a server that people open at `frontend_url`."""

    def __init__(self, frontend_url: str) -> None:
        self._frontend_url = frontend_url
        self._host = urlsplit(frontend_url).netloc
        self._templates = Environment(
            loader=FileSystemLoader(TEMPLATES),
            # A word that a template needs and a letter lacks is a bug, not an empty place.
            undefined=StrictUndefined,
            # What people call themselves is text in a text, and escaped in a page.
            autoescape=select_autoescape(["html"]),
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def mail(self, letter: Letter) -> WrittenMail:
        """Return what a letter says as a mail."""
        subject, _, text = self._text(letter).partition("\n")
        paragraphs = [" ".join(part.split()) for part in text.strip().split("\n\n")]
        html = self._templates.get_template("mail.html").render(
            subject=subject,
            paragraphs=paragraphs,
            link=self._link(letter),
            site=self._frontend_url,
            host=self._host,
        )
        return WrittenMail(subject=" ".join(subject.split()), text=text.strip() + "\n", html=html)

    def message(self, letter: Letter) -> str:
        """Return what a letter says as a text message."""
        return self._text(letter).strip()

    def unsubscribe_address(self, letter: Letter) -> str | None:
        """Return where a mail program stops letters of this kind, if anywhere."""
        return letter.unsubscribe and self._frontend_url + letter.unsubscribe

    def _text(self, letter: Letter) -> str:
        return self._templates.get_template(f"{letter.kind.value}.txt").render(
            {
                **letter.words,
                "link": self._link(letter),
                "host": self._host,
                "site": self._frontend_url,
            }
        )

    def _link(self, letter: Letter) -> str:
        return "" if letter.path is None else self._frontend_url + letter.path
