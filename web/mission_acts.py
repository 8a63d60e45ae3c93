"""What the two sides of a mission and its coordinator may do: words, form and use case of each act."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from flask_wtf import FlaskForm
from sqlalchemy.orm import Session

from matcher.actors import Actor
from matcher.i18n import marked as _
from matcher.models.pairing import Pairing
from matcher.pairing_words import Reader
from matcher.queries.acts import Act
from matcher.queries.known import reader_of
from matcher.queries.missions import find_pairing
from matcher.services import answers, checks, missions
from web.answering import Perform
from web.forms.checks import CheckForm
from web.forms.missions import (
    AfterTalkForm,
    HoursForm,
    PlanForm,
    ProlongForm,
    ReasonForm,
    RefuseForm,
    StopForm,
    plan_of,
)
from web.forms.need_steps import StepForm


@dataclass(frozen=True, slots=True)
class MissionAct:
    """One act: the words of its link, its page and its button (sentences of the catalogue), its form, its effect."""

    link: str
    text: str
    button: str
    kind: str
    form: type[FlaskForm]
    perform: Perform


def _confirm(session: Session, actor: Actor, now: datetime, pairing_id: int, _form: FlaskForm) -> object:
    return missions.confirm(session, actor, now, pairing_id=pairing_id)


def _withdraw(session: Session, actor: Actor, now: datetime, pairing_id: int, _form: FlaskForm) -> object:
    return answers.withdraw(session, actor, now, pairing_id=pairing_id)


def _refuse(session: Session, actor: Actor, now: datetime, pairing_id: int, form: FlaskForm) -> object:
    return missions.refuse(session, actor, now, pairing_id=pairing_id, reason=cast(ReasonForm, form).code)


def _check(session: Session, actor: Actor, now: datetime, pairing_id: int, form: FlaskForm) -> object:
    return checks.declare(session, actor, now, pairing_id=pairing_id, check=cast(CheckForm, form).check)


def _begin(session: Session, actor: Actor, now: datetime, pairing_id: int, form: FlaskForm) -> object:
    return missions.begin(session, actor, now, pairing_id=pairing_id, plan=cast(PlanForm, form).plan)


def _not_begun(session: Session, actor: Actor, now: datetime, pairing_id: int, _form: FlaskForm) -> object:
    return missions.object_to_start(session, actor, now, pairing_id=pairing_id)


def _no_in_the_end(session: Session, actor: Actor, now: datetime, pairing_id: int, form: FlaskForm) -> object:
    pairing = find_pairing(session, actor, pairing_id)
    end = missions.withdraw_after_talk if reader_of(actor, pairing) is Reader.VOLUNTEER else missions.refuse
    return end(session, actor, now, pairing_id=pairing_id, reason=cast(ReasonForm, form).code)


def _prolong(session: Session, actor: Actor, now: datetime, pairing_id: int, form: FlaskForm) -> object:
    wanted, pairing = cast(ProlongForm, form), find_pairing(session, actor, pairing_id)
    plan = plan_of(pairing.starts_on or wanted.ends_on.data, wanted.ends_on.data, wanted.hours.data)
    return missions.propose_prolongation(session, actor, now, pairing_id=pairing_id, plan=plan)


def _agree(session: Session, actor: Actor, now: datetime, pairing_id: int, _form: FlaskForm) -> object:
    return missions.agree_to_prolongation(session, actor, now, pairing_id=pairing_id)


def _finish(session: Session, actor: Actor, now: datetime, pairing_id: int, form: FlaskForm) -> object:
    return missions.finish(session, actor, now, pairing_id=pairing_id, hours=cast(HoursForm, form).total)


def _not_finished(session: Session, actor: Actor, now: datetime, pairing_id: int, _form: FlaskForm) -> object:
    return missions.object_to_finish(session, actor, now, pairing_id=pairing_id)


def _stop(session: Session, actor: Actor, now: datetime, pairing_id: int, form: FlaskForm) -> object:
    return missions.abandon(session, actor, now, pairing_id=pairing_id, reason=cast(ReasonForm, form).code)


def prefilled(act: Act, pairing: Pairing, today: date) -> dict[str, object]:
    """Return what the form of an act begins with: what the need or the plan says already."""
    need = pairing.need
    if act is Act.BEGIN:
        starts_on = max(today, need.starts_on or today)
        ends_on = need.ends_on if need.ends_on and need.ends_on >= starts_on else None
        return {"starts_on": starts_on, "ends_on": ends_on, "hours": need.total_hours}
    if act is Act.PROLONG:
        return {"ends_on": pairing.ends_on, "hours": pairing.planned_hours}
    return {"hours": pairing.hours_done or pairing.planned_hours} if act is Act.FINISH else {}


MISSION_ACTS: dict[Act, MissionAct] = {
    Act.CONFIRM: MissionAct(
        _("Get to know each other"),
        _("Each of you then sees how to reach the other. Nobody is engaged further: a first talk binds neither side."),
        _("Get to know each other"), "primary", StepForm, _confirm,
    ),
    Act.CONFIRM_BY_TELEPHONE: MissionAct(
        _("Record the association’s yes by telephone"),
        _("Only if somebody of the association told you so. Contacts open on both sides, and it is written down "
          "that you recorded it."),
        _("Record the yes"), "primary", StepForm, _confirm,
    ),
    Act.REFUSE: MissionAct(
        _("Decline kindly"),
        _("We thank this person in your name and give the reason kindly. The place is free again, and the next "
          "people are asked."),
        _("Decline kindly"), "danger", RefuseForm, _refuse,
    ),
    Act.WITHDRAW: MissionAct(
        _("I have changed my mind"),
        _("Your yes or your proposal is taken back, without a reason. Whoever knew of it is told."),
        _("Take my answer back"), "danger", StepForm, _withdraw,
    ),
    Act.CHECK: MissionAct(
        _("Say that the check was seen"),
        _("The person will meet minors or vulnerable people. Say on which day you saw the check that your association "
          "must make, or why none is required. Only the day or the reason is kept: never the document, its result or "
          "its number. The person and the coordinators read it."),
        _("Declare it"), "primary", CheckForm, _check,
    ),
    Act.BEGIN: MissionAct(
        _("We begin"),
        _("Say what you have agreed. The mission is under way at once; the other side receives these dates and may "
          "object within three working days."),
        _("We begin"), "primary", PlanForm, _begin,
    ),
    Act.NOT_BEGUN: MissionAct(
        _("It has not begun"),
        _("The two of you are back to getting to know each other, and the coordinator is told. Dates and hours that "
          "were given are forgotten."),
        _("It has not begun"), "danger", StepForm, _not_begun,
    ),
    Act.NO_IN_THE_END: MissionAct(
        _("In the end, no"),
        _("It happens, and it is nobody’s fault. The other side is told kindly, contacts close again, and the place "
          "is free."),
        _("In the end, no"), "danger", AfterTalkForm, _no_in_the_end,
    ),
    Act.PROLONG: MissionAct(
        _("Prolong"),
        _("You propose a new last day and a new total of hours. It counts as soon as the other side agrees."),
        _("Propose it"), "primary", ProlongForm, _prolong,
    ),
    Act.AGREE: MissionAct(
        _("Agree to go on"),
        _("The new last day and the new hours count at once."),
        _("Agree to go on"), "primary", StepForm, _agree,
    ),
    Act.FINISH: MissionAct(
        _("It is finished"),
        _("Say how many hours were done in all. The mission is completed when both sides have said so, or after ten "
          "working days without an objection."),
        _("It is finished"), "primary", HoursForm, _finish,
    ),
    Act.NOT_FINISHED: MissionAct(
        _("It is not finished"),
        _("The mission goes on as before."),
        _("It is not finished"), "danger", StepForm, _not_finished,
    ),
    Act.STOP: MissionAct(
        _("Stop here"),
        _("The mission ends before its time. The hours done are kept, the other side and the coordinator are told, "
          "contacts close and the place is free again."),
        _("Stop here"), "danger", StopForm, _stop,
    ),
}  # fmt: skip
