"""People and needs drawn by lot for tests of the ranking: each says some of what can be said. No assertions."""

import random
from datetime import date, time

from matcher.ranking.types import (
    Availability,
    Hours,
    Location,
    Mode,
    NeededSkill,
    NeedInput,
    OfferedSkill,
    Per,
    Schedule,
    VolunteerInput,
    WeeklySlot,
)

LYON, GRENOBLE, PARIS = Location(45.76, 4.84), Location(45.19, 5.72), Location(48.86, 2.35)
WORDS = [
    "comptes", "bilan", "tableur", "budget", "affiche", "dessin", "site", "web", "potager", "récolte", "soutien",
    "cours", "paie", "trésorerie",
]  # fmt: skip
SKILLS = [("Comptabilité", "s1"), ("Tableur", "s2"), ("Budget", "s3"), ("Dessin", "s4"), ("Paie", "s5")]
EVENING = WeeklySlot(1, time(18), time(20))
MORNING = WeeklySlot(3, time(9), time(12))


def a_person(draw: random.Random, name: str) -> VolunteerInput:
    """Somebody who says some of what can be said."""
    skills = [OfferedSkill(*label_uri[:1], draw.choice([None, 1, 3, 4]), label_uri[1])
              for label_uri in draw.sample(SKILLS, draw.randint(0, 3))]  # fmt: skip
    free = Availability(
        hours=draw.choice([None, Hours(1, Per.WEEK), Hours(6, Per.WEEK), Hours(8, Per.MONTH), Hours(10, Per.ONCE)]),
        starts_on=draw.choice([None, None, date(2026, 10, 20), date(2026, 12, 15)]),
        ends_on=draw.choice([None, None, date(2027, 1, 10)]),
        weekly=draw.choice([(), (EVENING,), (MORNING,)]),
    )
    return VolunteerInput(
        name, " ".join(draw.sample(WORDS, 3)), " ".join(draw.choices(WORDS, k=draw.randint(0, 30))),
        skills=tuple(skills), language="fr", languages=draw.choice([(), ("fr",), ("en",), ("fr", "en")]),
        remote=draw.choice([None, True, False]), on_site=draw.choice([None, True, False]),
        locations=draw.choice([(), (LYON,), (GRENOBLE,), (PARIS,)]), radius_km=draw.choice([None, 10.0, 60.0]),
        availability=free,
    )  # fmt: skip


def a_need(draw: random.Random) -> NeedInput:
    """A need that asks for something of each kind."""
    asked = draw.sample(SKILLS, draw.randint(0, 4))
    schedule = Schedule(
        starts_on=draw.choice([None, date(2026, 10, 1)]), ends_on=date(2026, 12, 1),
        total_hours=draw.choice([None, 12.0, 40.0]), together_hours=draw.choice([None, 6.0]),
        weekly=draw.choice([(), (EVENING,)]),
    )  # fmt: skip
    return NeedInput(
        "need", " ".join(draw.sample(WORDS, 3)), " ".join(draw.sample(WORDS, 5)),
        tuple(NeededSkill(label, uri=uri) for label, uri in asked), "fr", draw.choice([(), ("fr",), ("en",)]),
        draw.choice(list(Mode)), draw.choice([(LYON,), (LYON, GRENOBLE)]), schedule,
    )  # fmt: skip
