"""Copies the kept figures and the picture of the weeks into docs/, between two marks; a short form is called so.

A family that was not played here keeps the lines that stand there, with the commit of their own run.
"""

import shutil
from collections.abc import Sequence
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
    old, after = rest.split(END)
    lines = table(old.strip().splitlines()[len(HEAD) :])
    PAGE.write_text(f"{before}{BEGIN}\n\n" + "\n".join(lines) + f"\n\n{END}{after}", encoding="utf-8")
    return PAGE.relative_to(ROOT)


def table(old: Sequence[str]) -> list[str]:
    """The lines of the table of figures; `old`: those that stand on the page."""
    found = {name: load(name, "full") or load(name, "short") for name in FAMILIES}
    return [
        *HEAD,
        *(line for name, kept in found.items() for line in (_lines(kept) if kept else kept_lines(name, old))),
    ]


def kept_lines(name: str, lines: Sequence[str]) -> list[str]:
    """Those of the page's lines that are of this family, or one that says that there are none."""
    stands = [line for line in lines if line.startswith((f"| {name} |", f"| {name}: "))]
    return stands or [f"| {name} | | | no figures are kept | | |"]


def _lines(kept: Kept) -> list[str]:
    lines = []
    for part, came in kept.parts.items():
        figures = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in dict(came["figures"]).items())  # type: ignore[call-overload]
        name = kept.family if len(kept.parts) == 1 else f"{kept.family}: {part}"
        measured = f"{kept.commit}, {kept.seed}"
        breaches = len(list(came["breaches"]))  # type: ignore[call-overload]
        lines.append(f"| {name} | {kept.form} | {measured} | {figures} | {breaches} | {came['seconds']} s |")
    return lines
