"""An error at each statement of publishing, approving and answering: all of it is written, or nothing at all."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from matcher.models.outbox import OutboxRow
from matcher.models.states import NeedStatus, PairingReason, PairingStatus
from matcher.services import answers, line, missions, needs, reviews
from matcher.services.sending import SendingRules
from tests.factories import World
from tests.faults.campaign import Family, Findings
from tests.faults.stage import BOTH, Stage
from tests.web.linking import dump

RULES = SendingRules(window=False, cap=False)
Act = Callable[[], object]


class Planted(Exception):
    """The error that is raised on purpose."""


@dataclass
class Trap:
    """Raises at the n-th statement, or at the commit when there is no n."""

    nth: int | None
    passed: int = 0
    has_sprung: bool = False

    def executed(self, *_: object) -> None:
        """One more statement is about to go."""
        self.passed += 1
        if self.passed == self.nth:
            self.has_sprung = True
            raise Planted

    def committed(self, session: Session) -> None:
        """The commit is about to go, all statements before it have gone."""
        session.flush()
        if self.nth is None:
            self.has_sprung = True
            raise Planted


def play(stage: Stage, part: str) -> Findings:
    """Break every act at every statement on one database."""
    findings = Findings()
    for name, prepare in ACTS.items():
        with stage.world(part) as (world, _url):
            _break_everywhere(world, name, prepare, stage.sizes["step"], findings)
    findings.count("acts", len(ACTS))
    return findings


def _break_everywhere(world: World, name: str, prepare: Callable[[World], Act], step: int, findings: Findings) -> None:
    act = prepare(world)
    world.forget_mails()
    before, messages = dump(world), _messages(world)
    nth: int | None = None
    while (trap := _tried(world, act, nth)).has_sprung:
        findings.count("points")
        findings.expect(dump(world) == before, f"{name}: something stayed after an error at {nth or 'the commit'}")
        nth = 1 if nth is None else nth + step
    findings.expect(dump(world) != before, f"{name}: nothing came of it")
    findings.expect(_messages(world) > messages, f"{name}: a change without its message")
    findings.expect(trap.passed > 3, f"{name}: only {trap.passed} statements were seen")


def _tried(world: World, act: Act, nth: int | None) -> Trap:
    trap = Trap(nth)
    engine = world.session.get_bind()
    assert isinstance(engine, Engine)
    with _listening(engine, world.session, trap), contextlib.suppress(Planted):
        act()
    return trap


@contextlib.contextmanager
def _listening(engine: Engine, session: Session, trap: Trap) -> Iterator[None]:
    event.listen(engine, "before_cursor_execute", trap.executed)
    event.listen(session, "before_commit", trap.committed)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", trap.executed)
        event.remove(session, "before_commit", trap.committed)


def _messages(world: World) -> int:
    world.session.rollback()
    return world.session.scalar(sa.select(sa.func.count(OutboxRow.id))) or 0


def _hand_in(world: World) -> Act:
    need = world.need(NeedStatus.DRAFT)
    member = world.member(need)
    return lambda: world.act(needs.submit, member, need_id=need.id)


def _publish(world: World) -> Act:
    need = world.need(NeedStatus.SUBMITTED)
    coordinator = world.coordinator()
    return lambda: world.act(reviews.open_need, coordinator, need_id=need.id, is_urgent=False)


def _approve(world: World) -> Act:
    need, volunteer = world.need(), world.volunteer()
    coordinator = world.coordinator()
    choice = line.Choice(need.id, volunteer.id, world.suggest(need, [volunteer]))
    return lambda: world.act(line.approve, coordinator, choice)


def _set_aside(world: World) -> Act:
    need, volunteer = world.need(), world.volunteer()
    coordinator = world.coordinator()
    choice = line.Choice(need.id, volunteer.id)
    return lambda: world.act(line.set_aside, coordinator, choice, reason=PairingReason.SKILLS)


def _advance(world: World) -> Act:
    pairing = world.pairing(PairingStatus.APPROVED)
    return lambda: world.run(line.advance, RULES, need_id=pairing.need_id)


def _yes(world: World) -> Act:
    pairing = world.pairing(PairingStatus.INVITED)
    who = world.volunteer_of(pairing)
    return lambda: world.act(answers.accept, who, pairing_id=pairing.id)


def _yes_without_seat(world: World) -> Act:
    need = world.need()
    pairing = world.pairing(PairingStatus.INVITED, need=need)
    world.pairing(PairingStatus.ACCEPTED, need=need)
    who = world.volunteer_of(pairing)
    return lambda: world.act(answers.accept, who, pairing_id=pairing.id)


def _no(world: World) -> Act:
    pairing = world.pairing(PairingStatus.INVITED)
    who = world.volunteer_of(pairing)
    return lambda: world.act(answers.decline, who, pairing_id=pairing.id, refusal=answers.Refusal())


def _question(world: World) -> Act:
    pairing = world.pairing(PairingStatus.INVITED)
    who = world.volunteer_of(pairing)
    return lambda: world.act(answers.ask, who, pairing_id=pairing.id, question="Le soir ?")


def _confirm(world: World) -> Act:
    pairing = world.pairing(PairingStatus.ACCEPTED)
    member = world.member(pairing)
    return lambda: world.act(missions.confirm, member, pairing_id=pairing.id)


ACTS: dict[str, Callable[[World], Act]] = {
    "hand in": _hand_in,
    "publish": _publish,
    "approve": _approve,
    "set aside": _set_aside,
    "advance the line": _advance,
    "yes": _yes,
    "yes without a seat": _yes_without_seat,
    "no": _no,
    "question": _question,
    "confirm": _confirm,
}
FAMILY = Family(
    name="statements",
    fault="exception at each statement and at the commit of publish, approve and answer",
    play=play,
    parts=BOTH,
    short={"step": 7},
    full={"step": 1},
)
