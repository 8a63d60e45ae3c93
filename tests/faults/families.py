"""The families of the campaign by name, in the order in which they are played."""

from tests.faults import (
    clocks_moved,
    departures,
    kills,
    misbehaviour,
    postgres_away,
    races,
    redis_away,
    scanners,
    statements,
    twice,
    weeks,
)
from tests.faults.campaign import Family

ALL = (
    kills.FAMILY,
    misbehaviour.FAMILY,
    redis_away.FAMILY,
    postgres_away.FAMILY,
    statements.FAMILY,
    races.FAMILY,
    twice.FAMILY,
    scanners.FAMILY,
    departures.FAMILY,
    clocks_moved.FAMILY,
    weeks.FAMILY,
)
FAMILIES: dict[str, Family] = {family.name: family for family in ALL}
