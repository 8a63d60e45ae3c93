"""The invented volunteers of the demo world: varied, complete, the same each time, and never two much alike."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from importlib.resources import files
from itertools import combinations

import pytest

from matcher.catalogue.communes import get as commune
from matcher.catalogue.skills import load_skills
from matcher.demo.pieces import ANY_TRADE, Author, Gender, Kind, Piece, fill, load_pieces
from matcher.demo.trades import load_trades
from matcher.demo.volunteers import DemoVolunteer, build_volunteers
from matcher.models.volunteer import Commitment
from matcher.ranking.types import Hours, Per

TODAY = date(2026, 11, 22)
SIX_MONTHS = timedelta(183)


@pytest.fixture(scope="module")
def people() -> Sequence[DemoVolunteer]:
    return build_volunteers(today=TODAY)


def text_of(person: DemoVolunteer) -> str:
    return "\n".join((person.headline, person.description, *person.experiences))


def sentences_of(person: DemoVolunteer) -> frozenset[str]:
    return frozenset(each for each in re.split(r"(?<=[.?])\s+|\n+", text_of(person)) if each)


def words_in(sentences: frozenset[str]) -> int:
    return sum(len(sentence.split()) for sentence in sentences)


def templates_of(person: DemoVolunteer) -> frozenset[str]:
    """Sentences without their figures, sectors or towns: the same piece filled otherwise is the same text."""
    varied = r"\d+|(?<=ans dans )[^.]+|(?<=years in )[^.]+|(?<=, à )[^.]+"
    return frozenset(re.sub(varied, "…", sentence) for sentence in sentences_of(person))


def test_there_are_four_hundred_people_numbered_in_order(people: Sequence[DemoVolunteer]) -> None:
    assert [person.id for person in people] == [f"v{number:03d}" for number in range(1, 401)]


def test_the_same_people_come_out_each_time(people: Sequence[DemoVolunteer]) -> None:
    assert build_volunteers(today=TODAY) == people


def test_fewer_people_are_the_first_of_them(people: Sequence[DemoVolunteer]) -> None:
    assert build_volunteers(25, today=TODAY) == people[:25]
    assert build_volunteers(1, today=TODAY) == people[:1]


def test_more_people_than_the_pieces_suffice_for_are_refused() -> None:
    with pytest.raises(ValueError, match="suffice for 400"):
        build_volunteers(401, today=TODAY)


def test_no_two_people_share_more_than_half_of_their_words(people: Sequence[DemoVolunteer]) -> None:
    texts = [(person.id, sentences_of(person)) for person in people]
    alike = [
        (one, other)
        for (one, a), (other, b) in combinations(texts, 2)
        if 2 * words_in(a & b) > min(words_in(a), words_in(b))
    ]
    assert alike == []


def test_no_two_people_share_more_than_half_of_their_sentences(people: Sequence[DemoVolunteer]) -> None:
    texts = [(person.id, templates_of(person)) for person in people]
    alike = [(one, other) for (one, a), (other, b) in combinations(texts, 2) if 2 * len(a & b) > min(len(a), len(b))]
    assert alike == []


def test_the_pieces_are_many_and_no_sentence_is_written_twice() -> None:
    pieces = load_pieces()
    sentences = Counter(each for piece in pieces for each in re.split(r"(?<=[.?])\s+", piece.text))
    assert len(pieces) >= 400
    assert len({piece.id for piece in pieces}) == len(pieces)
    assert [sentence for sentence, uses in sentences.items() if uses > 1] == []


def test_three_quarters_of_the_texts_are_french(people: Sequence[DemoVolunteer]) -> None:
    french = sum(person.language == "fr" for person in people)
    assert 290 <= french <= 320
    assert {person.language for person in people} == {"fr", "en"}


def test_every_trade_has_pieces_of_each_kind_in_each_of_its_languages() -> None:
    written = {(piece.trade, piece.language, piece.kind) for piece in load_pieces()}
    trades = [trade for trade in load_trades().values() if trade.name != ANY_TRADE]
    missing = [
        (trade.name, language, kind)
        for trade in trades
        for language, people in trade.people.items()
        for kind in (Kind.HEADLINE, Kind.STORY, Kind.EXPERIENCE)
        if people and (trade.name, language, kind) not in written
    ]
    assert len(trades) >= 16
    assert missing == []


def test_every_piece_is_used(people: Sequence[DemoVolunteer]) -> None:
    everything = "\n".join(map(text_of, people))
    starts = {piece.id: re.split(r"[\[{]", piece.text)[0] for piece in load_pieces()}
    assert [piece for piece, start in starts.items() if start not in everything] == []


def test_no_slot_is_left_unfilled(people: Sequence[DemoVolunteer]) -> None:
    assert [person.id for person in people if re.search(r"[\[\]{}|]", text_of(person))] == []


def test_french_texts_follow_french_typography() -> None:
    straight = r"'|\"| [;:!?»€%]|« |[a-zé][;:!?»]"
    wrong = [piece.id for piece in load_pieces() if piece.language == "fr" and re.search(straight, piece.text)]
    assert wrong == []
    assert [piece.id for piece in load_pieces() if "'" in piece.text] == []


def test_a_piece_agrees_with_the_person() -> None:
    piece = Piece("p", Kind.HEADLINE, "web", "fr", "[Développeuse|Développeur], {years} ans", words=3)
    author = Author(Gender.FEMININE, years=12, many=30, size=20, sector="la santé", at="à Lyon")
    assert fill(piece, author) == "Développeuse, 12 ans"


def test_headlines_fit_their_column(people: Sequence[DemoVolunteer]) -> None:
    assert max(len(person.headline) for person in people) <= 160


def test_names_addresses_and_telephones_are_unique_and_invented(people: Sequence[DemoVolunteer]) -> None:
    assert len({person.name for person in people}) == 400
    assert len({person.email for person in people}) == 400
    assert len({person.phone for person in people}) == 400
    assert all(re.fullmatch(r"[a-z-]+\.[a-z-]+@binome-demo\.example", person.email) for person in people)
    assert all(re.fullmatch(r"\+3363998\d{4}", person.phone) for person in people)


def test_nobody_bears_the_name_of_a_contact_or_coordinator(people: Sequence[DemoVolunteer]) -> None:
    folder = files("matcher.demo")
    others = "".join((folder / file).read_text(encoding="utf-8") for file in ("associations.jsonl", "branches.json"))
    assert [person.name for person in people if f'"{person.name}"' in others] == []


def test_skills_stand_in_the_catalogue_once_each_at_levels_one_to_four(people: Sequence[DemoVolunteer]) -> None:
    known = {skill.uri for skill in load_skills().skills}
    uris = [[uri for uri, _ in person.skills] for person in people]
    assert {uri for each in uris for uri in each} <= known
    assert all(3 <= len(each) == len(set(each)) for each in uris)
    assert {level for person in people for _, level in person.skills} == {1, 2, 3, 4}


def test_places_are_real_and_people_abroad_are_remote_only(people: Sequence[DemoVolunteer]) -> None:
    abroad = [person for person in people if person.country != "FR"]
    assert all(commune(code) is not None for person in people for code in person.communes)
    assert len(abroad) == 6
    assert all(person.remote and not person.on_site and person.communes == () for person in abroad)
    assert all(1 <= len(person.communes) <= 2 for person in people if person.country == "FR")
    assert all(person.remote or person.on_site for person in people)
    assert all(person.availability.timezone == person.timezone for person in people)


def test_people_live_around_the_three_branches_first(people: Sequence[DemoVolunteer]) -> None:
    departments = Counter(person.communes[0][:2] for person in people if person.communes)
    assert departments["69"] > 60
    assert departments["35"] > 25
    assert departments["75"] > 40


def test_every_answer_on_commitment_is_given_and_agrees_with_the_hours(people: Sequence[DemoVolunteer]) -> None:
    expected = {Commitment.WEEKLY: Per.WEEK, Commitment.MONTHLY: Per.MONTH, Commitment.ONCE: Per.ONCE}
    for person in people:
        hours = person.availability.hours
        if person.commitment in expected:
            assert hours is not None
            assert hours.per is expected[person.commitment]
        if person.commitment is Commitment.ASK:
            assert hours is None
        if person.commitment is Commitment.NOT_BEFORE:
            assert person.availability.starts_on is not None
            assert person.availability.starts_on > TODAY
    assert {person.commitment for person in people} == set(Commitment)


def test_every_kind_of_availability_is_present(people: Sequence[DemoVolunteer]) -> None:
    times = [person.availability for person in people]
    slots = [slot for each in times for slot in each.weekly]
    confirmed = [each.confirmed_on for each in times if each.confirmed_on is not None]
    assert any(slot.starts.hour >= 18 and slot.weekday < 5 for slot in slots)
    assert any(slot.starts.hour < 12 and slot.weekday < 5 for slot in slots)
    assert any(slot.weekday >= 5 for slot in slots)
    assert any(not each.weekly for each in times)
    assert {len(each.unavailable) for each in times} == {0, 1, 2}
    assert any(each.ends_on for each in times)
    assert sum(TODAY - day > SIX_MONTHS for day in confirmed) >= 40
    assert len(confirmed) < 400
    assert {person.short_notice for person in people} == {True, False}


def test_every_stretch_of_time_ends_after_it_starts(people: Sequence[DemoVolunteer]) -> None:
    for person in people:
        times = person.availability
        assert all(slot.starts < slot.ends for slot in times.weekly)
        assert len(set(times.weekly)) == len(times.weekly)
        assert all(first <= last for first, last in times.unavailable)
        if times.starts_on and times.ends_on:
            assert times.starts_on < times.ends_on


def test_languages_are_said_once_with_that_of_the_text_first(people: Sequence[DemoVolunteer]) -> None:
    assert all(person.languages[0] == person.language for person in people)
    assert all(len(person.languages) == len(set(person.languages)) for person in people)


def test_marie_lemoine_is_the_first_of_the_tour(people: Sequence[DemoVolunteer]) -> None:
    marie = people[0]
    assert (marie.id, marie.name, marie.communes, marie.languages) == (
        "v001",
        "Marie Lemoine",
        ("69389",),
        ("fr", "en"),
    )
    assert marie.availability.hours == Hours(3, Per.WEEK)
    assert all(slot.starts.hour >= 18 or slot.weekday == 5 for slot in marie.availability.weekly)
    assert "binome:skill/accounting/treasury" in dict(marie.skills)


def test_tom_bradley_is_the_second_of_the_tour(people: Sequence[DemoVolunteer]) -> None:
    tom = people[1]
    assert (tom.id, tom.name, tom.communes, tom.language) == ("v002", "Tom Bradley", ("75111",), "en")
    assert "binome:skill/web/web-accessibility" in dict(tom.skills)
