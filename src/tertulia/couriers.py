"""Who carries the letters, as the settings say."""

from __future__ import annotations

from tertulia.adapters.letter_texts import LetterTexts
from tertulia.adapters.mail_smtp import SmtpCourier
from tertulia.adapters.outbox_folder import OutboxFolder
from tertulia.adapters.outbox_reader import OutboxReader
from tertulia.adapters.sms_twilio import TwilioCourier
from tertulia.adapters.sms_webhook import WebhookCourier
from tertulia.core.post import Courier
from tertulia.outside_settings import SmsWebhook, Twilio
from tertulia.settings import Settings

_FOLDER = "outbox"


def mail_courier(settings: Settings) -> Courier:
    """Return who carries mails: the mail server of the settings, or else a folder."""
    server = settings.mail_server
    if server is None:
        return _folder(settings)
    return SmtpCourier(
        host=server.host,
        port=server.port,
        security=server.security,
        username=server.username,
        password=server.password,
        sender=settings.from_email,
        texts=LetterTexts(settings.frontend_url),
    )


def sms_courier(settings: Settings) -> Courier:
    """Return who carries text messages: the service of the settings, or else a folder."""
    sender, texts = settings.sms_sender, LetterTexts(settings.frontend_url)
    match sender:
        case None:
            return _folder(settings)
        case Twilio():
            return TwilioCourier(
                url=sender.url,
                account_sid=sender.account_sid,
                auth_token=sender.auth_token,
                sender=sender.sender,
                texts=texts,
            )
        case SmsWebhook():
            return WebhookCourier(url=sender.url, secret=sender.secret, texts=texts)


def outbox_reader(settings: Settings) -> OutboxReader | None:
    """Return what shows the letters in the folder, on one's own machine alone."""
    everything_is_sent = settings.mail_server is not None and settings.sms_sender is not None
    if everything_is_sent or not settings.is_development:
        return None
    return OutboxReader(settings.var_dir / _FOLDER)


def _folder(settings: Settings) -> OutboxFolder:
    texts = LetterTexts(settings.frontend_url)
    return OutboxFolder(settings.var_dir / _FOLDER, texts, settings.from_email)
