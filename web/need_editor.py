"""The page on which a need is written: what surrounds the form, and which field an error belongs to. Stores nothing."""

import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from flask import render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from wtforms import Field, FieldList, FormField

from matcher.actors import Actor, Person
from matcher.catalogue.templates import NeedTemplate, load_templates
from matcher.errors import ContactIsMissing, DomainError, NotFound, SeatsBelowEngaged, UnknownCommune
from matcher.models.association import Association
from matcher.models.need import Need
from matcher.models.states import NeedStatus
from matcher.queries.own_needs import associations_of
from matcher.queries.shown import names_itself
from web import row_ids
from web.errors import sentence
from web.forms import weeks
from web.forms.needs import NeedForm, add_blank_row, blame
from web.need_cards import language
from web.skill_finder import Finding, is_asked

LIVE = frozenset({NeedStatus.OPEN, NeedStatus.FILLED, NeedStatus.ON_HOLD})
SENT_FROM = frozenset({NeedStatus.DRAFT, NeedStatus.CHANGES_REQUESTED})
FIELDS: dict[type[DomainError], str] = {
    SeatsBelowEngaged: "seats",
    ContactIsMissing: "contact_id",
    UnknownCommune: "communes",
}
ROWS = frozenset({"skills", "communes"})
FORM_KEY = re.compile(r"[A-Za-z0-9_-]{16,40}")


@dataclass(frozen=True, slots=True)
class Editor:
    """One association's form, for a need that stands already or a new one, which its key tells from others.

    `is_correction` when a coordinator changes what is the association's.
    """

    association: Association
    may_send: bool
    need: Need | None = None
    template: NeedTemplate | None = None
    form_key: str = ""
    edition: int | None = None
    is_overtaken: bool = False
    is_correction: bool = False

    @property
    def association_id(self) -> int:
        """The association that wants the need."""
        return self.association.id

    @property
    def template_id(self) -> str | None:
        """The template with which the need began."""
        return self.template.id if self.template else None

    def offered(self, form: NeedForm) -> NeedForm:
        """Give the form its choices; who answers for an association is its own to say, and named to it alone."""
        members = [(member.id, member.name or member.email) for member in self.association.members]
        if self.is_correction and self.need is not None:
            members = [(member_id, "") for member_id, _name in members if member_id == self.need.contact_id]
        form.offer(members, self.need.working_languages if self.need else ())
        if self.is_correction and self.need is not None and not form.contact_id.raw_data:
            form.contact_id.raw_data, form.contact_id.data = [str(self.need.contact_id)], self.need.contact_id
        return form

    def page_beside_another(self, form: NeedForm) -> str:
        """Return the page with what was typed after another form has written; saved from here, it takes that place."""
        return replace(self, edition=self.need.edition if self.need else None, is_overtaken=True).page(form)

    def page(self, form: NeedForm, *, add_row: str = "", finding: Finding | None = None) -> str:
        """Return the page with the form, a blank row more where one was asked for, and the skills that were found."""
        self.offered(form)
        form.add_blank_rows()
        may_send = self.may_send and (self.need is None or self.need.status in SENT_FROM)
        if add_row in ROWS:
            add_blank_row(form[add_row])
        return render_template(
            "my_needs/edit.html",
            form=form,
            need=self.need,
            association=self.association.name,
            association_id=self.association_id,
            template_id=self.template_id,
            form_key=self.form_key,
            edition=self.edition,
            is_overtaken=self.is_overtaken,
            is_correction=self.is_correction,
            autosave=self._autosave(),
            questions=self._questions(),
            days=weeks.days(),
            parts=weeks.parts(),
            may_send=may_send,
            is_unsent=self.need is None or self.need.status in SENT_FROM,
            is_confirmed=self.may_send,
            effect=_effect(self.need, is_correction=self.is_correction),
            names_itself=self.need is not None and names_itself(self.need),
            finding=finding,
            skills_asked=may_send and is_asked(),
            finder_address=request.full_path,
        )

    def _autosave(self) -> str | None:
        """The address that keeps the form while it is written; None once somebody else sees the need.

        None as well beside another version: only a button that she presses takes the place of that one.
        """
        if self.is_overtaken:
            return None
        if self.need is None:
            return url_for("need_drafts.begin")
        return url_for("need_drafts.keep", need_id=self.need.id) if self.need.status is NeedStatus.DRAFT else None

    def _questions(self) -> Sequence[str]:
        return self.template.context[language()].split("\n") if self.template else ()


def editor_for(session: Session, actor: Actor, need: Need | None = None) -> Editor:
    """Return the editor of a need, or of a new one for the association that the request names; raises NotFound."""
    is_confirmed = isinstance(actor, Person) and actor.account.is_confirmed
    if need is not None:
        template = load_templates().get(need.template or "")
        return Editor(need.association, is_confirmed, need, template, _form_key(), _edition(need))
    associations = associations_of(session, actor)
    wanted = request.values.get("association", "")
    chosen = [each for each in associations if not wanted or str(each.id) == wanted]
    if not chosen:
        raise NotFound
    template = load_templates().get(request.values.get("template", ""))
    return Editor(chosen[0], is_confirmed, None, template, _form_key())


def corrector_for(need: Need) -> Editor:
    """Return the editor of an association's need for a coordinator who may decide about it."""
    return Editor(need.association, True, need, form_key=_form_key(), edition=_edition(need), is_correction=True)


def put_beside(form: NeedForm, error: DomainError) -> bool:
    """Put a refusal beside the field that it is about; False when it is about none."""
    name = FIELDS.get(type(error)) or str(error.data.get("field") or "")
    if name not in form:
        return False
    field = form[name]
    if name in ROWS:
        form.add_blank_rows()
        field = field[0]
    blame(field, sentence(error))
    return True


def first_fault(fields: Iterable[Field]) -> tuple[str, str] | None:
    """Return label and message of the first wrong field, rows of lists included; None when nothing is wrong."""
    for field in fields:
        if isinstance(field, FieldList | FormField):
            found = first_fault(field)
            if found:
                return found
        words = [each for each in field.errors if isinstance(each, str)]
        if words and not isinstance(field, FormField):
            return str(field.label.text), words[0]
    return None


def _form_key() -> str:
    """Return the key that the sent form carries, a new one for a new page."""
    key = request.form.get("form_key", "")
    return key if FORM_KEY.fullmatch(key) else secrets.token_urlsafe(16)


def _edition(need: Need) -> int | None:
    """Return the edition that the sent form showed; that of the need for a new page."""
    return request.form.get("edition", type=row_ids.number) if request.method == "POST" else need.edition


def _effect(need: Need | None, *, is_correction: bool) -> str | None:
    """Say what an edit sets in motion."""
    if is_correction:
        words = gettext(
            "This need is the association's: please speak to it first. It is told by e-mail that you changed it. When "
            "you change dates, hours, times, places, required skills, languages or the number of people, the ranking "
            "is made anew, the line waits for you, and those who have said yes are asked whether they still agree."
        )
        return str(words)
    if need is None or need.status in SENT_FROM:
        return None
    if need.status is NeedStatus.SUBMITTED:
        return str(gettext("The coordinator sees what you change. The promised date stays the same."))
    words = gettext(
        "Changed wording is shown at once. When you change dates, hours, times, places, required skills, languages or "
        "the number of people, the ranking is made anew, the coordinator looks at the line again, and those who have "
        "said yes are asked whether they still agree: they may leave freely."
    )
    return str(words)
