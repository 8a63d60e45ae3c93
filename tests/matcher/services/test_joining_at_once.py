"""Two answers to one invitation to act for an association at the same moment, on both databases: one counts."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.actors import Person
from matcher.database import transaction
from matcher.models.account import Account
from matcher.models.association import Membership, PendingMembership
from matcher.models.audit import AuditEntry
from matcher.services import memberships
from tests.database import Sessions
from tests.factories import NOW, World
from tests.matcher.services.test_erasing_at_once import Meeting


class Invited:
    """Somebody whom an association has invited, and the two who may answer."""

    def __init__(self, world: World, sessions: Sessions) -> None:
        """Let the only member invite her."""
        self.world, association, her = world, world.association(), world.person()
        self.association_id, self.her_id = association.id, her.account.id
        self.member_id = association.members[0].id
        invited = {"association_id": association.id, "email": her.account.email}
        world.act(memberships.invite, world.member(association), **invited)
        self.pending_id = world.session.scalars(sa.select(PendingMembership.id)).one()
        world.session.rollback()
        self.she, self.member = Meeting(sessions, self.her_id), Meeting(sessions, self.member_id)

    def accept(self, session: Session, person: Person) -> None:
        """Press « join »."""
        memberships.accept_invitation(session, person, NOW, pending_id=self.pending_id)

    def drop(self, session: Session, person: Person) -> None:
        """Press « withdraw »."""
        memberships.drop(session, person, NOW, pending_id=self.pending_id)

    def members(self) -> set[int]:
        """Who acts for the association."""
        self.world.session.rollback()
        hers = Membership.association_id == self.association_id
        return set(self.world.session.scalars(sa.select(Membership.account_id).where(hers)))

    def acts(self) -> list[str]:
        """What the log holds of it."""
        told = AuditEntry.action.in_(["join_association", "drop_pending"])
        return list(self.world.session.scalars(sa.select(AuditEntry.action).where(told)))


@pytest.fixture
def invited(any_world: World, any_sessions: Sessions) -> Invited:
    """Somebody who is invited."""
    return Invited(any_world, any_sessions)


def test_two_presses_at_once_make_one_member(invited: Invited, any_sessions: Sessions) -> None:
    with any_sessions() as first, transaction(first):
        invited.accept(first, Person(first.get_one(Account, invited.her_id)))
        with invited.she.second(first, invited.accept) as met:
            first.commit()
            outcome = met.result(timeout=60)

    assert outcome in {"done", "not_found"}  # on SQLite the second finds nothing from the start
    assert invited.members() == {invited.member_id, invited.her_id}
    assert invited.acts() == ["join_association"]


def test_an_invitation_withdrawn_while_she_accepts_opens_no_door(invited: Invited, any_sessions: Sessions) -> None:
    with any_sessions() as first, transaction(first):
        invited.drop(first, Person(first.get_one(Account, invited.member_id)))
        first.flush()
        with invited.she.second(first, invited.accept) as met:
            first.commit()
            outcome = met.result(timeout=60)

    assert outcome == "not_found"
    assert invited.members() == {invited.member_id}
    assert invited.acts() == ["drop_pending"]


def test_an_invitation_withdrawn_too_late_is_said_of_nobody(invited: Invited, any_sessions: Sessions) -> None:
    with any_sessions() as first, transaction(first):
        invited.accept(first, Person(first.get_one(Account, invited.her_id)))
        with invited.member.second(first, invited.drop) as met:
            first.commit()
            outcome = met.result(timeout=60)

    assert outcome == "done"
    assert invited.members() == {invited.member_id, invited.her_id}
    assert invited.acts() == ["join_association"]
