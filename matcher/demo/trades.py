"""The trades of the demo's volunteers: how many people, which skills and levels. The data stand in `trades.json`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random

from matcher.catalogue.rows import Row, read_list
from matcher.demo.pieces import ANY_TRADE

_LEVELS = (1, 2, 3, 4)
_CORE = (0, 20, 50, 30)
_CORE_OF_BEGINNERS = (25, 50, 25, 0)
_ALSO = (15, 45, 35, 5)
_ALSO_OF_BEGINNERS = (50, 40, 10, 0)
_COMMON = (50, 40, 10, 0)


@dataclass(frozen=True, slots=True)
class Trade:
    """One trade; `people` counts them by language; `core` skills are typical and `also` occasional, as uris."""

    name: str
    people: Mapping[str, int]
    core: tuple[str, ...]
    also: tuple[str, ...]
    is_hands_on: bool
    is_junior: bool
    is_daytime: bool


@cache
def load_trades() -> Mapping[str, Trade]:
    """Return the trades by name, read at the first call; « any » holds the skills of every trade."""
    rows = read_list(files("matcher.demo") / "trades.json")
    return {trade.name: trade for trade in map(_trade, rows)}


def draw_skills(trade: Trade, own: Iterable[str], rng: Random) -> tuple[tuple[str, int], ...]:
    """Draw the skills and levels of one person; `own` are the uris that her text already claims."""
    core, also = (_CORE_OF_BEGINNERS, _ALSO_OF_BEGINNERS) if trade.is_junior else (_CORE, _ALSO)
    drawn: dict[str, int] = {}
    _add(drawn, [*own, *rng.sample(trade.core, rng.randint(2, 3))], core, rng)
    _add(drawn, rng.sample(trade.also, rng.randint(1, 3)), also, rng)
    if rng.random() < 0.4:
        _add(drawn, [rng.choice(load_trades()[ANY_TRADE].also)], _COMMON, rng)
    return tuple(drawn.items())


def _add(drawn: dict[str, int], uris: Iterable[str], weights: tuple[int, ...], rng: Random) -> None:
    for uri in uris:
        drawn.setdefault(uri, rng.choices(_LEVELS, weights)[0])


def _trade(row: Row) -> Trade:
    return Trade(
        name=row.text("trade"),
        people={"fr": row.count("french"), "en": row.count("english")},
        core=row.texts("core"),
        also=row.texts("also"),
        is_hands_on=row.fields.get("hands_on") is True,
        is_junior=row.fields.get("junior") is True,
        is_daytime=row.fields.get("daytime") is True,
    )
