"""The families of the campaign by name, in the order in which they are played."""

from tests.faults import kills, misbehaviour, races, scanners, statements, twice
from tests.faults.campaign import Family

ALL = (kills.FAMILY, misbehaviour.FAMILY, races.FAMILY, scanners.FAMILY, statements.FAMILY, twice.FAMILY)
FAMILIES: dict[str, Family] = {family.name: family for family in ALL}
