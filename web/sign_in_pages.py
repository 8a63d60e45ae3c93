"""One's sign-ins in words. No act."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import get_locale, gettext
from sqlalchemy.orm import Session

from matcher.actors import Person
from matcher.errors import NotFound
from matcher.queries.sign_ins import own, zone_of
from matcher.wording import moment_in_words
from web.runtime import LOCAL, now, runtime
from web.second_factor import needs_one
from web.sign_ins import present


@dataclass(frozen=True, slots=True)
class SignInWords:
    """One line of the list."""

    id: int
    device: str
    since: str
    seen: str
    is_this: bool


def sign_in_words(session: Session, owner: Person) -> list[SignInWords]:
    """Return where one is signed in, in words, this browser first."""
    this = present()
    idle_h = runtime().settings.sign_in_idle_h
    found = own(session, owner, now(), idle_h=idle_h, is_trusted=needs_one(owner.account))
    zone = zone_of(session, owner) or LOCAL.key
    rows = [
        SignInWords(
            row.id,
            row.device or gettext("A device without a name"),
            _moment(row.began_at, zone),
            _moment(row.seen_at, zone),
            this is not None and row.id == this.id,
        )
        for row in found
    ]
    return sorted(rows, key=lambda row: not row.is_this)


def other_sign_in(session: Session, owner: Person, sign_in_id: int) -> SignInWords:
    """Return one of one's own sign-ins that still holds, but not this one; raises NotFound."""
    others = [row for row in sign_in_words(session, owner) if row.id == sign_in_id and not row.is_this]
    if not others:
        raise NotFound
    return others[0]


def _moment(moment: datetime, zone: str) -> str:
    return moment_in_words(str(get_locale()), moment, zone, now().astimezone(ZoneInfo(zone)).date())
