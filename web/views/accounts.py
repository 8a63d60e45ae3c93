"""Signing up, confirming an address, changing hats. Signing in and passwords are Flask-Security's pages."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import get_locale, gettext
from flask_security.change_email import change_email_confirm
from flask_security.confirmable import confirm_email_token_status, confirm_user, send_confirmation_instructions
from flask_security.utils import check_and_get_token_status
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from matcher.actors import Hat
from matcher.database import transaction
from matcher.errors import AddressTaken, NotAllowed
from matcher.models.account import Account
from matcher.services import accounts
from web.accounts_setup import CHANGE_WITHIN
from web.auth import actor, current_account, hats_of, public, signed_in
from web.extensions import db, limiter
from web.forms.accounts import AssociationSignUpForm, ConfirmForm, VolunteerSignUpForm
from web.mail_limits import MAILS_FOR_ONE_ADDRESS, own_address
from web.registration import known_association, sign_up_association, sign_up_volunteer
from web.runtime import now
from web.sign_in_limits import WRONG_FOR_ONE_ADDRESS, WRONG_FROM_ONE_PLACE, is_refused, place_of_token

blueprint = Blueprint("accounts", __name__)
SIGN_UPS_FROM_ONE_PLACE = "30/hour"
Answer = str | Response | tuple[str, int]


@blueprint.get("/register")
@public
def register() -> Answer:
    """Ask who signs up, or show the form of a volunteer or of an association."""
    if current_account() is not None:
        return redirect(url_for("account.show"))
    path = request.args.get("as")
    if path == "volunteer":
        return _volunteer_page(VolunteerSignUpForm())
    if path == "association":
        return _association_page(AssociationSignUpForm())
    return render_template("accounts/register.html")


@blueprint.post("/register/volunteer")
@public
@limiter.limit(SIGN_UPS_FROM_ONE_PLACE)
def register_volunteer() -> Answer:
    """Open a volunteer's account; the answer is the same when the address is known."""
    form = VolunteerSignUpForm()
    if not form.validate():
        return _volunteer_page(form), 422
    sign_up_volunteer(form, _language())
    return _look_at_your_mail(form.email.data)


@blueprint.post("/register/association")
@public
@limiter.limit(SIGN_UPS_FROM_ONE_PLACE)
def register_association() -> Answer:
    """Open the account of a member; the answer is the same when the address is known."""
    form = AssociationSignUpForm()
    known = known_association(db.session(), form) if form.validate() else None
    if form.errors:
        return _association_page(form), 422
    sign_up_association(form, _language(), known_id=known)
    return _look_at_your_mail(form.email.data)


@blueprint.post("/confirm/again")
@signed_in
@limiter.limit(MAILS_FOR_ONE_ADDRESS, key_func=own_address)
def send_again() -> Response:
    """Send the mail that confirms one's address once more."""
    with transaction(db.session()):
        account = current_account()
        if account is not None and not account.is_confirmed:
            send_confirmation_instructions(account)  # type: ignore[no-untyped-call]
    flash(gettext("The mail is on its way. Its link is good for two days."), "success")
    return redirect(url_for("account.show"), 303)


@blueprint.get("/confirm-address/<token>")
@public
def confirm_address(token: str) -> Answer:
    """Show the button that confirms an address; opening the page changes nothing."""
    expired, invalid, account = confirm_email_token_status(token)  # type: ignore[no-untyped-call]
    if expired or invalid or account is None:
        return render_template("accounts/stale_link.html", expired=expired), 410
    return _confirm_page(account, ConfirmForm(formdata=None))


@blueprint.post("/confirm-address/<token>")
@public
@limiter.limit(WRONG_FROM_ONE_PLACE, deduct_when=is_refused)
@limiter.limit(WRONG_FOR_ONE_ADDRESS, key_func=place_of_token, deduct_when=is_refused)
def confirm_address_now(token: str) -> Answer:
    """Confirm an address; the second press changes nothing.

    The mail alone proves the address, not who opened the account: whoever did knows its password.
    """
    form = ConfirmForm()
    with transaction(db.session()):
        expired, invalid, account = confirm_email_token_status(token)  # type: ignore[no-untyped-call]
        if expired or invalid or account is None:
            return render_template("accounts/stale_link.html", expired=expired), 410
        if not (account.is_confirmed or _is_signed_in(account) or form.proves(account)):
            return _confirm_page(account, form), 422
        accounts.lock(db.session(), account.fs_uniquifier)
        confirm_user(account)  # type: ignore[no-untyped-call]
    flash(gettext("Thank you. Your address is confirmed."), "success")
    return redirect(url_for("security.login"), 303)


def _confirm_page(account: Account, form: ConfirmForm) -> str:
    return render_template(
        "accounts/confirm_address.html", account=account, form=form, asks_password=not _is_signed_in(account)
    )


def _is_signed_in(account: Account) -> bool:
    own = current_account()
    return own is not None and own.id == account.id


@blueprint.get("/confirm-new-address/<token>")
@public
def confirm_new_address(token: str) -> Answer:
    """Show the button that changes an address; opening the page changes nothing."""
    expired, invalid, granted = check_and_get_token_status(token, "change_email", CHANGE_WITHIN)
    if expired or invalid:
        return render_template("accounts/stale_link.html", expired=expired), 410
    return render_template("accounts/confirm_new_address.html", email=granted[2])


@blueprint.post("/confirm-new-address/<token>")
@public
def confirm_new_address_now(token: str) -> Response:
    """Change an address; the second press changes nothing."""
    try:
        with transaction(db.session()) as session:
            expired, invalid, granted = check_and_get_token_status(token, "change_email", CHANGE_WITHIN)
            if not expired and not invalid:
                accounts.lock(session, granted[0])
            answer: Response = change_email_confirm(token)  # type: ignore[no-untyped-call]
    except IntegrityError as error:
        raise AddressTaken from error
    return answer


@blueprint.post("/hat")
@signed_in
def hat() -> Response:
    """Change the hat and begin on its first page."""
    chosen = request.form.get("hat", "")
    if chosen not in list(Hat):
        raise NotAllowed
    with transaction(db.session()) as session:
        account = current_account()
        owned = hats_of(account) if account else []
        accounts.change_hat(session, actor(), now(), hat=Hat(chosen), owned=owned)
    return redirect(url_for("home.show"), 303)


def _volunteer_page(form: VolunteerSignUpForm) -> str:
    return render_template("accounts/register_volunteer.html", form=form)


def _association_page(form: AssociationSignUpForm) -> str:
    return render_template("accounts/register_association.html", form=form)


def _look_at_your_mail(email: str) -> str:
    return render_template("accounts/look_at_your_mail.html", email=email)


def _language() -> str:
    return str(get_locale())
