"""Why nobody asks a volunteer: the filters of the ranking over the needs of a time, and what her profile says.

Counts and codes; no need and no other person is named. Web never loads this.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.models.association import Membership
from matcher.models.need import Need
from matcher.models.states import UNPUBLISHED
from matcher.models.volunteer import Volunteer
from matcher.queries.ranking_inputs import missions_under_way, need_input, volunteer_input
from matcher.ranking.people import People

# The work is out of her way whether by place or by manner: she moves both on one page.
GROUPS = {"mode": "elsewhere", "distance": "elsewhere", "language": "language", "availability": "time"}
MOST_NEEDS = 500
FRESH_FOR = timedelta(days=91)
FEW_WORDS = 25


def reasons_of(session: Session, volunteer: Volunteer, *, since: datetime, today: date) -> Mapping[str, int | bool]:
    """Return how many needs were open, how many each filter kept from her, and where others came first.

    `needs` is the sum of `elsewhere`, `language`, `time` and `others_first`: each need once, at its first filter.
    """
    described = volunteer_input(volunteer, missions_under_way(session).get(volunteer.id, ()))
    alone = People.of([described])
    counted = Counter(_first_filter(alone, need, today) for need in _open_needs(session, volunteer, since))
    return {
        "needs": counted.total(),
        "elsewhere": counted["elsewhere"],
        "language": counted["language"],
        "time": counted["time"],
        "others_first": counted["others_first"],
        "says_little": _says_little(volunteer),
        "is_old": volunteer.confirmed_on is None or volunteer.confirmed_on < today - FRESH_FOR,
    }


def _open_needs(session: Session, volunteer: Volunteer, since: datetime) -> list[Need]:
    """The last needs that were open at some time since a moment, those of her own associations apart."""
    ours = sa.select(Membership.association_id).where(Membership.account_id == volunteer.account_id)
    rows = (
        sa.select(Need)
        .where(
            Need.opened_at.is_not(None),
            Need.status.not_in(UNPUBLISHED),
            sa.or_(Need.ended_at.is_(None), Need.ended_at > since),
            Need.association_id.not_in(ours),
        )
        .order_by(Need.opened_at.desc(), Need.id)
        .limit(MOST_NEEDS)
    )
    return list(session.scalars(rows))


def _first_filter(alone: People, need: Need, today: date) -> str:
    asked = need_input(need)
    distances_km = alone.places.nearest_km(asked.locations)
    fails = alone.filters(asked, distances_km, alone.calendar.fit(asked.schedule, today))
    return next((GROUPS[name] for name, failed in fails.items() if failed[0]), "others_first")


def _says_little(volunteer: Volunteer) -> bool:
    """No skill, or hardly a sentence: what needs are compared with."""
    texts = (volunteer.headline, volunteer.description, *(one.text for one in volunteer.experiences))
    return not volunteer.skills or sum(len(text.split()) for text in texts) < FEW_WORDS
