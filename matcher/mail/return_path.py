"""Where what comes back is sent: an address made for one mail, whose local part we signed. Names no person.

A letter and an id (what the mail was about), the keyed hash of its recipient, and an HMAC of both: 61 characters at
most, of the 64 that a local part may have, and unharmed by lower-casing.
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from enum import StrEnum

from matcher.services.suppression import address_hash, derived_key
from matcher.settings import Settings

MAC_BYTES = 10
LOCAL_PART = re.compile(r"([ima])(\d{1,10})\.([a-z2-7]{32})\.([a-z2-7]{16})")


class Purpose(StrEnum):
    """What the mail was about, and so what its id means."""

    INVITATION = "i"  # the id of a pairing that is asked
    MAIL = "m"  # the id of an account
    ACCOUNT_MAIL = "a"  # the id of an account, or 0 where there is none yet


@dataclass(frozen=True, slots=True)
class Returned:
    """What a signed return path says."""

    purpose: Purpose
    subject_id: int
    address_hash: str


def return_path(settings: Settings, purpose: Purpose, subject_id: int, *, recipient: str) -> str | None:
    """Return the address to which a mail to this recipient comes back; None where no domain takes them."""
    if settings.bounce_domain is None:
        return None
    said = f"{purpose}{subject_id}.{address_hash(settings, recipient)}"
    return f"{said}.{_mac(settings, said)}@{settings.bounce_domain}"


def find_returned(settings: Settings, text: str) -> Returned | None:
    """Return what the first return path says that stands in a text and that we signed; None when there is none."""
    domain = (settings.bounce_domain or "").lower()
    for found in LOCAL_PART.finditer(text.lower()):
        purpose, subject_id, hashed, mac = found.groups()
        is_ours = bool(domain) and text[found.end() :].lower().startswith(f"@{domain}")
        expected = _mac(settings, f"{purpose}{subject_id}.{hashed}")
        if is_ours and hmac.compare_digest(mac, expected):
            return Returned(Purpose(purpose), int(subject_id), hashed)
    return None


def _mac(settings: Settings, said: str) -> str:
    digest = hmac.new(derived_key(settings, "return path"), said.encode("ascii"), hashlib.sha256).digest()
    return base64.b32encode(digest[:MAC_BYTES]).decode("ascii").lower()
