"""« Toujours vrai ? »: asked of old availability, at most once in three months, never of who wants to be left alone."""

from datetime import UTC, date, datetime, timedelta

import pytest

from matcher.links import Subject
from matcher.models.link import LinkPurpose
from matcher.models.volunteer import Volunteer
from matcher.services import mail_choices, waking
from matcher.services.sending import SendingRules
from tests.factories import World

RULES = SendingRules()
OLD = date(2026, 6, 7)  # 92 days before the world begins


def asked(world: World) -> int:
    """Let the job run; return how many it asked."""
    return world.run(lambda session, now: waking.ask_still_true(session, RULES, now))


def old_hand(world: World, **facts: object) -> Volunteer:
    """Somebody who said three months ago when she has time."""
    return world.volunteer(**{"confirmed_on": OLD, **facts})


def test_old_availability_is_asked_once_in_three_months(any_world: World) -> None:
    her = old_hand(any_world)

    assert [asked(any_world) for _ in range(2)] == [1, 0]
    assert any_world.mails() == {("still_true", her.account_id)}
    any_world.now += timedelta(days=91)
    assert asked(any_world) == 0
    any_world.now += timedelta(days=1)
    assert asked(any_world) == 1


def test_who_said_yes_is_asked_again_three_months_later(any_world: World) -> None:
    her = old_hand(any_world)
    asked(any_world)
    holder = any_world.holder(LinkPurpose.STILL_TRUE, her.account, Subject())

    any_world.act(mail_choices.still_true, holder)

    assert her.confirmed_on == any_world.now.date()
    any_world.now += timedelta(days=91)
    assert asked(any_world) == 0
    any_world.now += timedelta(days=1)
    assert asked(any_world) == 1


@pytest.mark.parametrize(
    "facts",
    [
        {"confirmed_on": OLD + timedelta(days=1)},
        {"confirmed_on": None},
        {"is_paused": True},
        {"is_paused": True, "paused_until": date(2026, 9, 20)},
        {"invitations_allowed_at": None},
    ],
    ids=["three months exactly", "never said", "on pause", "on pause for a while", "not invited"],
)
def test_nobody_else_is_asked(any_world: World, facts: dict[str, object]) -> None:
    old_hand(any_world, **facts)

    assert asked(any_world) == 0


def test_who_stopped_our_mails_or_never_confirmed_her_address_is_not_asked(any_world: World) -> None:
    stopped, strange = old_hand(any_world), old_hand(any_world, account=any_world.account(is_confirmed=False))
    stopped.account.mail_stopped_at = any_world.now
    any_world.session.commit()

    assert asked(any_world) == 0
    assert strange.still_true_asked_at is None


def test_it_is_asked_in_open_hours_of_her_own_zone(world: World) -> None:
    old_hand(world, timezone="Indian/Reunion")
    world.now = datetime(2026, 9, 7, 18, 0, tzinfo=UTC)

    asked(world)

    (row,) = world.messages("send_mail")
    assert row.not_before == datetime(2026, 9, 8, 4, 0, tzinfo=UTC), "eight o’clock on the island"
