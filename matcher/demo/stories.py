"""What happens to a need of the demo world, step by step; the steps stand in `stories.json`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypedDict

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.actors import Person, System
from matcher.demo.courier import Office, carry_out, pass_time
from matcher.demo.people import Cast
from matcher.models.association import Association
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.models.states import EndReason, PairingReason
from matcher.models.suggestion import Suggestion
from matcher.models.volunteer import Volunteer
from matcher.services import answers, applications, checks, line, missions, needs, notes, reviews
from matcher.services.answers import Refusal
from matcher.services.line import Choice
from matcher.services.missions import Plan
from matcher.services.needs import NeedContent


class StepData(TypedDict, total=False):
    """What a verb may be told: who (the person's place in the story, from 1), how many, why, when."""

    who: int
    next: int
    urgent: bool
    points: str
    reason: str
    motivation: str
    question: str
    note: str
    ask_again_in_days: int
    returns_in_days: int
    lasts_days: int
    hours: float


class WrittenStory(TypedDict):
    """A story of the data file; a step is [day, verb, {data}]."""

    began_days_ago: float
    needs: list[str]
    steps: list[tuple[float, str, StepData]]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing done, so many days after the story began; `data` is what the verb takes."""

    day: float
    verb: str
    data: StepData


@dataclass(frozen=True, slots=True)
class Story:
    """A course of events, for the needs that are named."""

    began_days_ago: float
    needs: tuple[str, ...]
    steps: tuple[Step, ...]

    @classmethod
    def read(cls, written: WrittenStory) -> "Story":
        """Read a story of the data file; a step may come without data."""
        steps = tuple(Step(step[0], step[1], *(step[2:] or ({},))) for step in written["steps"])
        return cls(written["began_days_ago"], tuple(written["needs"]), steps)


@dataclass
class Scene:
    """One need and all who act in its story; `people` are its volunteers in the order of their entrance."""

    session: Session
    office: Office
    cast: Cast
    member: Person
    association: Association
    content: NeedContent
    need: Need | None = None
    people: list[Volunteer] = field(default_factory=list)

    @property
    def need_id(self) -> int:
        """The need's id; there is none before the first step."""
        if self.need is None:
            raise LookupError("the story has not begun")
        return self.need.id

    @property
    def coordinator(self) -> Person:
        """A coordinator of the need's branch who is no party."""
        if self.need is None:
            raise LookupError("the story has not begun")
        return Person(self.need.branch.coordinators[self.need.id % len(self.need.branch.coordinators)].account)

    def pairing(self, data: StepData) -> Pairing:
        """The pairing of the person that the step names by her place, from 1."""
        volunteer = self.people[data["who"] - 1]
        found = sa.select(Pairing).where(Pairing.need_id == self.need_id, Pairing.volunteer_id == volunteer.id)
        return self.session.scalars(found).one()

    def volunteer(self, data: StepData) -> Person:
        """The person that the step names by her place."""
        return Person(self.people[data["who"] - 1].account)


def play(scene: Scene, story: Story, began: datetime) -> None:
    """Tell a story from its beginning to the present."""
    scene.need = needs.create_draft(
        scene.session, scene.member, began, association_id=scene.association.id, content=scene.content
    )
    for step in story.steps:
        now = began + timedelta(days=step.day)
        pass_time(scene.session, scene.office, scene.need, now)
        VERBS[step.verb](scene, now, step.data)
        carry_out(scene.session, scene.office, now)
    pass_time(scene.session, scene.office, scene.need, scene.cast.now)


def _submit(scene: Scene, now: datetime, _data: StepData) -> None:
    needs.submit(scene.session, scene.member, now, need_id=scene.need_id)


def _open(scene: Scene, now: datetime, data: StepData) -> None:
    urgent = bool(data.get("urgent", False))
    reviews.open_need(scene.session, scene.coordinator, now, need_id=scene.need_id, is_urgent=urgent)


def _request_changes(scene: Scene, now: datetime, data: StepData) -> None:
    points = data["points"]
    reviews.request_changes(scene.session, scene.coordinator, now, need_id=scene.need_id, points=points)


def _refuse_need(scene: Scene, now: datetime, data: StepData) -> None:
    points = data["points"]
    reviews.refuse_need(scene.session, scene.coordinator, now, need_id=scene.need_id, points=points)


def _give_up(scene: Scene, now: datetime, _data: StepData) -> None:
    needs.give_up(scene.session, scene.member, now, need_id=scene.need_id)


def _approve(scene: Scene, now: datetime, data: StepData) -> None:
    """Approve the next n people of the ranking."""
    for suggestion in _next_suggestions(scene, data["next"]):
        choice = Choice(scene.need_id, suggestion.volunteer_id, suggestion.ranking_id)
        line.approve(scene.session, scene.coordinator, now, choice)
        scene.people.append(suggestion.volunteer)


def _note(scene: Scene, now: datetime, data: StepData) -> None:
    about = scene.pairing(data).volunteer_id
    notes.write(scene.session, scene.coordinator, now, need_id=scene.need_id, volunteer_id=about, text=data["note"])


def _set_aside(scene: Scene, now: datetime, data: StepData) -> None:
    """Set aside the next person of the ranking."""
    suggestion = _next_suggestions(scene, 1)[0]
    choice = Choice(scene.need_id, suggestion.volunteer_id, suggestion.ranking_id)
    line.set_aside(scene.session, scene.coordinator, now, choice, reason=PairingReason(data["reason"]))
    scene.people.append(suggestion.volunteer)


def _apply(scene: Scene, now: datetime, data: StepData) -> None:
    """The next person of the ranking applies of her own accord."""
    volunteer = _next_suggestions(scene, 1)[0].volunteer
    actor = Person(volunteer.account)
    motivation = data["motivation"]
    applications.apply(scene.session, actor, now, need_id=scene.need_id, motivation=motivation)
    scene.people.append(volunteer)


def _take_up(scene: Scene, now: datetime, data: StepData) -> None:
    applications.take_up(scene.session, scene.coordinator, now, pairing_id=scene.pairing(data).id)


def _accept(scene: Scene, now: datetime, data: StepData) -> None:
    answers.accept(scene.session, scene.volunteer(data), now, pairing_id=scene.pairing(data).id)


def _accept_by_telephone(scene: Scene, now: datetime, data: StepData) -> None:
    answers.accept_by_telephone(scene.session, scene.coordinator, now, pairing_id=scene.pairing(data).id)


def _decline(scene: Scene, now: datetime, data: StepData) -> None:
    reason = PairingReason(data["reason"]) if "reason" in data else None
    later = now.date() + timedelta(days=data["ask_again_in_days"]) if "ask_again_in_days" in data else None
    pairing = scene.pairing(data)
    answers.decline(scene.session, scene.volunteer(data), now, pairing_id=pairing.id, refusal=Refusal(reason, later))


def _ask(scene: Scene, now: datetime, data: StepData) -> None:
    pairing = scene.pairing(data)
    answers.ask(scene.session, scene.volunteer(data), now, pairing_id=pairing.id, question=data["question"])


def _withdraw(scene: Scene, now: datetime, data: StepData) -> None:
    answers.withdraw(scene.session, scene.volunteer(data), now, pairing_id=scene.pairing(data).id)


def _confirm(scene: Scene, now: datetime, data: StepData) -> None:
    missions.confirm(scene.session, scene.member, now, pairing_id=scene.pairing(data).id)


def _refuse(scene: Scene, now: datetime, data: StepData) -> None:
    pairing = scene.pairing(data)
    reason = PairingReason(data["reason"])
    missions.refuse(scene.session, scene.member, now, pairing_id=pairing.id, reason=reason)


def _withdraw_after_talk(scene: Scene, now: datetime, data: StepData) -> None:
    pairing = scene.pairing(data)
    reason = PairingReason(data["reason"])
    missions.withdraw_after_talk(scene.session, scene.volunteer(data), now, pairing_id=pairing.id, reason=reason)


def _begin(scene: Scene, now: datetime, data: StepData) -> None:
    if scene.pairing(data).waits_for_check:
        checks.declare(scene.session, scene.member, now, pairing_id=scene.pairing(data).id, check=now.date())
    plan = Plan(now.date(), _later(now, data["lasts_days"]), data["hours"])
    missions.begin(scene.session, scene.member, now, pairing_id=scene.pairing(data).id, plan=plan)


def _finish(scene: Scene, now: datetime, data: StepData) -> None:
    pairing = scene.pairing(data)
    hours = data["hours"]
    missions.finish(scene.session, scene.volunteer(data), now, pairing_id=pairing.id, hours=hours)
    missions.finish(scene.session, scene.member, now, pairing_id=pairing.id, hours=hours)


def _abandon(scene: Scene, now: datetime, data: StepData) -> None:
    pairing = scene.pairing(data)
    reason = PairingReason(data["reason"])
    missions.abandon(scene.session, scene.volunteer(data), now, pairing_id=pairing.id, reason=reason)


def _hold(scene: Scene, now: datetime, data: StepData) -> None:
    returns_on = _later(now, data["returns_in_days"])
    needs.hold(scene.session, scene.member, now, need_id=scene.need_id, returns_on=returns_on)


def _close(scene: Scene, now: datetime, data: StepData) -> None:
    needs.close(scene.session, scene.member, now, need_id=scene.need_id, reason=EndReason(data["reason"]))


def _suspend(scene: Scene, now: datetime, _data: StepData) -> None:
    reviews.suspend_association(scene.session, System("demo"), now, association_id=scene.association.id)


def _later(now: datetime, days: int) -> date:
    return now.date() + timedelta(days=days)


def _next_suggestions(scene: Scene, n: int) -> list[Suggestion]:
    paired = sa.select(Pairing.volunteer_id).where(Pairing.need_id == scene.need_id)
    found = (
        sa.select(Suggestion)
        .where(Suggestion.need_id == scene.need_id, Suggestion.volunteer_id.not_in(paired))
        .order_by(Suggestion.rank)
    )
    return list(scene.session.scalars(found.limit(n)))


VERBS: dict[str, Callable[[Scene, datetime, StepData], None]] = {
    "submit": _submit,
    "open": _open,
    "request_changes": _request_changes,
    "refuse_need": _refuse_need,
    "give_up": _give_up,
    "approve": _approve,
    "set_aside": _set_aside,
    "apply": _apply,
    "take_up": _take_up,
    "accept": _accept,
    "accept_by_telephone": _accept_by_telephone,
    "decline": _decline,
    "ask": _ask,
    "withdraw": _withdraw,
    "confirm": _confirm,
    "refuse": _refuse,
    "withdraw_after_talk": _withdraw_after_talk,
    "note": _note,
    "begin": _begin,
    "finish": _finish,
    "abandon": _abandon,
    "hold": _hold,
    "close": _close,
    "suspend": _suspend,
}
