"""What decides a permission: who an actor is to a subject, and who may read it. The table is in policies.py."""

from collections.abc import Callable

import sqlalchemy as sa

from matcher.actors import Actor, LinkHolder, Person
from matcher.link_rights import FOR_ASSOCIATION, stands
from matcher.models.account import Account
from matcher.models.alert import Alert
from matcher.models.association import Association, AssociationStatus
from matcher.models.audit import AuditEntry
from matcher.models.branch import Branch
from matcher.models.link import LinkPurpose
from matcher.models.need import Need
from matcher.models.note import Note
from matcher.models.outbox import OutboxRow
from matcher.models.pairing import Pairing
from matcher.models.quarantine import Quarantine
from matcher.models.states import CONTACTS_OPEN, LIVE, PUBLIC, NeedAudience
from matcher.models.suggestion import Suggestion
from matcher.models.suppression import Suppression
from matcher.models.volunteer import Volunteer
from matcher.models.weights import RankingWeights
from matcher.visibility import SEEN_BY_ASSOCIATION, named_to, visible

Subject = (
    Need
    | Pairing
    | Association
    | Volunteer
    | Suggestion
    | Branch
    | RankingWeights
    | Quarantine
    | Suppression
    | OutboxRow
    | Alert
    | Account
    | AuditEntry
    | Note
)


def is_member(actor: Actor, association: Association) -> bool:
    """True when the actor acts for the association."""
    return isinstance(actor, Person) and association.has_member(actor.account.id)


def coordinates(actor: Actor, branch: Branch) -> bool:
    """True when the actor coordinates the branch."""
    return isinstance(actor, Person) and branch.is_coordinated_by(actor.account.id)


def is_administrator(actor: Actor) -> bool:
    """True for an administrator."""
    return isinstance(actor, Person) and actor.account.is_administrator


def administers_other(actor: Actor, subject: "Subject") -> bool:
    """True for an administrator about anybody but herself."""
    return is_administrator(actor) and isinstance(subject, Account) and subject.id != actor.account_id


def is_volunteer_of(actor: Actor, pairing: Pairing) -> bool:
    """True when the pairing is about the actor herself."""
    return isinstance(actor, Person) and pairing.volunteer.account_id == actor.account.id


def coordinates_subject(actor: Actor, subject: Subject) -> bool:
    """True when the actor coordinates the branch of this need or pairing."""
    need = subject.need if isinstance(subject, Pairing) else subject
    return isinstance(need, Need) and coordinates(actor, need.branch)


def is_party(actor: Actor, subject: Subject) -> bool:
    """True when the case is the actor's own: she, or an association that she acts for, is in it."""
    if isinstance(subject, Pairing):
        return is_volunteer_of(actor, subject) or is_member(actor, subject.need.association)
    if isinstance(subject, Need):
        return is_member(actor, subject.association)
    return isinstance(subject, Association) and is_member(actor, subject)


def is_in_conflict(actor: Actor, subject: Subject) -> bool:
    """True for a coordinator who may not decide: a party, or on the way to this need beside those she would judge."""
    if not coordinates_subject(actor, subject):
        return False
    need = subject.need if isinstance(subject, Pairing) else subject
    return is_party(actor, subject) or (isinstance(need, Need) and is_candidate(actor, need))


def is_candidate(actor: Actor, need: Need) -> bool:
    """True when the actor is on the way to this need herself and knows of it: others of its line are her rivals."""
    session = sa.orm.object_session(need)
    if session is None or not isinstance(actor, Person):
        return False
    hers = sa.exists().where(
        Pairing.need_id == need.id,
        Pairing.volunteer_id == Volunteer.id,
        Volunteer.account_id == actor.account.id,
        Pairing.is_known_to_her,
        Pairing.status.in_(LIVE),
    )
    return bool(session.scalar(sa.select(hers)))


def holds(actor: Actor, purpose: LinkPurpose, subject: Need | Pairing) -> bool:
    """True for the holder of a link of this purpose about this subject whose standing still holds."""
    if not isinstance(actor, LinkHolder) or actor.link.purpose is not purpose:
        return False
    wanted = actor.link.pairing_id if isinstance(subject, Pairing) else actor.link.need_id
    return wanted == subject.id and stands(actor.link)


def reads_need(actor: Actor, need: Need) -> bool:
    """Public needs are everybody's; others are read by their association, their branch and those who know of them."""
    is_public = need.status in PUBLIC and need.audience is not NeedAudience.INVITATION
    if is_public and need.association.status is not AssociationStatus.SUSPENDED:
        return True
    if is_member(actor, need.association) or is_administrator(actor):
        return True
    if isinstance(actor, LinkHolder):
        link = actor.link
        return link.need_id == need.id or (link.pairing is not None and link.pairing.need_id == need.id)
    if not need.was_handed_in:
        return False
    return coordinates(actor, need.branch) or _is_shown(actor, need)


def names_association(actor: Actor, need: Need) -> bool:
    """Everybody who reads a need, unless it is unnamed: then its two sides once they have met, and who looks after it.

    The exact place goes with the name.
    """
    if need.audience is not NeedAudience.UNNAMED:
        return True
    if isinstance(actor, LinkHolder):
        pairing = actor.link.pairing
        return actor.link.purpose in FOR_ASSOCIATION or (pairing is not None and have_met(pairing))
    session = sa.orm.object_session(need)
    if session is None or not isinstance(actor, Person):
        return False
    return session.scalar(sa.select(Need.id).where(Need.id == need.id, named_to(actor))) is not None


def have_met(pairing: Pairing) -> bool:
    """True once both sides have said yes, whatever came of it."""
    return any(event.target in CONTACTS_OPEN for event in pairing.events)


def asks_own_place(actor: Actor, need: Need) -> bool:
    """Whoever is signed in and reads a public need; not where the answer would tell how far an unnamed one lies."""
    is_there = isinstance(actor, Person) and need.status in PUBLIC and reads_need(actor, need)
    return is_there and names_association(actor, need)


def _is_shown(actor: Actor, subject: Need | Volunteer) -> bool:
    """Ask the database what the subject alone does not tell: whether a pairing or a suggestion opens it."""
    session, entity = sa.orm.object_session(subject), type(subject)
    if session is None or not isinstance(actor, Person):
        return False
    found = session.scalar(sa.select(entity.id).where(entity.id == subject.id, visible(actor, entity)))
    return found is not None


def reads_pairing(actor: Actor, pairing: Pairing) -> bool:
    """She once she knows of it, the association once she has said yes, the branch, administrators."""
    if isinstance(actor, LinkHolder):
        return actor.link.pairing_id == pairing.id
    if is_administrator(actor):
        return True
    own, ours = is_volunteer_of(actor, pairing), is_member(actor, pairing.need.association)
    if own or ours:
        said_yes = any(event.target in SEEN_BY_ASSOCIATION for event in pairing.events)
        return (own and pairing.is_known_to_her) or (ours and said_yes)
    return coordinates(actor, pairing.need.branch)


def reads_association(actor: Actor, association: Association) -> bool:
    """Verified associations are everybody's; others their members', their branch's and administrators'."""
    if association.is_verified or is_member(actor, association) or is_administrator(actor):
        return True
    return coordinates(actor, association.branch)


def answers_requests(actor: Actor, association: Association) -> bool:
    """Its members answer who asks to join them; while none of them can, the coordinators of its branch do."""
    if is_member(actor, association):
        return True
    return not association.reachable_members and coordinates(actor, association.branch)


def reads_members(actor: Actor, association: Association) -> bool:
    """Its members each other's names and addresses, its branch theirs; administrators must open them and say why."""
    if is_member(actor, association):
        return True
    return coordinates(actor, association.branch) and not is_administrator(actor)


def sees_contacts(actor: Actor, pairing: Pairing) -> bool:
    """Each side once contacts are open between them; the branch and administrators (who leave a trace) before."""
    sides = is_volunteer_of(actor, pairing) or is_member(actor, pairing.need.association)
    if sides:
        return pairing.contacts_are_open
    return coordinates(actor, pairing.need.branch) or is_administrator(actor)


def reads_volunteer(actor: Actor, volunteer: Volunteer) -> bool:
    """She herself, her branch, the coordinators to whom a need of theirs shows her, administrators."""
    if not isinstance(actor, Person):
        return False
    own = volunteer.account_id == actor.account.id
    if own or coordinates(actor, volunteer.branch) or is_administrator(actor):
        return True
    return _is_shown(actor, volunteer)


def reads_note(actor: Actor, subject: Subject) -> bool:
    """The coordinators of its branch who may read the volunteer; neither a party nor an administrator as such."""
    if not isinstance(subject, Note) or subject.volunteer.account_id == actor.account_id:
        return False
    if subject.need is not None and is_member(actor, subject.need.association):
        return False
    return coordinates(actor, subject.branch) and reads_volunteer(actor, subject.volunteer)


def writes_note(actor: Actor, subject: Subject) -> bool:
    """Who wrote it, while she may read it."""
    return isinstance(subject, Note) and subject.author_id == actor.account_id and reads_note(actor, subject)


def holds_own(actor: Actor, purpose: LinkPurpose, volunteer: Volunteer) -> bool:
    """True for the volunteer herself, signed in or by her own link of this purpose."""
    if isinstance(actor, LinkHolder):
        is_hers = actor.link.purpose is purpose and actor.link.recipient_id == volunteer.account_id
        return is_hers and stands(actor.link)
    return isinstance(actor, Person) and volunteer.account_id == actor.account.id


def reads_suggestion(actor: Actor, suggestion: Suggestion) -> bool:
    """The coordinators of the need and administrators; she for needs that she may see."""
    if reviews(actor, suggestion.need) or is_administrator(actor):
        return True
    own = isinstance(actor, Person) and suggestion.volunteer.account_id == actor.account.id
    return own and reads_need(actor, suggestion.need)


Rule = Callable[[Actor, Subject], bool]


def for_need(rule: Callable[[Actor, Need], bool]) -> Rule:
    """Make a rule about needs one of the table."""
    return lambda actor, subject: isinstance(subject, Need) and rule(actor, subject)


def for_pairing(rule: Callable[[Actor, Pairing], bool]) -> Rule:
    """Make a rule about pairings one of the table."""
    return lambda actor, subject: isinstance(subject, Pairing) and rule(actor, subject)


def for_association(rule: Callable[[Actor, Association], bool]) -> Rule:
    """Make a rule about associations one of the table."""
    return lambda actor, subject: isinstance(subject, Association) and rule(actor, subject)


def for_volunteer(rule: Callable[[Actor, Volunteer], bool]) -> Rule:
    """Make a rule about volunteers one of the table."""
    return lambda actor, subject: isinstance(subject, Volunteer) and rule(actor, subject)


def for_suggestion(rule: Callable[[Actor, Suggestion], bool]) -> Rule:
    """Make a rule about suggestions one of the table."""
    return lambda actor, subject: isinstance(subject, Suggestion) and rule(actor, subject)


def for_weights(rule: Callable[[Actor, RankingWeights], bool]) -> Rule:
    """Make a rule about weights one of the table."""
    return lambda actor, subject: isinstance(subject, RankingWeights) and rule(actor, subject)


def decides(actor: Actor, need: Need) -> bool:
    """True when the actor reviews the need and is not on the way to it herself."""
    return reviews(actor, need) and not is_candidate(actor, need)


def reviews(actor: Actor, need: Need) -> bool:
    """True when the actor coordinates the need's branch and is no member of its association."""
    if not need.was_handed_in:
        return False
    return coordinates(actor, need.branch) and not is_member(actor, need.association)
