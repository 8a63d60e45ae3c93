"""How associations are shown: ready words for their pages. Reads only."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from matcher.actors import Actor
from matcher.models.association import Association, AssociationStatus, Membership
from matcher.policies import Action, may
from matcher.published import published
from matcher.wording import commune_in_words, day_in_words
from web.need_cards import language
from web.runtime import LOCAL

STATES: dict[AssociationStatus, tuple[str, LazyString]] = {
    AssociationStatus.UNVERIFIED: ("warn", _("Not verified yet")),
    AssociationStatus.VERIFIED: ("good", _("Verified")),
    AssociationStatus.SUSPENDED: ("bad", _("Suspended")),
    AssociationStatus.CLOSED: ("neutral", _("Has left Binôme")),
}


@dataclass(frozen=True, slots=True)
class Member:
    """One member as the others see her."""

    name: str
    email: str
    since: str
    is_reader: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """An association in words; `lang` names the language of what it wrote."""

    id: int
    name: str
    url: str
    place: str
    branch: str
    registration: str
    description: str
    lang: str
    state_kind: str
    state: LazyString
    members: tuple[Member, ...]
    member_count: int
    has_nobody: bool
    may_verify: bool
    may_suspend: bool


def shown(association: Association, reader: Actor) -> Shown:
    """Return an association in words, for one reader; its members for those who may read them without a trace."""
    return _shown(association, reader, may(reader, Action.READ_MEMBERS, association))


def opened(association: Association, reader: Actor) -> Shown:
    """Return an association with its members, after it was written down who opened them."""
    return _shown(association, reader, True)


def _shown(association: Association, reader: Actor, tells_members: bool) -> Shown:
    kind, words = STATES[association.status]
    may_decide = may(reader, Action.VERIFY, association)
    return Shown(
        id=association.id,
        name=association.name,
        url=url_for("associations.show", association_id=association.id),
        place=commune_in_words(association.commune) if association.commune else "",
        branch=association.branch.name(language()),
        registration=association.registration or "",
        description=published(association.language, association.description),
        lang=association.language,
        state_kind=kind,
        state=words,
        members=tuple(_member(link, reader) for link in _by_age(association)) if tells_members else (),
        member_count=len(association.memberships),
        has_nobody=not association.reachable_members and association.status is not AssociationStatus.CLOSED,
        may_verify=may_decide and association.status in {AssociationStatus.UNVERIFIED, AssociationStatus.SUSPENDED},
        may_suspend=may_decide and association.status in {AssociationStatus.UNVERIFIED, AssociationStatus.VERIFIED},
    )


def _by_age(association: Association) -> list[Membership]:
    return sorted(association.memberships, key=lambda link: (link.joined_at, link.account_id))


def _member(link: Membership, reader: Actor) -> Member:
    since = day_in_words(language(), link.joined_at.astimezone(LOCAL).date())
    account = link.account
    return Member(account.name or account.email, account.email, since, account.id == reader.account_id)
