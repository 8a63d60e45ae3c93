"""Mail is carried in lanes: a mail server that is slow or silent takes no hand from rankings and lines."""

import subprocess
import sys
import threading
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.database import transaction
from matcher.mail.codes import MailCode
from tests.factories import World
from tests.servers.processes import wait_until
from tests.servers.smtp import SmtpSink, Trouble
from tests.workers.conftest import environment
from tests.workers.far_end import FarEnd
from tests.workers.programs import ROOT, running, wait_until_done
from tests.workers.test_production import SERVICES
from workers.carrying import carry
from workers.dispatch import drain
from workers.lanes import Lanes
from workers.runtime import Runtime

# A child takes the only lane and is killed; the parent says whether the lane was taken, and whether it is free after.
KILLED = """
import os, signal, time
from workers.lanes import Lanes
lanes = Lanes(1)
told, tell = os.pipe()
child = os.fork()
if not child:
    with lanes.one() as lane:
        os.write(tell, b"x")
        time.sleep(60)
os.read(told, 1)
with lanes.one() as lane:
    print("taken" if lane is None else "free")
os.kill(child, signal.SIGKILL)
os.waitpid(child, 0)
with lanes.one() as lane:
    print("taken" if lane is None else "free")
"""


def mails(world: World, count: int) -> None:
    """Write mails to the member of an open need, and nothing else."""
    need = world.need()
    recipient = world.member(need).account
    world.forget_mails()
    with transaction(world.session):
        for _ in range(count):
            message = outbox.SendMail(MailCode.NEED_OPENED.value, recipient.id, need_id=need.id)
            outbox.add(world.session, message, world.now)


def waiting(world: World) -> int:
    """How many mails have not left yet."""
    world.session.rollback()
    return sum(row.done_at is None for row in world.messages("send_mail"))


def test_a_carrier_takes_all_that_is_due(runtime: Runtime, any_world: World, far_end: FarEnd) -> None:
    mails(any_world, 45)
    with transaction(any_world.session):
        later = any_world.now + timedelta(hours=1)
        outbox.add(any_world.session, outbox.SendMail("welcome", 1), any_world.now, not_before=later)

    assert carry(runtime, for_s=60)

    assert len(far_end.taken) == 45
    assert waiting(any_world) == 1


def test_a_carrier_whose_time_is_up_says_so(runtime: Runtime, any_world: World, far_end: FarEnd) -> None:
    mails(any_world, 3)

    assert not carry(runtime, for_s=0)

    assert len(far_end.taken) == 1


def test_two_carriers_hand_over_each_mail_once(runtime: Runtime, any_world: World, far_end: FarEnd) -> None:
    mails(any_world, 30)

    both = [threading.Thread(target=carry, args=(runtime, lane), kwargs={"of": 2, "for_s": 60}) for lane in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join(120)

    assert waiting(any_world) == 0
    assert len({mail.message_id for mail in far_end.taken}) == len(far_end.taken) == 30


def test_the_dispatcher_wakes_carriers_and_sends_no_mail_row_by_row(runtime: Runtime, any_world: World) -> None:
    mails(any_world, 30)
    with transaction(any_world.session):
        outbox.add(any_world.session, outbox.RankNeed(1), any_world.now)
    sent: list[outbox.DueRow] = []
    woken: list[int] = []

    drain(runtime, sent.append, lambda: woken.append(1))

    assert [row.kind for row in sent] == ["rank_need"]
    assert 1 <= len(woken) <= 4


def test_a_lane_is_held_by_one_and_free_again_after() -> None:
    with closing(Lanes(2)) as lanes:
        with lanes.one() as first, lanes.one() as second, lanes.one() as third:
            assert {first, second} == {0, 1}
            assert third is None
        with lanes.one() as again:
            assert again == 0


def test_a_killed_process_frees_its_lane() -> None:
    told = subprocess.run([sys.executable, "-c", KILLED], cwd=ROOT, capture_output=True, text=True, check=True)

    assert told.stdout.split() == ["taken", "free"]


def test_a_ranking_and_a_line_find_a_hand_while_the_mail_server_is_silent(
    any_session: Session, any_database_url: str, request: pytest.FixtureRequest, smtp_sink: SmtpSink, tmp_path: Path
) -> None:
    world = World(any_session, datetime.now(UTC).replace(microsecond=0))
    mails(world, 30)
    smtp_sink.at("EHLO", Trouble.MUTE)
    facts = {"DATABASE_URL": any_database_url, "SMTP_HOST": smtp_sink.host, "SMTP_PORT": str(smtp_sink.port)}
    command = f"{sys.executable} -m workers.embedded"
    if "postgresql" in any_database_url:
        facts["REDIS_URL"] = request.getfixturevalue("redis_url")
        command = f"{SERVICES['worker']['command']} --beat"

    with running(command, environment(**facts), tmp_path / "log"):
        wait_until(lambda: smtp_sink.heard["EHLO"] >= 3, "all lanes talk to the silent server", timeout_s=60)
        began = time.monotonic()
        with transaction(world.session):
            outbox.add(world.session, outbox.AdvanceLine(1), world.now)
            outbox.add(world.session, outbox.RankNeed(1), world.now)
        wait_until_done(world.session, world.messages("rank_need")[0])
        wait_until_done(world.session, world.messages("advance_line")[0])
        took_s = time.monotonic() - began

    assert took_s < 12, "the silent server keeps each lane for 20 s"
    assert waiting(world) == 30
