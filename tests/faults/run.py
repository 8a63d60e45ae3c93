"""The fault campaign. `python3 dev.py faults [family …] [--seed N] [--short|--full] [--resume]`; `--publish` copies the
kept figures into docs/trust.md. Ends with 1 when a promise was broken."""

import argparse
import logging
import sys
import tempfile
from pathlib import Path

import structlog

from tests.faults import publishing
from tests.faults.campaign import SUMMED, Family, Findings, Kept, begin, load, play
from tests.faults.families import FAMILIES
from tests.faults.stage import Stage
from tests.servers import keeper

SEED = 20_261_122


def main(arguments: list[str]) -> int:
    """Play the families that were asked for, print what came of them, sum up in the last line."""
    asked = _parse(arguments)
    if asked.publish:
        print(f"written: {publishing.publish()}")
        return 0
    _be_quiet()
    form = "full" if asked.full else "short"
    chosen = [FAMILIES[name] for name in asked.families or FAMILIES]
    with keeper.kept() as door, tempfile.TemporaryDirectory(prefix="binome-faults-") as folder:
        results = [_play(family, form, asked, door, Path(folder)) for family in chosen]
    print(last_line(results))
    return 1 if any(kept.breaches for kept in results) else 0


def last_line(results: list[Kept]) -> str:
    """Sum up: the accounts of all families that keep any, and what was broken."""
    breaches = sum(len(kept.breaches) for kept in results)
    sums = ", ".join(f"{figure} {sum(kept.total(figure) for kept in results)}" for figure in SUMMED)
    first, seconds = results[0], sum(kept.seconds for kept in results)
    return (
        f"{'BROKEN' if breaches else 'kept'}: {len(results)} families, {first.form} form, seed {first.seed}, "
        f"commit {first.commit}, {sums}, {breaches} breaches, {seconds:.0f} s"
    )


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dev.py faults", description=__doc__)
    parser.add_argument("families", nargs="*", metavar="family", help=", ".join(FAMILIES))
    parser.add_argument("--seed", type=int, default=SEED)
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--short", action="store_true", help="small numbers, as in every test run (the default)")
    form.add_argument("--full", action="store_true", help="the numbers of docs/trust.md")
    parser.add_argument("--resume", action="store_true", help="keep the parts that this commit and seed have done")
    parser.add_argument("--publish", action="store_true", help="copy the kept figures into docs/trust.md")
    asked = parser.parse_args(arguments)
    if unknown := set(asked.families) - set(FAMILIES):
        parser.error(f"no such family: {', '.join(sorted(unknown))}; there are {', '.join(FAMILIES)}")
    return asked


def _be_quiet() -> None:
    """What fails on purpose is told by the figures, not by thousands of lines."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.disable(logging.CRITICAL)


def _play(family: Family, form: str, asked: argparse.Namespace, door: Path, folder: Path) -> Kept:
    kept = begin(family, form, asked.seed, resumed=load(family.name, form) if asked.resume else None)
    print(f"» {family.name}: {family.fault}", flush=True)
    for part in family.parts_of(form):
        if part in kept.parts:
            print(f"  {part}: done before", flush=True)
            continue
        stage = Stage(
            folder / family.name / part, lambda name: keeper.ask(door, name), asked.seed, family.sizes_of(form)
        )
        try:
            _show(part, play(family, part, stage, kept))
        finally:
            stage.close()
    return kept


def _show(part: str, findings: Findings) -> None:
    figures = ", ".join(f"{name} {number}" for name, number in findings.figures.items())
    print(f"  {part}: {figures}", flush=True)
    for words in findings.breaches[:20]:
        print(f"  BROKEN {words}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
