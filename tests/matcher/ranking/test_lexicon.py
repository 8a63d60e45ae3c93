"""What is learnt from a bilingual catalogue: words that stand for words, names of skills, and what stays as it is."""

from datetime import date

import pytest

from matcher.ranking.lexicon import Lexicon
from matcher.ranking.ranker import Ranker
from matcher.ranking.records import CatalogueSkill
from matcher.ranking.spaces import Bag
from matcher.ranking.types import NeededSkill, NeedInput, OfferedSkill, VolunteerInput

TODAY = date(2026, 11, 2)
LABELS = [
    ("dompter des fauves", "tame beasts"),
    ("soigner des fauves", "treat beasts"),
    ("dompter des chevaux", "tame horses"),
    ("soigner des chevaux", "treat horses"),
]


def skill(french: str, english: str, *others: str) -> CatalogueSkill:
    """A skill in two languages, with other English names."""
    return CatalogueSkill(french, {"fr": french, "en": english}, {"en": others})


def learnt(*more: CatalogueSkill) -> Lexicon:
    """A lexicon of a small circus, and more."""
    return Lexicon().fit([*(skill(*labels) for labels in LABELS), *more])


def test_each_word_finds_its_own_translation_among_those_beside_it() -> None:
    lexicon = learnt()

    best = {stem: pairs[0][0] for stem, pairs in lexicon.translations_["fr", "en"].items()}
    back = {stem: pairs[0][0] for stem, pairs in lexicon.translations_["en", "fr"].items()}

    assert best == {"dompt": "tame", "soign": "treat", "fauv": "beast", "cheval": "hors"}
    assert back == {other: stem for stem, other in best.items()}


def test_the_likely_translations_share_the_whole_count_of_a_word() -> None:
    posters = [skill("affiche", other) for other in ("poster", "bill", "placard", "notice", "sign", "board", "banner")]
    lexicon = learnt(*posters)

    stems = lexicon.translated(Bag(stems={"affich": 1}), "fr", "en").stems

    assert len(stems) == lexicon.most
    assert sum(stems.values()) == pytest.approx(1.0)


def test_a_word_that_nothing_translates_stays_as_it_is() -> None:
    assert dict(learnt().translated(Bag(stems={"wordpress": 1}), "fr", "en").stems) == {"wordpress": 1.0}
    assert dict(learnt().translated(Bag(stems={"dompt": 1}), "fr", "de").stems) == {"dompt": 1.0}


def test_the_order_of_the_catalogue_does_not_change_what_is_learnt() -> None:
    skills = [skill(*labels) for labels in LABELS]

    forth, back = Lexicon().fit(skills), Lexicon().fit(skills[::-1])

    for pair, table in forth.translations_.items():
        told = {stem: dict(pairs) for stem, pairs in back.translations_[pair].items()}
        assert {stem: dict(pairs) for stem, pairs in table.items()} == {s: pytest.approx(p) for s, p in told.items()}


def test_a_skill_is_looked_for_under_the_names_that_the_catalogue_gives_it_in_the_other_language() -> None:
    idiom = skill("mener la revue", "be master of ceremonies", "act as ringmaster")
    by_word = [skill("mener des chevaux", "lead horses"), skill("mener des fauves", "lead beasts")]
    by_word += [skill("revue", "review"), skill("lire la revue", "read review")]
    people = [
        VolunteerInput("host", "", language="en", skills=(OfferedSkill("circus ringmaster"),)),
        VolunteerInput("critic", "", language="en", skills=(OfferedSkill("lead review"),)),
    ]
    need = NeedInput("n", "Cirque", language="fr", skills=(NeededSkill("Mener la revue"),))

    ranker = Ranker(catalogue=[*(skill(*labels) for labels in LABELS), *by_word, idiom]).fit(people)

    skills = {one.volunteer_id: one.contributions["skills"] for one in ranker.rank(need, today=TODAY).suggestions}
    assert skills["host"] > skills["critic"]
    assert learnt(idiom).names_in("mener la REVUE", "fr", "en") == ("be master of ceremonies", "act as ringmaster")
    assert learnt(idiom).names_in("act as ringmaster", "en", "fr") == ("mener la revue",)
    assert learnt(idiom).names_in("mener", "fr", "en") == ()
