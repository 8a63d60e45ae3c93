"""Somebody leaves, stops or is no longer needed at six points between the ranking and the 250 of her invitation.

What is committed before the last check (between RCPT and DATA) lets no mail leave; the gap after it is measured.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import sqlalchemy as sa

from matcher.models.outbox import OutboxRow
from matcher.models.pairing import Pairing
from matcher.models.states import EndReason, PairingReason, PairingStatus
from matcher.services import answers, line, needs, privacy, volunteers
from matcher.services.sending import SendingRules
from tests import ways
from tests.factories import World
from tests.faults import accounting
from tests.faults.accounting import Handed
from tests.faults.campaign import SUMMED, Family, Findings
from tests.faults.mailing import settings_for
from tests.faults.stage import BOTH, Stage
from tests.servers.smtp import SmtpSink
from tests.workers.conftest import settings_of
from workers.dispatch import HANDLERS
from workers.runtime import Runtime

RANKED, QUEUED = "ranked", "queued"
BEFORE_LAST_CHECK = (RANKED, QUEUED, "MAIL", "RCPT")
POINTS = (*BEFORE_LAST_CHECK, "DATA", "KEPT")
RULES = SendingRules(invitations_per_seat=2, undo=timedelta(), window=False, cap=False)
MOST_GAP_MS = 50


@dataclass(frozen=True)
class Case:
    """One invitation on its way, another person's for the same seat, and what came too late and was told so."""

    world: World
    hers: Pairing
    other: Pairing
    told_too_late: list[str] = field(default_factory=list)
    happened: list[str] = field(default_factory=list)

    def let(self, event: str) -> None:
        """Let the event happen, and note that it did: what goes wrong inside a mail server is told to nobody."""
        EVENTS[event](self)
        self.happened.append(event)


def _erase(case: Case) -> None:
    case.world.act(privacy.erase_account, case.world.volunteer_of(case.hers))


def _unsubscribe(case: Case) -> None:
    case.world.act(volunteers.stop_mail, case.world.volunteer_of(case.hers))


def _pause(case: Case) -> None:
    case.world.act(
        volunteers.pause, case.world.volunteer_of(case.hers), volunteer_id=case.hers.volunteer_id, until=None
    )


def _set_aside(case: Case) -> None:
    choice = line.Choice(case.hers.need_id, case.hers.volunteer_id)
    case.world.act(line.set_aside, case.world.coordinator(), choice, reason=PairingReason.OTHER)


def _withdraw(case: Case) -> None:
    """Her yes by telephone is recorded, and she takes it back: the only way to « withdrawn » before an invitation."""
    case.world.act(answers.accept_by_telephone, case.world.coordinator(), pairing_id=case.hers.id)
    ways.withdraw(case.world, case.hers)


def _decline(case: Case) -> None:
    no = answers.Refusal()
    case.world.act(answers.decline_by_telephone, case.world.coordinator(), pairing_id=case.hers.id, refusal=no)


def _undo(case: Case) -> None:
    """Taking the decision back is refused once a mail carries it: then it leaves."""
    try:
        case.world.act(line.undo, case.world.coordinator(), pairing_id=case.hers.id)
    except line.TooLate as refusal:
        case.told_too_late.append(type(refusal).__name__)


def _hold(case: Case) -> None:
    ways.hold(case.world, case.hers.need)


def _close(case: Case) -> None:
    case.world.act(needs.close, case.world.member(case.hers), need_id=case.hers.need_id, reason=EndReason.GIVEN_UP)


def _fill(case: Case) -> None:
    ways.accept(case.world, case.other)
    ways.confirm(case.world, case.other)


EVENTS: dict[str, Callable[[Case], None]] = {
    "erased": _erase,
    "unsubscribed": _unsubscribe,
    "paused": _pause,
    "set aside": _set_aside,
    "withdrawn": _withdraw,
    "no by telephone": _decline,
    "decision taken back": _undo,
    "need on hold": _hold,
    "need closed": _close,
    "seat filled": _fill,
}


def play(stage: Stage, part: str) -> Findings:
    """Let each event happen at each point, so many times."""
    findings = Findings()
    owed: dict[str, str] = {}
    with stage.world(part) as (world, url), SmtpSink() as sink:
        settings = settings_of(**settings_for(url, sink))
        runtime = Runtime.of(settings, clock=lambda _session: world.now)
        for _ in range(stage.sizes["times"]):
            for number, event in enumerate(EVENTS):
                for place, point in enumerate(POINTS):
                    if (number + place) % stage.sizes["each"] == stage.seed % stage.sizes["each"]:
                        owed |= _play_one(world, sink, runtime, (event, point), findings)
        runtime.send.__self__.close()  # type: ignore[attr-defined]
        runtime.engine.dispose()
        # Each case has people of its own: whoever is owed her invitation gets one, and nobody else gets any.
        log = [Handed(reader, reader) for each in sink.received for reader in each.recipients]
        balance = accounting.audit(accounting.Owed(owed), log)
        gaps = sorted(1000 * gap for gap in sink.gaps_s)
    p99 = gaps[max(0, -(-len(gaps) * 99 // 100) - 1)] if gaps else 0.0
    findings.breaches += balance.breaches
    findings.figures |= {name: balance.figures[name] for name in SUMMED}
    findings.figures |= {"gap_ms_median": round(gaps[len(gaps) // 2], 1) if gaps else 0.0, "gap_ms_p99": round(p99, 1)}
    if stage.sizes["gap_counts"]:
        findings.expect(p99 <= MOST_GAP_MS, f"from the last check to DATA p99 {p99:.0f} ms, bar {MOST_GAP_MS} ms")
    return findings


def _play_one(
    world: World, sink: SmtpSink, runtime: Runtime, chosen: tuple[str, str], findings: Findings
) -> dict[str, str]:
    """Let one event happen at one point, look at the rows, and return who is owed a mail."""
    event, point = chosen
    need = world.need()
    other = world.pairing(PairingStatus.INVITED, need=need)
    hers = ways.approve(world, need, world.volunteer())
    case, address = Case(world, hers, other), hers.volunteer.account.email
    if point == RANKED:
        case.let(event)
    world.run(line.advance, RULES, need_id=need.id)
    queued = sa.select(OutboxRow.id).where(OutboxRow.kind == "send_invitation", OutboxRow.key == str(hers.id))
    row_ids = list(world.session.scalars(queued))
    world.session.rollback()
    if point == QUEUED:
        case.let(event)
    elif point != RANKED:
        sink.at(point, lambda: case.let(event), times=1)
    for row_id in row_ids:
        HANDLERS["send_invitation"].handle(runtime, row_id)
    sink.mend()
    world.session.rollback()
    world.session.expire_all()
    left = sum(address in each.recipients for each in sink.received)
    findings.count("cases")
    findings.expect(bool(row_ids) or point == RANKED, f"{event} at {point}: no invitation was on its way")
    findings.expect(case.happened == [event], f"{event} at {point}: happened {len(case.happened)} times")
    counted_as = "DATA" if case.told_too_late else point
    _judge(f"{event} at {point}", left, counted_as, findings)
    findings.count("told_too_late", len(case.told_too_late))
    may_be_too_late = event == "decision taken back" and point not in {RANKED, QUEUED}
    findings.expect(may_be_too_late or not case.told_too_late, f"{event} at {point}: {case.told_too_late}")
    ends = world.session.scalars(sa.select(OutboxRow).where(OutboxRow.id.in_(row_ids))).all()
    well = all(row.done_at is not None and row.parked_at is None for row in ends)
    findings.expect(well, f"{event} at {point}: {[(row.outcome, row.attempts) for row in ends]}")
    return {} if counted_as in BEFORE_LAST_CHECK else {address: address}


def _judge(what: str, left: int, point: str, findings: Findings) -> None:
    if point in BEFORE_LAST_CHECK:
        findings.count("before_the_last_check")
        findings.expect(left == 0, f"{what}: {left} mails left")
        findings.count("mails_before", left)
    else:
        findings.count("mails_after", left)
        findings.expect(left == 1, f"{what}: {left} mails left")


FAMILY = Family(
    name="departures",
    fault="a person leaves or stops, a decision is taken back, a need ends, at six points before the 250",
    play=play,
    parts=BOTH,
    short={"times": 1, "each": 6, "gap_counts": 0},
    full={"times": 50, "each": 1, "gap_counts": 1},
)
