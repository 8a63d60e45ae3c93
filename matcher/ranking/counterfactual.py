"""The smallest change to a person's profile that would bring her among the first five for a need.

Changes are tried one by one, then in pairs, then in threes, each time by their summed cost (`changes.py`); hours and
levels are then brought down to the smallest that still does it. A change does it when no filter leaves her out and her
new score lies strictly above the stored fifth score of the others and above the fifth that they would have were she
ranked anew: a draw, which a lot would decide, is not promised.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import combinations

import numpy as np

from matcher.ranking.changes import WORDED, Change, applied, possible_changes
from matcher.ranking.concepts import linked_volunteer
from matcher.ranking.ranker import Ranker
from matcher.ranking.rescoring import Rescoring
from matcher.ranking.score import Floats
from matcher.ranking.types import NeedInput, VolunteerInput

PLACES = 5
MOST_CHANGES = 3


class Outcome(StrEnum):
    """What came out."""

    ALREADY = "already"
    CHANGES = "changes"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Aim:
    """What is to be beaten: the fifth stored score of the others, None when they are fewer; and the day.

    `labels` are the words that she would choose for skills that the need names otherwise; `barred` are not ranked.
    """

    fifth_score: float | None
    today: date
    barred: frozenset[str] = frozenset()
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """What came out, and where she is today: her place at worst, if every draw were lost, or what leaves her out."""

    outcome: Outcome
    changes: tuple[Change, ...]
    place: int
    of: int
    left_out_by: tuple[str, ...]


def smallest_change(ranker: Ranker, need: NeedInput, volunteer: VolunteerInput, *, aim: Aim) -> Counterfactual:
    """Return the smallest change that would bring her among the first five, or that nothing would.

    Examples
    --------
    >>> people = [VolunteerInput(f"v{i}", "Comptable", languages=("fr",)) for i in range(5)]
    >>> ana = VolunteerInput("ana", "Comptable")
    >>> need = NeedInput("n", "Une comptable", working_languages=("fr",))
    >>> ranker = Ranker().fit([*people, ana])
    >>> fifth = ranker.rank(need, today=date(2026, 1, 5)).suggestions[4].score
    >>> found = smallest_change(ranker, need, ana, aim=Aim(fifth, date(2026, 1, 5)))
    >>> found.outcome.value, found.changes
    ('nothing', ())
    """
    context = ranker.context(need, today=aim.today, barred=aim.barred)
    volunteer = linked_volunteer(volunteer, context.uris)
    fifth_score = aim.fifth_score if aim.fifth_score is not None else -1.0
    search = _Search(Rescoring(context, volunteer.id, PLACES), volunteer, fifth_score)
    changes: tuple[Change, ...] | None = ()
    if not search.does(()):
        changes = search.smallest(aim.labels)
    place, of = search.rescoring.place(volunteer)
    outcome = Outcome.NOTHING if changes is None else Outcome.CHANGES if changes else Outcome.ALREADY
    return Counterfactual(outcome, changes or (), place, of, search.rescoring.failed(volunteer))


@dataclass
class _Halves:
    """Distinct parts of sets of changes, in the order in which they came; the changes are told apart as objects."""

    distinct: list[list[Change]] = field(default_factory=list)
    _places: dict[tuple[int, ...], int] = field(default_factory=dict)

    def place(self, half: list[Change]) -> int:
        """Return the place of a part, a new one when it is new."""
        place = self._places.setdefault(tuple(id(change) for change in half), len(self.distinct))
        if place == len(self.distinct):
            self.distinct.append(half)
        return place


@dataclass(frozen=True, slots=True)
class _Search:
    """The search for one person and one need."""

    rescoring: Rescoring
    volunteer: VolunteerInput
    fifth_score: float

    def smallest(self, labels: Mapping[str, str]) -> tuple[Change, ...] | None:
        """Return the smallest set of changes that does it, None when no three do."""
        context = self.rescoring.context
        single = possible_changes(context.need, self.volunteer, context.today, labels=labels)
        for count in range(1, MOST_CHANGES + 1):
            sets = sorted(combinations(single, count), key=lambda chosen: sum(change.cost for change in chosen))
            found = self._first(sets)
            if found is not None:
                return self._lessened(found)
        return None

    def does(self, changes: Sequence[Change]) -> bool:
        """Tell whether some changes bring her among the first five."""
        described = self._described(changes)
        if self.rescoring.failed(described):
            return False
        score = self.rescoring.score(described)
        return score > self.fifth_score and score > self.rescoring.bar(described)

    def _described(self, changes: Sequence[Change]) -> VolunteerInput:
        return applied(self.volunteer, changes, self.rescoring.context.need)

    def _first(self, sets: Sequence[tuple[Change, ...]]) -> tuple[Change, ...] | None:
        """Return the first set that does it; those that could not even if she were like the best are passed over."""
        if not sets:
            return None
        most = self._most(sets)
        hopeful = np.flatnonzero(most > self.fifth_score).tolist()
        return next((sets[row] for row in hopeful if self.does(sets[row])), None)

    def _most(self, sets: Sequence[tuple[Change, ...]]) -> Floats:
        """Return what each set could reach at most: what changes words apart from what changes the rest."""
        wordings, rests = _Halves(), _Halves()
        pairs = [
            (
                wordings.place([each for each in chosen if each.code in WORDED]),
                rests.place([each for each in chosen if each.code not in WORDED]),
            )
            for chosen in sets
        ]
        people = [[self._described(half) for half in halves.distinct] for halves in (wordings, rests)]
        return self.rescoring.most(people[0], people[1], pairs)

    def _lessened(self, changes: tuple[Change, ...]) -> tuple[Change, ...]:
        """Bring each amount down to the smallest that still does it, by halving what is in question."""
        for place, change in enumerate(changes):
            low, high = 0, len(change.amounts) - 1
            while low < high:
                middle = (low + high) // 2
                less = (*changes[:place], change.of(change.amounts[middle]), *changes[place + 1 :])
                low, high = (low, middle) if self.does(less) else (middle + 1, high)
            if change.amounts:
                changes = (*changes[:place], change.of(change.amounts[high]), *changes[place + 1 :])
        return changes
