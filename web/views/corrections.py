"""A coordinator changes a published need of an association, which is told: the same form as its members have."""

from flask import Blueprint

from matcher.errors import IllegalTransition
from matcher.models.need import Need
from matcher.policies import Action, require
from matcher.queries import reviews
from web.auth import actor, signed_in
from web.extensions import db
from web.forms.need_content import fields_of
from web.forms.needs import NeedForm
from web.need_editor import LIVE, corrector_for
from web.need_saving import Answer, saved
from web.skill_finder import find_in_need, is_asked

blueprint = Blueprint("corrections", __name__, url_prefix="/reviews/<int:need_id>/edit")


@blueprint.get("")
@signed_in
def edit(need_id: int) -> str:
    """Show the form of a published need to a coordinator."""
    need = _published(need_id)
    form = NeedForm(data=fields_of(need))
    return corrector_for(need).page(form, finding=find_in_need(form) if is_asked() else None)


@blueprint.post("")
@signed_in
def save(need_id: int) -> Answer:
    """Keep what a coordinator has changed, and tell the association."""
    return saved(corrector_for(_published(need_id)))


def _published(need_id: int) -> Need:
    need = reviews.desk_need(db.session(), actor(), need_id)
    require(actor(), Action.REVIEW, need)
    if need.status not in LIVE or need.contact_id is None:
        raise IllegalTransition(status=need.status.value, step="edit")
    return need
