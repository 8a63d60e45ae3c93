"""Which branch serves a place: a need goes to the branch of its first location, a person likewise."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.catalogue import communes
from matcher.catalogue.communes import Commune
from matcher.errors import UnknownCommune
from matcher.models.association import Association
from matcher.models.branch import Branch, BranchDepartment
from matcher.ranking.types import Mode


def known_communes(codes: Sequence[str]) -> tuple[Commune, ...]:
    """Return the communes of INSEE codes; raises UnknownCommune naming the first that is not one."""
    found = []
    for code in codes:
        commune = communes.get(code)
        if commune is None:
            raise UnknownCommune(code=code[:20])
        found.append(commune)
    return tuple(found)


def national_branch(session: Session) -> Branch:
    """Return the branch that always exists."""
    return session.scalars(sa.select(Branch).where(Branch.is_national)).one()


def branch_of(session: Session, places: Sequence[Commune]) -> Branch:
    """Return the branch of the first place, the national one when there is none or nobody serves it."""
    if places:
        branch_id = session.scalar(
            sa.select(BranchDepartment.branch_id).where(BranchDepartment.department == places[0].department)
        )
        if branch_id is not None:
            return session.get_one(Branch, branch_id)
    return national_branch(session)


def branch_of_need(session: Session, association: Association, mode: Mode | None, places: Sequence[Commune]) -> Branch:
    """Return the branch of a need: its first location's, for a remote one its association's."""
    if places and mode is not Mode.REMOTE:
        return branch_of(session, places)
    return session.get_one(Branch, association.branch_id)
