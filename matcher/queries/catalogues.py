"""The catalogues of skills that were imported. Reads only."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.actors import Actor, System
from matcher.models.catalogue import ImportedCatalogue, ImportedSkill, alternatives_of, labels_of
from matcher.ranking.records import CatalogueSkill


def list_catalogues(session: Session, actor: Actor) -> tuple[ImportedCatalogue, ...]:
    """Return the imported catalogues by name, for everybody, since they must be credited; one statement."""
    del actor
    return tuple(session.scalars(sa.select(ImportedCatalogue).order_by(ImportedCatalogue.name)))


def fingerprints(session: Session, actor: System) -> tuple[str, ...]:
    """Return what changes when the skills of any imported catalogue do; one cheap statement."""
    del actor
    return tuple(session.scalars(sa.select(ImportedCatalogue.fingerprint).order_by(ImportedCatalogue.fingerprint)))


def imported_skills(session: Session, actor: System) -> tuple[CatalogueSkill, ...]:
    """Return the skills of all imported catalogues, in the same order whatever the database; one statement."""
    del actor
    rows = sa.select(ImportedSkill.uri, ImportedSkill.labels, ImportedSkill.alternatives)
    found = session.execute(rows.order_by(ImportedSkill.catalogue_id, ImportedSkill.id))
    return tuple(CatalogueSkill(row.uri, labels_of(row.labels), alternatives_of(row.alternatives)) for row in found)
