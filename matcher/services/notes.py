"""Notes between the coordinators of a branch: written, taken out by who wrote them, forgotten after a year.

Nothing here sends anything: no mail and no page of anybody else reads a note. She reads them in her own export.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.actors import Actor
from matcher.database import delete_few
from matcher.errors import NotAllowed, NotFound, TextTooLong
from matcher.models.need import Need
from matcher.models.note import NOTE_MAX, Note
from matcher.models.volunteer import Volunteer
from matcher.policies import Action, coordinates, may, require
from matcher.queries.reviews import desk_need
from matcher.services.steps import find_pairing, lock_need, record


def write(session: Session, actor: Actor, now: datetime, *, need_id: int, volunteer_id: int, text: str) -> Note:
    """Write for those of one's branch about a volunteer of it, or somebody paired with a need of it. Twice is once.

    Raises NotFound, NotAllowed, ConflictOfInterest, TextTooLong.
    """
    need = desk_need(session, actor, need_id)
    require(actor, Action.REVIEW, need)
    volunteer = session.get(Volunteer, volunteer_id)
    if volunteer is None:
        raise NotFound
    require(actor, Action.READ, volunteer)
    if not may_write(session, actor, need, volunteer):
        raise NotAllowed
    words = text.strip()
    if not 0 < len(words) <= NOTE_MAX:
        raise TextTooLong(field="text", most=NOTE_MAX)
    lock_need(session, need.id)  # of two presses the second sees the note of the first, and no pairing is undone now
    pairing = find_pairing(session, need.id, volunteer.id)
    same = sa.select(Note).where(Note.volunteer_id == volunteer.id, Note.need_id == need.id, Note.text == words)
    written = session.scalar(same.where(Note.author_id == actor.account_id).limit(1))
    if written is not None:
        return written
    note = Note(volunteer=volunteer, need=need, pairing=pairing, branch=need.branch, at=now, text=words)
    note.author_id = actor.account_id
    session.add(note)
    record(session, actor, now, action="write_note", subject=("volunteer", volunteer.id))
    session.flush()
    return note


def may_write(session: Session, actor: Actor, need: Need, volunteer: Volunteer) -> bool:
    """True for somebody paired with a need of the actor's, or a volunteer of her branch, other than herself."""
    if volunteer.account_id == actor.account_id or not may(actor, Action.REVIEW, need):
        return False
    return coordinates(actor, volunteer.branch) or find_pairing(session, need.id, volunteer.id) is not None


def take_out(session: Session, actor: Actor, now: datetime, *, note_id: int) -> None:
    """Delete a note of one's own; raises NotFound, NotAllowed. Who wrote it stays in the audit log."""
    note = session.get(Note, note_id, with_for_update={"of": Note})
    if note is None:
        raise NotFound
    require(actor, Action.WRITE, note)
    record(session, actor, now, action="take_out_note", subject=("volunteer", note.volunteer_id))
    session.delete(note)


def leave_pairing(session: Session, pairing_id: int) -> None:
    """Keep the notes about a pairing whose decision is taken back: they were somebody's, and stay with the need."""
    session.execute(sa.update(Note).where(Note.pairing_id == pairing_id).values(pairing_id=None))


def forget_all_of(session: Session, volunteer_id: int) -> None:
    """Delete what was written about a volunteer who is erased."""
    session.execute(sa.delete(Note).where(Note.volunteer_id == volunteer_id))


def forget_before(session: Session, moment: datetime) -> int:
    """Delete some of what was written before a moment; return how many."""
    return delete_few(session, Note, Note.at < moment)
