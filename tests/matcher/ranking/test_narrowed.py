"""A ranker over some of the volunteers gives each the score that the whole one gives."""

from datetime import date

from matcher.ranking.ranker import Ranker
from matcher.ranking.types import NeededSkill, NeedInput, OfferedSkill, VolunteerInput

TODAY = date(2026, 3, 2)
PEOPLE = [
    VolunteerInput("a", "Comptable d’associations", skills=(OfferedSkill("Comptabilité", 3),), language="fr"),
    VolunteerInput("b", "Graphiste, affiches et brochures", language="fr"),
    VolunteerInput("c", "Trésorière bénévole, tableur et bilan", language="fr"),
]
NEED = NeedInput("n", "Tenir nos comptes", "Bilan et tableur", skills=(NeededSkill("Comptabilité"),), language="fr")


def test_a_narrowed_ranker_gives_the_same_scores():
    whole = Ranker().fit(PEOPLE)
    scores = {one.volunteer_id: one.score for one in whole.rank(NEED, today=TODAY).suggestions}
    for volunteer_id, score in scores.items():
        (alone,) = whole.narrowed({volunteer_id}).rank(NEED, today=TODAY).suggestions
        assert abs(alone.score - score) < 1e-9


def test_a_narrowed_ranker_leaves_the_whole_one_as_it_was():
    whole = Ranker().fit(PEOPLE)
    whole.narrowed({"a"})
    assert len(whole.rank(NEED, today=TODAY).suggestions) == len(PEOPLE)
