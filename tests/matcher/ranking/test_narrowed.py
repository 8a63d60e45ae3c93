"""A ranker over some of the volunteers gives each what the whole one gives, likeness to the best apart."""

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


def test_a_narrowed_ranker_gives_the_same_parts():
    whole = Ranker().fit(PEOPLE)
    for one in whole.rank(NEED, today=TODAY).suggestions:
        (alone,) = whole.narrowed({one.volunteer_id}).rank(NEED, today=TODAY).suggestions

        for name, value in one.contributions.items():
            if name == "similar":
                # Alone she is the best there is, so that her likeness to the best can only be overstated.
                assert alone.contributions[name] >= value
            else:
                assert abs(alone.contributions[name] - value) < 1e-9


def test_a_narrowed_ranker_leaves_the_whole_one_as_it_was():
    whole = Ranker().fit(PEOPLE)
    whole.narrowed({"a"})
    assert len(whole.rank(NEED, today=TODAY).suggestions) == len(PEOPLE)
