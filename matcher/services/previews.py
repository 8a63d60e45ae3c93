"""The invitation as a volunteer would read it, shown to the coordinator beforehand: no name in it, nothing written."""

from datetime import datetime

from sqlalchemy.orm import Session

from matcher.actors import Actor
from matcher.links import Links
from matcher.mail.compose import MailContext, preview_invitation
from matcher.mail.render import Rendered
from matcher.models.account import Account
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.models.volunteer import Volunteer
from matcher.services.sending import reply_by
from matcher.settings import Settings
from matcher.wording import pseudonym


def invitation_preview(
    session: Session, actor: Actor, now: datetime, links: Links, settings: Settings, *, need: Need, volunteer: Volunteer
) -> Rendered:
    """Return the mail in the volunteer's language, with her pseudonym where her name will stand."""
    language = volunteer.account.language
    nameless = Account(id=volunteer.account_id, name=pseudonym(language, volunteer, need_id=need.id), language=language)
    pairing = Pairing(
        volunteer=volunteer, volunteer_id=volunteer.id, need_id=need.id, decided_by_id=actor.account_id, events=[]
    )
    context = MailContext(session, links, settings, now, nameless, outbox_id=0, need=need, pairing=pairing)
    return preview_invitation(context, volunteer, reply_by(need, now))
