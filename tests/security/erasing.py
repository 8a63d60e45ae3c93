"""Looks for what is left of people: in every column, in the bytes of a file, in a fitted ranker, in the figures."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.database import Base
from matcher.models.pairing import Pairing
from matcher.models.states import LIVE, PairingStatus
from matcher.queries import boards, decisions, figures
from matcher.services.matching import RankerState
from tests.factories import World
from tests.security.planting import LEAVES

OF_HERS = re.compile(rf"{LEAVES}[a-z]\d+q|\+?3?3?0?63998\d{{4}}|06[ .]?39[ .]?98[ .]?\d\d[ .]?\d\d", re.IGNORECASE)


def traces_in_tables(session: Session) -> dict[str, set[str]]:
    """Return what is found, by table and column: every column of every table, numbers too."""
    session.expire_all()
    found: dict[str, set[str]] = {}
    for table in Base.metadata.sorted_tables:
        for row in session.execute(sa.select(table)).mappings():
            for column, value in row.items():
                text = value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)
                for trace in OF_HERS.findall(text):
                    found.setdefault(f"{table.name}.{column}", set()).add(trace)
    return found


def traces_in_files(paths: Iterable[Path]) -> dict[str, set[str]]:
    """Return what is found in the bytes of files, by name; one that is not there holds nothing."""
    found = {}
    for path in paths:
        content = path.read_bytes().decode("latin-1") if path.exists() else ""
        if traces := set(OF_HERS.findall(content)):
            found[path.name] = traces
    return found


def traces_in_ranker(state: RankerState) -> set[str]:
    """Return what is found among all objects that can be reached from a fitted ranker."""
    found: set[str] = set()
    seen: set[int] = set()
    waiting: list[object] = [state]
    while waiting:
        each = waiting.pop()
        if id(each) in seen or isinstance(each, type):
            continue
        seen.add(id(each))
        if isinstance(each, str):
            found.update(OF_HERS.findall(each))
        elif isinstance(each, dict):
            waiting += [*each.keys(), *each.values()]
        elif isinstance(each, list | tuple | set | frozenset):
            waiting += each
        else:
            waiting += _attributes(each)
    return found


def _attributes(each: object) -> list[object]:
    slots = (name for kind in type(each).__mro__ for name in getattr(kind, "__slots__", ()))
    held = [getattr(each, name) for name in slots if isinstance(name, str) and hasattr(each, name)]
    return [*held, *getattr(each, "__dict__", {}).values()]


@dataclass(frozen=True, slots=True)
class Past:
    """What the figures say of the past: an erasure changes none of it. `standing` is how the pairings stand today."""

    funnels: dict[int, boards.Funnel]
    waits: dict[int, tuple[float | None, float | None]]
    answers: dict[str, int]
    spreads: tuple[figures.Spread, figures.Spread]
    examples: list[tuple[str, str, str, tuple[str, ...], bytes]]
    standing: Counter[PairingStatus]


def past(world: World) -> Past:
    """Read it as an administrator."""
    session, actor = world.session, world.administrator()
    read = figures.read(session, world.now)
    by_branch = {b.id: boards.board(session, actor, world.now, branch_ids=[b.id]) for b in (world.home, world.national)}
    examples = decisions.examples(session, actor)
    return Past(
        funnels={branch: each.funnel for branch, each in by_branch.items()},
        waits={branch: (each.days_to_suggestions, each.days_to_fill) for branch, each in by_branch.items()},
        answers=read.answers,
        spreads=(read.first_suggestion, read.fill),
        examples=[(e.need_id, e.person, e.verdict.value, e.people, e.values.tobytes()) for e in examples],
        standing=Counter(session.scalars(sa.select(Pairing.status))),
    )


def ended_of(standing: Counter[PairingStatus]) -> Counter[PairingStatus]:
    """How many pairings ended in each way, those apart in which an erasure ends what was under way."""
    left = LIVE | {PairingStatus.RELEASED, PairingStatus.ABANDONED}
    return Counter({status: number for status, number in standing.items() if status not in left})
