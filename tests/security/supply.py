"""What Binôme is made of: the locked components as CycloneDX tells them, and what the advisories say of them.

`python -m tests.security.supply [FILE]` writes the list. Expects nothing.
"""

import importlib.metadata
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
RUNTIME = ROOT / "requirements.txt"
COMPONENTS = ROOT / "build" / "security" / "components.cdx.json"
NAME, HASH = re.compile(r"([a-z0-9._-]+)(?:\[[a-z,]+\])?==([^\s;\\]+)"), re.compile(r"--hash=sha256:([0-9a-f]{64})")
LONGEST_S = 20
NOT_RUN = "pip-audit: not run"
# What it writes when nobody answers; everything else is a fault of the program or of how it was called.
AWAY = re.compile(r"could not connect|connection|timed out|timeout|name resolution|max retries", re.IGNORECASE)


@dataclass(frozen=True)
class Locked:
    """One line of a lock: what is installed, and the digests of the files that may be it."""

    name: str
    version: str
    digests: tuple[str, ...]


def locked(path: Path) -> Iterator[Locked]:
    """Read a lock, line by line; a line that is no pinned component raises ValueError."""
    for line in path.read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        found = NAME.match(line)
        if found is None:
            raise ValueError(line)
        yield Locked(found[1], found[2], tuple(HASH.findall(line)))


def components() -> Mapping[str, object]:
    """The list of what a deployment installs, in CycloneDX 1.6; the same for the same lock."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "binome", "version": _version_of_ours()}},
        "components": [_component(each) for each in locked(RUNTIME)],
    }


def advisories() -> tuple[bool, str]:
    """Ask whether a component has a known weakness; a service that does not answer in time breaks nothing."""
    asking = [sys.executable, "-m", "pip_audit", "-r", str(RUNTIME), "--disable-pip", "--progress-spinner", "off"]
    try:
        told = subprocess.run(
            [*asking, "--timeout", "15", "-f", "json"], capture_output=True, text=True, timeout=LONGEST_S, check=False
        )
    except subprocess.TimeoutExpired:
        return True, f"{NOT_RUN} (the advisory service did not answer within {LONGEST_S} s)"
    return heard(told.returncode, told.stdout, told.stderr)


def heard(status: int, output: str, errors: str) -> tuple[bool, str]:
    """What a run of pip-audit came to: its answer, a service that is away, or a program that failed by itself."""
    try:
        return judged(json.loads(output)["dependencies"])
    except (json.JSONDecodeError, KeyError, TypeError):
        if AWAY.search(errors):
            return True, f"{NOT_RUN} (the advisory service cannot be reached)"
        said = (errors.strip().splitlines() or ["it said nothing"])[-1][:200]
        return False, f"pip-audit: ended by itself with status {status}: {said}"


def judged(found: list[Mapping[str, object]]) -> tuple[bool, str]:
    """Whether all is well, in words, from what pip-audit says of each component."""
    known = [each for each in found if "skip_reason" not in each]
    if not known:
        return True, f"{NOT_RUN} (the advisory service knows none of {len(found)} components)"
    weak = [f"{each['name']} {each['version']} ({_names(each)})" for each in known if each["vulns"]]
    told = f"pip-audit: {len(known)} of {len(found)} components asked for, {len(weak)} with a known weakness"
    return not weak, ": ".join([told, *([", ".join(weak)] if weak else [])])


def _names(component: Mapping[str, object]) -> str:
    weaknesses = component["vulns"]
    assert isinstance(weaknesses, list)
    return ", ".join(str(each["id"]) for each in weaknesses)


def _component(each: Locked) -> Mapping[str, object]:
    return {
        "type": "library",
        "name": each.name,
        "version": each.version,
        "purl": f"pkg:pypi/{each.name}@{each.version}",
        "hashes": [{"alg": "SHA-256", "content": digest} for digest in each.digests],
        **_licence_of(each.name),
    }


def _licence_of(name: str) -> Mapping[str, object]:
    """As the installed component says it; nothing of one that this system does not need."""
    try:
        said = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return {}
    if expression := said.get("License-Expression"):
        return {"licenses": [{"expression": expression}]}
    classified = [
        each.rpartition(" :: ")[2] for each in said.get_all("Classifier", []) if each.startswith("License ::")
    ]
    return {"licenses": [{"license": {"name": each}} for each in classified]} if classified else {}


def _version_of_ours() -> str:
    return importlib.metadata.version("binome")


def write(path: Path = COMPONENTS) -> Path:
    """Write the list of components."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(components(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


if __name__ == "__main__":
    print(write(*map(Path, sys.argv[1:2])))
