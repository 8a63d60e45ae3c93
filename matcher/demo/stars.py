"""The two volunteers whom the tour of the demo shows by name, with a text wholly their own. Draws nothing."""

from datetime import date, timedelta

from matcher.demo.identities import address
from matcher.demo.pieces import Author, Gender, fill
from matcher.demo.portraits import Gallery
from matcher.demo.profiles import DemoVolunteer
from matcher.demo.spare_time import EVENING, MORNING, slots
from matcher.models.volunteer import Commitment
from matcher.ranking.types import Availability, Hours, Per

_SKILL = "binome:skill"
_TEXT_AS_WRITTEN = Author(Gender.FEMININE, years=11, many=30, size=10, sector="", at="")


def build_stars(gallery: Gallery, today: date) -> tuple[DemoVolunteer, DemoVolunteer]:
    """Return Marie Lemoine (v001) and Tom Bradley (v002)."""
    return _marie(_texts(gallery, "v001", "fr"), today), _tom(_texts(gallery, "v002", "en"), today)


def _texts(gallery: Gallery, trade: str, language: str) -> tuple[str, str, tuple[str, ...]]:
    portrait = gallery.whole_portrait(trade, language)
    return (
        fill(portrait.headline, _TEXT_AS_WRITTEN),
        "\n\n".join(fill(piece, _TEXT_AS_WRITTEN) for piece in portrait.description),
        tuple(fill(piece, _TEXT_AS_WRITTEN) for piece in portrait.experiences),
    )


def _marie(texts: tuple[str, str, tuple[str, ...]], today: date) -> DemoVolunteer:
    headline, description, experiences = texts
    return DemoVolunteer(
        id="v001",
        name="Marie Lemoine",
        email=address("Marie", "Lemoine"),
        phone="+33639980001",
        trade="accounting",
        language="fr",
        headline=headline,
        description=description,
        experiences=experiences,
        skills=(
            (f"{_SKILL}/accounting/management-control", 4),
            (f"{_SKILL}/accounting/treasury", 4),
            (f"{_SKILL}/accounting/association-accounting", 3),
            (f"{_SKILL}/accounting/bookkeeping", 3),
            (f"{_SKILL}/accounting/cash-flow", 3),
            (f"{_SKILL}/accounting/budget", 4),
            (f"{_SKILL}/data/spreadsheets", 4),
            (f"{_SKILL}/training/training-delivery", 3),
            (f"{_SKILL}/accounting/grant-reporting", 2),
        ),
        languages=("fr", "en"),
        remote=True,
        on_site=True,
        communes=("69389",),
        country="FR",
        timezone="Europe/Paris",
        radius_km=10,
        availability=Availability(
            hours=Hours(3, Per.WEEK),
            weekly=slots((0, 1, 2, 3), EVENING) + slots((5,), MORNING),
            confirmed_on=today - timedelta(12),
        ),
        commitment=Commitment.WEEKLY,
        short_notice=True,
    )


def _tom(texts: tuple[str, str, tuple[str, ...]], today: date) -> DemoVolunteer:
    headline, description, experiences = texts
    return DemoVolunteer(
        id="v002",
        name="Tom Bradley",
        email=address("Tom", "Bradley"),
        phone="+33639980002",
        trade="web",
        language="en",
        headline=headline,
        description=description,
        experiences=experiences,
        skills=(
            (f"{_SKILL}/software/python", 4),
            (f"{_SKILL}/software/javascript", 3),
            (f"{_SKILL}/web/front-end", 4),
            (f"{_SKILL}/web/web-accessibility", 4),
            (f"{_SKILL}/web/web-site-creation", 3),
            (f"{_SKILL}/web/web-site-redesign", 3),
            (f"{_SKILL}/web/wordpress", 2),
            (f"{_SKILL}/training/coding-workshop", 2),
        ),
        languages=("en", "fr"),
        remote=True,
        on_site=True,
        communes=("75111",),
        country="FR",
        timezone="Europe/Paris",
        radius_km=15,
        availability=Availability(
            hours=Hours(4, Per.WEEK),
            weekly=slots((1, 2), EVENING) + slots((6,), MORNING),
            confirmed_on=today - timedelta(30),
        ),
        commitment=Commitment.WEEKLY,
        short_notice=False,
    )
