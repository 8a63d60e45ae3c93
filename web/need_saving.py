"""What a sent form of a need sets in motion: rows added, skills found, kept, handed in, or shown again with faults."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from matcher.database import transaction
from matcher.errors import DomainError, EditedMeanwhile
from matcher.models.need import Need
from matcher.models.states import NeedStatus
from matcher.services import drafts, needs
from matcher.services.drafts import Page
from matcher.services.needs import SKILLS_MAX, NeedContent
from web.auth import actor
from web.errors import sentence
from web.extensions import db
from web.forms.need_content import content_of
from web.forms.needs import NeedForm
from web.need_editor import Editor, put_beside
from web.runtime import now
from web.skill_finder import LOOK, Finding, find_in_need, is_bare, is_looking, must_ask, take_ticked

Answer = Response | tuple[str, int] | str


def saved(editor: Editor) -> Answer:
    """Keep what was sent, and hand it in when that button was pressed; else the page again, with all that was typed."""
    form = editor.offered(NeedForm())
    sends = not editor.is_correction and request.form.get("action", "").startswith("send")
    if not is_bare():
        take_ticked(form.skills, SKILLS_MAX)
    if "add_row" in request.form or is_looking():
        return editor.page(form, add_row=request.form.get("add_row", ""), finding=_looked(form))
    is_valid = form.validate()
    if not (form.is_complete() if sends else True) or not is_valid:
        return editor.page(form), 422
    content = content_of(form, before=editor.need, template=editor.template_id)
    try:
        with transaction(db.session()):
            need_id = _keep(editor, content).id
    except EditedMeanwhile:
        if editor.need is None:
            raise
        return editor.page_beside_another(form), 409
    except DomainError as error:
        if not put_beside(form, error):
            raise
        return editor.page(form), 422
    if sends and editor.may_send and must_ask(form):
        return redirect(url_for("my_needs.edit", need_id=need_id, look=LOOK), 303)
    return _sent(need_id) if sends else _kept(editor, need_id)


def _looked(form: NeedForm) -> Finding | None:
    return find_in_need(form) if is_looking() else None


def _keep(editor: Editor, content: NeedContent) -> Need:
    session, association_id = db.session(), editor.association_id
    if editor.need is not None:
        page = Page(editor.form_key, editor.edition)
        return drafts.edit(session, actor(), now(), need_id=editor.need.id, content=content, page=page)
    form_key = editor.form_key
    return drafts.write(session, actor(), now(), association_id=association_id, form_key=form_key, content=content)


def _kept(editor: Editor, need_id: int) -> Response:
    if editor.is_correction:
        flash(gettext("The need has been changed. The association is told by e-mail."), "success")
        return redirect(url_for("reviews.show", need_id=need_id), 303)
    flash(gettext("Your need has been saved."), "success")
    return redirect(url_for("my_needs.show", need_id=need_id), 303)


def _sent(need_id: int) -> Response:
    try:
        with transaction(db.session()) as session:
            need = needs.submit(session, actor(), now(), need_id=need_id)
    except DomainError as error:
        flash(gettext("Your need has been saved, but not sent. %(reason)s", reason=sentence(error)), "warning")
        return redirect(url_for("my_needs.show", need_id=need_id), 303)
    is_sent = need.status is NeedStatus.SUBMITTED
    flash(
        gettext("Your need has been sent for review.") if is_sent else gettext("Your need has been saved."), "success"
    )
    return redirect(url_for("my_needs.show", need_id=need_id), 303)
