"""All that is known of the volunteers at one moment, and the parts of their scores for one need."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from matcher.ranking.availability import Fit
from matcher.ranking.feedback import CommonGround
from matcher.ranking.index import Profile, TextIndex
from matcher.ranking.lexicon import Lexicon
from matcher.ranking.people import People
from matcher.ranking.profiles import need_document, volunteer_profile
from matcher.ranking.recipe import Recipe
from matcher.ranking.score import NEUTRAL, Floats, Parts, Weights
from matcher.ranking.skills import Answers, SkillIndex
from matcher.ranking.textmodel import Query
from matcher.ranking.types import NeedInput, OfferedSkill, VolunteerInput


@dataclass(frozen=True, slots=True)
class Content:
    """What the words and skills of each volunteer say for one need.

    `nearness`, shape (n_volunteers,), is the text and the skills weighed together, 0 where neither says anything.
    """

    query: Query
    answers: Answers
    text: Floats
    skills: Floats
    nearness: Floats


@dataclass(frozen=True, slots=True)
class Match:
    """Everything that was computed for one need, row by row."""

    content: Content
    parts: Parts
    fit: Fit
    distances_km: Floats
    ground: CommonGround | None = None


@dataclass(frozen=True, slots=True)
class Fitted:
    """The volunteers in the order of their ids, as what each part reads."""

    people: People
    profiles: tuple[Profile, ...]
    text: TextIndex
    skills: SkillIndex
    stale_rows: int = 0

    @classmethod
    def of(cls, people: Sequence[VolunteerInput], lexicon: Lexicon | None, recipe: Recipe) -> "Fitted":
        """Learn the words of the volunteers, who come in the order of their ids."""
        profiles = tuple(volunteer_profile(person) for person in people)
        text = TextIndex.fit(profiles, lexicon, recipe)
        return cls(People.of(people), profiles, text, SkillIndex.of(_stated(people, profiles), text.model))

    def moved(self, news: Sequence[VolunteerInput], gone: Collection[str], stale: int) -> "Fitted":
        """Return what is known with some volunteers new or changed and others gone; the words weigh as before."""
        left = {*gone, *(person.id for person in news)}
        kept = [row for row, person in enumerate(self.people.volunteers) if person.id not in left]
        new_profiles = [volunteer_profile(person) for person in news]
        unordered = [*(self.people.volunteers[row] for row in kept), *news]
        order = sorted(range(len(unordered)), key=lambda row: unordered[row].id)
        people = [unordered[row] for row in order]
        all_profiles = [*(self.profiles[row] for row in kept), *new_profiles]
        profiles = tuple(all_profiles[row] for row in order)
        text = self.text.moved(kept, new_profiles, order)
        skills = SkillIndex.of(_stated(people, profiles), text.model, self.skills)
        return Fitted(People.of(people), profiles, text, skills, stale)

    def narrowed(self, ids: Collection[str]) -> "Fitted":
        """Return what is known of some volunteers only, the words weighed as here."""
        return self.moved([], {person.id for person in self.people.volunteers if person.id not in ids}, 0)

    def described(self, people: Sequence[VolunteerInput]) -> "Fitted":
        """Return what would be known of some descriptions alone, in their order, the words weighed as here."""
        profiles = tuple(volunteer_profile(person) for person in people)
        text = self.text.moved((), profiles, range(len(profiles)))
        return Fitted(People.of(people), profiles, text, SkillIndex.of(_stated(people, profiles), text.model))

    def content(self, need: NeedInput, recipe: Recipe, weights: Weights, query: Query | None = None) -> Content:
        """Return what words and skills say for a need; a query of it that was made before is used again."""
        document = need_document(need)
        if query is None or not query.vectors.keys() >= set(self.text.languages):
            query = self.text.query(document)
        asked = need.skills if recipe.skills else ()
        answers = self.skills.answers(asked, self.text.model, document.language)
        text, skills = self.text.nearness(query), answers.part()
        near = np.where(self.text.is_silent | query.says_nothing, 0.0, weights.text * text)
        answered = np.nan_to_num(answers.best).any(axis=1)
        return Content(query, answers, text, skills, near + np.where(answered, weights.skills * skills, 0.0))

    def match(self, need: NeedInput, content: Content, ground: CommonGround | None, *, today: date) -> Match:
        """Return the parts of each volunteer's score for a need, weights apart."""
        distances_km = self.people.places.nearest_km(need.locations)
        fit = self.people.calendar.fit(need.schedule, today)
        silent = np.full(len(self.profiles), NEUTRAL.similar)
        values: Mapping[str, Floats] = {
            "text": content.text,
            "skills": content.skills,
            "similar": silent if ground is None else ground.similar(self.text),
            "availability": fit.part,
            "distance": self.people.nearness(need, distances_km),
            "language": self.people.understanding(need),
            "level": content.answers.level_part(),
        }
        return Match(content, Parts(values), fit, distances_km, ground)


def weighed(match: Match, weights: Weights) -> Match:
    """Return a match under other weights."""
    return replace(match, parts=replace(match.parts, weights=weights))


def _stated(
    people: Sequence[VolunteerInput], profiles: Sequence[Profile]
) -> list[tuple[Sequence[OfferedSkill], str | None]]:
    return [(person.skills, profile.language) for person, profile in zip(people, profiles, strict=True)]
