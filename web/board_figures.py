"""The figures of the board as its template shows them: in words, with their picture. No reads."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext, ngettext
from markupsafe import Markup

from matcher.labels import code_label, status_label
from matcher.models.states import PairingReason
from matcher.queries.boards import Board, told
from matcher.wording import number_in_words
from web.need_cards import language
from web.pictures import funnel, percent


@dataclass(frozen=True, slots=True)
class Figures:
    """What the board shows; each picture has its table beside it."""

    is_empty: bool
    funnel: Markup
    funnel_rows: list[tuple[str, str, str]]
    waits: list[tuple[str, str]]
    asked: str
    pairings: list[tuple[str, str]]


def figures(board: Board) -> Figures:
    """Put the counts of a board into words."""
    counted = board.funnel
    steps = [
        (gettext("Posted"), counted.posted),
        (gettext("Opened"), counted.opened),
        (gettext("With a yes"), counted.with_yes),
        (gettext("Confirmed"), counted.confirmed),
        (gettext("With a completed mission"), counted.completed),
    ]
    return Figures(
        is_empty=counted.posted == 0,
        funnel=funnel(steps),
        funnel_rows=[(name, str(number), _share(number, counted.posted)) for name, number in steps],
        waits=[
            (
                gettext("From opening to the first suggestions: half of the needs take at most"),
                _days(board.days_to_suggestions),
            ),
            (
                gettext("From opening until all places are taken: half of the needs take at most"),
                _days(board.days_to_fill),
            ),
        ],
        asked=_never_asked(board),
        pairings=[(status_label(language(), status), _number(number)) for status, number in board.pairings.items()],
    )


def reason_rows(counts: Mapping[PairingReason, int | None]) -> list[tuple[str, str]]:
    """Return each reason with how often it was given; small numbers are not told."""
    return [(code_label(language(), reason), _number(number)) for reason, number in counts.items()]


def _number(number: int | None) -> str:
    return str(gettext("fewer than five")) if number is None else str(number)


def _share(number: int, of: int) -> str:
    return percent(number / of) if of else "–"


def _days(days: float | None) -> str:
    if days is None:
        return str(gettext("nothing to count yet"))
    if days < 1:
        return str(gettext("less than a day"))
    written = number_in_words(language(), round(days, 1))
    whole = int(days) if language() == "fr" or days == int(days) else 2
    return str(ngettext("%(days)s day", "%(days)s days", whole, days=written))


def _never_asked(board: Board) -> str:
    if not board.volunteers:
        return str(gettext("No volunteer belongs to this branch yet."))
    if told(board.volunteers) is None:
        return str(gettext("Fewer than five volunteers belong to this branch: nothing is counted of so few."))
    if told(board.never_asked) is None:
        return str(gettext("Fewer than five of %(all)s volunteers have never been asked.", all=board.volunteers))
    if board.few_asked:
        return str(gettext("Of %(all)s volunteers, fewer than five have ever been asked.", all=board.volunteers))
    sentence = gettext(
        "%(never)s of %(all)s volunteers have never been asked for anything (%(share)s).",
        never=board.never_asked,
        all=board.volunteers,
        share=percent(board.never_asked / board.volunteers),
    )
    return str(sentence)
