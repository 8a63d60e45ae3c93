"""Copies the kept figures and the picture of the weeks into docs/, between two marks; a short form is called so."""

import shutil
from pathlib import Path

from tests.faults.campaign import KEPT, ROOT, Kept, load
from tests.faults.families import FAMILIES

PAGE = ROOT / "docs" / "trust.md"
PICTURE = ROOT / "docs" / "pictures" / "exposure.svg"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
HEAD = ("| family | form | commit, seed | figures | breaches | took |", "|---|---|---|---|---|---|")


def publish() -> Path:
    """Write the figures of each family, the full ones where there are some; the picture is that of most volunteers."""
    pictures = sorted(KEPT.glob("weeks-*.svg"), key=lambda path: int(path.stem.split("-")[1]))
    if pictures:
        shutil.copyfile(pictures[-1], PICTURE)
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    _old, after = rest.split(END)
    PAGE.write_text(f"{before}{BEGIN}\n\n" + "\n".join(table()) + f"\n\n{END}{after}", encoding="utf-8")
    return PAGE.relative_to(ROOT)


def table() -> list[str]:
    """The lines of the table of figures."""
    found = {name: load(name, "full") or load(name, "short") for name in FAMILIES}
    return [*HEAD, *(line for name, kept in found.items() for line in (_lines(kept) if kept else _none(name)))]


def _none(name: str) -> list[str]:
    return [f"| {name} | | | no figures are kept | | |"]


def _lines(kept: Kept) -> list[str]:
    lines = []
    for part, came in kept.parts.items():
        figures = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in dict(came["figures"]).items())  # type: ignore[call-overload]
        name = kept.family if len(kept.parts) == 1 else f"{kept.family}: {part}"
        measured = f"{kept.commit}, {kept.seed}"
        breaches = len(list(came["breaches"]))  # type: ignore[call-overload]
        lines.append(f"| {name} | {kept.form} | {measured} | {figures} | {breaches} | {came['seconds']} s |")
    return lines
