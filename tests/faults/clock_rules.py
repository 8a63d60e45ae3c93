"""When each clock of a need and of a pairing is to fall due, worked out once more, by counting days one by one.

Each subject has a need of its own, so that the effect of one clock moves no other; a chain says what runs after one.
What a clock does stands here too, once more: the state that it leaves, and who is written to about what.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from matcher.mail.codes import MailCode
from matcher.models.deadline import Clock
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.models.states import NeedStatus, PairingStatus
from matcher.services import answers, missions, needs
from tests import ways
from tests.factories import World

ZONES = {"Europe/Paris": None, "Indian/Reunion": "974", "America/Guadeloupe": "971"}
AUGUST = (date(2026, 8, 1), date(2026, 8, 16))
RETURNS_AFTER, ANSWER_WITHIN, STARTS_AFTER = timedelta(days=12), timedelta(days=9), timedelta(days=12)
Subject = Need | Pairing
Due = Mapping[Clock, datetime]


@dataclass(frozen=True)
class Calendar:
    """A branch's days, counted by hand."""

    zone: str

    def works_on(self, day: date) -> bool:
        """Not on weekends, public holidays and the closure in August."""
        return day.weekday() < 5 and day not in _holidays(self.zone, day.year) and not AUGUST[0] <= day <= AUGUST[1]

    def due(self, begins: datetime, *, working_days: int = 0, days: int = 0) -> datetime:
        """Count days, then go on to a day on which the branch works, at the same time on its clock."""
        if not working_days:
            return self.opened(begins + timedelta(days=days))
        local = begins.astimezone(ZoneInfo(self.zone))
        day = local.date()
        for _ in range(working_days):
            day = self._next(day + timedelta(days=1))
        return self._at(day, local.time())

    def opened(self, moment: datetime) -> datetime:
        """The moment itself on a day on which the branch works, else the same time on the next such day."""
        local = moment.astimezone(ZoneInfo(self.zone))
        day = local.date()
        return moment if self.works_on(day) else self._at(self._next(day), local.time())

    def _next(self, day: date) -> date:
        while not self.works_on(day):
            day += timedelta(days=1)
        return day

    def _at(self, day: date, wall: time) -> datetime:
        return datetime.combine(day, wall, ZoneInfo(self.zone)).astimezone(UTC)


@dataclass(frozen=True)
class Watched:
    """Something with clocks: how it comes about, when each falls due, and what runs after one took effect.

    `due` is given the calendar, when the clocks begin and the subject; `after` also when the clock before took effect.
    """

    name: str
    bring: Callable[[World], Subject]
    due: Callable[[Calendar, datetime, Subject], Due]
    after: Mapping[Clock, Callable[[Calendar, datetime, datetime, Subject], Due]] = field(default_factory=dict)


def _of_days(**counted: int) -> Callable[[Calendar, datetime, Subject], Due]:
    """Calendar days from the beginning, by the name of the clock."""
    return lambda days, begins, _: {Clock[name.upper()]: days.due(begins, days=n) for name, n in counted.items()}


def _of_working_days(**counted: int) -> Callable[[Calendar, datetime, Subject], Due]:
    return lambda days, begins, _: {
        Clock[name.upper()]: days.due(begins, working_days=n) for name, n in counted.items()
    }


def _need(status: NeedStatus) -> Callable[[World], Subject]:
    return lambda world: world.need(status)


def _pairing(status: PairingStatus) -> Callable[[World], Subject]:
    return lambda world: world.pairing(status)


def _held_until_a_day(world: World) -> Need:
    need = world.need()
    returns_on = (world.now + RETURNS_AFTER).date()
    world.act(needs.hold, world.member(need), need_id=need.id, returns_on=returns_on)
    return need


def _hold_ends(days: Calendar, begins: datetime) -> Due:
    return {Clock.WARN_HOLD: days.due(begins, days=23), Clock.EXPIRE_HOLD: days.due(begins, days=30)}


def _reminded_and_ended(days: Calendar, begins: datetime, reply_by: datetime) -> Due:
    return {Clock.REMIND_INVITED: days.opened(begins + (reply_by - begins) / 2), Clock.EXPIRE_INVITED: reply_by}


def _invited(days: Calendar, begins: datetime, _: Subject) -> Due:
    return _reminded_and_ended(days, begins, days.due(begins, working_days=15))


def _soon(world: World) -> Pairing:
    return world.pairing(need=world.need(starts_on=(world.now + STARTS_AFTER).date()))


def _invited_soon(days: Calendar, begins: datetime, pairing: Subject) -> Due:
    """Half the time to the start, at eight on the need's clock; never under 48 hours."""
    assert isinstance(pairing, Pairing)
    starts = datetime.combine((begins + STARTS_AFTER).date(), time(8), ZoneInfo(pairing.need.timezone))
    return {Clock.EXPIRE_INVITED: days.opened(max(begins + timedelta(hours=48), begins + (starts - begins) / 2))}


def _asking(world: World) -> Pairing:
    pairing = world.pairing(need=world.need(answer_by=(world.now + ANSWER_WITHIN).date()))
    world.act(answers.ask, world.volunteer_of(pairing), pairing_id=pairing.id, question="Faut-il une voiture ?")
    return pairing


def _answered_too_late(days: Calendar, at: datetime, begins: datetime, pairing: Subject) -> Due:
    """The need's own date, at eight in the evening on its clock, later by the time that it stood still."""
    assert isinstance(pairing, Pairing)
    evening = datetime.combine((begins + ANSWER_WITHIN).date(), time(20), ZoneInfo(pairing.need.timezone))
    return {Clock.EXPIRE_INVITED: days.opened(days.opened(evening.astimezone(UTC)) + (at - begins))}


def _finishing(world: World) -> Pairing:
    pairing = world.pairing(PairingStatus.ACTIVE)
    world.act(missions.finish, world.member(pairing), pairing_id=pairing.id, hours=ways.HOURS)
    return pairing


def _past_its_end(days: Calendar, _begins: datetime, pairing: Subject) -> Due:
    """At nine on the need's clock, so many days after the one on which the mission was to end."""
    assert isinstance(pairing, Pairing)
    assert pairing.ends_on is not None
    end = datetime.combine(pairing.ends_on, time(9), ZoneInfo(pairing.need.timezone))
    after = {Clock.ASK_FINISHED: 3, Clock.FINISH_WAITS: 14, Clock.FINISH_UNREVIEWED: 60}
    return {clock: days.opened((end + timedelta(days=n)).astimezone(UTC)) for clock, n in after.items()}


def _of_return(days: Calendar, begins: datetime, _: Subject) -> Due:
    return _hold_ends(days, begins + RETURNS_AFTER)


def _promised(days: Calendar, begins: datetime, _: Subject) -> Due:
    promised = days.due(begins, working_days=3)
    return {Clock.REVIEW_MISSED: promised, Clock.REVIEW_MISSED_AGAIN: days.due(promised, working_days=3)}


WATCHED = (
    Watched("draft", _need(NeedStatus.DRAFT), _of_days(remind_draft=3, warn_draft=152, discard_draft=183)),
    Watched("submitted", _need(NeedStatus.SUBMITTED), _promised),
    Watched("changes", _need(NeedStatus.CHANGES_REQUESTED), _of_days(remind_changes=7, lapse_changes=30)),
    Watched(
        "nobody yet, then silent, then held",
        _need(NeedStatus.OPEN),
        _of_days(nobody_yet=21, ask_still_needed=30),
        {
            Clock.ASK_STILL_NEEDED: lambda days, at, *_: {Clock.HOLD_SILENT: days.due(at, working_days=10)},
            Clock.HOLD_SILENT: lambda days, at, *_: _hold_ends(days, at),
        },
    ),
    Watched("held until a day", _held_until_a_day, _of_return),
    Watched(
        "applied",
        _pairing(PairingStatus.APPLIED),
        _of_working_days(application_waits=5, application_waits_long=10),
    ),
    Watched("invited", _pairing(PairingStatus.INVITED), _invited),
    Watched("invited, it starts soon", _soon, _invited_soon),
    Watched("asking", _asking, _of_working_days(question_waits=5), {Clock.QUESTION_WAITS: _answered_too_late}),
    Watched(
        "accepted", _pairing(PairingStatus.ACCEPTED), _of_working_days(yes_waits=3, yes_waits_long=5, release_yes=10)
    ),
    Watched("confirmed", _pairing(PairingStatus.CONFIRMED), _of_days(ask_talked=7, talk_waits=14, abandon_talk=45)),
    Watched("active", _pairing(PairingStatus.ACTIVE), _past_its_end),
    Watched("finished by one side", _finishing, _of_working_days(accept_finish=10)),
)


@cache
def _holidays(zone: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("FR", subdiv=ZONES[zone], years=year))


@dataclass(frozen=True)
class Effect:
    """The state in which a clock leaves its need or pairing, and the mails that it writes: code and reader."""

    status: NeedStatus | PairingStatus
    mails: frozenset[tuple[MailCode, str]]


N, P, M = NeedStatus, PairingStatus, MailCode
VOLUNTEER, MEMBER, COORDINATOR, ADMINISTRATOR = "volunteer", "member", "coordinator", "administrator"


def _effect(status: NeedStatus | PairingStatus, **readers: tuple[MailCode, ...]) -> Effect:
    return Effect(status, frozenset((code, reader) for reader, codes in readers.items() for code in codes))


def _ends_mission() -> Effect:
    """The one seat's mission was the last: the need is complete too."""
    return _effect(P.COMPLETED, volunteer=(M.MISSION_COMPLETED,), member=(M.MISSION_COMPLETED, M.NEED_COMPLETED))


EFFECTS: Mapping[Clock, Effect] = {
    Clock.REMIND_DRAFT: _effect(N.DRAFT, member=(M.DRAFT_REMINDER,)),
    Clock.WARN_DRAFT: _effect(N.DRAFT, member=(M.DRAFT_WARNING,)),
    Clock.DISCARD_DRAFT: _effect(N.CLOSED, member=(M.NEED_DISCARDED,)),
    Clock.REVIEW_MISSED: _effect(N.SUBMITTED, member=(M.REVIEW_LATE,), coordinator=(M.REVIEW_LATE_BRANCH,)),
    Clock.REVIEW_MISSED_AGAIN: _effect(N.SUBMITTED, administrator=(M.REVIEW_LATE_ADMINISTRATORS,)),
    Clock.REMIND_CHANGES: _effect(N.CHANGES_REQUESTED, member=(M.CHANGES_REMINDER,)),
    Clock.LAPSE_CHANGES: _effect(N.CLOSED, member=(M.NEED_LAPSED,)),
    Clock.NOBODY_YET: _effect(N.OPEN, member=(M.NOBODY_YET,)),
    Clock.ASK_STILL_NEEDED: _effect(N.OPEN, member=(M.STILL_NEEDED,)),
    Clock.HOLD_SILENT: _effect(N.ON_HOLD, member=(M.NEED_HELD_SILENT,)),
    Clock.WARN_HOLD: _effect(N.ON_HOLD, member=(M.HOLD_WARNING,)),
    Clock.EXPIRE_HOLD: _effect(N.CLOSED),
    Clock.APPLICATION_WAITS: _effect(P.APPLIED),
    Clock.APPLICATION_WAITS_LONG: _effect(
        P.APPLIED, volunteer=(M.APPLICATION_LATE,), administrator=(M.APPLICATION_WAITS_ADMINISTRATORS,)
    ),
    Clock.REMIND_INVITED: _effect(P.INVITED, volunteer=(M.INVITATION_REMINDER,)),
    Clock.EXPIRE_INVITED: _effect(P.EXPIRED),
    Clock.QUESTION_WAITS: _effect(P.INVITED),
    Clock.YES_WAITS: _effect(P.ACCEPTED, member=(M.YES_TO_MEMBERS,)),
    Clock.YES_WAITS_LONG: _effect(P.ACCEPTED, volunteer=(M.YES_LATE,)),
    Clock.RELEASE_YES: _effect(P.RELEASED, volunteer=(M.YES_RELEASED,), member=(M.NEED_HELD_SILENT,)),
    Clock.ASK_TALKED: _effect(P.CONFIRMED, volunteer=(M.HAVE_YOU_TALKED,), member=(M.HAVE_YOU_TALKED,)),
    Clock.TALK_WAITS: _effect(P.CONFIRMED),
    Clock.ABANDON_TALK: _effect(
        P.ABANDONED, volunteer=(M.NO_NEWS,), member=(M.NO_NEWS,), coordinator=(M.NEED_REOPENED_COORDINATOR,)
    ),
    Clock.ASK_FINISHED: _effect(P.ACTIVE, volunteer=(M.IS_IT_FINISHED,), member=(M.IS_IT_FINISHED,)),
    Clock.FINISH_WAITS: _effect(P.ACTIVE),
    Clock.FINISH_UNREVIEWED: _ends_mission(),
    Clock.ACCEPT_FINISH: _ends_mission(),
}
