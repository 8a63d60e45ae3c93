"""Catalogues of skills that were imported: what they are, whose, and their skills by language. Rankers read them."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from matcher.database import Base, Json


class ImportedCatalogue(Base):
    """One catalogue under its name. The fingerprint is that of its skills: rankers learn anew when it changes."""

    __tablename__ = "imported_catalogues"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(80), unique=True)
    source: Mapped[str] = mapped_column(sa.String(500))
    imported_at: Mapped[datetime]
    skills: Mapped[int]
    languages: Mapped[tuple[str, ...]]
    fingerprint: Mapped[str] = mapped_column(sa.String(64))


class ImportedSkill(Base):
    """A skill of an imported catalogue, with one label and perhaps alternatives in each language."""

    __tablename__ = "imported_skills"
    __table_args__ = (sa.UniqueConstraint("catalogue_id", "uri"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    catalogue_id: Mapped[int] = mapped_column(sa.ForeignKey("imported_catalogues.id", ondelete="CASCADE"))
    uri: Mapped[str] = mapped_column(sa.String(300))
    labels: Mapped[dict[str, Json]]
    alternatives: Mapped[dict[str, Json]]


def labels_of(values: Mapping[str, Json]) -> dict[str, str]:
    """Return labels by language as they were stored."""
    return {language: label for language, label in values.items() if isinstance(label, str)}


def alternatives_of(values: Mapping[str, Json]) -> dict[str, tuple[str, ...]]:
    """Return alternatives by language as they were stored."""
    lists = ((language, texts) for language, texts in values.items() if isinstance(texts, list))
    return {language: tuple(text for text in texts if isinstance(text, str)) for language, texts in lists}
