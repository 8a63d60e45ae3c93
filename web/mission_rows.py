"""Rows of the list of missions: what the query found, with addresses and colours. No reads."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for

from matcher.queries.missions import MissionRow
from web.yes_pages import KINDS


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One row of the list."""

    url: str
    title: str
    lang: str
    other_side: str
    state: str
    state_kind: str
    next: str
    is_waiting: bool


def rows_of(rows: Iterable[MissionRow]) -> list[ShownRow]:
    """Return the rows ready to print."""
    return [
        ShownRow(
            url=url_for("missions.show", pairing_id=row.pairing_id),
            title=row.title,
            lang=row.lang,
            other_side=row.other_side,
            state=row.state,
            state_kind=KINDS.get(row.status, "neutral"),
            next=row.next,
            is_waiting=row.is_waiting,
        )
        for row in rows
    ]
