"""Notes between coordinators as those of the branch read them, and as she herself does in her export."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, lazyload

from matcher.actors import Actor
from matcher.models.need import Need
from matcher.models.note import Note
from matcher.models.pairing import Pairing
from matcher.models.volunteer import Volunteer
from matcher.policies import visible


@dataclass(frozen=True, slots=True)
class SeenNote:
    """A note with who wrote it, and the need that it is about if it is about one."""

    note_id: int
    text: str
    at: datetime
    author: str
    title: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class OwnNote:
    """A note as the volunteer whom it is about may read it: what and when, for which branch, not by whom."""

    text: str
    at: datetime
    branch_id: int
    pairing_id: int | None


def notes_on(session: Session, actor: Actor, volunteer: Volunteer) -> tuple[SeenNote, ...]:
    """Return what the actor may read about a volunteer, the newest first; one statement."""
    found = session.scalars(
        sa.select(Note)
        .where(Note.volunteer_id == volunteer.id, visible(actor, Note))
        .order_by(Note.at.desc(), Note.id.desc())
        .options(
            lazyload(Note.volunteer), lazyload(Note.branch), joinedload(Note.author).lazyload("*"),
            joinedload(Note.need).lazyload("*"),
        )
    )  # fmt: skip
    return tuple(_seen(actor, note) for note in found)


def numbers_of_notes(session: Session, actor: Actor, need: Need) -> Mapping[int, int]:
    """Return how many notes the actor may read about each person paired with a need, by volunteer; one statement."""
    paired = sa.select(Pairing.volunteer_id).where(Pairing.need_id == need.id)
    counted = (
        sa.select(Note.volunteer_id, sa.func.count(Note.id).label("n"))
        .where(Note.volunteer_id.in_(paired), visible(actor, Note))
        .group_by(Note.volunteer_id)
    )
    return {row.volunteer_id: row.n for row in session.execute(counted)}


def notes_about(session: Session, subject: Volunteer) -> tuple[OwnNote, ...]:
    """Return all that coordinators wrote about a volunteer, for her own export, the oldest first; one statement."""
    wanted = sa.select(Note.text, Note.at, Note.branch_id, Note.pairing_id).where(Note.volunteer_id == subject.id)
    return tuple(OwnNote(*row) for row in session.execute(wanted.order_by(Note.at, Note.id)))


def _seen(actor: Actor, note: Note) -> SeenNote:
    return SeenNote(
        note_id=note.id,
        text=note.text,
        at=note.at,
        author=note.author.name if note.author else "",
        title=note.need.title if note.need else "",
        is_own=note.author_id == actor.account_id,
    )
