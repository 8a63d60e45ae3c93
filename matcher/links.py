"""Signed absolute addresses for e-mails. The token is the row's id and an HMAC of the row: it is stored nowhere."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, lazyload

from matcher.errors import LinkRevoked, NotFound
from matcher.link_rights import renewed
from matcher.models.link import LinkPurpose, SignedLink
from matcher.settings import Settings

PATHS: dict[LinkPurpose, str] = {
    LinkPurpose.ANSWER: "/answer/{token}",
    LinkPurpose.REPLY_TO_YES: "/yes/{token}",
    LinkPurpose.STILL_NEEDED: "/still-needed/{token}",
    LinkPurpose.NOT_WHAT_I_SAID: "/correct/{token}",
    LinkPurpose.UNSUBSCRIBE: "/unsubscribe/{token}",
    LinkPurpose.MAIL_CHOICES: "/mail/{token}",
    LinkPurpose.STILL_TRUE: "/still-true/{token}",
    LinkPurpose.ADDRESS_WORKS: "/address-works/{token}",
}
PAGES: dict[str, str] = {
    "home": "/",
    "need": "/needs/{id}",
    "my_need": "/my/needs/{id}",
    "edit_need": "/my/needs/{id}/edit",
    "close_need": "/my/needs/{id}/close",
    "new_need": "/my/needs/new",
    "review": "/reviews/{id}",
    "line": "/reviews/{id}/line",
    "reviews": "/reviews",
    "mission": "/missions/{id}",
    "missions": "/missions",
    "needs": "/needs",
    "profile": "/profile",
    "profile_text": "/profile/text",
    "profile_skills": "/profile/skills",
    "profile_places": "/profile/places",
    "profile_time": "/profile/time",
    "preferences": "/profile/mail",
    "register": "/register",
    "sign_in": "/sign-in",
    "account": "/account",
    "people": "/admin/people",
    "associations": "/associations",
    "my_needs": "/my/needs",
}


@dataclass(frozen=True, slots=True)
class Subject:
    """What a link is about: one pairing, or one need, or neither (then the recipient's own account)."""

    pairing_id: int | None = None
    need_id: int | None = None


class Links:
    """Makes and reads the addresses that stand in mails; the only source is PUBLIC_URL."""

    def __init__(self, settings: Settings) -> None:
        self._base = settings.public_url.rstrip("/")
        self._key = settings.link_key.get_secret_value().encode()

    def page(self, name: str, **values: int | str) -> str:
        """Return the absolute address of a page."""
        return self._base + PAGES[name].format(**values)

    def address(self, link: SignedLink) -> str:
        """Return the absolute address of a signed link; the same each time."""
        return self._base + self.path(link)

    def path(self, link: SignedLink) -> str:
        """Return the path of a signed link."""
        return PATHS[link.purpose].format(token=self.token(link))

    def token(self, link: SignedLink) -> str:
        """Return the link's token: its id and an HMAC-SHA256 of what it grants."""
        facts = "|".join(
            str(part)
            for part in (
                link.id,
                link.purpose.value,
                link.pairing_id,
                link.need_id,
                link.recipient_id,
                int(link.created_at.timestamp()),
            )
        )
        digest = hmac.new(self._key, facts.encode(), hashlib.sha256).digest()[:24]
        return f"{link.id}.{urlsafe_b64encode(digest).decode().rstrip('=')}"

    def read(self, session: Session, token: str, purpose: LinkPurpose) -> SignedLink:
        """Return the link of a token; raises NotFound for a forged or foreign one, LinkRevoked for a withdrawn one."""
        link = self.find(session, token, purpose)
        if link.revoked_at is not None:
            raise LinkRevoked
        return link

    def find(self, session: Session, token: str, purpose: LinkPurpose) -> SignedLink:
        """Return the link of a genuine token, withdrawn or not; raises NotFound."""
        number, _, _ = token.partition(".")
        if not number.isascii() or not number.isdigit() or len(number) > 15:
            raise NotFound
        link = session.get(SignedLink, int(number))
        if link is None or link.purpose is not purpose:
            raise NotFound
        if not hmac.compare_digest(self.token(link).encode(), token.encode()):
            raise NotFound
        return link


def live_links(session: Session, recipient_id: int, subject: Subject) -> list[SignedLink]:
    """Return the live links of a recipient about one pairing, one need, both of them or neither, in one statement."""
    return list(
        session.scalars(
            sa.select(SignedLink)
            .where(
                SignedLink.recipient_id == recipient_id,
                SignedLink.revoked_at.is_(None),
                sa.or_(SignedLink.pairing_id.is_(None), SignedLink.pairing_id == subject.pairing_id),
                sa.or_(SignedLink.need_id.is_(None), SignedLink.need_id == subject.need_id),
            )
            .options(lazyload(SignedLink.recipient))
            .order_by(SignedLink.id)
        )
    )


def issue(
    session: Session,
    now: datetime,
    purpose: LinkPurpose,
    *,
    subject: Subject,
    recipient_id: int,
    expires_at: datetime | None = None,
    live: list[SignedLink] | None = None,
) -> SignedLink:
    """Return the live link of this purpose, subject and recipient, made when there is none.

    It ends at `expires_at`, else when its purpose says so.

    `live` are the links of the recipient and the subject when they were read already; a new one joins them.
    """
    known = live_links(session, recipient_id, subject) if live is None else live
    granted = (purpose, subject.pairing_id, subject.need_id)
    link = next((each for each in known if (each.purpose, each.pairing_id, each.need_id) == granted), None)
    if link is None:
        link = SignedLink(
            purpose=purpose,
            pairing_id=subject.pairing_id,
            need_id=subject.need_id,
            recipient_id=recipient_id,
            created_at=now.replace(microsecond=0),
        )
        session.add(link)
        known.append(link)
    link.expires_at = expires_at or renewed(link, now)
    session.flush()
    return link
