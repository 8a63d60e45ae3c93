"""One's own account: how one is called and reached, and in which capacities one acts."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from matcher.actors import Hat, Person
from matcher.database import transaction
from matcher.models.account import Account
from matcher.queries import associations
from matcher.services import accounts, sign_ins
from web.auth import actor, hats_of, signed_in
from web.extensions import db
from web.forms.accounts import AgeForm, BecomeVolunteerForm, DetailsForm
from web.forms.addresses import telephone_of, telephone_words
from web.fresh import fresh
from web.i18n import keep_language
from web.runtime import now
from web.second_factor import needs_one
from web.sign_in_pages import other_sign_in, sign_in_words
from web.sign_ins import present

blueprint = Blueprint("account", __name__)
Answer = str | Response | tuple[str, int]


@blueprint.get("/account")
@signed_in
def show() -> str:
    """Show one's account."""
    account = accounts.own_account(actor())
    return _page(account, DetailsForm(obj=account, phone=telephone_words(account.phone)))


@blueprint.post("/account")
@signed_in
def keep() -> Answer:
    """Keep one's name, telephone number and language."""
    form = DetailsForm()
    account = accounts.own_account(actor())
    if not form.validate():
        return _page(account, form), 422
    phone = telephone_of(form.phone.data) if form.phone.data else None
    with transaction(db.session()) as session:
        accounts.set_details(session, actor(), now(), name=form.name.data, phone=phone, language=form.language.data)
    answer = redirect(url_for("account.show"), 303)
    keep_language(answer, form.language.data)
    flash(gettext("Your details are kept."), "success")
    return answer


@blueprint.post("/account/volunteer")
@signed_in
def become_volunteer() -> Response:
    """Offer one's skills too; the profile comes next."""
    form = BecomeVolunteerForm()
    with transaction(db.session()) as session:
        takes = bool(form.takes_invitations.data)
        accounts.make_volunteer(session, actor(), now(), takes_invitations=takes)
    flash(gettext("Welcome among the volunteers. Please say what you can do, and when you have time."), "success")
    return redirect(url_for("volunteers.profile"), 303)


@blueprint.get("/account/age")
@signed_in
def ask_age() -> str | Response:
    """Ask whether she is of age, before anything else; whoever has said so goes on."""
    account = accounts.own_account(actor())
    if account.adult_declared_at is not None:
        return redirect(url_for("account.show"), 303)
    return render_template("account/age.html", form=AgeForm())


@blueprint.post("/account/age")
@signed_in
def declare_age() -> Answer:
    """Keep that she declares it."""
    form = AgeForm()
    if not form.validate():
        return render_template("account/age.html", form=form), 422
    with transaction(db.session()) as session:
        accounts.declare_age(session, actor(), now())
    return redirect(url_for("home.show"), 303)


@blueprint.get("/account/sign-ins/<int:sign_in_id>/end")
@signed_in
def ask_to_end(sign_in_id: int) -> str:
    """Say which sign-in would end, and ask; only another of one's own that still holds is found."""
    one = other_sign_in(db.session(), Person(accounts.own_account(actor())), sign_in_id)
    return render_template("account/end_sign_in.html", one=one)


@blueprint.get("/account/sign-ins/end-others")
@signed_in
def ask_to_end_others() -> str:
    """Ask before all of one's sign-ins but this one end."""
    return render_template("account/end_sign_in.html", one=None)


@blueprint.post("/account/sign-ins/<int:sign_in_id>/end")
@signed_in
@fresh
def end_sign_in(sign_in_id: int) -> Response:
    """End one of one's own sign-ins; pressed twice it is done once."""
    with transaction(db.session()) as session:
        sign_ins.end_own(session, actor(), now(), sign_in_id=sign_in_id)
    flash(gettext("This sign-in has ended. Whoever used it must sign in again."), "success")
    return redirect(url_for("account.show"), 303)


@blueprint.post("/account/sign-ins/end-others")
@signed_in
@fresh
def end_other_sign_ins() -> Response:
    """End all of one's own sign-ins but this one."""
    this = present()
    with transaction(db.session()) as session:
        sign_ins.end_others(session, actor(), now(), but=this.id if this else 0)
    flash(gettext("You are signed in here only. All other sign-ins have ended."), "success")
    return redirect(url_for("account.show"), 303)


def _page(account: Account, form: DetailsForm) -> str:
    hats = hats_of(account)
    owner = actor()
    return render_template(
        "account/show.html",
        form=form,
        account=account,
        has_second_factor=account.tf_primary_method is not None,
        needs_second_factor=needs_one(account),
        is_volunteer=Hat.VOLUNTEER in hats,
        volunteer_form=BecomeVolunteerForm(formdata=None),
        associations=associations.own(db.session(), owner),
        invitations=associations.invitations(db.session(), owner),
        asked=associations.asked(db.session(), owner),
        sign_ins=sign_in_words(db.session(), Person(account)),
    )
