"""The locks and `dev.py` keep what they promise to a machine that has only Python."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = sorted(ROOT.glob("requirements*.txt"))


def _entries(lock: Path) -> list[str]:
    return lock.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()


def _pins(lock: str) -> set[str]:
    return {re.split(r"\s+--hash", entry)[0] for entry in _entries(ROOT / lock)}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_each_line_of_a_lock_pins_a_version_with_its_hashes_and_holds_no_address(lock: Path) -> None:
    for entry in _entries(lock):
        assert re.match(r"[a-z0-9.-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", entry), entry
        assert "://" not in entry
        assert "index" not in entry.split(" --hash", 1)[0]


def test_the_development_lock_holds_the_whole_runtime_lock() -> None:
    names = {pin.split("==")[0] for pin in _pins("requirements.txt")}
    same = {pin.split(" ;")[0] for pin in _pins("requirements-dev.txt") if pin.split("==")[0] in names}

    assert {pin.split(" ;")[0] for pin in _pins("requirements.txt")} <= same


def test_every_declared_dependency_is_locked() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = {
        "requirements.txt": declared["project"]["dependencies"],
        "requirements-dev.txt": declared["project"]["optional-dependencies"]["dev"],
        "requirements-build.txt": declared["dependency-groups"]["build"],
        "requirements-servers.txt": declared["dependency-groups"]["servers"],
    }

    for lock, requirements in wanted.items():
        names = {re.split(r"[^A-Za-z0-9.-]", requirement)[0].lower() for requirement in requirements}
        assert names <= {pin.split("==")[0] for pin in _pins(lock)}, f"{lock}: run `python3 dev.py lock`"


@pytest.mark.parametrize(("arguments", "status"), [(["unheard-of"], 2), ([], 2), (["--help"], 0)])
def test_dev_py_prints_its_commands_to_whoever_does_not_know_them(arguments: list[str], status: int) -> None:
    done = subprocess.run([sys.executable, ROOT / "dev.py", *arguments], capture_output=True, text=True, check=False)

    assert done.returncode == status
    assert re.search(r"^  demo +install", done.stdout + done.stderr, flags=re.MULTILINE)
