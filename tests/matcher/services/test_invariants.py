"""What must always hold: each thing that stands where it must not is mended, or told until it holds again."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from matcher import outbox
from matcher.actors import System
from matcher.database import transaction
from matcher.models.alert import Alert, AlertCode
from matcher.models.deadline import Clock, Deadline
from matcher.models.need import Need
from matcher.models.outbox import OutboxRow
from matcher.models.pairing import Pairing
from matcher.models.quarantine import Quarantine
from matcher.models.states import NeedStatus, PairingStatus
from matcher.queries.alerts import open_alerts
from matcher.services import alerts, invariants, line, privacy
from matcher.services.sending import SendingRules
from tests.factories import World

LATE = invariants.LATE + timedelta(minutes=1)


def told(world: World) -> dict[tuple[AlertCode, str], int]:
    """What a person is told, and of how many."""
    world.session.rollback()
    return {(each.code, each.subject): each.count for each in invariants.broken(world.session, world.now)}


def mended(world: World) -> dict[str, int]:
    """What is mended now."""
    return dict(world.run(invariants.mend))


def queued(world: World) -> Pairing:
    """Somebody whose invitation is on its way."""
    pairing = world.pairing(PairingStatus.APPROVED)
    world.run(line.advance, SendingRules(), need_id=pairing.need_id)
    assert pairing.queued_at is not None
    return pairing


def settle_all(world: World) -> None:
    """Let every row be done, and every open need be ranked."""
    for need in world.session.scalars(sa.select(Need)).all():
        world.suggest(need, [])
    with transaction(world.session):
        world.session.execute(sa.update(OutboxRow).values(done_at=world.now))


def test_a_world_in_which_all_is_in_its_place_needs_nothing(any_world: World) -> None:
    for status in (PairingStatus.INVITED, PairingStatus.ACCEPTED, PairingStatus.CONFIRMED, PairingStatus.ACTIVE):
        any_world.pairing(status)
    queued(any_world)

    assert mended(any_world) == {}
    assert told(any_world) == {}


def test_a_lease_that_a_clock_set_far_ahead_is_ended(any_world: World) -> None:
    with transaction(any_world.session):
        outbox.add(any_world.session, outbox.RankNeed(1), any_world.now)
    row = any_world.messages("rank_need")[0]
    with transaction(any_world.session):
        outbox.claim(any_world.session, row.id, any_world.now + timedelta(hours=1))
    assert outbox.due(any_world.session, any_world.now + timedelta(minutes=30)) == []

    assert mended(any_world) == {"long_leases": 1}
    assert [due.id for due in outbox.due(any_world.session, any_world.now)] == [row.id]


def test_a_lease_of_the_usual_length_is_left_alone(any_world: World) -> None:
    with transaction(any_world.session):
        outbox.add(any_world.session, outbox.RankNeed(1), any_world.now)
        row = any_world.messages("rank_need")[0]
        outbox.claim(any_world.session, row.id, any_world.now)

    assert mended(any_world) == {}
    assert row.lease_until == any_world.now + outbox.LEASE


def test_a_queued_person_without_a_row_gives_her_turn_back_and_is_invited_anew(any_world: World) -> None:
    pairing = queued(any_world)
    any_world.forget_mails()

    assert mended(any_world)["lost_turns"] == 1

    assert pairing.queued_at is None
    assert [row.payload["need_id"] for row in any_world.messages("advance_line")] == [pairing.need_id]
    assert any_world.run(line.advance, SendingRules(), need_id=pairing.need_id) == 1
    assert len(any_world.messages("send_invitation")) == 1


def test_somebody_whose_invitation_another_row_carries_keeps_her_turn(any_world: World) -> None:
    pairing = queued(any_world)
    any_world.forget_mails()
    with transaction(any_world.session):
        outbox.add(any_world.session, outbox.SendInvitation(pairing.id + 1), any_world.now)
        pairing.carried_by = any_world.messages("send_invitation")[0].id

    assert "lost_turns" not in mended(any_world)
    with transaction(any_world.session):
        any_world.messages("send_invitation")[0].done_at = any_world.now
    assert mended(any_world)["lost_turns"] == 1
    assert (pairing.queued_at, pairing.carried_by) == (None, None)


def test_an_open_need_that_nobody_ranks_is_asked_for_once(any_world: World) -> None:
    need = any_world.need()
    any_world.need(NeedStatus.SUBMITTED)
    any_world.forget_mails()

    assert mended(any_world) == {"unasked_rankings": 1}
    assert mended(any_world) == {}

    assert [row.payload["need_id"] for row in any_world.messages("rank_need")] == [need.id]


def test_a_link_that_a_done_row_kept_is_erased(any_world: World) -> None:
    with transaction(any_world.session):
        for _ in range(2):
            mail = outbox.SendAccountMail("confirm_address", "marie@example.org", "fr", sealed_link="sealed")
            outbox.add(any_world.session, mail, any_world.now)
    done, waiting = any_world.messages("send_account_mail")
    with transaction(any_world.session):
        done.done_at = any_world.now

    assert mended(any_world) == {"kept_links": 1}
    assert mended(any_world) == {}

    assert (done.payload["sealed_link"], waiting.payload["sealed_link"]) == (None, "sealed")


def test_a_mail_that_was_in_hand_while_its_reader_was_erased_says_nothing_of_her(any_world: World) -> None:
    pairing, other = any_world.pairing(PairingStatus.ACCEPTED), any_world.account()
    her = any_world.volunteer_of(pairing)
    any_world.act(privacy.erase_account, her)
    any_world.forget_mails()
    told = {
        "to her": outbox.SendMail("still_true", her.account.id),
        "about her": outbox.SendMail("yes_to_contact", other.id, pairing_id=pairing.id),
        "an invitation": outbox.SendInvitation(pairing.id),
        "of others": outbox.SendMail("still_true", other.id),
    }
    with transaction(any_world.session) as session:
        for said, mail in told.items():
            outbox.add(session, mail, any_world.now)
            outbox.complete(any_world.messages(mail.kind)[-1], any_world.now, outcome=outbox.SENT, sent_text=said)

    assert mended(any_world)["told_of_erased"] == 3
    assert mended(any_world) == {}

    kept = any_world.session.scalars(sa.select(OutboxRow.sent_text).where(OutboxRow.sent_text.is_not(None)))
    assert kept.all() == ["of others"]


def test_rows_that_stay_set_aside_are_told_by_kind_until_somebody_decides(any_world: World) -> None:
    with transaction(any_world.session):
        outbox.add(any_world.session, outbox.SendMail("welcome", 1), any_world.now)
        (row,) = any_world.messages("send_mail")
        outbox.park(row, any_world.now, reason=outbox.ParkReason.MAIL_REFUSED, outcome="mail refused: 550")
    assert told(any_world) == {}
    any_world.now += LATE

    assert told(any_world) == {(AlertCode.ROWS_PARKED, "send_mail"): 1}
    with transaction(any_world.session):
        outbox.complete(any_world.session.get_one(OutboxRow, row.id), any_world.now, outcome="discarded")
    assert told(any_world) == {}


def test_rows_that_nobody_takes_are_told_by_kind(any_world: World) -> None:
    with transaction(any_world.session):
        for need_id in range(30):
            outbox.add(any_world.session, outbox.RankNeed(need_id), any_world.now)
        outbox.add(any_world.session, outbox.SendMail("welcome", 1), any_world.now)
        outbox.add(any_world.session, outbox.AdvanceLine(1), any_world.now, not_before=any_world.now + LATE)
    assert told(any_world) == {}
    any_world.now += LATE

    assert told(any_world) == {(AlertCode.ROWS_LATE, "rank_need"): 30, (AlertCode.ROWS_LATE, "send_mail"): 1}
    assert len(invariants.broken(any_world.session, any_world.now)[0].ids) == 20


def test_mails_and_clocks_that_wait_in_a_quarantine_are_not_late(any_world: World) -> None:
    any_world.pairing(PairingStatus.INVITED)
    settle_all(any_world)
    with transaction(any_world.session):
        outbox.add(any_world.session, outbox.SendMail("welcome", 1), any_world.now)
        any_world.session.add(Quarantine(since=any_world.now, data_of=any_world.now, reason="restore"))
    any_world.now += timedelta(days=60)

    assert told(any_world) == {}


def test_a_need_whose_first_ranking_is_parked_is_told(any_world: World) -> None:
    any_world.need()
    with transaction(any_world.session):
        any_world.session.execute(sa.update(OutboxRow).values(done_at=any_world.now))
    mended(any_world)
    with transaction(any_world.session):
        row = any_world.messages("rank_need")[-1]
        outbox.park(row, any_world.now, reason=outbox.ParkReason.ERROR, outcome="RuntimeError")
    any_world.now += invariants.RANKED_WITHIN + timedelta(minutes=1)

    assert mended(any_world) == {}
    assert told(any_world) == {(AlertCode.NEEDS_UNRANKED, "need"): 1, (AlertCode.ROWS_PARKED, "rank_need"): 1}


def test_an_open_need_whose_seats_are_taken_is_told(any_world: World) -> None:
    pairing = any_world.pairing(PairingStatus.CONFIRMED)
    settle_all(any_world)
    assert told(any_world) == {}
    with transaction(any_world.session):
        any_world.session.execute(sa.update(Need).values(status=NeedStatus.OPEN))

    assert told(any_world) == {(AlertCode.NEEDS_FULL, "need"): 1, (AlertCode.CLOCKS_MISSING, "open"): 1}
    assert invariants.broken(any_world.session, any_world.now)[0].ids == (pairing.need_id,)


@pytest.mark.parametrize("status", list(PairingStatus))
def test_a_pairing_that_no_person_decided_is_told(any_world: World, status: PairingStatus) -> None:
    pairing = any_world.pairing(status)
    settle_all(any_world)
    waits = {PairingStatus.APPLIED, PairingStatus.DECLINED, PairingStatus.EXPIRED, PairingStatus.WITHDRAWN}
    ended = {PairingStatus.SET_ASIDE, PairingStatus.REFUSED, PairingStatus.RELEASED, PairingStatus.ABANDONED}
    assert told(any_world) == {}
    with transaction(any_world.session):
        pairing.decided_by_id = None

    is_told = status not in waits | ended
    assert told(any_world) == ({(AlertCode.DECIDED_BY_NOBODY, status.value): 1} if is_told else {})


def test_a_clock_that_has_had_no_effect_is_told(any_world: World) -> None:
    any_world.pairing(PairingStatus.INVITED)
    settle_all(any_world)
    due_at = any_world.session.scalars(sa.select(Deadline.due_at).where(Deadline.clock == Clock.REMIND_INVITED)).one()
    any_world.now = due_at + LATE

    assert told(any_world) == {(AlertCode.CLOCKS_LATE, "remind_invited"): 1}


def test_an_alert_opens_once_and_closes_by_itself(any_world: World) -> None:
    broken = invariants.Broken(AlertCode.ROWS_LATE, "send_mail", (1, 2), 2)
    worse = invariants.Broken(AlertCode.ROWS_LATE, "send_mail", (1, 2, 3), 3)

    assert any_world.run(alerts.note, [broken]) == [broken]
    any_world.now += timedelta(minutes=5)
    assert any_world.run(alerts.note, [worse]) == []
    (alert,) = open_alerts(any_world.session, System("test"))
    assert (alert.count, alert.ids, alert.seen_at) == (3, {"list": [1, 2, 3]}, any_world.now)
    any_world.now += timedelta(minutes=5)
    assert any_world.run(alerts.note, []) == []

    assert open_alerts(any_world.session, System("test")) == ()
    assert any_world.run(alerts.note, [broken]) == [broken]
    assert any_world.session.scalar(sa.select(sa.func.count(Alert.id))) == 2
