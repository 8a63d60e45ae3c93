"""A family of faults, what came of it, and where that is kept: per family and form, with commit and seed."""

import json
import subprocess
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from tests.faults.stage import Sizes, Stage

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "build" / "faults"
Figure = int | float | str
# What the accounting of each family comes to, added up over all of them.
SUMMED = ("attempted", "handed", "lost", "unexpected", "copies")


@dataclass
class Findings:
    """What one part of a family came to: figures, and each promise that was broken."""

    figures: dict[str, Figure] = field(default_factory=dict)
    breaches: list[str] = field(default_factory=list)

    def expect(self, fact: bool, words: str) -> None:
        """Note a breach unless the fact holds."""
        if not fact:
            self.breaches.append(words)

    def count(self, name: str, number: int = 1) -> None:
        """Add to a figure."""
        self.figures[name] = int(self.figures.get(name, 0)) + number


Play = Callable[[Stage, str], Findings]


@dataclass(frozen=True)
class Family:
    """One row of the campaign's table; each part can be played, kept and resumed alone."""

    name: str
    fault: str
    play: Play
    parts: tuple[str, ...]
    short: Sizes
    full: Sizes
    short_parts: tuple[str, ...] | None = None

    def parts_of(self, form: str) -> tuple[str, ...]:
        """The parts of a form."""
        return self.short_parts if form == "short" and self.short_parts is not None else self.parts

    def sizes_of(self, form: str) -> Sizes:
        """The sizes of a form."""
        return self.short if form == "short" else self.full


@dataclass
class Kept:
    """The last results of one family in one form."""

    family: str
    form: str
    commit: str
    seed: int
    began: str
    parts: dict[str, dict[str, object]] = field(default_factory=dict)

    @property
    def breaches(self) -> list[str]:
        """All breaches of all parts."""
        return [f"{name}: {words}" for name, part in self.parts.items() for words in list(part["breaches"])]  # type: ignore[call-overload]

    @property
    def seconds(self) -> float:
        """How long all parts took."""
        return sum(float(str(part["seconds"])) for part in self.parts.values())

    def total(self, figure: str) -> int:
        """Add up one figure over the parts that have it."""
        return sum(int(part["figures"].get(figure, 0)) for part in self.parts.values())  # type: ignore[attr-defined]

    def save(self) -> None:
        """Write the results where the next run and the documentation find them."""
        place_of(self.family, self.form).parent.mkdir(parents=True, exist_ok=True)
        place_of(self.family, self.form).write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n")


def place_of(family: str, form: str) -> Path:
    """The file of a family's results."""
    return KEPT / form / f"{family}.json"


def load(family: str, form: str) -> Kept | None:
    """Read what was kept, if anything."""
    place = place_of(family, form)
    return Kept(**json.loads(place.read_text())) if place.exists() else None


def commit() -> str:
    """The commit that is measured; a plus sign says that files were changed since."""
    name = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True)
    asked = ["git", "status", "--porcelain", "--untracked-files=no"]
    changed = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True)
    return name.stdout.strip() + ("+" if changed.stdout.strip() else "")


def begin(family: Family, form: str, seed: int, *, resumed: Kept | None = None) -> Kept:
    """Open the results of a run; parts of a resumed one are kept when commit and seed are the same."""
    kept = Kept(family.name, form, commit(), seed, datetime.now(UTC).isoformat(timespec="seconds"))
    if resumed is not None and (resumed.commit, resumed.seed) == (kept.commit, kept.seed):
        kept.parts = resumed.parts
    return kept


def play(family: Family, part: str, stage: Stage, kept: Kept) -> Findings:
    """Play one part and keep what came of it."""
    began = time.monotonic()
    try:
        findings = family.play(stage, part)
    except TimeoutError as late:  # what was promised did not come: that is a breach, and the next part is played
        findings = Findings(breaches=[f"waited in vain: {late}"])
    seconds = round(time.monotonic() - began, 1)
    kept.parts[part] = {"figures": findings.figures, "breaches": findings.breaches, "seconds": seconds}
    kept.save()
    return findings
