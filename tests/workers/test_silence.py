"""Volunteers whom nobody asks are told why: who, when, how often, and in which words of code."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from matcher.database import transaction
from matcher.models.association import Association
from matcher.models.pairing import PairingEvent
from matcher.models.silence import SilenceTold
from matcher.models.states import PairingStatus
from matcher.models.volunteer import Volunteer
from matcher.ranking.types import Mode, OfferedSkill, Times, WeeklySlot
from matcher.services import line, privacy, silences
from tests.factories import World
from tests.workers.conftest import runtime_of
from tests.workers.far_end import FarEnd
from workers.dispatch import HANDLERS
from workers.runtime import Runtime
from workers.tasks.silence import tell_due

DAY = timedelta(days=1)
S = PairingStatus


def alone(world: World, **facts: object) -> Volunteer:
    """Somebody who has taken invitations for seventy days."""
    return world.volunteer(**{"invitations_allowed_at": world.now - 70 * DAY, **facts})


def told(world: World) -> list[object]:
    """Who was written to."""
    world.session.rollback()
    rows = [row.payload for row in world.messages("send_mail")]
    return [row["recipient_id"] for row in rows if row["code"] == "no_proposal"]


def due(world: World) -> list[int]:
    """Who is to be told now."""
    world.session.rollback()
    return silences.due(world.session, world.now)


def test_two_workers_at_once_tell_each_of_them_once(any_database_url: str, any_world: World, far_end: FarEnd) -> None:
    left_alone = [alone(any_world) for _ in range(6)]
    workers = [runtime_of(any_database_url, any_world, far_end) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(tell_due, workers)) == 6

    assert sorted(map(str, told(any_world))) == sorted(str(one.account_id) for one in left_alone)
    for worker in workers:
        worker.engine.dispose()


def test_one_whose_reasons_cannot_be_found_holds_up_nobody(runtime: Runtime, any_world: World) -> None:
    first, second = (alone(any_world) for _ in range(2))
    with transaction(any_world.session):
        first.timezone = "Europe/Atlantis"

    assert tell_due(runtime) == 1
    assert told(any_world) == [second.account_id]
    with transaction(any_world.session):
        first.timezone = "Europe/Paris"
    assert tell_due(runtime) == 1


def test_the_reasons_are_found_while_nobody_waits_for_the_database(runtime: Runtime, any_world: World) -> None:
    any_world.need()
    alone(any_world)
    written: list[bool] = []

    def look(connection: sa.Connection, _cursor: object, statement: str, *_: object) -> None:
        if "FROM needs" in statement:
            written.append(bool(connection.get_execution_options().get("binome_writes", False)))

    sa.event.listen(runtime.engine, "before_cursor_execute", look)
    assert tell_due(runtime) == 1
    sa.event.remove(runtime.engine, "before_cursor_execute", look)

    assert written
    assert not any(written)


def test_nobody_is_told_more_than_twice_in_any_year(runtime: Runtime, any_world: World) -> None:
    alone(any_world)
    days = []
    for _ in range(0, 795, 15):
        if tell_due(runtime):
            days.append(any_world.now)
        any_world.now += 15 * DAY

    assert len(days) == 5
    assert all(third - first > 365 * DAY for first, third in zip(days, days[2:], strict=False))


@pytest.mark.parametrize(
    "facts",
    [
        {"invitations_allowed_at": None},
        {"invitations_allowed_at": datetime(2026, 7, 10, tzinfo=UTC)},
        {"is_paused": True},
        {"is_paused": True, "paused_until": date(2026, 12, 1)},
        {"is_paused": True, "paused_until": date(2026, 9, 1)},
    ],
)
def test_who_did_not_wait_for_two_months_is_not_told(world: World, facts: dict[str, object]) -> None:
    alone(world, **facts)

    assert due(world) == []


def test_who_stopped_our_mails_or_never_confirmed_her_address_is_not_told(world: World) -> None:
    alone(world, account=world.account(is_confirmed=False))
    stopped = alone(world)
    with transaction(world.session):
        stopped.account.mail_stopped_at = world.now

    assert due(world) == []


@pytest.mark.parametrize("status", [S.APPROVED, S.APPLIED, S.ACTIVE, S.DECLINED, S.EXPIRED])
def test_who_is_in_a_line_or_was_asked_is_not_told_before_two_months(world: World, status: PairingStatus) -> None:
    one = alone(world)
    world.pairing(status, volunteer=one)

    assert due(world) == []


def test_an_ended_pairing_of_long_ago_and_one_unknown_to_her_do_not_count(world: World) -> None:
    one = alone(world)
    declined = world.pairing(S.DECLINED, volunteer=one)
    world.pairing(S.SET_ASIDE, volunteer=one)
    long_ago = world.now - 61 * DAY
    with transaction(world.session):
        declined.since = long_ago
        world.session.execute(sa.update(PairingEvent).where(PairingEvent.pairing_id == declined.id).values(at=long_ago))

    assert due(world) == [one.id]


def test_the_mail_waits_for_the_hours_at_which_she_is_written_to(world: World) -> None:
    one = alone(world)
    world.now = datetime(2026, 9, 12, 21, 30, tzinfo=UTC)

    assert world.run(silences.tell, volunteer_id=one.id)

    (row,) = world.messages("send_mail")
    assert row.not_before == datetime(2026, 9, 14, 6, 0, tzinfo=UTC), "Saturday night: Monday at eight"


def test_each_need_counts_once_at_the_first_filter_that_left_her_out(world: World) -> None:
    monday = (WeeklySlot(0, time(18), time(20)),)
    sunday = (WeeklySlot(6, time(9), time(12)),)
    one = alone(world, remote=False, radius_km=10.0, languages=("fr",), weekly=sunday, confirmed_on=world.now.date())
    world.need(communes=("13055",))
    world.need(mode=Mode.REMOTE, communes=())
    world.need(working_languages=("en",))
    world.need(weekly=monday, times=Times.FIXED, together_hours=2.0, total_hours=2.0)
    world.need()
    world.need(association=_own_association(world, one))

    world.run(silences.tell, volunteer_id=one.id)

    data = _data(world)
    assert data == {
        "needs": 5, "elsewhere": 2, "language": 1, "time": 1, "others_first": 1, "says_little": True, "is_old": False,
    }  # fmt: skip


def test_a_full_profile_does_not_say_little_and_an_old_date_is_old(world: World) -> None:
    one = alone(
        world,
        skills=(OfferedSkill("Comptabilité"),),
        description="Je tiens des comptes depuis trente ans, dans de petites associations et des coopératives, et "
        "j’aime apprendre à d’autres à les lire et à en tirer des décisions.",
        confirmed_on=world.now.date() - 92 * DAY,
    )

    world.run(silences.tell, volunteer_id=one.id)

    data = _data(world)
    assert (data["says_little"], data["is_old"], data["needs"]) == (False, True, 0)


def test_an_invitation_meanwhile_withdraws_the_mail(runtime: Runtime, any_world: World, far_end: FarEnd) -> None:
    one = alone(any_world)
    tell_due(runtime)
    any_world.act(line.approve, any_world.coordinator(), line.Choice(any_world.need().id, one.id))

    (row,) = (row for row in any_world.messages("send_mail") if row.payload["code"] == "no_proposal")
    HANDLERS["send_mail"].handle(runtime, row.id)

    any_world.session.rollback()
    any_world.session.refresh(row)
    assert (row.outcome, far_end.taken) == ("has no sense any more", [])


def test_erasing_her_account_forgets_when_she_was_told(world: World) -> None:
    one = alone(world)
    world.run(silences.tell, volunteer_id=one.id)

    world.act(privacy.erase_account, world.volunteer_of(one))

    assert world.session.scalars(sa.select(SilenceTold)).all() == []


def _own_association(world: World, one: Volunteer) -> Association:
    association = world.association()
    world.join(association, one.account)
    return association


def _data(world: World) -> dict[str, object]:
    (row,) = (row for row in world.messages("send_mail") if row.payload["code"] == "no_proposal")
    data = row.payload["data"]
    assert isinstance(data, dict)
    return dict(data)
