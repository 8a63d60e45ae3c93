"""Copies the kept figures into docs/trust.md, between two marks; a short form is called so."""

from pathlib import Path

from tests.faults.campaign import ROOT, Kept, load
from tests.faults.families import FAMILIES

PAGE = ROOT / "docs" / "trust.md"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
HEAD = ("| family | form | commit, seed | figures | breaches | took |", "|---|---|---|---|---|---|")


def publish() -> Path:
    """Write the figures of each family, the full ones where there are some."""
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    _old, after = rest.split(END)
    PAGE.write_text(f"{before}{BEGIN}\n\n" + "\n".join(table()) + f"\n\n{END}{after}", encoding="utf-8")
    return PAGE.relative_to(ROOT)


def table() -> list[str]:
    """The lines of the table of figures."""
    found = [load(name, "full") or load(name, "short") for name in FAMILIES]
    return [*HEAD, *(line for kept in found if kept is not None for line in _lines(kept))]


def _lines(kept: Kept) -> list[str]:
    lines = []
    for part, came in kept.parts.items():
        figures = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in dict(came["figures"]).items())  # type: ignore[call-overload]
        name = kept.family if len(kept.parts) == 1 else f"{kept.family}: {part}"
        measured = f"{kept.commit}, {kept.seed}"
        breaches = len(list(came["breaches"]))  # type: ignore[call-overload]
        lines.append(f"| {name} | {kept.form} | {measured} | {figures} | {breaches} | {came['seconds']} s |")
    return lines
