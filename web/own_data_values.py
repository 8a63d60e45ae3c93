"""The values of one's own data in words: which column of which kind holds a code, and what it says. No reads."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, time
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_location
from babel.numbers import format_decimal
from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _

from matcher import labels
from matcher.database import Json
from matcher.i18n import translate
from matcher.models.link import LinkPurpose
from matcher.models.pairing import Side
from matcher.models.sign_in import SignInEnd
from matcher.models.states import Door, NeedStatus, NeedStep, PairingStatus, PairingStep
from matcher.models.suppression import SuppressionReason
from matcher.models.volunteer import MailPace
from matcher.need_words import STEPS as NEED_STEPS
from matcher.pairing_words import OWN_LABELS, event_in_words
from matcher.ranking.types import Per, WeeklySlot
from matcher.reason_words import reason_in_words
from matcher.volunteer_words import COMMITMENTS, country_in_words, languages_in_words
from matcher.wording import (
    LOCALES,
    commune_in_words,
    period_in_words,
    weekday_in_words,
    weekly_in_words,
)
from web.access_rows import reason_words
from web.access_words import ACTS, KINDS, TO_HER, WHO
from web.closed_addresses import closed_because
from web.mail_names import mail_name
from web.need_cards import language
from web.outbox_words import CLOCKS
from web.outbox_words import KINDS as WORK
from web.place_pages import result_in_words

Words = Callable[[Json], str]
Code = TypeVar("Code", bound=StrEnum)

HATS: dict[str, LazyString] = {
    "volunteer": _("volunteer"),
    "member": _("association"),
    "coordinator": _("coordination"),
    "administrator": _("administration"),
}
SECOND_FACTORS: dict[str, LazyString] = {"authenticator": _("a code application on the telephone")}
ENDS: dict[str, LazyString] = {
    SignInEnd.SIGNED_OUT: _("you signed out"),
    SignInEnd.ENDED_BY_OWNER: _("you ended it from elsewhere"),
    SignInEnd.PASSWORD_CHANGED: _("the password was changed"),
    SignInEnd.SECOND_FACTOR_LOST: _("the second factor was taken away"),
    SignInEnd.RIGHT_WITHDRAWN: _("a role came to its end"),
    SignInEnd.SUSPENDED: _("the account was suspended"),
    SignInEnd.ENDED_FOR_HER: _("the administration ended it"),
}
PERIODS: dict[str, LazyString] = {Per.WEEK: _("a week"), Per.MONTH: _("a month"), Per.ONCE: _("in all")}
PACES: dict[str, LazyString] = {
    MailPace.IMMEDIATE: _("at once"),
    MailPace.DAILY: _("once a day"),
    MailPace.WEEKLY: _("once a week"),
}
SIDES: dict[str, LazyString] = {Side.VOLUNTEER: _("you"), Side.ASSOCIATION: _("the association")}
DOORS: dict[str, LazyString] = {
    Door.PAGE: _("on the site"),
    Door.LINK: _("by a link in an e-mail"),
    Door.TELEPHONE: _("by telephone"),
    Door.SYSTEM: _("by the service itself"),
}
LINKS: dict[str, LazyString] = {
    LinkPurpose.ANSWER: _("to answer an invitation"),
    LinkPurpose.REPLY_TO_YES: _("to answer somebody who has said yes"),
    LinkPurpose.STILL_NEEDED: _("to say whether a need is still current"),
    LinkPurpose.NOT_WHAT_I_SAID: _("to correct what was noted after a call"),
    LinkPurpose.UNSUBSCRIBE: _("to stop invitations"),
    LinkPurpose.MAIL_CHOICES: _("to choose how often we write"),
    LinkPurpose.STILL_TRUE: _("to say whether the availability still holds"),
    LinkPurpose.ADDRESS_WORKS: _("to say that the address works again"),
}
# Who acted in her own acts; of others' it is told as on the page.
OTHERS: dict[str, LazyString] = {**{by.value: words for by, words in WHO.items()}, "anonymous": _("Nobody signed in")}
HERSELF: dict[str, LazyString] = {**OTHERS, "person": _("you, signed in"), "anonymous": _("you, before signing in")}


def value_in_words(kind: str, column: str, value: Json) -> str | None:
    """Return what a coded value says; None for a column that holds no code."""
    words = WORDS.get((kind, column)) or WORDS.get(("", column))
    return words(value) if words else None


def _of(words: Mapping[str, object]) -> Words:
    """What a code stands for; one that a newer version has written stays as it is."""
    return lambda value: str(words.get(str(value), value))


def _translated(words: Mapping[Code, str]) -> Words:
    known = {code.value: sentence for code, sentence in words.items()}
    return lambda value: translate(language(), known.get(str(value), str(value)))


def _actor(words: Mapping[str, LazyString]) -> Words:
    """The word of the log: a person, a link of some purpose, a job of some name."""
    return lambda value: str(words.get(str(value).partition(":")[0], value))


def _state(value: Json) -> str:
    return translate(language(), STATES[str(value)])


def _own_state(value: Json) -> str:
    status = PairingStatus(str(value))
    return translate(language(), OWN_LABELS.get(status, labels.PAIRING_STATUSES[status]))


def _step(value: Json) -> str:
    return event_in_words(language(), PairingStep(str(value)))


def _need_step(value: Json) -> str:
    return translate(language(), NEED_STEPS[NeedStep(str(value))])


def _need_state(value: Json) -> str:
    return labels.status_label(language(), NeedStatus(str(value)))


def _reason(value: Json) -> str:
    return translate(language(), CODES.get(str(value), str(value)))


def _languages(value: Json) -> str:
    return languages_in_words(language(), map(str, value if isinstance(value, list) else [value]))


def _zone(value: Json) -> str:
    return str(get_timezone_location(ZoneInfo(str(value)), locale=LOCALES[language()], return_city=True))


def _level(value: Json) -> str:
    return labels.level_label(language(), int(str(value)))


def _weekly(value: Json) -> str:
    slots = [
        WeeklySlot(int(str(each["weekday"])), *(time.fromisoformat(str(each[end])) for end in ("starts", "ends")))
        for each in _listed(value)
    ]
    return weekly_in_words(language(), slots)


def _away(value: Json) -> str:
    pairs = [each for each in value if isinstance(each, list)] if isinstance(value, list) else []
    return _lines(period_in_words(language(), *(date.fromisoformat(str(day)) for day in pair)) for pair in pairs)


def _number(value: Json) -> str:
    return str(format_decimal(str(value), format="#,##0.####", locale=LOCALES[language()]))


def _points(value: Json) -> str:
    """A share of 1 as points of 100."""
    points = format_decimal(100 * float(str(value)), format="0.#", locale=LOCALES[language()])
    return str(gettext("%(points)s of 100", points=points))


def _parts(value: Json) -> str:
    parts = value if isinstance(value, dict) else {}
    told = ((labels.part_label(language(), name), _points(share)) for name, share in parts.items())
    return _lines(str(gettext("%(name)s: %(value)s", name=name, value=share)) for name, share in told)


def _why_suggested(value: Json) -> str:
    listed = value.get("list") if isinstance(value, dict) else None
    return _lines(reason_in_words(language(), each) for each in _listed(listed))


def _place_in_list(value: Json) -> str:
    """The first one is stored as 0."""
    return str(int(str(value)) + 1)


def _result(value: Json) -> str:
    return _lines(result_in_words(value)) if isinstance(value, dict) else ""


def _listed(value: Json) -> Iterable[Mapping[str, Json]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _lines(told: Iterable[str]) -> str:
    """One line for each; several are told apart by a bullet."""
    lines = list(told)
    return "\n".join(f"• {line}" for line in lines) if len(lines) > 1 else "".join(lines)


def _it_is(_value: Json) -> str:
    """The number of an account is told when it is hers, and never another's."""
    return str(gettext("Yes"))


STATES: dict[str, str] = {status.value: words for status, words in labels.PAIRING_STATUSES.items()}
CODES: dict[str, str] = {code.value: words for code, words in labels.CODES.items()}
# By kind and column; without a kind, wherever the column stands.
WORDS: dict[tuple[str, str], Words] = {
    ("", "language"): _languages,
    ("", "languages"): _languages,
    ("", "hat"): _of(HATS),
    ("", "tf_primary_method"): _of(SECOND_FACTORS),
    ("", "role"): _of(HATS),
    ("", "end"): _of(ENDS),
    ("", "country"): lambda value: country_in_words(language(), str(value)),
    ("", "timezone"): _zone,
    ("", "commitment"): _translated(COMMITMENTS),
    ("", "hours_per"): _of(PERIODS),
    ("", "weekly"): _weekly,
    ("", "unavailable"): _away,
    ("", "mail_pace"): _of(PACES),
    ("", "mail_weekday"): lambda value: weekday_in_words(language(), int(str(value))),
    ("", "level"): _level,
    ("", "commune"): lambda value: commune_in_words(str(value)),
    ("", "position"): _place_in_list,
    ("", "latitude"): _number,
    ("", "longitude"): _number,
    ("pairings", "status"): _own_state,
    ("", "check_waived"): _translated(labels.CHECK_WAIVERS),
    ("", "begun_by"): _of(SIDES),
    ("", "proposed_by"): _of(SIDES),
    ("", "finished_by"): _of(SIDES),
    ("", "step"): _step,
    ("", "source"): _state,
    ("", "target"): _state,
    ("", "door"): _of(DOORS),
    ("", "reason"): _reason,
    ("", "clock"): _of(CLOCKS),
    ("", "score"): _points,
    ("", "text_score"): _points,
    ("", "availability_score"): _points,
    ("", "contributions"): _parts,
    ("", "reasons"): _why_suggested,
    ("", "distance_km"): _number,
    ("", "result"): _result,
    ("", "author_id"): _it_is,
    ("", "contact_id"): _it_is,
    ("", "coordinator_id"): _it_is,
    ("decisions", "account_id"): _it_is,
    ("acts_on_needs", "step"): _need_step,
    ("acts_on_needs", "source"): _need_state,
    ("acts_on_needs", "target"): _need_state,
    ("", "purpose"): _of(LINKS),
    ("", "mail"): lambda value: str(WORK.get(str(value)) or mail_name(str(value))),
    ("closed_addresses", "reason"): lambda value: closed_because(SuppressionReason(str(value))),
    ("log", "reason"): lambda value: reason_words(str(value)),
    ("accesses", "reason"): lambda value: reason_words(str(value)),
    ("log", "actor"): _actor(HERSELF),
    ("log", "action"): _of(ACTS),
    ("accesses", "actor"): _actor(OTHERS),
    ("accesses", "action"): _of({**ACTS, **TO_HER}),
    ("", "subject_kind"): _of(KINDS),
}
