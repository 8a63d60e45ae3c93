"""The ranker: a hand-worked score, filters, ties, updates, and properties that hold for any people."""

import math
from dataclasses import replace
from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.ranking.ranker import Ranker
from matcher.ranking.score import Weights
from matcher.ranking.types import (
    Availability,
    Hours,
    Importance,
    Location,
    Mode,
    NeededSkill,
    NeedInput,
    OfferedSkill,
    Per,
    Ranking,
    Schedule,
    Suggested,
    Times,
    VolunteerInput,
    WeeklySlot,
)

TODAY = date(2026, 11, 2)
PARIS, LYON = Location(48.8566, 2.3522), Location(45.7640, 4.8357)
NEED = NeedInput("n1", "Comptable", language="fr")


def ranked(need: NeedInput, *people: VolunteerInput, top: int = 20) -> Ranking:
    return Ranker().fit(people).rank(need, today=TODAY, top=top)


def ids(ranking: Ranking) -> list[str]:
    return [suggested.volunteer_id for suggested in ranking.suggestions]


def told(ranking: Ranking, volunteer_id: str) -> Suggested:
    return next(one for one in ranking.suggestions if one.volunteer_id == volunteer_id)


def codes(suggested: Suggested) -> dict[str, object]:
    return {str(reason.code): dict(reason.data) for reason in suggested.reasons}


def test_a_score_worked_by_hand() -> None:
    # Three people: "compt" stands in 2 of 3, "jardin" in 1; idf = 1 + ln(4 / (1 + df)).
    need = NeedInput(
        "n1",
        "Comptable",
        skills=(NeededSkill("Paie"), NeededSkill("Excel", Importance.USEFUL)),
        language="fr",
        mode=Mode.ON_SITE,
        locations=(PARIS,),
        schedule=Schedule(date(2026, 11, 2), date(2026, 11, 29), total_hours=20),
    )
    ana = VolunteerInput(
        "ana",
        headline="Comptable",
        skills=(OfferedSkill("paie"),),
        language="fr",
        locations=(PARIS,),
        availability=Availability(Hours(3, Per.WEEK)),
    )
    people = [ana, VolunteerInput("bo", "Comptable", language="fr"), VolunteerInput("cy", "Jardin", language="fr")]

    one = told(ranked(need, *people), "ana")

    # « Paie » answers in full and « Excel » is missing; 12 of 20 hours; at the door; languages and levels not said.
    told_parts = {name: one.contributions[name] for name in ("skills", "availability", "distance", "language", "level")}
    assert told_parts == pytest.approx(
        {"skills": 0.18 / 1.5, "availability": 0.18 * 12 / 20, "distance": 0.08, "language": 0.02, "level": 0.02}
    )
    assert one.contributions["text"] == pytest.approx(0.36 * one.text_score)
    assert one.contributions["similar"] > told(ranked(need, *people), "cy").contributions["similar"]
    assert one.score == pytest.approx(sum(one.contributions.values()), abs=1e-9)


def test_text_scores_are_those_of_a_plain_computation() -> None:
    texts = {"a": "web web site", "b": "site photo", "c": "photo film film film"}
    need = NeedInput("n", "site web film", language="en")

    ranking = ranked(need, *(VolunteerInput(key, text, language="en") for key, text in texts.items()))

    documents = {key: text.split() for key, text in texts.items()}
    in_grams = {key: [gram for word in words for gram in grams(word)] for key, words in documents.items()}
    asked = need.title.split()
    for key in texts:
        by_word = plain_nearness(key, documents, asked)
        by_gram = plain_nearness(key, in_grams, [gram for word in asked for gram in grams(word)])
        assert told(ranking, key).text_score == pytest.approx(math.sqrt((by_word + by_gram) / 2), abs=1e-4)


def grams(word: str) -> list[str]:
    padded = f" {word} "
    return [padded[i : i + 5] for i in range(len(padded) - 4)]


def plain_nearness(key: str, documents: dict[str, list[str]], asked: list[str]) -> float:
    """The cosine, with the length of a text pulled towards the mean length by the power 0.6."""

    def weights(text: list[str]) -> dict[str, float]:
        holders = {word: sum(word in other for other in documents.values()) for word in text}
        return {
            word: (1 + math.log(text.count(word))) * (1 + math.log((1 + len(documents)) / (1 + holders[word])))
            for word in text
        }

    known = {word for words in documents.values() for word in words}
    mine, theirs = weights(documents[key]), weights([word for word in asked if word in known])
    product = sum(weight * theirs.get(word, 0) for word, weight in mine.items())
    mean = sum(math.hypot(*weights(words).values()) for words in documents.values()) / len(documents)
    return product / (math.hypot(*mine.values()) ** 0.6 * mean**0.4 * math.hypot(*theirs.values()))


@pytest.mark.parametrize(
    ("need", "person", "counted"),
    [
        (replace(NEED, mode=Mode.REMOTE), VolunteerInput("v", remote=False), "mode"),
        (replace(NEED, mode=Mode.ON_SITE), VolunteerInput("v", on_site=False), "mode"),
        (replace(NEED, mode=Mode.HYBRID), VolunteerInput("v", on_site=False), "mode"),
        (
            replace(NEED, mode=Mode.HYBRID, locations=(PARIS,)),
            VolunteerInput("v", locations=(LYON,), radius_km=390),
            "distance",
        ),
        (replace(NEED, working_languages=("fr",)), VolunteerInput("v", languages=("en", "de")), "language"),
        (
            replace(NEED, schedule=Schedule(ends_on=date(2026, 12, 1))),
            VolunteerInput("v", availability=Availability(starts_on=date(2026, 12, 2))),
            "availability",
        ),
    ],
)
def test_who_cannot_do_it_is_left_out_and_counted(need: NeedInput, person: VolunteerInput, counted: str) -> None:
    ranking = ranked(need, person, VolunteerInput("other"))

    assert ids(ranking) == ["other"]
    assert ranking.excluded == {"mode": 0, "distance": 0, "language": 0, "availability": 0, counted: 1}
    assert list(ranking.excluded) == ["mode", "distance", "language", "availability"]


@pytest.mark.parametrize(
    ("need", "person"),
    [
        (NEED, VolunteerInput("v", remote=False, on_site=False)),
        (replace(NEED, mode=Mode.REMOTE, locations=(PARIS,)), VolunteerInput("v", locations=(LYON,), radius_km=5)),
        (replace(NEED, mode=Mode.ON_SITE, locations=(PARIS,)), VolunteerInput("v", locations=(LYON,))),
        (replace(NEED, mode=Mode.ON_SITE, locations=(PARIS,)), VolunteerInput("v", radius_km=5)),
        (
            replace(NEED, mode=Mode.ON_SITE, locations=(PARIS, LYON)),
            VolunteerInput("v", locations=(LYON,), radius_km=5),
        ),
        (replace(NEED, working_languages=("fr",)), VolunteerInput("v", languages=("fr-CA",))),
        (replace(NEED, working_languages=("fr",)), VolunteerInput("v", language="en")),
    ],
)
def test_what_is_not_said_excludes_nobody(need: NeedInput, person: VolunteerInput) -> None:
    assert ids(ranked(need, person)) == ["v"]


def test_each_person_is_counted_once_at_the_first_filter_that_fails() -> None:
    need = replace(NEED, mode=Mode.ON_SITE, locations=(PARIS,), working_languages=("fr",))
    person = VolunteerInput("v", on_site=False, locations=(LYON,), radius_km=5, languages=("en",))

    assert ranked(need, person).excluded == {"mode": 1, "distance": 0, "language": 0, "availability": 0}


def test_the_barred_are_neither_suggested_nor_counted() -> None:
    ranker = Ranker().fit([VolunteerInput("a", remote=False), VolunteerInput("b"), VolunteerInput("c")])

    ranking = ranker.rank(replace(NEED, mode=Mode.REMOTE), today=TODAY, barred={"a", "b"})

    assert ids(ranking) == ["c"]
    assert sum(ranking.excluded.values()) == 0


def test_every_need_gets_suggestions_though_no_word_is_shared() -> None:
    ranking = ranked(NEED, *(VolunteerInput(f"v{n}", "Jardin") for n in range(30)))

    assert len(ranking.suggestions) == 20
    assert ranking.suggestions[0].text_score == 0
    assert "text_only_zero" in codes(ranking.suggestions[0])


@pytest.mark.parametrize("title", ["…", "😀", "\u200f\u200b", "x" * 200_000, "שלום عالم"])
def test_a_need_without_a_usable_word_is_answered(title: str) -> None:
    assert ids(ranked(NeedInput("n", title), VolunteerInput("a"), VolunteerInput("b", "web"))) != []


def test_nobody_at_all_gives_an_empty_ranking() -> None:
    assert ranked(NEED).suggestions == ()


def test_two_people_of_one_id_are_refused() -> None:
    with pytest.raises(ValueError, match="same id"):
        Ranker().fit([VolunteerInput("a"), VolunteerInput("a")])


def test_ties_go_to_the_least_often_suggested_then_to_a_lot_that_differs_by_need() -> None:
    ranker = Ranker().fit([VolunteerInput(f"v{n:02}", "Comptable") for n in range(40)])

    first = ids(ranker.rank(NEED, today=TODAY))
    again = ids(ranker.rank(NEED, today=TODAY, times_suggested=dict.fromkeys(first, 1)))
    other = ids(ranker.rank(replace(NEED, id="n2"), today=TODAY))

    assert set(first).isdisjoint(again)
    assert first != other
    assert first != sorted(first)


def test_one_more_shared_skill_wins_over_one_who_has_none() -> None:
    need = replace(NEED, skills=(NeededSkill("paie", uri="s1"),))
    by_uri, without = OfferedSkill("payroll", uri="s1"), OfferedSkill("dessin")

    ranking = ranked(need, VolunteerInput("a", skills=(without,)), VolunteerInput("b", skills=(by_uri,)))

    assert ids(ranking) == ["b", "a"]
    assert codes(told(ranking, "b"))["same_skills"] == {"labels": ["paie"], "said": ["payroll"]}
    assert codes(told(ranking, "a"))["missing_skills"] == {"labels": ["paie"]}


def test_reasons_say_hours_times_distance_and_languages() -> None:
    slot = WeeklySlot(0, time(18), time(20))
    schedule = Schedule(date(2026, 11, 2), date(2026, 11, 29), 20, 4, Times.FIXED, (slot,))
    need = replace(NEED, mode=Mode.HYBRID, locations=(PARIS,), working_languages=("fr", "en"), schedule=schedule)
    wide = WeeklySlot(0, time(19), time(22))
    offer = Availability(Hours(3, Per.WEEK), weekly=(wide,), confirmed_on=date(2026, 5, 1))
    person = VolunteerInput("a", "Comptable", languages=("fr",), locations=(LYON,), availability=offer)

    reasons = codes(told(ranked(need, person), "a"))

    assert reasons == {
        "matched_words": {"words": ["comptable"]},
        "hours_short": {"available": 12.0, "needed": 20},
        "reconfirm_availability": {"confirmed_on": "2026-05-01"},
        "common_slots": {"slots": ["mon 19:00-20:00"], "hours": 4.0},
        "distance": {"km": 391.5},
        "languages": {"languages": ["fr"]},
        "held_back": {"part": "distance", "lost": 0.08},
    }


def test_hours_that_are_not_said_are_to_be_asked() -> None:
    assert "ask_hours" in codes(told(ranked(NEED, VolunteerInput("a")), "a"))


def test_an_update_takes_in_the_new_and_drops_the_gone() -> None:
    people = [VolunteerInput(f"v{n:02}", f"Jardin numéro{n}", skills=(OfferedSkill("jardin"),)) for n in range(40)]
    ranker = Ranker().fit([*people, VolunteerInput("z", "Comptable")])

    ranker.update([replace(people[3], headline="Comptable"), VolunteerInput("new", "Comptable")], ["z"])

    best = ids(ranker.rank(NEED, today=TODAY, top=50))
    assert set(best[:2]) == {"v03", "new"}
    assert sorted(best) == sorted([*(person.id for person in people), "new"])


def test_an_update_without_new_words_ranks_like_a_fit() -> None:
    people = [VolunteerInput(f"v{n:02}", "Comptable" if n % 3 else "Jardin comptable") for n in range(40)]
    updated = Ranker().fit(people).update([replace(people[7], remote=True)])

    fitted = Ranker().fit([*people[:7], replace(people[7], remote=True), *people[8:]])

    assert updated.rank(NEED, today=TODAY) == fitted.rank(NEED, today=TODAY)


def test_many_changes_weigh_the_words_anew() -> None:
    people = [VolunteerInput(f"v{n:02}", "Jardin") for n in range(20)]
    changed = [replace(person, headline="Comptable") for person in people[:10]]

    updated = Ranker().fit(people).update(changed)

    assert updated.rank(NEED, today=TODAY) == Ranker().fit([*changed, *people[10:]]).rank(NEED, today=TODAY)


@pytest.mark.parametrize("weights", [(0.5, 0.5, 0.5, 0.5), (1.5, -0.5, 0, 0)])
def test_weights_that_are_no_shares_are_refused(weights: tuple[float, float, float, float]) -> None:
    with pytest.raises(ValueError, match="weights"):
        Weights(*weights)


words = st.sampled_from(["paie", "budget", "web", "photo", "droit", "jardin", "film", "vente", "langue", "audit"])
labels = st.lists(words, min_size=1, max_size=2, unique=True).map(" ".join)
texts = st.lists(words, max_size=6).map(" ".join)
needed = st.lists(labels, min_size=1, max_size=12, unique=True)
needs = st.builds(
    lambda title, text, skills: NeedInput("n", title, text, tuple(NeededSkill(s) for s in skills), "fr"),
    words,
    texts,
    needed,
)
profiles = st.lists(st.tuples(texts, st.lists(labels, max_size=4)), min_size=1, max_size=12)


def people_of(several: list[tuple[str, list[str]]]) -> list[VolunteerInput]:
    return [
        VolunteerInput(f"v{n}", description=text, skills=tuple(OfferedSkill(s) for s in skills), language="fr")
        for n, (text, skills) in enumerate(several)
    ]


@settings(max_examples=40, deadline=None)
@given(needs, profiles, st.randoms())
def test_the_order_of_the_people_changes_nothing(need: NeedInput, several: list, random: object) -> None:
    people = people_of(several)
    shuffled = list(people)
    random.shuffle(shuffled)

    assert ranked(need, *people) == ranked(need, *shuffled)


@settings(max_examples=40, deadline=None)
@given(needs, profiles)
def test_scores_lie_between_0_and_1_fall_and_are_the_sum_of_their_parts(need: NeedInput, several: list) -> None:
    ranking = ranked(need, *people_of(several))

    scores = [one.score for one in ranking.suggestions]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert all(abs(one.score - sum(one.contributions.values())) < 1e-9 for one in ranking.suggestions)


@settings(max_examples=100, deadline=None)
@given(needs, profiles, st.data())
def test_a_skill_that_the_need_asks_for_never_lowers_the_skills_part(
    need: NeedInput, several: list, data: st.DataObject
) -> None:
    before = people_of(several)[0]
    own = {skill.label for skill in before.skills}
    missing = [skill.label for skill in need.skills if skill.label not in own]
    if not missing:
        return
    more = replace(before, id="more", skills=(*before.skills, OfferedSkill(data.draw(st.sampled_from(missing)))))

    ranking = ranked(need, *people_of(several), more)

    with_it, without = (told(ranking, key).contributions["skills"] for key in ("more", "v0"))
    assert with_it >= without - 1e-9


@pytest.mark.parametrize("stated", [(), ("photo",), ("budget", "photo"), ("paie",)])
def test_a_skill_that_the_need_asks_for_raises_the_score_of_a_usual_profile(stated: tuple[str, ...]) -> None:
    skills = tuple(OfferedSkill(label) for label in stated)
    need = replace(NEED, description="Trois salariés, un budget", skills=(NeededSkill("paie"), NeededSkill("audit")))
    before = VolunteerInput("v0", description="Jardin et comptes d’une école", skills=skills, language="fr")
    after = replace(before, id="more", skills=(*skills, OfferedSkill("audit")))

    ranking = ranked(need, before, after, VolunteerInput("other", "web et photo", language="fr"))

    assert told(ranking, "more").score > told(ranking, "v0").score
