"""What a volunteer said of her time: whether it is so old that she is asked again."""

from datetime import date, timedelta

from matcher.models.volunteer import Volunteer

STALE_AFTER = timedelta(days=91)


def is_stale(volunteer: Volunteer, today: date) -> bool:
    """True when what she said of her time is over three months old."""
    return volunteer.confirmed_on is not None and today - volunteer.confirmed_on > STALE_AFTER


def may_be_asked(volunteer: Volunteer, today: date) -> bool:
    """True when « still true? » makes sense: it is old, she takes invitations, and she is neither on pause nor gone."""
    takes = volunteer.invitations_allowed_at is not None and volunteer.account.mail_stopped_at is None
    return takes and is_stale(volunteer, today) and not volunteer.is_paused_on(today)
