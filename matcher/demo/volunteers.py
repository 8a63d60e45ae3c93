"""The 400 invented volunteers of the demo world, put together from hand-written pieces with a fixed seed.

Knows no database: the loader of the demo world stores what this returns.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from matcher.demo.identities import (
    ABROAD,
    Name,
    Place,
    draw_home,
    draw_name,
    draw_second_home,
    load_places,
    load_sectors,
)
from matcher.demo.pieces import Author, Piece, fill, load_pieces
from matcher.demo.portraits import Gallery, Portrait
from matcher.demo.profiles import DemoVolunteer
from matcher.demo.spare_time import draw_free_by_day, draw_working_person
from matcher.demo.stars import build_stars
from matcher.demo.trades import Trade, draw_skills, load_trades

__all__ = ["SEED", "DemoVolunteer", "build_volunteers"]

SEED = 9

_RADIUS_KM = (3, 5, 10, 15, 20, 30, 50, None)
_RADIUS_WEIGHTS = (4, 14, 28, 20, 14, 8, 5, 7)
_OTHER_LANGUAGES = ("es", "de", "it", "pt")


@dataclass(frozen=True, slots=True)
class _Role:
    trade: Trade
    language: str


def build_volunteers(count: int = 400, *, today: date) -> tuple[DemoVolunteer, ...]:
    """Return the first `count` volunteers, always the same; their dates are relative to `today`.

    The pieces suffice for 400: raises ValueError for more.
    """
    rng = Random(SEED)  # noqa: S311 - a demo that is the same each time, no secret
    gallery = Gallery(load_pieces(), rng)
    people = list(build_stars(gallery, today))
    roles = _roles(rng)
    if count > len(people) + len(roles):
        raise ValueError(f"the pieces suffice for {len(people) + len(roles)} volunteers, not {count}")
    abroad = _abroad(roles)
    taken = {person.email for person in people}
    for index, role in enumerate(roles[: max(0, count - len(people))]):
        name = draw_name(role.language, taken, rng)
        place = abroad.get(index) or draw_home(rng)
        portrait = gallery.next_portrait(role.trade.name, role.language)
        people.append(_person(len(people) + 1, _Cast(role, name, place, portrait), today, rng))
    return tuple(people[:count])


@dataclass(frozen=True, slots=True)
class _Cast:
    role: _Role
    name: Name
    place: Place
    portrait: Portrait


def _roles(rng: Random) -> Sequence[_Role]:
    roles = [
        _Role(trade, language)
        for trade in load_trades().values()
        for language, people in trade.people.items()
        for _ in range(people)
    ]
    rng.shuffle(roles)
    return roles


def _abroad(roles: Sequence[_Role]) -> Mapping[int, Place]:
    """Spread the places abroad over the people whose work can be done from afar."""
    found: dict[int, Place] = {}
    for number, place in enumerate(place for place in load_places() if place.region == ABROAD):
        start = number * len(roles) // 8
        found[_first_remote(roles, start, place)] = place
    return found


def _first_remote(roles: Sequence[_Role], start: int, place: Place) -> int:
    return next(
        index
        for index in range(start, len(roles))
        if roles[index].language == place.language and not roles[index].trade.is_hands_on
    )


def _person(number: int, cast: _Cast, today: date, rng: Random) -> DemoVolunteer:
    trade, place, portrait = cast.role.trade, cast.place, cast.portrait
    author = _author(cast, rng)
    draw = draw_free_by_day if trade.is_daytime or rng.random() < 0.15 else draw_working_person
    spare = draw(today, place.timezone, rng)
    remote, on_site = _modes(cast, rng)
    return DemoVolunteer(
        id=f"v{number:03d}",
        name=cast.name.full,
        email=cast.name.email,
        phone=f"+3363998{number:04d}",
        trade=trade.name,
        language=cast.role.language,
        headline=fill(portrait.headline, author),
        description="\n\n".join(_filled(portrait.description, author)),
        experiences=tuple(_filled(portrait.experiences, author)),
        skills=draw_skills(trade, (uri for piece in portrait.pieces for uri in piece.skills), rng),
        languages=_languages(cast, rng),
        remote=remote,
        on_site=on_site,
        communes=_communes(place, rng),
        country=place.country,
        timezone=place.timezone,
        radius_km=rng.choices(_RADIUS_KM, _RADIUS_WEIGHTS)[0] if on_site else None,
        availability=spare.availability,
        commitment=spare.commitment,
        short_notice=spare.is_short_notice,
    )


def _author(cast: _Cast, rng: Random) -> Author:
    return Author(
        gender=cast.name.gender,
        years=rng.randint(10, 29),
        many=rng.randint(28, 38),
        size=rng.randint(12, 60),
        sector=rng.choice(load_sectors())[cast.role.language],
        at=cast.place.at[cast.role.language],
    )


def _filled(pieces: Iterable[Piece], author: Author) -> Iterable[str]:
    return (fill(piece, author) for piece in pieces)


def _modes(cast: _Cast, rng: Random) -> tuple[bool, bool]:
    """Return (remote, on site)."""
    if cast.place.commune is None:
        return True, False
    if cast.role.trade.is_hands_on:
        return rng.random() < 0.5, True
    return rng.choices(((True, True), (True, False), (False, True)), (62, 18, 20))[0]


def _communes(place: Place, rng: Random) -> tuple[str, ...]:
    if place.commune is None:
        return ()
    second = draw_second_home(place, rng).commune if rng.random() < 0.1 else None
    return (place.commune, second) if second else (place.commune,)


def _languages(cast: _Cast, rng: Random) -> tuple[str, ...]:
    """Return what she works in, without repetition, the language of her text first."""
    spoken = [cast.role.language, *(code for piece in cast.portrait.pieces for code in piece.languages)]
    spoken += [code for code in cast.name.speaks if rng.random() < 0.6]
    if rng.random() < (0.8 if cast.role.language == "en" else 0.45):
        spoken.append("fr" if cast.role.language == "en" else "en")
    if rng.random() < 0.1:
        spoken.append(rng.choice(_OTHER_LANGUAGES))
    return tuple(dict.fromkeys(spoken))
