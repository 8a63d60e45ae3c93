"""Links of account mails while they wait in the outbox: encrypted under MAIL_KEY; no database holds one open."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken

from matcher.errors import BadSettings
from matcher.settings import Settings


def seal(settings: Settings, link: str) -> str:
    """Encrypt a link for its row in the outbox."""
    return _box(settings).encrypt(link.encode()).decode("ascii")


def unseal(settings: Settings, sealed: str) -> str:
    """Decrypt a link; raises BadSettings when it was sealed under another key."""
    try:
        return _box(settings).decrypt(sealed.encode("ascii")).decode()
    except InvalidToken as error:
        raise BadSettings(key="MAIL_KEY", why="does not open a link that waits in the outbox") from error


def _box(settings: Settings) -> Fernet:
    secret = settings.mail_key.get_secret_value().encode()
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(secret).digest()))
