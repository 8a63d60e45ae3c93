"""What happens next with a need, and what has happened, as sentences for its association. Holds no markup."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from matcher.i18n import marked, translate, translate_plural
from matcher.labels import code_label
from matcher.models.deadline import Clock
from matcher.models.need import Need, NeedEvent
from matcher.models.states import EndReason, HoldReason, NeedStatus, NeedStep
from matcher.wording import HOME_ZONE, day_in_words

Due = Mapping[Clock, datetime]
LOCAL = ZoneInfo(HOME_ZONE)
STEPS: dict[NeedStep, str] = {
    NeedStep.SUBMIT: marked("The association sent the need for review."),
    NeedStep.GIVE_UP: marked("The association gave up the need."),
    NeedStep.DISCARD: marked("The draft was untouched for six months and was closed."),
    NeedStep.OPEN: marked("A coordinator read the need and opened it."),
    NeedStep.REQUEST_CHANGES: marked("A coordinator asked for changes."),
    NeedStep.LAPSE: marked("The changes did not come, and the need was closed."),
    NeedStep.REFUSE: marked("A coordinator did not accept the need."),
    NeedStep.FILL: marked("All places are taken."),
    NeedStep.ENOUGH: marked("The association said that it has enough people."),
    NeedStep.REOPEN: marked("A place is free again; the need is open once more."),
    NeedStep.HOLD: marked("The need was put on hold."),
    NeedStep.RESUME: marked("The need was opened again."),
    NeedStep.RESUME_FILLED: marked("The need was taken off hold; all its places are taken."),
    NeedStep.EXPIRE_HOLD: marked("The pause was over, and the need was closed."),
    NeedStep.CLOSE: marked("The need was closed."),
    NeedStep.COMPLETE: marked("All missions have ended; the need is completed."),
    NeedStep.VANISH: marked("The association has left, and the need was closed."),
}
_CODES: dict[str, HoldReason | EndReason] = {code.value: code for code in (*HoldReason, *EndReason)}


def event_in_words(language: str, event: NeedEvent) -> str:
    """Say one step of a need’s life."""
    return translate(language, STEPS[event.step])


def reason_in_words(language: str, event: NeedEvent) -> str | None:
    """Return the coded reason of a step as words, None when it has none."""
    code = _CODES.get(event.reason or "")
    return code_label(language, code) if code else None


def next_in_words(language: str, need: Need, due: Due, today: date) -> str:
    """Say who does what next, and by when."""
    return NEXT[need.status](language, need, due, today)


def _day(language: str, moment: datetime | None, today: date) -> str | None:
    return day_in_words(language, moment.astimezone(LOCAL).date(), today) if moment else None


def _draft(language: str, _need: Need, _due: Due, _today: date) -> str:
    return translate(language, "Only your association sees this draft. Send it for review when it says what you need.")


def _submitted(language: str, need: Need, _due: Due, today: date) -> str:
    data = {"branch": need.branch.name(language), "day": _day(language, need.promised_at, today)}
    if need.promised_at is None or need.promised_at.astimezone(LOCAL).date() < today:
        return translate(
            language,
            "A coordinator (%(branch)s) reads your need. The promised date has gone by; the whole "
            "branch has been told.",
            data,
        )
    return translate(language, "A coordinator (%(branch)s) reads your need and answers by %(day)s at the latest.", data)


def _changes(language: str, _need: Need, due: Due, today: date) -> str:
    day = _day(language, due.get(Clock.LAPSE_CHANGES), today)
    if day is None:
        return translate(language, "It is your turn: answer the points below and send the need again.")
    return translate(
        language,
        "It is your turn: answer the points below and send the need again. Without an answer it is closed on %(day)s.",
        {"day": day},
    )


def _open(language: str, need: Need, due: Due, today: date) -> str:
    silent = _day(language, due.get(Clock.HOLD_SILENT), today)
    if silent is not None:
        return translate(
            language,
            "Is this still needed? Please say so: without an answer the need is put on hold on %(day)s.",
            {"day": silent},
        )
    if need.held:
        return translate_plural(
            language,
            "%(n)s person has said yes and waits for your answer.",
            "%(n)s people have said yes and wait for your answer.",
            need.held,
        )
    return translate(
        language, "A coordinator looks for people and invites them. We write to you as soon as somebody says yes."
    )


def _filled(language: str, need: Need, _due: Due, _today: date) -> str:
    return translate_plural(
        language,
        "Its one place is taken. If it becomes free again, the need opens by itself.",
        "All %(n)s places are taken. If one becomes free again, the need opens by itself.",
        need.seats,
    )


def _on_hold(language: str, need: Need, due: Due, today: date) -> str:
    data = {
        "reason": code_label(language, need.hold_reason) if need.hold_reason else "",
        "back": day_in_words(language, need.returns_on, today) if need.returns_on else "",
        "end": _day(language, due.get(Clock.EXPIRE_HOLD), today),
    }
    if need.returns_on and data["end"]:
        return translate(
            language,
            "Nobody is invited for now (%(reason)s). You said that you would come back on %(back)s; "
            "without news the need is closed on %(end)s.",
            data,
        )
    if data["end"]:
        return translate(
            language,
            "Nobody is invited for now (%(reason)s). Without news from you the need is closed on %(end)s.",
            data,
        )
    return translate(language, "Nobody is invited for now (%(reason)s). Open it again whenever you like.", data)


def _completed(language: str, _need: Need, _due: Due, _today: date) -> str:
    return translate(language, "All missions have ended. Thank you for having looked after the people who helped.")


def _closed(language: str, need: Need, _due: Due, _today: date) -> str:
    if need.end_reason is None:
        return translate(language, "This need is closed.")
    return translate(language, "This need is closed: %(reason)s.", {"reason": code_label(language, need.end_reason)})


NEXT: dict[NeedStatus, Callable[[str, Need, Due, date], str]] = {
    NeedStatus.DRAFT: _draft,
    NeedStatus.SUBMITTED: _submitted,
    NeedStatus.CHANGES_REQUESTED: _changes,
    NeedStatus.OPEN: _open,
    NeedStatus.FILLED: _filled,
    NeedStatus.ON_HOLD: _on_hold,
    NeedStatus.COMPLETED: _completed,
    NeedStatus.CLOSED: _closed,
}
