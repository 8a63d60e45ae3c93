"""Drafts that save themselves while they are written: two addresses for a script, answered in JSON, not in pages."""

from flask import Blueprint, jsonify, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import TooManyRequests

from matcher.database import transaction
from matcher.errors import DomainError, EditedMeanwhile, NeedIsIncomplete
from matcher.models.need import Need
from matcher.queries import own_needs as queries
from matcher.services import drafts
from matcher.services.drafts import Page
from matcher.services.needs import NeedContent
from matcher.wording import time_in_words
from web.auth import actor, current_account, signed_in
from web.errors import PRESENTATION, sentence
from web.extensions import db, limiter
from web.forms.need_content import content_of
from web.forms.needs import NeedForm
from web.need_cards import language
from web.need_editor import Editor, editor_for, first_fault
from web.runtime import LOCAL, now

blueprint = Blueprint("need_drafts", __name__, url_prefix="/my/needs")
ID = "<int:need_id>"
# Three pages in which somebody writes without a pause.
PACE = "60/minute"


def _writer() -> str:
    account = current_account()
    return f"writer {account.id}" if account else "nobody"


@blueprint.post("/write/draft")
@signed_in
@limiter.limit(PACE, key_func=_writer)
def begin() -> ResponseReturnValue:
    """Keep a new need while it is written; one form makes one draft."""
    return _answer(editor_for(db.session(), actor()))


@blueprint.post(f"/{ID}/draft")
@signed_in
@limiter.limit(PACE, key_func=_writer)
def keep(need_id: int) -> ResponseReturnValue:
    """Keep a draft while it is written; a need that was sent stays as it is."""
    need = queries.find_own_need(db.session(), actor(), need_id)
    return _answer(editor_for(db.session(), actor(), need))


def _answer(editor: Editor) -> ResponseReturnValue:
    form = editor.offered(NeedForm())
    if not form.validate():
        return _problem(_words_of_fault(form), 422)
    content = content_of(form, before=editor.need, template=editor.template_id)
    with transaction(db.session()):
        need_id = _keep(editor, content).id
    at = time_in_words(language(), now().astimezone(LOCAL).time())
    address = url_for("my_needs.edit", need_id=need_id)
    return jsonify(saved_at=gettext("Draft saved at %(time)s", time=at), address=address)


def _keep(editor: Editor, content: NeedContent) -> Need:
    session, association_id = db.session(), editor.association_id
    if editor.need is not None:
        page = Page(editor.form_key, editor.edition)
        return drafts.autosave(session, actor(), now(), need_id=editor.need.id, content=content, page=page)
    key = editor.form_key
    return drafts.autosave_new(session, actor(), now(), association_id=association_id, form_key=key, content=content)


def _words_of_fault(form: NeedForm) -> str:
    label, error = first_fault(form) or ("", "")
    return str(gettext("Not saved yet. Please look at “%(label)s”: %(error)s", label=label, error=error))


def _problem(words: str, status: int) -> ResponseReturnValue:
    return jsonify(problem=words), status


@blueprint.errorhandler(DomainError)
def refused(error: DomainError) -> ResponseReturnValue:
    """Tell why nothing was saved."""
    db.session.rollback()
    if isinstance(error, NeedIsIncomplete):
        return _problem(gettext("Not saved yet: a draft begins with a title or a text."), 422)
    if isinstance(error, EditedMeanwhile):
        words = gettext(
            "Not saved: this need was changed elsewhere since you opened it. What you typed stays on this page; save "
            "it with the button to see both versions."
        )
        return _problem(words, 409)
    reason = sentence(error)
    return _problem(gettext("Not saved. %(reason)s", reason=reason), PRESENTATION[type(error)][0])


@blueprint.errorhandler(CSRFError)
def outlived(_error: CSRFError) -> ResponseReturnValue:
    """Tell that the page belongs to a session that has ended, perhaps before another one began."""
    words = gettext("Not saved: this page has outlived your session. Please copy your text, then load the page again.")
    return _problem(words, 400)


@blueprint.errorhandler(TooManyRequests)
def too_often(_error: TooManyRequests) -> ResponseReturnValue:
    """Tell that it will be tried again."""
    words = gettext("Not saved yet: too much at once. What you typed stays on this page, and we try again.")
    return _problem(words, 429)
