"""Measures skills read from free text on the graded set: `python -m tests.matcher.ranking.skills_measured`.

Strengths and clues were tuned on the rows with an even place in the file and on the demo's needs; the others are held.
"""

import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from matcher.catalogue.suggest import suggest_skills
from matcher.catalogue.suggest_measures import Judged, Measured, measure_suggestions
from tests.matcher.ranking.test_graded_set import Ticked, small, ticked

TOPS = (5, 8)


@cache
def texts() -> Mapping[tuple[str, str], tuple[str, str, str | None]]:
    """Return title, text and language by kind and id."""
    needs = {("need", one.id): (one.title, one.description, one.language) for one in small().needs}
    volunteers = {
        ("volunteer", one.id): (one.headline, "\n".join([one.description, *one.experiences]), one.language)
        for one in small().volunteers
    }
    return {**needs, **volunteers}


def rows(*, held: bool) -> Sequence[Ticked]:
    """Return every second row: those on which nothing was tuned, or the others."""
    return ticked()[int(held) :: 2]


def measured(of: Iterable[Ticked], top: int) -> Measured:
    """Return the agreement of the first suggestions with what was ticked."""
    return measure_suggestions(Judged(_suggested(one, top), one.uris) for one in of)


def _suggested(one: Ticked, top: int) -> list[str]:
    title, text, language = texts()[one.kind, one.id]
    return [found.uri for found in suggest_skills(text, language, top, title=title)]


def report() -> str:
    """Return the table that is printed."""
    lines = ["half   kind        n  top  micro P    R     F1   macro P    R     F1"]
    for name, held in (("tuned", False), ("held", True)):
        for kind in ("need", "volunteer", "both"):
            of = [one for one in rows(held=held) if kind in {one.kind, "both"}]
            for top in TOPS:
                micro, macro, macro_f1 = measured(of, top)
                lines.append(
                    f"{name:<6} {kind:<9} {len(of):>3}  {top:>3}     {micro.precision:.3f} {micro.recall:.3f} "
                    f"{micro.f1:.3f}     {macro.precision:.3f} {macro.recall:.3f} {macro_f1:.3f}"
                )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(report())
