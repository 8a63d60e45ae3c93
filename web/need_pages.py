"""A need as its own page shows it: ready words, facts and the picture of its week. No reads."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from babel import Locale
from flask import url_for
from flask_babel import gettext, ngettext
from markupsafe import Markup

from matcher import wording
from matcher.labels import status_label
from matcher.models.need import Need
from matcher.models.states import NeedAudience, NeedStatus, PairingStatus
from matcher.queries.needs import NeedPage
from matcher.queries.standing import Stand, Standing
from web.need_cards import KINDS, language
from web.pictures import cells_of, week_of_need
from web.runtime import LOCAL, today

Facts = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ShownNeed:
    """What the templates of a need print."""

    need_id: int
    title: str
    description: str
    lang: str
    association: str
    association_inside: str
    association_text: str
    audience: str
    branch: str
    required: tuple[str, ...]
    useful: tuple[str, ...]
    facts: Facts
    week: Markup | None
    state: str
    state_kind: str


@dataclass(frozen=True, slots=True)
class StandingWords:
    """What the reader may do now: a sentence, and a link where there is one to follow."""

    kind: str
    words: str
    url: str | None = None
    link: str | None = None


def shown_need(page: NeedPage) -> ShownNeed:
    """Return a need ready to print."""
    return ShownNeed(
        need_id=page.need_id,
        title=page.title or gettext("Need without a title"),
        description=page.description,
        lang=page.language,
        association=page.association,
        association_inside=page.association_inside,
        association_text=page.association_text,
        audience=_audience(page),
        branch=page.branch,
        required=page.required,
        useful=page.useful,
        facts=_facts(page),
        week=week_of_need(cells_of(page.weekly)) if page.weekly else None,
        state=status_label(language(), page.status),
        state_kind=KINDS[page.status],
    )


def standing_words(where: Standing, need: Need) -> StandingWords | None:
    """Say where the reader stands towards a need; None when the button says it all."""
    if where.stand is Stand.OWN:
        words = gettext("This is a need of your own association.")
        return StandingWords("info", words, url_for("my_needs.show", need_id=need.id), gettext("Look after it"))
    if where.stand is Stand.ANSWERED and where.status is not None:
        return _answered(where, where.status)
    if need.status is not NeedStatus.OPEN or where.stand is Stand.UNINVITED:
        return StandingWords("info", _takes_nothing(need))
    if where.stand is Stand.UNCONFIRMED:
        words = gettext("Please confirm your e-mail address first, by the link that we have sent you.")
        return StandingWords("warn", words, url_for("account.show"), gettext("My account"))
    if where.stand is Stand.NO_PROFILE:
        words = gettext("To propose your help, describe your skills first: the coordinator reads your profile.")
        return StandingWords("info", words, url_for("volunteers.profile"), gettext("Describe my skills"))
    return None


def day_words(moment: datetime | None) -> str | None:
    """Return the day of a moment in the reader's language."""
    return wording.day_in_words(language(), moment.astimezone(LOCAL).date(), today()) if moment else None


def language_names(codes: Iterable[str]) -> str:
    """Return the names of some languages in the reader's own."""
    names = Locale.parse(language()).languages
    return wording.join_words(language(), [str(names.get(code, code)) for code in codes])


def vulnerable_fact() -> tuple[str, str]:
    """Say that the work means meeting minors or vulnerable people, and what that asks of the association."""
    words = gettext("minors or vulnerable people: the association makes the check that it must make before work begins")
    return gettext("Whom one meets"), words


def audience_fact(need: Need) -> tuple[str, str]:
    """Say who reads a need, to those who look after it."""
    words = {
        NeedAudience.NAMED: gettext("everybody"),
        NeedAudience.UNNAMED: gettext("everybody, without the association’s name and exact place"),
        NeedAudience.INVITATION: gettext("only those who are invited"),
    }
    return gettext("Readers"), words[need.audience]


def _audience(page: NeedPage) -> str:
    """Say what the reader should know of who reads this; nothing for a need like most."""
    if page.audience is NeedAudience.INVITATION:
        return str(gettext("Only those who are invited read this need; it stands in no list."))
    if page.audience is NeedAudience.NAMED:
        return ""
    if page.is_named:
        return str(gettext("Others read this need without the name of the association and without its exact place."))
    return str(gettext("The association gives its name and its exact place once you have both said yes."))


def _facts(page: NeedPage) -> Facts:
    facts = [
        (gettext("Time"), page.effort or gettext("to be agreed together")),
        (gettext("When"), page.when),
        (gettext("Where"), page.where),
        (gettext("Places"), _places(page)),
    ]
    if page.meets_vulnerable:
        facts.append(vulnerable_fact())
    if page.working_languages:
        facts.append((gettext("Languages"), language_names(page.working_languages)))
    if page.answer_by:
        day = wording.day_in_words(language(), page.answer_by, today())
        facts.append((gettext("Answer wanted"), gettext("by %(day)s", day=day)))
    return facts


def _places(page: NeedPage) -> str:
    if page.status is not NeedStatus.OPEN or page.free_seats == page.seats:
        return str(ngettext("%(num)s person", "%(num)s people", page.seats))
    return str(
        ngettext(
            "%(num)s place free of %(seats)s", "%(num)s places free of %(seats)s", page.free_seats, seats=page.seats
        )
    )


def _takes_nothing(need: Need) -> str:
    if need.status is NeedStatus.FILLED:
        return str(gettext("This need has found its people. Thank you for having looked."))
    if need.is_open:
        return str(gettext("Only those who are invited can propose their help."))
    return str(gettext("This need takes no proposals at the moment."))


def _answered(where: Standing, status: PairingStatus) -> StandingWords:
    url = url_for("missions.show", pairing_id=where.pairing_id)
    if status is PairingStatus.APPLIED:
        day = day_words(where.promised_at)
        words = gettext("You have proposed your help. A coordinator reads your proposal.")
        if day:
            words = gettext("You have proposed your help. A coordinator answers you by %(day)s at the latest.", day=day)
        return StandingWords("good", words, url, gettext("My proposal"))
    words = gettext(
        "You have already been in touch about this need. Where it stands: %(state)s.",
        state=status_label(language(), status).lower(),
    )
    return StandingWords("info", words, url, gettext("Look at it"))
