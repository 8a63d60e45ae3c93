"""How long one counterfactual takes among 10,000 volunteers. `python -m tests.bench.counterfactual [--volunteers N]`.

The demo's people many times over, each with other skills and texts, and the demo's needs. Figures are of this machine,
on this day: processor time and time on the wall, which differ when it is busy.
"""

import argparse
import json
import random
import statistics
import time
from collections import Counter
from datetime import date

from matcher.catalogue.ranked import ranked_skills
from matcher.catalogue.skills import load_skills
from matcher.demo.people import read_lines
from matcher.demo.volunteers import build_volunteers
from matcher.ranking.counterfactual import Aim, smallest_change
from matcher.ranking.ranker import Ranker
from matcher.ranking.types import (
    Importance,
    Location,
    Mode,
    NeededSkill,
    NeedInput,
    OfferedSkill,
    Schedule,
    VolunteerInput,
)
from matcher.services.places import known_communes

TODAY = date(2026, 9, 7)
SEED = 20_261_122
GOAL_MS = 200


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--volunteers", type=int, default=10_000)
    parser.add_argument("--asked", type=int, default=60)
    chosen = parser.parse_args()
    draw = random.Random(SEED)
    people = people_of(draw, chosen.volunteers)
    ranker = Ranker(catalogue=ranked_skills()).fit(people)
    needs = needs_of()
    plain, spent, walls, outcomes = [], [], [], Counter()
    for _ in range(chosen.asked):
        need, person = draw.choice(needs), draw.choice(people)
        began = time.process_time()
        ranker.order(need, today=TODAY, top=20)
        plain.append(1000 * (time.process_time() - began))
        others = [one for one in ranker.rank(need, today=TODAY).suggestions if one.volunteer_id != person.id]
        aim = Aim(others[4].score if len(others) > 4 else None, TODAY)
        began, wall = time.process_time(), time.perf_counter()
        found = smallest_change(ranker, need, person, aim=aim)
        spent.append(1000 * (time.process_time() - began))
        walls.append(1000 * (time.perf_counter() - wall))
        outcomes[f"{found.outcome.value} {len(found.changes)}"] += 1
    for name, figures in (("one ranking, processor", plain), ("processor", spent), ("wall", walls)):
        figures.sort()
        print(f"{name}: median {statistics.median(figures):.0f} ms, p95 {figures[int(len(figures) * 0.95)]:.0f} ms, "
              f"most {figures[-1]:.0f} ms (goal: {GOAL_MS} ms)")  # fmt: skip
    print(dict(outcomes))


def people_of(draw, count):
    """Return so many people, put together from those of the demo."""
    written = build_volunteers(today=TODAY)
    return [_person(draw, written, str(number)) for number in range(count)]


def _person(draw, written, name):
    one, other = draw.choice(written), draw.choice(written)
    skills = dict((*draw.sample(one.skills, k=min(3, len(one.skills))), *draw.sample(other.skills, k=1)))
    return VolunteerInput(
        name, one.headline, other.description, (*one.experiences, *other.experiences),
        tuple(OfferedSkill(load_skills().get(uri).labels[one.language], level, uri) for uri, level in skills.items()),
        one.language, one.languages, one.remote, one.on_site,
        tuple(Location(place.latitude, place.longitude) for place in known_communes(one.communes)),
        one.radius_km, one.availability,
    )  # fmt: skip


def needs_of():
    """Return the needs of the demo."""
    return [_need(number, json.loads(line)) for number, line in enumerate(read_lines("needs.jsonl"))]


def _need(number, one):
    skills = [(load_skills().get(each["uri"]), each["importance"]) for each in one["skills"]]
    return NeedInput(
        str(number), one["title"], one["description"],
        tuple(NeededSkill(skill.labels[one["language"]], Importance(how), skill.uri) for skill, how in skills),
        one["language"], tuple(one["working_languages"]), Mode(one["mode"]),
        tuple(Location(place.latitude, place.longitude) for place in known_communes(tuple(one["locations"]))),
        Schedule(total_hours=one["schedule"]["total_hours"], together_hours=one["schedule"]["together_hours"]),
    )  # fmt: skip


if __name__ == "__main__":
    main()
