"""Speed of the ranking itself, without database or worker. `python3 dev.py bench ranking [--volunteers N]`.

Ten thousand volunteers put together from the demo's pieces. Seconds are of the processor, so that other programs of the
machine count little; memory is the peak of a process of its own, with and without the fit.
"""

import argparse
import json
import multiprocessing
import random
import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

from matcher.catalogue.ranked import ranked_skills
from matcher.catalogue.skills import load_skills
from matcher.demo.people import read_lines
from matcher.demo.volunteers import DemoVolunteer, build_volunteers
from matcher.ranking.ranker import Ranker
from matcher.ranking.text import Document, analyze
from matcher.ranking.types import Location, Mode, NeededSkill, NeedInput, OfferedSkill, Schedule, VolunteerInput
from matcher.services.places import known_communes

SEED = 20_261_122
NEEDS, TOLD = 60, 20
SIZES = (250_000, 500_000, 1_000_000)


def main(arguments: list[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="dev.py bench ranking", description=__doc__)
    parser.add_argument("--volunteers", type=int, default=10_000)
    count = parser.parse_args(arguments).volunteers
    print(f"{count} volunteers")
    memory = [_peak_mb(act, count) for act in (_only_people, _fitted)]
    print(f"memory: peak {memory[1]:.0f} MB, of which the fit {memory[1] - memory[0]:.0f} MB (goal: ≤ 1,000)")
    today = datetime.now(UTC).date()
    people, catalogue = crowd(count, today), ranked_skills()
    empty = Ranker(catalogue=catalogue)
    print(f"fit: {_cpu_s(lambda: empty.fit(people)):.1f} s (goal: ≤ 10)")
    _one_need(empty, wanted(), today)
    _growth()


def crowd(count: int, today: date) -> list[VolunteerInput]:
    """Return so many volunteers, each of the pieces of two of the demo."""
    draw = random.Random(SEED)
    written = build_volunteers(today=today)
    return [_person(number, draw.choice(written), draw.choice(written), draw) for number in range(count)]


def _person(number: int, one: DemoVolunteer, other: DemoVolunteer, draw: random.Random) -> VolunteerInput:
    skills = {*draw.sample(one.skills, k=min(3, len(one.skills))), *draw.sample(other.skills, k=1)}
    labels = [(load_skills().get(uri).labels[one.language], level, uri) for uri, level in sorted(skills)]
    return VolunteerInput(
        id=str(number), headline=one.headline, description=other.description,
        experiences=(*one.experiences, *other.experiences), skills=tuple(OfferedSkill(*label) for label in labels),
        language=one.language, languages=tuple(one.languages), remote=one.remote, on_site=one.on_site,
        locations=tuple(Location(p.latitude, p.longitude) for p in known_communes(one.communes)),
        radius_km=one.radius_km, availability=one.availability,
    )  # fmt: skip


def wanted() -> list[NeedInput]:
    """Return needs of the demo, some with weekly times done together."""
    found = []
    for number, line in enumerate(read_lines("needs.jsonl")):
        one = json.loads(line)
        labels = [NeededSkill(label) for skill in one.get("skills", ()) if (label := _label(skill))]
        places = known_communes(one.get("communes", ()))
        found.append(
            NeedInput(
                f"n{number}", one["title"], one["description"], tuple(labels), one.get("language", "fr"),
                mode=Mode(one["mode"]) if one.get("mode") else None,
                locations=tuple(Location(place.latitude, place.longitude) for place in places),
                schedule=Schedule(total_hours=20.0),
            )
        )  # fmt: skip
    return found[:NEEDS]


def _label(skill: object) -> str:
    uri = skill.get("uri") if isinstance(skill, dict) else str(skill)
    known = load_skills().get(uri) if uri else None
    return known.labels["fr"] if known else ""


def _one_need(ranker: Ranker, needs: list[NeedInput], today: date) -> None:
    for need in needs[:3]:
        ranker.rank(need, today=today, top=TOLD)
    ordered = [_cpu_s(lambda need=need: ranker.order(need, today=today, top=TOLD)) for need in needs]
    ranked = [_cpu_s(lambda need=need: ranker.rank(need, today=today, top=TOLD)) for need in needs]
    told = sorted(max(0.0, whole - order) for whole, order in zip(ranked, ordered, strict=True))
    print(f"one need in order: {_spread(ordered)} (goal: ≤ 60 ms)")
    print(f"explanation of {TOLD} suggestions: {_spread(told)} (goal: ≤ 50 ms)")
    cold = [replace(need, id=f"{need.id}-cold", title=f"{need.title} nouveau{n}") for n, need in enumerate(needs)]
    print(f"one need never seen, explained: {_spread([_cpu_s(lambda n=n: ranker.rank(n, today=today)) for n in cold])}")


def _growth() -> None:
    """Print how the time grows with the length of a text: twice the length, twice the time."""
    for name, unit in (("prose", "Tenir la comptabilité d’une association "), ("open tags", "<a "), ("one word", "a")):
        spent = [_cpu_s(lambda n=n, unit=unit: analyze(Document(unit * (n // len(unit)), "fr"))) for n in SIZES]
        told = ", ".join(f"{size // 1000} kB {1000 * s:.0f} ms" for size, s in zip(SIZES, spent, strict=True))
        print(f"text of {name}: {told}; {spent[-1] / max(spent[0], 1e-9):.1f} times for 4 times the length")


def _spread(seconds: list[float]) -> str:
    ordered = sorted(seconds)
    p95 = ordered[max(0, -(-len(ordered) * 95 // 100) - 1)]
    return f"median {1000 * statistics.median(ordered):.0f} ms, p95 {1000 * p95:.0f} ms"


def _cpu_s(act: Callable[[], object]) -> float:
    began = time.process_time()
    act()
    return time.process_time() - began


def _peak_mb(act: Callable[[int], None], count: int) -> float:
    """Return the peak memory of a process that does nothing else."""
    context = multiprocessing.get_context("spawn")
    reader, writer = context.Pipe(duplex=False)
    process = context.Process(target=_told_peak, args=(act, count, writer))
    process.start()
    peak: float = reader.recv()
    process.join()
    return peak


def _told_peak(act, count, writer):
    act(count)
    writer.send(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def _only_people(count: int) -> None:
    crowd(count, date(2026, 11, 2))


def _fitted(count: int) -> None:
    Ranker(catalogue=ranked_skills()).fit(crowd(count, date(2026, 11, 2)))
