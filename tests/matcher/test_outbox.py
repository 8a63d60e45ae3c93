"""The outbox: written with its cause, claimed once, tried again later, set aside in the end."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.database import transaction
from matcher.models.outbox import OutboxRow, ParkReason
from matcher.outbox import AdvanceLine, RankNeed, SendAccountMail, SendMail
from tests.database import Sessions
from tests.factories import NOW

MAIL = SendMail(code="need_opened", recipient_id=1)


def _add(session: Session, *messages: outbox.Message) -> list[int]:
    with transaction(session):
        for message in messages:
            outbox.add(session, message, NOW)
    return list(session.scalars(sa.select(OutboxRow.id).order_by(OutboxRow.id)))


def _claim(session: Session, row_id: int, now: object = NOW) -> OutboxRow:
    row = outbox.claim(session, row_id, now)
    assert row is not None
    return row


def test_a_rolled_back_cause_leaves_nothing(any_session: Session) -> None:
    def write_and_fail() -> None:
        with transaction(any_session):
            outbox.add(any_session, MAIL, NOW)
            raise ValueError("the cause failed")

    with pytest.raises(ValueError, match="cause"):
        write_and_fail()

    assert any_session.scalar(sa.select(sa.func.count(OutboxRow.id))) == 0


def test_what_waits_under_the_same_key_counts_once_and_mails_count_each(any_session: Session) -> None:
    _add(any_session, RankNeed(7), RankNeed(7), RankNeed(8), AdvanceLine(7), MAIL, MAIL)

    kinds = list(any_session.execute(sa.select(OutboxRow.kind, OutboxRow.key).order_by(OutboxRow.id)))

    assert [tuple(row) for row in kinds] == [
        ("rank_need", "7"), ("rank_need", "8"), ("advance_line", "7"), ("send_mail", None), ("send_mail", None)
    ]  # fmt: skip


@pytest.mark.parametrize("is_done", [False, True])
def test_a_change_after_the_claim_is_a_new_row(any_session: Session, is_done: bool) -> None:
    (row_id,) = _add(any_session, RankNeed(7))
    with transaction(any_session):
        row = _claim(any_session, row_id)
        if is_done:
            outbox.complete(row, NOW)

    assert len(_add(any_session, RankNeed(7))) == 2


def test_two_workers_that_claim_at_once_have_one_winner(any_sessions: Sessions) -> None:
    workers = 4
    with any_sessions() as session:
        (row_id,) = _add(session, MAIL)
    barrier = threading.Barrier(workers, timeout=60)

    def claim(_worker: int) -> bool:
        with any_sessions() as session:
            barrier.wait()
            with transaction(session):
                return outbox.claim(session, row_id, NOW) is not None

    with ThreadPoolExecutor(workers) as pool:
        assert sorted(pool.map(claim, range(workers))) == [False, False, False, True]


def test_a_claimed_row_is_free_again_only_after_its_lease(any_session: Session) -> None:
    (row_id,) = _add(any_session, MAIL)
    with transaction(any_session):
        assert _claim(any_session, row_id).attempts == 1
    end = NOW + outbox.LEASE

    with transaction(any_session):
        assert outbox.due(any_session, end) == []
        assert outbox.claim(any_session, row_id, end) is None
        assert _claim(any_session, row_id, end + timedelta(microseconds=1)).attempts == 2


def test_a_row_is_due_from_its_time_on_the_oldest_first(any_session: Session) -> None:
    with transaction(any_session):
        for minutes in (2, 1, 5):
            outbox.add(any_session, MAIL, NOW, not_before=NOW + timedelta(minutes=minutes))

    found = outbox.due(any_session, NOW + timedelta(minutes=2))

    assert [row.not_before for row in found] == [NOW + timedelta(minutes=1), NOW + timedelta(minutes=2)]
    with transaction(any_session):
        assert outbox.claim(any_session, found[1].id, NOW + timedelta(minutes=1)) is None


def test_failures_wait_longer_each_time_and_the_last_one_parks_the_row(session: Session) -> None:
    (row_id,) = _add(session, MAIL)
    now, waits = NOW, []
    assert outbox.back_off(row_id, 3) == outbox.back_off(row_id, 3)
    for _ in range(outbox.MAX_ATTEMPTS):
        with transaction(session):
            row = _claim(session, row_id, now)
            outbox.fail(row, now, reason=ParkReason.MAIL_NOT_TAKEN, outcome="451 later")
            waits.append((row.not_before - now).total_seconds())
            now = max(now, row.not_before)

    assert all(0.75 * longest <= wait <= longest for wait, longest in zip(waits, [5, 10, 20, 40], strict=False))
    assert max(waits) <= 3600
    assert now - NOW > timedelta(hours=8), "a mail server may be away for a night"
    assert (row.attempts, row.parked_at is None) == (outbox.MAX_ATTEMPTS, False)
    assert row.reason is ParkReason.MAIL_NOT_TAKEN
    with transaction(session):
        assert outbox.due(session, now + timedelta(days=9)) == []
        assert outbox.claim(session, row_id, now + timedelta(days=9)) is None


def test_rows_that_failed_together_come_back_one_by_one() -> None:
    waits = [outbox.back_off(row_id, 8) for row_id in range(1, 501)]

    assert max(waits) <= timedelta(seconds=640)
    assert min(waits) >= timedelta(seconds=480)
    assert len(set(waits)) > 100
    assert Counter(int(wait.total_seconds()) // 40 for wait in waits).most_common(1)[0][1] < 250


def test_a_backlog_of_one_kind_does_not_hide_the_others(any_session: Session) -> None:
    with transaction(any_session):
        for _ in range(2000):
            outbox.add(any_session, MAIL, NOW - timedelta(hours=1))
        outbox.add(any_session, AdvanceLine(8), NOW)
        for need_id in (7, 6):
            outbox.add(any_session, RankNeed(need_id), NOW - timedelta(seconds=need_id))

    found = outbox.due(any_session, NOW, share=50)

    assert Counter(row.kind for row in found) == {"send_mail": 50, "rank_need": 2, "advance_line": 1}
    assert {row.kind for row in found[:3]} == {"send_mail", "rank_need", "advance_line"}, "the kinds come in turn"
    ranked = [any_session.get_one(OutboxRow, row.id).key for row in found if row.kind == "rank_need"]
    assert ranked == ["7", "6"], "the oldest of a kind comes first"
    assert {row.kind for row in outbox.due(any_session, NOW, kinds=outbox.MAIL_KINDS)} == {"send_mail"}


def test_a_row_whose_last_attempt_was_killed_is_found(session: Session) -> None:
    (row_id,) = _add(session, MAIL)
    now = NOW
    for _ in range(outbox.MAX_ATTEMPTS):
        with transaction(session):
            _claim(session, row_id, now)
        now += outbox.LEASE + timedelta(seconds=1)

    assert outbox.due(session, now) == []
    assert [row.id for row in outbox.exhausted(session, now)] == [row_id]


def test_what_failed_before_it_was_postponed_counts_on(any_session: Session) -> None:
    (row_id,) = _add(any_session, MAIL)
    now = NOW
    for _night in range(outbox.MAX_ATTEMPTS):
        with transaction(any_session):
            row = _claim(any_session, row_id, now)
            outbox.fail(row, now, reason=ParkReason.MAIL_NOT_TAKEN, outcome="mail not taken: 451")
        if row.parked_at is not None:
            break
        with transaction(any_session):
            outbox.postpone(_claim(any_session, row_id, row.not_before), row.not_before + timedelta(hours=12))
        now = row.not_before

    assert row.parked_at is not None


def test_a_number_is_not_given_again_when_all_is_forgotten(any_session: Session) -> None:
    (row_id,) = _add(any_session, MAIL)
    with transaction(any_session):
        outbox.complete(_claim(any_session, row_id), NOW, outcome=outbox.SENT)
        outbox.forget(any_session, NOW + timedelta(days=31))

    assert max(_add(any_session, MAIL)) > row_id


def test_an_address_that_was_set_aside_is_forgotten_like_what_left(any_session: Session) -> None:
    to_her = SendAccountMail(code="confirm_address", address="ada@example.org", language="fr", name="Ada")
    _address, mail, newest = _add(any_session, to_her, MAIL, to_her)
    with transaction(any_session):
        any_session.execute(sa.update(OutboxRow).values(parked_at=NOW))
        any_session.execute(sa.update(OutboxRow).where(OutboxRow.id == newest).values(parked_at=None))

    taken = []
    for before in (NOW, NOW + timedelta(seconds=1)):
        with transaction(any_session):
            taken.append(outbox.forget(any_session, before))

    assert taken == [0, 1]
    assert list(any_session.scalars(sa.select(OutboxRow.id).order_by(OutboxRow.id))) == [mail, newest]


def test_a_postponed_row_comes_back_later_with_all_its_attempts(session: Session) -> None:
    (row_id,) = _add(session, MAIL)
    later = NOW + timedelta(hours=14)
    with transaction(session):
        outbox.postpone(_claim(session, row_id), later)

    assert outbox.due(session, later - timedelta(seconds=1)) == []
    with transaction(session):
        assert _claim(session, row_id, later).attempts == 2


def test_a_parked_row_stays_aside(session: Session) -> None:
    (row_id,) = _add(session, MAIL)
    with transaction(session):
        outbox.park(_claim(session, row_id), NOW, reason=ParkReason.ERROR, outcome="x" * 900)

    assert outbox.due(session, NOW + timedelta(days=99)) == []
    assert len(session.get_one(OutboxRow, row_id).outcome or "") == 300


def test_a_done_row_is_never_claimed_again_and_its_sealed_link_is_erased(any_session: Session) -> None:
    mail = SendAccountMail("confirm_address", "marie@example.org", "fr", sealed_link="sealed")
    (row_id,) = _add(any_session, mail)
    with transaction(any_session):
        outbox.complete(_claim(any_session, row_id), NOW)

    with transaction(any_session):
        assert outbox.claim(any_session, row_id, NOW + timedelta(days=1)) is None
        assert any_session.get_one(OutboxRow, row_id).payload["sealed_link"] is None


def test_a_worker_that_lost_its_lease_does_not_finish_the_row(any_session: Session) -> None:
    (row_id,) = _add(any_session, MAIL)
    with transaction(any_session):
        first = _claim(any_session, row_id)
        mine = OutboxRow(id=first.id, lease_until=first.lease_until)
    with transaction(any_session):
        assert outbox.held(any_session, mine) is not None
        _claim(any_session, row_id, NOW + outbox.LEASE + timedelta(seconds=1))

    with transaction(any_session):
        assert outbox.held(any_session, mine) is None


def test_a_row_that_is_finished_is_done_once_and_its_sealed_link_is_erased(any_session: Session) -> None:
    mail = SendAccountMail("confirm_address", "marie@example.org", "fr", sealed_link="sealed")
    (row_id,) = _add(any_session, mail)
    with transaction(any_session):
        claimed = _claim(any_session, row_id)

    with transaction(any_session):
        ends = [outbox.finish(any_session, claimed, NOW, outcome=outbox.SENT) for _ in range(2)]

    with transaction(any_session):
        row = any_session.get_one(OutboxRow, row_id)
        assert ends == [True, False]
        assert (row.done_at, row.lease_until, row.outcome) == (NOW, None, outbox.SENT)
        assert row.payload == {**asdict(mail), "sealed_link": None}


def test_a_worker_that_lost_its_lease_leaves_the_row_to_the_other(any_session: Session) -> None:
    (row_id,) = _add(any_session, MAIL)
    with transaction(any_session):
        first = _claim(any_session, row_id)
        mine = OutboxRow(id=first.id, lease_until=first.lease_until, payload=first.payload)
        _claim(any_session, row_id, NOW + outbox.LEASE + timedelta(seconds=1))

    with transaction(any_session):
        assert not outbox.finish(any_session, mine, NOW, outcome=outbox.SENT)
        assert any_session.get_one(OutboxRow, row_id).done_at is None


@pytest.mark.parametrize("kind", outbox.MESSAGES)
def test_each_message_is_read_back_from_its_row(session: Session, kind: str) -> None:
    cls = outbox.MESSAGES[kind]
    samples = {
        "send_mail": MAIL,
        "send_account_mail": SendAccountMail("welcome", "a@example.org", "fr"),
        "explain_place": outbox.ExplainPlace(7, 8),
    }
    message = samples.get(kind) or cls(7)
    (row_id,) = _add(session, message)

    payload = session.get_one(OutboxRow, row_id).payload

    assert cls.read(payload | {"a_field_of_a_later_version": 1}) == message
