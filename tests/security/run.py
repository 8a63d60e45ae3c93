"""The cases about security, counted: `python3 dev.py security [family …] [--short] [--seed N] [-n N]`.

As soon as a family has ended its line says how many cases were played and how many failed; the last line sums up.
Ends with 1 when one failed.
"""

import argparse
import os
import subprocess
import sys
import time

import pytest

from tests.security import form
from tests.security.counting import Counter, Tally
from tests.security.families import ROOT, families
from tests.security.supply import advisories, write


def main(arguments: list[str]) -> int:
    """Play the families that were asked for."""
    known = families()
    asked = _parse(arguments, list(known))
    chosen = {name: known[name] for name in asked.families or known}
    os.environ[form.FORM] = "short" if asked.short else form.FULL
    os.environ[form.SEED_OF] = str(asked.seed)
    began, counter = time.monotonic(), Counter(chosen, _show)
    files = [path for paths in chosen.values() for path in paths]
    status = pytest.main(["-p", "no:terminal", "-n", asked.processes, *files], plugins=[counter])
    for words in counter.elsewhere:
        print(f"  BROKEN {words}")
    is_sound, told = advisories()
    print(f"{'advisories':<26}{told}")
    print(f"{'components':<26}{write().relative_to(ROOT)}")
    ended_well = status == pytest.ExitCode.OK and not counter.failed and is_sound
    print(
        f"{'kept' if ended_well else 'BROKEN'}: {len(chosen)} families, {counter.cases} cases, "
        f"{counter.failed} failed, {'short' if asked.short else 'full'} form, seed {asked.seed}, commit {_commit()}, "
        f"{time.monotonic() - began:.0f} s"
    )
    return 0 if ended_well else 1


def _parse(arguments: list[str], known: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dev.py security", description=__doc__)
    parser.add_argument("families", nargs="*", metavar="family", help="; ".join(known))
    parser.add_argument("--short", action="store_true", help="the short forms alone, as a test run plays them")
    parser.add_argument("--seed", type=int, default=form.SEED, help="of what is drawn by lot")
    parser.add_argument("-n", dest="processes", default="2", help="how many processes play (2)")
    asked = parser.parse_args(arguments)
    if unknown := set(asked.families) - set(known):
        parser.error(f"no such family: {', '.join(sorted(unknown))}; there are: {'; '.join(known)}")
    return asked


def _show(name: str, tally: Tally) -> None:
    told = "".join(f"; {words}" for words in tally.told)
    print(f"{name:<26}{tally.cases:>6} cases, {tally.failed} failed, {tally.seconds:.0f} s{told}", flush=True)
    for words in tally.broken[:20]:
        print(f"  BROKEN {words}", flush=True)


def _commit() -> str:
    """What is tried; a + says that the files differ from it."""
    told = subprocess.run(
        ["git", "describe", "--always", "--dirty=+"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return told.stdout.strip() or "unknown"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
