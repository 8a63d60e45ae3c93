"""Two beats, two dispatchers, two workers: each scheduled job runs once a slot, each mail leaves once."""

import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.database import transaction
from matcher.mail.codes import MailCode
from matcher.models.alert import Alert
from matcher.models.outbox import JobSlot
from matcher.models.suggestion import RankingRun
from tests.factories import World
from tests.servers.smtp import SmtpSink
from tests.workers.conftest import environment
from tests.workers.programs import running, wait_until_done
from tests.workers.test_production import SERVICES
from workers.app import INVARIANTS
from workers.runtime import Runtime
from workers.tasks.invariants import check_once
from workers.tasks.wakes import wake_once


def slots(world: World) -> list[str]:
    """The five minutes in which the invariants were checked."""
    world.session.rollback()
    return list(world.session.scalars(sa.select(JobSlot.slot).where(JobSlot.job == INVARIANTS).order_by(JobSlot.slot)))


def test_the_invariants_are_checked_once_in_five_minutes(runtime: Runtime, any_world: World) -> None:
    assert check_once(runtime)
    any_world.now += timedelta(minutes=4)
    assert not check_once(runtime)
    any_world.now += timedelta(minutes=1)
    assert check_once(runtime)

    assert slots(any_world) == ["2026-09-07T08:00", "2026-09-07T08:05"]


def test_after_a_clock_went_back_nobody_waits_until_the_time_comes_again(runtime: Runtime, any_world: World) -> None:
    for _ in range(3):
        assert check_once(runtime)
        assert wake_once(runtime)
        any_world.now += timedelta(minutes=20)

    any_world.now -= timedelta(minutes=40)
    assert (check_once(runtime), wake_once(runtime)) == (True, True)
    assert (check_once(runtime), wake_once(runtime)) == (False, False)
    any_world.now += timedelta(minutes=5)
    assert (check_once(runtime), wake_once(runtime)) == (True, True)


def test_of_workers_that_check_at_once_one_does(runtime: Runtime, any_world: World) -> None:
    with transaction(any_world.session):
        outbox.add(any_world.session, outbox.RankNeed(1), any_world.now - timedelta(hours=1))
    workers = 4
    barrier = threading.Barrier(workers, timeout=60)

    def check(_worker: int) -> bool:
        barrier.wait()
        return check_once(runtime)

    with ThreadPoolExecutor(workers) as pool:
        assert sorted(pool.map(check, range(workers))) == [False, False, False, True]
    assert any_world.session.scalar(sa.select(sa.func.count(Alert.id))) == 1


def test_two_of_everything_do_each_thing_once(
    any_session: Session, any_database_url: str, request: pytest.FixtureRequest, smtp_sink: SmtpSink, tmp_path: Path
) -> None:
    world = World(any_session, datetime.now(UTC).replace(microsecond=0))
    needs = [world.need() for _ in range(3)]
    recipient = world.member(needs[0]).account
    world.forget_mails()
    with transaction(world.session):
        for need in needs:
            outbox.add(world.session, outbox.RankNeed(need.id), world.now)
        for _ in range(30):
            mail = outbox.SendMail(MailCode.NEED_OPENED.value, recipient.id, need_id=needs[0].id)
            outbox.add(world.session, mail, world.now)
    facts = {"DATABASE_URL": any_database_url, "SMTP_HOST": smtp_sink.host, "SMTP_PORT": str(smtp_sink.port)}
    command = f"{sys.executable} -m workers.embedded"
    if "postgresql" in any_database_url:
        facts["REDIS_URL"] = request.getfixturevalue("redis_url")
        command = f"{SERVICES['worker']['command']} --beat"

    with (
        running(f"{command} -n one@%h" if "celery" in command else command, environment(**facts), tmp_path / "one"),
        running(f"{command} -n two@%h" if "celery" in command else command, environment(**facts), tmp_path / "two"),
    ):
        for row in (*world.messages("send_mail"), *world.messages("rank_need")):
            wait_until_done(world.session, row)

    assert Counter(Counter(mail["Message-ID"] for mail in smtp_sink.messages).values()) == {1: 30}
    assert Counter(world.session.scalars(sa.select(RankingRun.need_id))) == Counter(need.id for need in needs)
    assert len(slots(world)) == len(set(slots(world)))
    assert "locked" not in (tmp_path / "one").read_text() + (tmp_path / "two").read_text()
