"""What machines ask: alive, ready, progressing, and the figures; on both databases, without a word about anybody."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import event

from matcher import outbox
from matcher.database import make_engine, transaction
from matcher.migrate import head, upgrade
from matcher.models.alert import Alert, AlertCode
from matcher.models.deadline import Deadline
from matcher.models.heartbeat import DISPATCHER
from matcher.models.invitation_mail import InvitationMail
from matcher.models.outbox import OutboxRow
from matcher.models.quarantine import Quarantine
from matcher.models.states import PairingStatus
from matcher.queries.figures import quantile
from matcher.services import heartbeats
from matcher.services.holding import Held
from tests import ways
from tests.factories import World
from tests.servers.ports import free_port
from tests.settings import make_settings
from web import create_app
from web.extensions import db

TOKEN = "a-token-for-machines-of-forty-characters"
MOST_STATEMENTS = 16


@pytest.fixture
def app(any_world: World, any_database_url: str) -> Iterator[Flask]:
    """The application on each of the two databases, with a token for machines."""
    app = create_app(make_settings(any_database_url, health_token=TOKEN), clock=lambda: any_world.now)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Somebody who asks."""
    return app.test_client()


def ask(client: FlaskClient, path: str, token: str = TOKEN):
    """Ask with a token."""
    return client.get(path, headers={"Authorization": f"Bearer {token}"})


def beat(world: World) -> None:
    """The dispatcher runs now."""
    with transaction(world.session) as session:
        heartbeats.beat(session, world.now, name=DISPATCHER)


def checks(client: FlaskClient) -> dict[str, dict[str, object]]:
    """The deep check, by name."""
    return {check["name"]: check for check in ask(client, "/health").json["checks"]}


def late(client: FlaskClient) -> set[str]:
    """The names of what is late."""
    return {name for name, check in checks(client).items() if check["state"] == "late"}


def test_a_process_is_alive_whatever_else_is_away() -> None:
    app = create_app(make_settings(f"postgresql://nobody@127.0.0.1:{free_port()}/none"))
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "somebody"

    answer = client.get("/livez")

    assert (answer.status_code, answer.json) == (200, {"status": "alive"})


def test_liveness_asks_the_database_nothing(app: Flask, client: FlaskClient) -> None:
    asked: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda _c, _cursor, statement, *_: asked.append(statement))
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "somebody"

    client.get("/livez")

    assert asked == []


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_database_at_the_head_is_ready(request: pytest.FixtureRequest, kind: str, tmp_path) -> None:
    url = f"sqlite:///{tmp_path}/ready.db" if kind == "sqlite" else request.getfixturevalue("postgres_url")
    engine = make_engine(url)
    client = create_app(make_settings(url)).test_client()

    before = client.get("/readyz")
    upgrade(engine)
    after = client.get("/readyz")
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))
    older = client.get("/readyz")
    engine.dispose()

    assert [before.status_code, after.status_code, older.status_code] == [503, 200, 503]
    assert before.json["database"] == older.json["database"] == "not at head"
    assert after.json == {"status": "ready", "database": "ok", "redis": "not used"}
    assert head() is not None


def test_a_database_that_is_away_is_not_ready() -> None:
    client = create_app(make_settings(f"postgresql://nobody@127.0.0.1:{free_port()}/none")).test_client()

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert (answer.json["status"], answer.json["database"]) == ("not ready", "away")


def test_redis_away_is_told_and_no_reason_to_refuse(tmp_path) -> None:
    url = f"sqlite:///{tmp_path}/ready.db"
    engine = make_engine(url)
    upgrade(engine)
    engine.dispose()
    client = create_app(make_settings(url, redis_url=f"redis://127.0.0.1:{free_port()}/0")).test_client()

    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert (answer.json["status"], answer.json["redis"]) == ("degraded", "away")


@pytest.mark.parametrize("path", ["/health", "/metrics"])
def test_without_a_token_in_the_settings_there_is_nothing(sqlite_url: str, world: World, path: str) -> None:
    client = create_app(make_settings(sqlite_url)).test_client()

    assert ask(client, path, "").status_code == 404
    assert ask(client, path, "anything").status_code == 404


@pytest.mark.parametrize("path", ["/health", "/metrics"])
@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer é"]
)
def test_with_another_token_there_is_nothing_to_see(client: FlaskClient, path: str, header: str | None) -> None:
    answer = client.get(path, headers={} if header is None else {"Authorization": header})

    assert answer.status_code == 401
    assert "oldest_due" not in answer.text
    assert "binome_" not in answer.text


def test_all_is_well_while_the_dispatcher_beats_and_nothing_waits(client: FlaskClient, any_world: World) -> None:
    any_world.forget_mails()
    beat(any_world)

    answer = ask(client, "/health")

    assert (answer.status_code, answer.json["status"]) == (200, "ok")
    assert all(set(check) == {"name", "state", "value", "limit", "unit"} for check in answer.json["checks"])


def test_a_row_that_nobody_takes_is_late_by_its_kind(client: FlaskClient, any_world: World) -> None:
    any_world.forget_mails()
    with transaction(any_world.session) as session:
        outbox.add(session, outbox.RankNeed(1), any_world.now)
    any_world.now += timedelta(minutes=3)
    beat(any_world)

    assert late(client) == {"oldest_due.rank_need"}
    assert checks(client)["oldest_due.rank_need"]["value"] == 180


def test_a_dispatcher_that_stopped_or_never_ran_is_late(client: FlaskClient, any_world: World) -> None:
    any_world.forget_mails()
    assert late(client) == {"last_beat"}
    beat(any_world)
    assert late(client) == set()

    any_world.now += timedelta(seconds=61)

    assert late(client) == {"last_beat"}


def test_a_beat_of_a_clock_that_went_back_is_late_until_the_next_one(client: FlaskClient, any_world: World) -> None:
    any_world.forget_mails()
    beat(any_world)
    any_world.now -= timedelta(days=1)
    assert late(client) == {"last_beat"}

    assert heartbeats.is_wanted(any_world.session, any_world.now, name=DISPATCHER)
    beat(any_world)

    assert late(client) == set()
    any_world.now += timedelta(seconds=61)
    assert late(client) == {"last_beat"}


def test_mails_that_wait_while_none_leaves_are_late(client: FlaskClient, any_world: World) -> None:
    any_world.forget_mails()
    with transaction(any_world.session) as session:
        outbox.add(session, outbox.SendMail("need_opened", 1), any_world.now)
    any_world.now += timedelta(minutes=3)
    beat(any_world)

    assert late(client) == {"oldest_due.send_mail", "last_hand_over"}


def test_the_last_hand_over_is_that_of_a_mail_that_was_taken(client: FlaskClient, any_world: World) -> None:
    any_world.forget_mails()
    with transaction(any_world.session) as session:
        for outcome, ago in ((outbox.SENT, 90), ("has no sense any more", 5)):
            outbox.add(session, outbox.SendMail("need_opened", 1), any_world.now)
            row = session.scalars(sa.select(OutboxRow).where(OutboxRow.done_at.is_(None))).one()
            outbox.complete(row, any_world.now - timedelta(seconds=ago), outcome=outcome)

    assert checks(client)["last_hand_over"]["value"] == 90


def test_a_clock_that_does_not_fire_is_late_and_in_a_quarantine_it_is_not(
    client: FlaskClient, any_world: World
) -> None:
    any_world.pairing(PairingStatus.INVITED)
    any_world.forget_mails()
    any_world.now = (any_world.session.scalar(sa.select(sa.func.min(Deadline.due_at))) or any_world.now) + timedelta(1)
    beat(any_world)
    assert late(client) == {"oldest_due_clock"}

    with transaction(any_world.session) as session:
        session.add(Quarantine(since=any_world.now, data_of=any_world.now, reason="restored"))

    assert late(client) == set()
    assert checks(client)["quarantine"]["value"] == 1


def test_an_open_alert_is_late(client: FlaskClient, any_world: World) -> None:
    any_world.forget_mails()
    beat(any_world)
    with transaction(any_world.session) as session:
        facts = {"count": 1, "ids": {}, "opened_at": any_world.now, "seen_at": any_world.now}
        session.add(Alert(code=AlertCode.ROWS_LATE, subject="send_mail", **facts))

    assert late(client) == {"open_alerts"}


def test_a_row_whose_worker_died_is_stuck(client: FlaskClient, any_world: World) -> None:
    any_world.forget_mails()
    with transaction(any_world.session) as session:
        outbox.add(session, outbox.RankNeed(1), any_world.now)
    (row,) = any_world.messages("rank_need")
    with transaction(any_world.session) as session:
        assert outbox.claim(session, row.id, any_world.now)
    any_world.now += timedelta(minutes=10)
    beat(any_world)

    assert "stuck_rows" in late(client)


def test_a_mail_that_was_in_hand_when_the_backup_was_made_waits_in_quarantine_and_is_not_stuck(
    client: FlaskClient, any_world: World
) -> None:
    any_world.forget_mails()
    with transaction(any_world.session) as session:
        outbox.add(session, outbox.SendMail("need_opened", 1), any_world.now)
    (row,) = [row for row in any_world.messages("send_mail") if row.done_at is None]
    with transaction(any_world.session) as session:
        assert outbox.claim(session, row.id, any_world.now)
        session.add(Quarantine(since=any_world.now, data_of=any_world.now, reason="restored"))
    any_world.now += timedelta(minutes=10)
    beat(any_world)

    assert late(client) == set()


def test_the_figures_are_what_prometheus_reads_and_they_are_right(client: FlaskClient, any_world: World) -> None:
    any_world.pairing(PairingStatus.ACCEPTED)
    any_world.pairing(PairingStatus.DECLINED)
    any_world.forget_mails()
    with transaction(any_world.session) as session:
        for _ in range(2):
            outbox.add(session, outbox.SendMail("need_opened", 1), any_world.now)
        first = session.scalars(sa.select(OutboxRow).order_by(OutboxRow.id)).first()
        assert first is not None
        outbox.complete(first, any_world.now, outcome=outbox.SENT)
    any_world.now += timedelta(seconds=30)

    found = samples(client)

    assert found["binome_outbox_due_rows", "send_mail"] == 1
    assert found["binome_outbox_oldest_due_seconds", "send_mail"] == 30
    assert found["binome_mails", "send_mail", "sent"] == 1
    assert found["binome_answers", "yes"] == 1
    assert found["binome_answers", "no"] == 1


def test_the_time_to_the_first_suggestion_is_that_from_opening_to_ranking(
    client: FlaskClient, any_world: World
) -> None:
    for seconds in (2, 4, 60):
        need = any_world.need()
        opened_at = any_world.now
        any_world.now = opened_at + timedelta(seconds=seconds)
        any_world.suggest(need, [any_world.volunteer()])

    found = samples(client)

    assert found["binome_first_suggestion_seconds_count",] == 3
    assert found["binome_first_suggestion_seconds", "0.5"] == 4
    assert found["binome_first_suggestion_seconds", "0.95"] == 60


def test_people_who_are_held_back_are_counted_by_reason(client: FlaskClient, any_world: World) -> None:
    limited, paused, _free = (any_world.pairing(PairingStatus.APPROVED) for _ in range(3))
    soon = any_world.now + timedelta(days=3)
    with transaction(any_world.session) as session:
        for pairing in (limited, paused):
            pairing.volunteer.wakes_at, pairing.queued_at = soon, None
        paused.volunteer.is_paused, paused.volunteer.paused_until = True, soon.date()
        for hours in (1, 2):
            at = any_world.now - timedelta(hours=hours)
            session.add(InvitationMail(volunteer_id=limited.volunteer_id, at=at, invitations=1))

    found = samples(client)

    counted = {reason: found["binome_pairings_held_back", reason] for reason in Held}
    assert counted == {reason: int(reason in {Held.LIMIT, Held.PAUSED}) for reason in Held}


def test_the_time_to_fill_is_that_from_opening_to_the_last_seat(client: FlaskClient, any_world: World) -> None:
    for hours in (2, 30):
        need = any_world.need()
        pairing = any_world.pairing(PairingStatus.ACCEPTED, need=need)
        any_world.now += timedelta(hours=hours)
        ways.confirm(any_world, pairing)
    any_world.need()

    found = samples(client)

    assert found["binome_fill_seconds_count",] == 2
    assert found["binome_fill_seconds_sum",] == 32 * 3600
    assert found["binome_fill_seconds", "0.5"] == found["binome_fill_seconds", "0.95"] == 30 * 3600


def test_a_quantile_is_a_value_that_was_measured() -> None:
    assert [quantile([1.0, 2.0, 3.0, 4.0], q) for q in (0.0, 0.5, 0.9, 1.0)] == [1.0, 3.0, 4.0, 4.0]


def test_neither_figures_nor_checks_name_anybody(client: FlaskClient, any_world: World) -> None:
    planted = "Zébulon-Quetzal"
    account = any_world.account(name=planted)
    any_world.need(title=planted)
    with transaction(any_world.session) as session:
        account.email = "zebulon.quetzal@example.org"
        for code in ("need_opened", "confirm"):
            message = outbox.SendAccountMail(code, account.email, "fr", name=planted, account_id=account.id)
            outbox.add(session, message, any_world.now)
        for row in session.scalars(sa.select(OutboxRow)):
            row.outcome = f"ValueError: {planted} {account.email}"

    told = ask(client, "/metrics").text + ask(client, "/health").text

    assert "send_account_mail" in told
    assert planted not in told
    assert "quetzal" not in told.lower()
    assert "@" not in told


@pytest.mark.parametrize("path", ["/health", "/metrics"])
def test_the_number_of_statements_does_not_grow(app: Flask, client: FlaskClient, any_world: World, path: str) -> None:
    asked: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda _c, _cursor, statement, *_: asked.append(statement))
    numbers = []
    for _ in range(2):
        asked.clear()
        assert ask(client, path).status_code in {200, 503}
        numbers.append(len(asked))
        for status in (PairingStatus.CONFIRMED, PairingStatus.DECLINED, PairingStatus.INVITED):
            any_world.suggest(any_world.pairing(status).need, [any_world.volunteer()])

    assert numbers[0] == numbers[1] <= MOST_STATEMENTS


def samples(client: FlaskClient) -> dict[tuple[str, ...], float]:
    """The metrics as Prometheus' own parser reads them: (name, label values…) → value."""
    families = text_string_to_metric_families(ask(client, "/metrics").text)
    return {(s.name, *s.labels.values()): s.value for family in families for s in family.samples}
