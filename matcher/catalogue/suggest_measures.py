"""How well suggested skills agree with those that a person ticked: precision, recall and F1. Reads no file."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple


class Judged(NamedTuple):
    """What was suggested for one text, and what a person ticked."""

    suggested: Collection[str]
    ticked: Collection[str]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Shares from 0 to 1: of what was suggested (precision), of what was ticked (recall), and both (F1)."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


class Measured(NamedTuple):
    """The agreement over all skills of all texts, and the mean over texts."""

    micro: Agreement
    macro: Agreement
    macro_f1: float


def measure_suggestions(judged: Iterable[Judged]) -> Measured:
    """Return how well suggestions agree with ticks; a text with nothing suggested or ticked counts 1 where none is due.

    Examples
    --------
    >>> measured = measure_suggestions([Judged(["a", "b"], ["a"]), Judged([], ["c"])])
    >>> measured.micro.precision, measured.micro.recall, measured.macro.recall
    (0.5, 0.5, 0.5)
    """
    pairs = [(set(one.suggested), set(one.ticked)) for one in judged]
    hits = sum(len(suggested & ticked) for suggested, ticked in pairs)
    shown, due = sum(len(suggested) for suggested, _ in pairs), sum(len(ticked) for _, ticked in pairs)
    each = [_agreement(len(suggested & ticked), len(suggested), len(ticked)) for suggested, ticked in pairs]
    count = max(1, len(each))
    macro = Agreement(sum(one.precision for one in each) / count, sum(one.recall for one in each) / count)
    return Measured(_agreement(hits, shown, due), macro, sum(one.f1 for one in each) / count)


def _agreement(hits: int, shown: int, due: int) -> Agreement:
    if not due:
        return Agreement(float(not shown), float(not shown))
    return Agreement(hits / shown if shown else 0.0, hits / due)
