"""The short form of each family breaks no promise; the full one is `python3 dev.py faults`."""

from pathlib import Path

import pytest

from tests.faults.families import FAMILIES
from tests.faults.run import SEED
from tests.faults.stage import Stage

PLAYED = [(name, part) for name, family in FAMILIES.items() for part in family.parts_of("short")]


@pytest.mark.parametrize(("name", "part"), PLAYED, ids=lambda word: word)
def test_the_short_form_breaks_no_promise(name: str, part: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    family = FAMILIES[name]

    def ask(server: str) -> str:
        return str(request.getfixturevalue(f"{server}_server_url"))

    stage = Stage(tmp_path, ask, SEED, family.short)
    try:
        findings = family.play(stage, part)
    finally:
        stage.close()

    assert findings.figures, "a family that measures nothing proves nothing"
    assert findings.breaches == []
