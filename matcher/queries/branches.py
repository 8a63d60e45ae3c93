"""The branches as everybody may see them: how to reach each, and which departments it serves."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from matcher.actors import Actor
from matcher.catalogue.communes import departments
from matcher.models.branch import Branch


@dataclass(frozen=True, slots=True)
class BranchContact:
    """A branch's name, the departments that it serves and its mailbox; the national one serves the rest."""

    name: str
    area: str
    email: str


def branch_contacts(session: Session, actor: Actor, language: str) -> list[BranchContact]:
    """Return all branches, the national one last; they are public, whoever asks."""
    del actor
    names = {department.code: department.name for department in departments()}
    found = session.scalars(
        sa.select(Branch).options(selectinload(Branch.departments)).order_by(Branch.is_national, Branch.name_fr)
    )
    return [
        BranchContact(
            branch.name(language),
            ", ".join(names.get(one.department, one.department) for one in branch.departments),
            branch.mailbox,
        )
        for branch in found
    ]
