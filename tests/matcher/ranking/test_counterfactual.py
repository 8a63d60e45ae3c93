"""The smallest change: what it promises, a new ranking keeps; what is cheaper would not do."""

import random
from dataclasses import replace
from datetime import date

import pytest

from matcher.ranking.changes import COSTS, MOST_SKILLS, Change, ChangeCode, applied, possible_changes
from matcher.ranking.counterfactual import PLACES, Aim, Outcome, smallest_change
from matcher.ranking.ranker import Ranker
from matcher.ranking.rescoring import Rescoring
from matcher.ranking.types import (
    Availability,
    Hours,
    Location,
    Mode,
    NeededSkill,
    NeedInput,
    OfferedSkill,
    Per,
    Schedule,
    VolunteerInput,
)
from matcher.services import profile_content
from tests.matcher.ranking.drawn import GRENOBLE, LYON, a_need, a_person

TODAY = date(2026, 9, 7)


def fifth_of_others(ranker: Ranker, need: NeedInput, name: str) -> float | None:
    """The fifth stored score without hers."""
    scores = [one.score for one in ranker.rank(need, today=TODAY).suggestions if one.volunteer_id != name]
    return scores[PLACES - 1] if len(scores) >= PLACES else None


def ranked_anew(people: list[VolunteerInput], changed: VolunteerInput, need: NeedInput) -> tuple[int, float, float]:
    """Take the change in and rank: her rank, her score, the fifth score of the others; 0 when she is left out."""
    ranking = Ranker().fit(people).update([changed]).rank(need, today=TODAY, top=len(people))
    mine = [one for one in ranking.suggestions if one.volunteer_id == changed.id]
    others = [one.score for one in ranking.suggestions if one.volunteer_id != changed.id]
    fifth = others[PLACES - 1] if len(others) >= PLACES else -1.0
    return (mine[0].rank, mine[0].score, fifth) if mine else (0, 0.0, fifth)


@pytest.mark.parametrize("seed", range(40))
def test_a_new_ranking_keeps_what_was_promised_and_no_cheaper_change_would_have_done(seed: int) -> None:
    draw = random.Random(seed)
    people = [a_person(draw, f"v{number}") for number in range(30)]
    need, person = a_need(draw), draw.choice(people)
    ranker = Ranker().fit(people)
    fifth = fifth_of_others(ranker, need, person.id)

    found = smallest_change(ranker, need, person, aim=Aim(fifth, TODAY))

    if found.outcome is Outcome.CHANGES:
        rank, _, _ = ranked_anew(people, applied(person, found.changes, need), need)
        assert 1 <= rank <= PLACES
    single = possible_changes(need, person, TODAY, labels={})
    most = found.changes[0].cost if len(found.changes) == 1 else float("inf")
    for change in single if found.outcome is not Outcome.ALREADY else ():
        if change.cost < most:
            rank, score, others = ranked_anew(people, applied(person, [change], need), need)
            assert not (rank and score > others and (fifth is None or score > fifth)), change


@pytest.mark.parametrize("seed", range(8))
def test_a_changed_description_scores_as_a_new_ranking_scores_it(seed: int) -> None:
    draw = random.Random(1000 + seed)
    people = [a_person(draw, f"v{number}") for number in range(30)]
    need = replace(a_need(draw), mode=Mode.REMOTE, working_languages=())
    rescoring = Rescoring(Ranker().fit(people).context(need, today=TODAY), "v3", PLACES)

    changed = replace(a_person(draw, "v3"), remote=True, availability=Availability())

    _, score, fifth = ranked_anew(people, changed, need)
    assert rescoring.score(changed) == pytest.approx(score, abs=1e-7)
    assert rescoring.bar(changed) == pytest.approx(fifth, abs=1e-7)
    assert rescoring.failed(changed) == ()


def crowd() -> list[VolunteerInput]:
    """Twelve people who fit well, each a little less than the one before."""
    hours = [Hours(3 - number / 10, Per.WEEK) for number in range(12)]
    return [
        VolunteerInput(
            f"v{number}", "Comptable", skills=(OfferedSkill("Comptabilité", 3),), language="fr", languages=("fr",),
            on_site=True, locations=(LYON,), radius_km=30, availability=Availability(hours=hours[number]),
        )
        for number in range(12)
    ]  # fmt: skip


NEED = NeedInput(
    "n", "Une comptable", skills=(NeededSkill("Comptabilité"),), language="fr", working_languages=("fr",),
    mode=Mode.ON_SITE, locations=(LYON,), schedule=Schedule(ends_on=date(2026, 11, 1), total_hours=24),
)  # fmt: skip
ANA = replace(crowd()[0], id="ana")
BUSY = replace(ANA, availability=Availability(hours=Hours(2.65, Per.WEEK)))


def asked(person: VolunteerInput, need: NeedInput = NEED) -> list[tuple[ChangeCode, dict[str, object]]]:
    """What she would be told among the crowd."""
    ranker = Ranker().fit([*crowd(), person])
    found = smallest_change(ranker, need, person, aim=Aim(fifth_of_others(ranker, need, person.id), TODAY))
    return [(change.code, dict(change.data)) for change in found.changes]


def test_hours_that_were_not_said_are_asked_for_by_the_half_hour_that_just_does() -> None:
    silent = replace(ANA, availability=Availability())

    ((code, data),) = asked(silent)

    assert (code, data) == (ChangeCode.STATE_HOURS, {"hours": 3.0, "per": "week"})


@pytest.mark.parametrize(
    ("person", "code"),
    [
        (replace(ANA, availability=Availability(hours=Hours(1, Per.WEEK))), ChangeCode.MORE_HOURS),
        (replace(ANA, locations=(GRENOBLE,), headline="Comptable Comptabilité"), None),
        (replace(ANA, on_site=False), ChangeCode.ACCEPT_ON_SITE),
        (replace(ANA, languages=("en",)), ChangeCode.STATE_LANGUAGE),
        (replace(BUSY, languages=()), ChangeCode.STATE_LANGUAGE),
        (replace(BUSY, skills=(OfferedSkill("Comptabilité"),)), ChangeCode.STATE_LEVEL),
        (replace(ANA, skills=()), ChangeCode.ADD_SKILL),
        (replace(ANA, availability=Availability(ANA.availability.hours, starts_on=date(2026, 12, 1))),
         ChangeCode.EXTEND_DATES),
    ],
)  # fmt: skip
def test_each_gap_has_its_own_change(person: VolunteerInput, code: ChangeCode | None) -> None:
    assert [each for each, _ in asked(person)] == ([code] if code else [])


def test_somebody_too_far_is_told_the_radius_that_reaches_the_work() -> None:
    near = replace(ANA, locations=(Location(45.76, 5.0),), radius_km=10)
    few = [*crowd()[:3], near]

    found = smallest_change(Ranker().fit(few), NEED, near, aim=Aim(None, TODAY))

    assert found.left_out_by == ("distance",)
    assert [(one.code, dict(one.data)) for one in found.changes] == [(ChangeCode.WIDEN_RADIUS, {"km": 13.0})]


def test_who_is_among_the_first_five_is_told_so() -> None:
    best = replace(ANA, skills=(OfferedSkill("Comptabilité", 4),))
    ranker = Ranker().fit([*crowd(), best])

    found = smallest_change(ranker, NEED, best, aim=Aim(fifth_of_others(ranker, NEED, "ana"), TODAY))

    assert (found.outcome, found.changes, found.place, found.of) == (Outcome.ALREADY, (), 1, 13)


def test_a_draw_with_the_fifth_is_not_promised() -> None:
    people = [replace(crowd()[0], id=f"v{number}") for number in range(6)]
    ranker = Ranker().fit(people)

    found = smallest_change(ranker, NEED, people[5], aim=Aim(fifth_of_others(ranker, NEED, "v5"), TODAY))

    assert found.outcome is not Outcome.ALREADY


def test_nothing_is_said_to_help_where_nothing_does() -> None:
    gardener = VolunteerInput("ana", "Jardinage", "Potager et récolte", language="fr", languages=("fr",))
    need = replace(NEED, skills=(), mode=None, schedule=Schedule())
    ranker = Ranker().fit([*crowd(), gardener])

    found = smallest_change(ranker, need, gardener, aim=Aim(fifth_of_others(ranker, need, "ana"), TODAY))

    assert (found.outcome, found.changes, found.place, found.of) == (Outcome.NOTHING, (), 13, 13)


def test_no_text_is_ever_written_for_her() -> None:
    draw = random.Random(7)
    for number in range(50):
        person, need = a_person(draw, f"v{number}"), a_need(draw)
        changed = applied(person, possible_changes(need, person, TODAY, labels={}), need)
        assert (changed.headline, changed.description, changed.experiences) == (
            person.headline, person.description, person.experiences,
        )  # fmt: skip


def test_every_change_has_a_cost_and_keeps_to_what_the_profile_takes() -> None:
    full = replace(ANA, skills=tuple(OfferedSkill(f"Talent {number}") for number in range(MOST_SKILLS)))

    assert set(COSTS) == set(ChangeCode)
    assert MOST_SKILLS == profile_content.MOST_SKILLS
    assert ChangeCode.ADD_SKILL not in {change.code for change in possible_changes(NEED, full, TODAY, labels={})}


def test_an_amount_is_replaced_and_nothing_else() -> None:
    change = Change(ChangeCode.MORE_HOURS, {"hours": 35.0, "per": "week"}, "hours", (1.0, 35.0))

    assert dict(change.of(1.0).data) == {"hours": 1.0, "per": "week"}
