"""What would change a volunteer's place for a need, in words: the question, the waiting, the answer. No reckoning."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from flask import url_for
from flask_babel import gettext, ngettext

from matcher import wording
from matcher.database import Json
from matcher.i18n import marked
from matcher.models.need import Need
from matcher.policies import Action, may
from matcher.queries.counterfactuals import AskedPlace, own_question
from web.auth import actor
from web.change_words import change_in_words
from web.extensions import db
from web.need_cards import language
from web.profile_sections import SECTIONS
from web.runtime import LOCAL, now, today

PART = "my-place"
LATE = timedelta(minutes=10)
Data = Mapping[str, Json]
LEFT_OUT = {
    "mode": marked("Today your profile is not compared: the work is done in a way in which you do not work."),
    "distance": marked("Today your profile is not compared: the work is farther away than you are ready to go."),
    "language": marked("Today your profile is not compared: you have no working language in common."),
    "availability": marked("Today your profile is not compared: your time and that of the need do not meet."),
}


@dataclass(frozen=True, slots=True)
class ToChange:
    """One change in words, and the part of the profile in which it is said."""

    words: str
    url: str
    link: str


@dataclass(frozen=True, slots=True)
class PlacePanel:
    """What the page shows; `lines` are sentences, `made` says when it was reckoned and what has changed since."""

    part: str
    ask_url: str
    page_url: str
    is_waiting: bool = False
    lines: tuple[str, ...] = ()
    changes: tuple[ToChange, ...] = ()
    settings: tuple[str, str] | None = None
    made: str = ""
    may_ask: bool = True
    is_about_profile: bool = False


def place_panel(need: Need) -> PlacePanel | None:
    """Return the panel of the reader, who may propose her help for the need; None where she may not ask."""
    if not may(actor(), Action.ASK_OWN_PLACE, need):
        return None
    asked = own_question(db.session(), actor(), need)
    ask_url = url_for("my_places.ask", need_id=need.id)
    page_url = url_for("needs.show", need_id=need.id, _anchor=PART)
    if asked is None:
        return PlacePanel(PART, ask_url, page_url)
    if asked.ready_at is None:
        is_late = now() - asked.asked_at > LATE
        return PlacePanel(PART, ask_url, page_url, is_waiting=True, may_ask=is_late)
    outcome = str(asked.result.get("outcome"))
    changes = _listed(asked.result.get("changes"))
    is_about_profile = outcome in {"already", "changes", "nothing"}
    return PlacePanel(
        PART,
        ask_url,
        page_url,
        lines=OUTCOMES[outcome](asked.result),
        changes=tuple(_to_change(each) for each in changes),
        settings=_own_settings(outcome),
        made=_made(asked),
        may_ask=asked.profile_changed or asked.ranked_since or not is_about_profile,
        is_about_profile=is_about_profile,
    )


def result_in_words(result: Data) -> tuple[str, ...]:
    """Return what came out of a question, and each change that it names."""
    lines = OUTCOMES[str(result.get("outcome"))](result)
    return (*map(str, lines), *(change_in_words(each)[0] for each in _listed(result.get("changes"))))


def _made(asked: AskedPlace) -> str:
    assert asked.ready_at is not None
    moment = wording.moment_in_words(language(), asked.ready_at, str(LOCAL), today())
    if asked.profile_changed:
        return str(gettext("Calculated on %(moment)s; your profile has changed since.", moment=moment))
    if asked.ranked_since:
        return str(gettext("Calculated on %(moment)s; the list has been made anew since.", moment=moment))
    return str(gettext("Calculated on %(moment)s.", moment=moment))


def _already(result: Data) -> tuple[str, ...]:
    words = gettext("With what it says today, your profile comes among the first five for this need.")
    return (words, *_place(result))


def _changes(result: Data) -> tuple[str, ...]:
    words = ngettext(
        "This change would bring your profile among the first five for this need:",
        "These %(num)s changes together would bring your profile among the first five for this need:",
        len(_listed(result.get("changes"))),
    )
    return (*_place(result), words)


def _nothing(result: Data) -> tuple[str, ...]:
    words = gettext(
        "We found no change of your skills, time, places or languages, nor three of them together, that would bring"
        " your profile among the first five. What you tell of yourself in your own words counts most, and another need"
        " may fit you better."
    )
    return (*_place(result), words)


def _place(result: Data) -> tuple[str, ...]:
    """Say where she stands today, or what keeps her from being compared at all."""
    filters = result.get("left_out_by")
    if isinstance(filters, list) and filters:
        return tuple(str(gettext(LEFT_OUT[str(name)])) for name in filters)
    place, of = result.get("place"), result.get("of")
    return (str(gettext("Today the calculation puts your profile at place %(place)s of %(of)s.", place=place, of=of)),)


def _to_change(change: Data) -> ToChange:
    words, section = change_in_words(change)
    return ToChange(words, *_link(section))


def _own_settings(outcome: str) -> tuple[str, str] | None:
    """Return the address and the name of the page on which she can take back what keeps her from being suggested."""
    if outcome == "paused":
        return url_for("volunteers.profile"), str(gettext("My profile"))
    section = {"not_invited": "mail", "busy": "time"}.get(outcome)
    return _link(section) if section else None


def _link(section: str) -> tuple[str, str]:
    return url_for("volunteers.section", name=section), str(SECTIONS[section].title)


def _listed(value: Json) -> list[Data]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


OUTCOMES: dict[str, Callable[[Data], tuple[str, ...]]] = {
    "already": _already,
    "changes": _changes,
    "nothing": _nothing,
    "paused": lambda _r: (
        gettext("You are on pause: nobody suggests you for any need. You can end your pause in your profile."),
    ),
    "not_invited": lambda _r: (
        gettext("You have asked not to be invited: nobody suggests you for any need. You can change that here:"),
    ),
    "busy": lambda _r: (
        gettext("You have as many missions as you want at a time: nobody suggests you before one has ended."),
    ),
    "own_association": lambda _r: (gettext("This is a need of your own association."),),
    "not_open": lambda _r: (gettext("This need takes no proposals at the moment."),),
    "unconfirmed": lambda _r: (
        gettext("Please confirm your e-mail address first, by the link that we have sent you."),
    ),
}
