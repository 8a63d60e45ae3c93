"""Needs as lists show them: cards of the domain with their address, state and words. No reads."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for
from flask_babel import get_locale

from matcher.labels import status_label
from matcher.models.states import NeedStatus
from matcher.queries.needs import NeedCard

KINDS: dict[NeedStatus, str] = {
    NeedStatus.DRAFT: "neutral",
    NeedStatus.SUBMITTED: "warn",
    NeedStatus.CHANGES_REQUESTED: "accent",
    NeedStatus.OPEN: "primary",
    NeedStatus.FILLED: "good",
    NeedStatus.ON_HOLD: "warn",
    NeedStatus.COMPLETED: "good",
    NeedStatus.CLOSED: "neutral",
}


@dataclass(frozen=True, slots=True)
class NeedRow:
    """One row of a list of needs; `lang` names the language of its free texts."""

    url: str
    apply_url: str
    title: str
    association: str
    place: str
    time: str
    summary: str
    skills: tuple[str, ...]
    lang: str
    state: str
    state_kind: str


def language() -> str:
    """Return the reader's language."""
    return str(get_locale())


def rows_of(cards: Iterable[NeedCard]) -> list[NeedRow]:
    """Return the rows of some cards."""
    return [_row(card) for card in cards]


def _row(card: NeedCard) -> NeedRow:
    return NeedRow(
        url=url_for("needs.show", need_id=card.need_id),
        apply_url=url_for("needs.application", need_id=card.need_id),
        title=card.title,
        association=card.association,
        place=card.place,
        time=card.effort,
        summary=card.summary,
        skills=card.skills,
        lang=card.language,
        state=status_label(language(), card.status),
        state_kind=KINDS[card.status],
    )
