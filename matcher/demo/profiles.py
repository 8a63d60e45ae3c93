"""What a volunteer of the demo is, before any database knows her. Draws nothing."""

from dataclasses import dataclass

from matcher.models.volunteer import Commitment
from matcher.ranking.types import Availability


@dataclass(frozen=True, slots=True)
class DemoVolunteer:
    """One invented person; `skills` are (uri, level 1 to 4); `communes` are INSEE codes, none for people abroad."""

    id: str
    name: str
    email: str
    phone: str
    trade: str
    language: str
    headline: str
    description: str
    experiences: tuple[str, ...]
    skills: tuple[tuple[str, int], ...]
    languages: tuple[str, ...]
    remote: bool
    on_site: bool
    communes: tuple[str, ...]
    country: str
    timezone: str
    radius_km: float | None
    availability: Availability
    commitment: Commitment
    short_notice: bool
    invitation_opt_in: bool = True
