"""A volunteer's pauses and mails: what she stops leaves no more, and she is suggested to nobody meanwhile."""

from datetime import date, datetime, timedelta

import pytest

from matcher.errors import InvalidDates, NotAllowed
from matcher.links import Subject
from matcher.models.link import LinkPurpose
from matcher.queries.ranking_inputs import barred_volunteers
from matcher.services import mail_choices, volunteers
from matcher.services.mail_choices import MailChoices, MailWish
from tests.factories import World

TODAY = date(2026, 9, 7)


def test_a_pause_bars_until_its_day_and_ends_at_her_word(any_world: World) -> None:
    volunteer, need = any_world.volunteer(), any_world.need()
    actor = any_world.volunteer_of(volunteer)
    until = TODAY + timedelta(days=30)

    any_world.act(volunteers.pause, actor, volunteer_id=volunteer.id, until=until)
    during = barred_volunteers(any_world.session, need, TODAY)
    after = barred_volunteers(any_world.session, need, until)
    any_world.act(volunteers.resume, actor, volunteer_id=volunteer.id)

    assert volunteer.id in during
    assert volunteer.id not in after
    assert volunteer.id not in barred_volunteers(any_world.session, need, TODAY)


def test_a_pause_until_today_is_refused(world: World) -> None:
    volunteer = world.volunteer()
    with pytest.raises(InvalidDates):
        world.act(volunteers.pause, world.volunteer_of(volunteer), volunteer_id=volunteer.id, until=TODAY)


def test_the_will_to_be_invited_keeps_its_first_day_and_can_be_withdrawn(world: World) -> None:
    first = world.now - timedelta(days=100)
    volunteer, need = world.volunteer(invitations_allowed_at=first), world.need()
    actor = world.volunteer_of(volunteer)

    world.act(mail_choices.choose, actor, choices=MailChoices(MailWish.DAILY))
    kept = volunteer.invitations_allowed_at
    world.act(mail_choices.choose, actor, choices=MailChoices(MailWish.STOPPED))

    assert kept == first
    assert volunteer.invitations_allowed_at is None
    assert volunteer.id in barred_volunteers(world.session, need, TODAY)


def test_the_unsubscribing_link_stops_and_allows_mails(any_world: World) -> None:
    volunteer = any_world.volunteer()
    holder = any_world.holder(LinkPurpose.UNSUBSCRIBE, volunteer.account, Subject())

    any_world.act(volunteers.stop_mail, holder)
    stopped_at: datetime | None = volunteer.account.mail_stopped_at
    allowed_at = volunteer.invitations_allowed_at
    any_world.act(volunteers.allow_mail, holder)

    assert (stopped_at, allowed_at) == (any_world.now, None)
    assert volunteer.account.mail_stopped_at is None
    assert volunteer.invitations_allowed_at == any_world.now


def test_a_link_for_something_else_stops_nothing(world: World) -> None:
    pairing = world.pairing()
    holder = world.holder(LinkPurpose.ANSWER, pairing.volunteer.account, Subject(pairing_id=pairing.id))

    with pytest.raises(NotAllowed):
        world.act(volunteers.stop_mail, holder)
