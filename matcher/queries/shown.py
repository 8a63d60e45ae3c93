"""The one place that decides what a reader gets of a need's association and place: name and commune, or neither.

Whoever shows a need to somebody else than those who look after it asks here, pages and mails alike; a test holds it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher import wording
from matcher.actors import Actor
from matcher.catalogue.terms import fold
from matcher.database import Json
from matcher.i18n import marked, translate
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.models.states import NeedAudience
from matcher.policies import Action, may
from matcher.policy_rules import have_met
from matcher.published import published
from matcher.ranking.types import ReasonCode
from matcher.visibility import named_to

ALONE = marked("An association (named after two yeses)")
INSIDE = marked("this association")
# What would tell how far an unnamed need lies: whoever moves her own place could find it.
TELLING = frozenset({ReasonCode.DISTANCE.value})


@dataclass(frozen=True, slots=True)
class Shown:
    """A need's association and place as one reader gets them, in her language."""

    language: str
    need: Need
    is_named: bool

    @property
    def name(self) -> str:
        """The association's name as it stands alone, else that it comes later."""
        return published(self.language, self.need.association.name) if self.is_named else self._say(ALONE)

    @property
    def inside(self) -> str:
        """The association as it stands inside a sentence."""
        return self.name if self.is_named else self._say(INSIDE)

    @property
    def about(self) -> str:
        """What the association says of itself; nothing while it is not named."""
        return published(self.language, self.need.association.description) if self.is_named else ""

    @property
    def where(self) -> str:
        """Places and mode, by communes or only by departments."""
        if self.is_named:
            return wording.where_in_words(self.language, self.need)
        return wording.roughly_where_in_words(self.language, self.need)

    def begun(self, sentence: str) -> str:
        """Return a sentence with a capital, should it begin with an association that has no name."""
        is_lower = not self.is_named and sentence.startswith(self.inside)
        return sentence[:1].upper() + sentence[1:] if is_lower else sentence

    def tellable(self, reasons: Iterable[Mapping[str, Json]]) -> list[Mapping[str, Json]]:
        """Return the reasons of a suggestion that do not tell where the need lies."""
        return [reason for reason in reasons if self.is_named or reason.get("code") not in TELLING]

    def _say(self, words: str) -> str:
        return translate(self.language, words)


def shown_as(language: str, actor: Actor, need: Need) -> Shown:
    """Return what an actor gets of one need; one statement when it is unnamed."""
    return Shown(language, need, may(actor, Action.READ_NAME, need))


def shown_in(language: str, pairing: Pairing, *, to_her: bool) -> Shown:
    """Return what the reader of a pairing gets: the volunteer the name once both have said yes. Reads its events."""
    is_hidden = to_her and pairing.need.audience is NeedAudience.UNNAMED and not have_met(pairing)
    return Shown(language, pairing.need, not is_hidden)


def all_shown(session: Session, actor: Actor, needs: Iterable[Need], *, language: str) -> list[Shown]:
    """Return what an actor gets of some needs, in their order; one statement when one of them is unnamed."""
    listed = list(needs)
    unnamed = [need.id for need in listed if need.audience is NeedAudience.UNNAMED]
    told = set(session.scalars(sa.select(Need.id).where(Need.id.in_(unnamed), named_to(actor)))) if unnamed else set()
    return [Shown(language, need, need.id not in unnamed or need.id in told) for need in listed]


def names_itself(need: Need) -> bool:
    """True when an unnamed need says its association's name in its own words: we do not change them."""
    name = fold(need.association.name).removeprefix("association ").strip()
    return need.audience is NeedAudience.UNNAMED and bool(name) and name in fold(f"{need.title} {need.description}")
