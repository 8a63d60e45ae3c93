"""Importing catalogues of skills, replacing and removing them; the rankers learn anew and needs are ranked anew."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher import outbox
from matcher.actors import System
from matcher.database import insert_into
from matcher.errors import NotFound
from matcher.models.catalogue import ImportedCatalogue, ImportedSkill
from matcher.ranking.records import CatalogueSkill
from matcher.services.steps import record

SUBJECT = "imported_catalogue"


@dataclass(frozen=True, slots=True)
class CatalogueContent:
    """What is imported: under which name, whose it is in the words its licence asks for, and the skills."""

    name: str
    source: str
    skills: Sequence[CatalogueSkill]

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages in which there are labels."""
        return tuple(sorted({language for skill in self.skills for language in skill.labels}))

    def fingerprint(self) -> str:
        """Return a text that is another one when a skill is."""
        digest = hashlib.sha256()
        for skill in self.skills:
            told = [skill.uri, sorted(skill.labels.items()), sorted(skill.alternatives.items())]
            digest.update(json.dumps(told).encode())
        return digest.hexdigest()


def import_catalogue(session: Session, system: System, now: datetime, content: CatalogueContent) -> ImportedCatalogue:
    """Store a catalogue in place of that of its name; needs are ranked anew when its skills are others than before.

    Of two imports under one name at once the second waits and replaces what the first has stored.
    """
    catalogue = _kept(session, now, content)
    before, catalogue.fingerprint = catalogue.fingerprint, content.fingerprint()
    record(session, system, now, action="import_catalogue", subject=(SUBJECT, catalogue.id))
    if catalogue.fingerprint != before:
        session.execute(sa.delete(ImportedSkill).where(ImportedSkill.catalogue_id == catalogue.id))
        rows = [_values(catalogue.id, skill) for skill in content.skills]
        if rows:
            session.execute(sa.insert(ImportedSkill), rows)
        outbox.add(session, outbox.RankOpenNeeds(), now)
    return catalogue


def remove_catalogue(session: Session, system: System, now: datetime, *, name: str) -> None:
    """Delete a catalogue and its skills; needs are ranked anew. Raises NotFound."""
    catalogue = _locked(session, name)
    if catalogue is None:
        raise NotFound
    record(session, system, now, action="remove_catalogue", subject=(SUBJECT, catalogue.id))
    session.execute(sa.delete(ImportedSkill).where(ImportedSkill.catalogue_id == catalogue.id))
    session.delete(catalogue)
    outbox.add(session, outbox.RankOpenNeeds(), now)


def _kept(session: Session, now: datetime, content: CatalogueContent) -> ImportedCatalogue:
    """Write what is said of a catalogue, all but its skills; its row is locked, whether it is new or was there."""
    said = {
        "source": content.source,
        "imported_at": now,
        "skills": len(content.skills),
        "languages": content.languages,
    }
    row = insert_into(session, ImportedCatalogue).values(name=content.name, fingerprint="", **said)
    session.execute(row.on_conflict_do_update(index_elements=["name"], set_=said))
    found = sa.select(ImportedCatalogue).where(ImportedCatalogue.name == content.name)
    return session.scalars(found.execution_options(populate_existing=True)).one()


def _locked(session: Session, name: str) -> ImportedCatalogue | None:
    return session.scalar(sa.select(ImportedCatalogue).where(ImportedCatalogue.name == name).with_for_update())


def _values(catalogue_id: int, skill: CatalogueSkill) -> dict[str, object]:
    alternatives = {language: list(texts) for language, texts in skill.alternatives.items() if texts}
    return {
        "catalogue_id": catalogue_id,
        "uri": skill.uri,
        "labels": dict(skill.labels),
        "alternatives": alternatives,
    }
