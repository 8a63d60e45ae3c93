"""One's own data in words: the kinds of rows, the columns that have words, values as people read them."""

import json
from dataclasses import dataclass
from datetime import datetime

from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _

from matcher.database import Json
from matcher.queries.own_data import Row, Section
from matcher.wording import HOME_ZONE, moment_in_words
from web.i18n import locale

SECTIONS: dict[str, LazyString] = {
    "account": _("Account"),
    "roles": _("Roles"),
    "branches": _("Branches that you coordinate"),
    "sign_ins": _("Sign-ins"),
    "profile": _("Profile and choices about mails"),
    "skills": _("Skills"),
    "places": _("Places"),
    "experiences": _("Experiences"),
    "changes": _("When your profile changed"),
    "pairings": _("Pairings and missions"),
    "steps": _("Steps of your pairings"),
    "decisions": _("Decisions about your pairings"),
    "deadlines": _("Running deadlines of your pairings"),
    "notes": _("Notes that coordinators wrote about you"),
    "suggestions": _("Suggestions"),
    "questions": _("Questions about your place"),
    "invitation_mails": _("Mails with invitations"),
    "silences": _("When we told you why nobody asks you"),
    "memberships": _("Associations that you act for"),
    "invited": _("Associations that have invited you, or that you asked"),
    "needs": _("Needs that you wrote or answer for"),
    "acts_on_needs": _("What you did about needs"),
    "acts_on_pairings": _("What you did about other people’s pairings"),
    "acts_of_deciding": _("Decisions that you took"),
    "weights": _("Weights of the ranking that you adopted"),
    "quarantines": _("Quarantines that you lifted"),
    "links": _("Links in mails to you"),
    "mails": _("Mails to you of the last weeks"),
    "closed_addresses": _("Why we do not write to your address"),
    "log": _("Your acts in the log"),
    "accesses": _("Who looked at your data, or acted on it"),
}
COLUMNS: dict[str, LazyString] = {
    "email": _("E-mail address"),
    "name": _("Name"),
    "phone": _("Telephone"),
    "language": _("Language"),
    "headline": _("Headline"),
    "description": _("Description"),
    "text": _("Text"),
    "sent_text": _("What it said"),
    "label": _("Skill"),
    "level": _("Level"),
    "need": _("Need"),
    "association": _("Association"),
    "motivation": _("Motivation"),
    "question": _("Question"),
    "answer": _("Answer"),
    "reason": _("Reason"),
    "status": _("Status"),
    "at": _("When"),
    "step": _("Step"),
    "score": _("Score"),
    "rank": _("Rank"),
    "action": _("Act"),
    "device": _("Device"),
    "languages": _("Languages"),
    "hours": _("Hours"),
    "hours_done": _("Hours done"),
    "role": _("Role"),
    "commune": _("Commune"),
    "created_at": _("Created"),
    "adult_declared_at": _("Of age, declared"),
    "confirmed_at": _("Address confirmed"),
    "invitations_allowed_at": _("Invitations allowed"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One section as it is read: its name, and each row as what and which."""

    title: LazyString
    rows: tuple[tuple[tuple[str, str], ...], ...]


def sections_in_words(sections: tuple[Section, ...]) -> list[Told]:
    """Return what is kept, without what is empty; a column without words bears its own name, as in the register."""
    return [Told(SECTIONS[each.name], tuple(map(_facts, each.rows))) for each in sections if each.rows]


def _facts(row: Row) -> tuple[tuple[str, str], ...]:
    said = ((column, value) for column, value in row.items() if value not in (None, "", []))
    return tuple((str(COLUMNS.get(column, column)), _words(value)) for column, value in said)


def _words(value: Json) -> str:
    if isinstance(value, bool):
        return str(gettext("Yes") if value else gettext("No"))
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ", ".join(map(str, value))
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return _moment(str(value))


def _moment(text: str) -> str:
    """A moment as people say it; whatever else somebody has written stays as it is."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return moment_in_words(locale(), moment, HOME_ZONE) if moment.tzinfo else text
