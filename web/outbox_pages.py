"""Background work as the administrators' page shows it: parked rows, alerts and what waits, in words. No reads."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext, ngettext

from matcher.models.alert import Alert
from matcher.models.outbox import ParkReason
from matcher.queries.alerts import Place, ids_of
from matcher.queries.parked_rows import Backlog, Parked, ParkedRow
from matcher.wording import HOME_ZONE, moment_in_words
from web.access_words import KINDS as SUBJECTS
from web.mail_names import mail_words
from web.need_cards import language
from web.outbox_words import REASONS, SHORT, alert_words, kind_words
from web.runtime import today


@dataclass(frozen=True, slots=True)
class ParkedCard:
    """One parked row; `about` and `about_url` name its subject when there is one."""

    row_id: int
    title: str
    since: str
    attempts: str
    reason: str
    detail: str
    about: str
    about_url: str | None


@dataclass(frozen=True, slots=True)
class AlertCard:
    """One alert; `about` names the first things that it is about, each with the address of its page if it has one."""

    words: str
    since: str
    about: list[tuple[str, str | None]]
    more: str


def cards(parked: Parked) -> list[ParkedCard]:
    """Put the parked rows of a page into words."""
    return [card(row) for row in parked.rows]


def card(row: ParkedRow) -> ParkedCard:
    """Put one parked row into words; what the mail server or the program said stands in brackets, a code only."""
    attempts = ngettext("%(num)s attempt", "%(num)s attempts", row.attempts)
    since = gettext("set aside on %(moment)s", moment=_moment(row.since))
    detail = row.outcome if row.reason is ParkReason.ERROR else row.outcome.rpartition(": ")[2]
    url = url_for("needs.show", need_id=row.need_id) if row.need_id is not None else None
    return ParkedCard(
        row_id=row.id,
        title=mail_words(row.code) if row.code is not None else kind_words(row.kind),
        since=str(since),
        attempts=str(attempts),
        reason=str(REASONS[row.reason]),
        detail="" if row.reason is ParkReason.CUT_SHORT else detail,
        about=_about(row),
        about_url=url,
    )


def reasons(parked: Parked) -> list[tuple[str, str]]:
    """Return the reasons for which rows are set aside, each with its number."""
    return [
        (reason.value, str(gettext("%(reason)s (%(n)s)", reason=SHORT[reason], n=n)))
        for reason, n in parked.reasons.items()
    ]


def alert_cards(alerts: Sequence[Alert], places: Mapping[tuple[int, int], Place]) -> list[AlertCard]:
    """Put the open alerts into words."""
    return [_alert_card(alert, places) for alert in alerts]


def waiting(kinds: Iterable[Backlog]) -> list[tuple[str, str, str, str]]:
    """Return the rows of the table of what waits: kind, all, due now, the oldest of these."""
    return [
        (kind_words(each.kind), str(each.waiting), str(each.due), _moment(each.due_since) if each.due_since else "–")
        for each in kinds
    ]


def _about(row: ParkedRow) -> str:
    if row.need_title is not None:
        return row.need_title
    return f"{SUBJECTS['volunteer']} {row.volunteer_id}" if row.volunteer_id is not None else ""


def _alert_card(alert: Alert, places: Mapping[tuple[int, int], Place]) -> AlertCard:
    ids = ids_of(alert)
    others = alert.count - len(ids)
    return AlertCard(
        words=alert_words(alert),
        since=_moment(alert.opened_at),
        about=[_thing(each, places.get((alert.id, each))) for each in ids],
        more=str(ngettext("and %(num)s more", "and %(num)s more", others)) if others > 0 else "",
    )


def _thing(subject_id: int, place: Place | None) -> tuple[str, str | None]:
    if place is None:
        return str(gettext("number %(number)s", number=subject_id)), None
    if place.pairing_id is None:
        url = url_for("reviews.show", need_id=place.need_id)
        return str(gettext("need %(number)s", number=place.need_id)), url
    url = url_for("lines.show", need_id=place.need_id)
    return str(gettext("pairing %(number)s", number=place.pairing_id)), url


def _moment(moment: datetime) -> str:
    return moment_in_words(language(), moment, HOME_ZONE, today())
