"""The families of the campaign by name, in the order in which they are played."""

from tests.faults import kills, races
from tests.faults.campaign import Family

FAMILIES: dict[str, Family] = {family.name: family for family in (kills.FAMILY, races.FAMILY)}
