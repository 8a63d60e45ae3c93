"""Erasing many people at once: no trace of any in any column, byte or index; the figures of the past stay the same."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from matcher.database import clear_log
from matcher.models.association import Membership
from matcher.ranking.ranker import Ranker
from matcher.services import privacy
from matcher.services.matching import FORGETS_AFTER, RankerState, catch_up
from tests.factories import World
from tests.security.erasing import ended_of, past, traces_in_files, traces_in_ranker, traces_in_tables
from tests.security.form import IS_FULL
from tests.security.planting import STATES, STAYS, Planted, plant
from tests.settings import make_settings

# One for each state of a pairing and one more; fewer where only the other database is tried. All 200: --full.
PEOPLE = {"sqlite": 200, "postgresql": 200} if IS_FULL else {"sqlite": 16, "postgresql": 7}
PLANTED = {
    *("accounts.email", "accounts.password", "accounts.tf_totp_secret", "accounts.mf_recovery_codes", "accounts.name"),
    *("accounts.phone", "volunteers.headline", "volunteers.description", "volunteer_skills.label", "experiences.text"),
    *("pairings.motivation", "pairings.question", "pairings.answer", "sign_ins.device", "pending_memberships.email"),
    *("outbox.payload", "counterfactuals.result", "needs.title", "needs.description", "needs.submitted_text"),
    "associations.description",
}


def leave(world: World, planted: Planted) -> None:
    """Let somebody erase herself; every second closes what she alone acts for."""
    world.session.expire_all()
    own = sa.select(Membership.association_id).where(Membership.account_id == planted.account.id)
    closing = list(world.session.scalars(own)) if planted.marks.number % 4 == 0 else []
    world.act(privacy.erase_account, planted.person, closing=closing)


def files_of(engine: Engine) -> list[Path]:
    """The files in which an SQLite database lies; none for PostgreSQL."""
    if engine.dialect.name != "sqlite":
        return []
    return [Path(f"{engine.url.database}{suffix}") for suffix in ("", "-wal", "-shm", "-journal")]


def test_of_many_who_leave_no_trace_stays_and_the_figures_stay(
    any_world: World, record_property: Callable[[str, object], None]
) -> None:
    settings, session = make_settings("sqlite://"), any_world.session
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    record_property("cases", PEOPLE[engine.dialect.name])
    stays = [plant(any_world, settings, number, STAYS) for number in range(2)]
    leaves = [plant(any_world, settings, number) for number in range(PEOPLE[engine.dialect.name])]
    assert PEOPLE["sqlite"] > len(STATES), "every state of a pairing is there"
    before = past(any_world)
    assert traces_in_tables(session).keys() >= PLANTED
    session.rollback()
    assert clear_log(engine)
    assert bool(traces_in_files(files_of(engine))) == bool(files_of(engine))
    assert before.examples

    for planted in leaves:
        leave(any_world, planted)

    assert traces_in_tables(session) == {}
    after = past(any_world)
    assert (after.funnels, after.waits, after.spreads) == (before.funnels, before.waits, before.spreads)
    assert (after.answers, after.examples) == (before.answers, before.examples)
    assert after.standing.total() == before.standing.total()
    assert ended_of(after.standing) == ended_of(before.standing)
    assert [planted.account.email for planted in stays] == [planted.marks.address for planted in stays]
    session.rollback()
    assert clear_log(engine)
    assert traces_in_files(files_of(engine)) == {}


def test_the_words_of_one_who_left_are_forgotten_by_the_ranker_within_a_week(world: World) -> None:
    for _ in range(20):
        world.volunteer()
    leaver = plant(world, make_settings("sqlite://"), 1)
    state, today = RankerState(Ranker()), world.now.date()
    catch_up(world.session, state, today)
    assert traces_in_ranker(state)

    leave(world, leaver)
    for days in range(FORGETS_AFTER.days + 1):
        catch_up(world.session, state, today + timedelta(days=days))

    assert traces_in_ranker(state) == set()
