"""The pages on which an association confirms a step of its need: each shows what will happen, then does it."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from matcher.database import transaction
from matcher.errors import AddressNotConfirmed, ContactIsMissing, InvalidDates, NeedIsIncomplete, NotFound, SeatsAreHeld
from matcher.models.need import Need
from matcher.models.states import EndReason
from matcher.queries.own_needs import find_own_need
from matcher.services import needs
from web.auth import actor, signed_in
from web.errors import sentence
from web.extensions import db
from web.forms.needs import blame
from web.need_steps import STEPS, Step
from web.runtime import now

blueprint = Blueprint("need_steps", __name__, url_prefix="/my/needs")
ID = "<int:need_id>"
TO_MEND = (AddressNotConfirmed, NeedIsIncomplete, ContactIsMissing)


@blueprint.get(f"/{ID}/<name>")
@signed_in
def confirm(need_id: int, name: str) -> str | Response:
    """Say what a step will do, and ask; a step that the present state does not allow leads back to the need."""
    step = _step(name)
    need = find_own_need(db.session(), actor(), need_id)
    if need.status not in step.sources:
        return redirect(url_for("my_needs.show", need_id=need_id))
    return _page(need_id, step, step.form())


@blueprint.post(f"/{ID}/<name>")
@signed_in
def take(need_id: int, name: str) -> Response | tuple[str, int]:
    """Take the step; pressed twice it is taken once."""
    step = _step(name)
    form = step.form()
    need = find_own_need(db.session(), actor(), need_id)
    if need.status not in step.sources:
        return redirect(url_for("my_needs.show", need_id=need_id), 303)
    if not form.validate():
        return _page(need_id, step, form), 422
    try:
        with transaction(db.session()) as session:
            TAKE[name](session, need_id, form)
    except InvalidDates as error:
        blame(form.returns_on, sentence(error))
        return _page(need_id, step, form), 422
    except (*TO_MEND, SeatsAreHeld) as error:
        flash(sentence(error), "warning")
        where = "my_needs.edit" if isinstance(error, NeedIsIncomplete | ContactIsMissing) else "my_needs.show"
        return redirect(url_for(where, need_id=need_id), 303)
    flash(str(step.done), "success")
    return redirect(url_for("my_needs.show", need_id=need_id), 303)


def _step(name: str) -> Step:
    if name not in STEPS:
        raise NotFound
    return STEPS[name]


def _page(need_id: int, step: Step, form: FlaskForm) -> str:
    need = find_own_need(db.session(), actor(), need_id)
    return render_template("my_needs/step.html", need=need, step=step, form=form)


def _submit(session: Session, need_id: int, _form: FlaskForm) -> Need:
    return needs.submit(session, actor(), now(), need_id=need_id)


def _give_up(session: Session, need_id: int, _form: FlaskForm) -> Need:
    return needs.give_up(session, actor(), now(), need_id=need_id)


def _hold(session: Session, need_id: int, form: FlaskForm) -> Need:
    return needs.hold(session, actor(), now(), need_id=need_id, returns_on=form.returns_on.data)


def _resume(session: Session, need_id: int, _form: FlaskForm) -> Need:
    return needs.resume(session, actor(), now(), need_id=need_id)


def _close(session: Session, need_id: int, form: FlaskForm) -> Need:
    return needs.close(session, actor(), now(), need_id=need_id, reason=EndReason(form.reason.data))


def _enough(session: Session, need_id: int, _form: FlaskForm) -> Need:
    return needs.enough(session, actor(), now(), need_id=need_id)


def _still_needed(session: Session, need_id: int, _form: FlaskForm) -> Need:
    return needs.confirm_still_needed(session, actor(), now(), need_id=need_id)


TAKE: dict[str, Callable[[Session, int, FlaskForm], Need]] = {
    "submit": _submit,
    "give-up": _give_up,
    "hold": _hold,
    "resume": _resume,
    "close": _close,
    "enough": _enough,
    "still-needed": _still_needed,
}
