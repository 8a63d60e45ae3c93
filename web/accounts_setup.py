"""Flask-Security, set up for our accounts, mails and clock: which of its pages exist, and under which limits."""

import base64
import hashlib
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import cast

from flask import Flask, abort, request
from flask.typing import ResponseReturnValue
from flask_security import (
    Security,
    SQLAlchemySessionUserDatastore,
    change_email_confirmed,
    password_reset,
    user_confirmed,
)
from werkzeug.wrappers import Response

from matcher.database import transaction
from matcher.models.account import Account, Role
from matcher.settings import Settings
from web import demands, fresh, second_factor, security_events, sign_in_limits, sign_ins
from web.account_words import WORDS
from web.auth import PUBLIC
from web.confirmation import on_address_changed, on_confirmed, on_password_reset
from web.extensions import db
from web.forms import sign_in
from web.mail_util import OutboxMailUtil
from web.passwords import FORM, StrongPasswords
from web.runtime import now
from web.security import cookie_name
from web.totp import OnceTotp

View = Callable[..., ResponseReturnValue]
# Pages of Flask-Security that change something when they are merely opened, or that we do without.
GONE = ("confirm_email", "change_email_confirm", "two_factor_rescue", "tf_select")
CHANGE_WITHIN = timedelta(hours=2)
RESET_WITHIN = timedelta(days=1)  # as the mail says
DEVICE_REMEMBERED = timedelta(days=30)
# As far as a clock may go wrong, one step either way: each further code that is good is one more to guess.
CODE_IS_GOOD_S = 30


def set_up(app: Flask, settings: Settings) -> None:
    """Bind Flask-Security to the app."""
    app.config.update(_options(settings), **_cookies(settings), **_addresses(), **WORDS)
    store = SQLAlchemySessionUserDatastore(db.session, Account, Role)
    security = Security(
        app,
        store,
        mail_util_cls=OutboxMailUtil,
        password_util_cls=StrongPasswords,
        totp_cls=OnceTotp,
        login_form=sign_in.SignInForm,
        verify_form=sign_in.PasswordAgainForm,
        forgot_password_form=sign_in.AskNewPasswordForm,
        reset_password_form=sign_in.NewPasswordForm,
        change_password_form=sign_in.ChangePasswordForm,
        change_email_form=sign_in.ChangeAddressForm,
        send_confirmation_form=sign_in.SendAgainForm,
        two_factor_verify_code_form=sign_in.CodeForm,
        two_factor_setup_form=sign_in.SecondFactorForm,
        two_factor_rescue_form=sign_in.RescueForm,
        mf_recovery_form=sign_in.RecoveryForm,
    )
    security.want_json(lambda _request: False)
    user_confirmed.connect(on_confirmed, app)
    change_email_confirmed.connect(on_address_changed, app)
    password_reset.connect(on_password_reset, app)
    sign_ins.keep_rows(app)
    security_events.watch(app)
    security.login_context_processor(lambda: {"signed_out": sign_ins.signed_out_words()})
    fresh.note_passwords(app)
    _take_away(app)
    _write_at_once(app)
    sign_in_limits.limit(app)
    second_factor.keep_signed_in(app)
    demands.demand(app, settings)


def _options(settings: Settings) -> dict[str, object]:
    return {
        "SECURITY_PASSWORD_SALT": settings.password_salt.get_secret_value(),
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_NORMALIZE_FORM": FORM,
        "SECURITY_DATETIME_FACTORY": now,
        "SECURITY_I18N_DIRNAME": ["builtin"],
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_USER_IDENTITY_ATTRIBUTES": [{"email": {"mapper": _address_of, "case_insensitive": False}}],
        "SECURITY_API_ENABLED_METHODS": ["session"],
        "SECURITY_EMAIL_PLAINTEXT": False,
        "SECURITY_EMAIL_HTML": False,
        "SECURITY_CONFIRMABLE": True,
        "SECURITY_LOGIN_WITHOUT_CONFIRMATION": True,
        "SECURITY_RECOVERABLE": True,
        "SECURITY_RESET_PASSWORD_WITHIN": RESET_WITHIN,
        "SECURITY_CHANGEABLE": True,
        "SECURITY_CHANGE_EMAIL": True,
        "SECURITY_CHANGE_EMAIL_WITHIN": CHANGE_WITHIN,
        "SECURITY_REGISTERABLE": False,
        # Bare words: the library’s own default writes « no-store=True », which no cache understands.
        "SECURITY_CACHE_CONTROL": {"private": None, "no-store": None},
        "SECURITY_FRESHNESS": fresh.FRESH_FOR,
        "SECURITY_FRESHNESS_GRACE_PERIOD": timedelta(0),
        "SECURITY_TWO_FACTOR": True,
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY": CODE_IS_GOOD_S,
        "SECURITY_TWO_FACTOR_ALWAYS_VALIDATE": False,
        "SECURITY_TWO_FACTOR_LOGIN_VALIDITY": DEVICE_REMEMBERED,
        "SECURITY_TOTP_SECRETS": {"1": settings.totp_secret.get_secret_value()},
        "SECURITY_TOTP_ISSUER": "Binome",
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS": [_recovery_key(settings)],
    }


def _cookies(settings: Settings) -> dict[str, object]:
    https = settings.public_url.startswith("https://")
    return {
        "SECURITY_TWO_FACTOR_VALIDITY_COOKIE_NAME": cookie_name(settings, "tf_validity"),
        "SECURITY_TWO_FACTOR_VALIDITY_COOKIE": {"httponly": True, "secure": https, "samesite": "Lax"},
        "REMEMBER_COOKIE_DURATION": DEVICE_REMEMBERED,
        "REMEMBER_COOKIE_SECURE": https,
        "REMEMBER_COOKIE_HTTPONLY": True,
        "REMEMBER_COOKIE_SAMESITE": "Lax",
    }


def _addresses() -> dict[str, object]:
    return {
        "SECURITY_LOGIN_URL": "/sign-in",
        "SECURITY_LOGOUT_URL": "/sign-out",
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_RESET_URL": "/reset",
        "SECURITY_CONFIRM_URL": "/confirm",
        "SECURITY_VERIFY_URL": "/account/verify",
        "SECURITY_CHANGE_URL": "/account/password",
        "SECURITY_CHANGE_EMAIL_URL": "/account/address",
        "SECURITY_TWO_FACTOR_SETUP_URL": "/account/second-factor",
        "SECURITY_TWO_FACTOR_TOKEN_VALIDATION_URL": "/sign-in/code",
        "SECURITY_MULTI_FACTOR_RECOVERY_URL": "/sign-in/recovery",
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_URL": "/account/recovery-codes",
        "SECURITY_TWO_FACTOR_POST_SETUP_VIEW": "security.mf_recovery_codes",
        "SECURITY_POST_LOGIN_VIEW": "home.show",
        "SECURITY_POST_LOGOUT_VIEW": "home.show",
        "SECURITY_POST_CHANGE_VIEW": "account.show",
        "SECURITY_POST_VERIFY_VIEW": "account.show",
        "SECURITY_POST_CHANGE_EMAIL_VIEW": "account.show",
        "SECURITY_CHANGE_EMAIL_ERROR_VIEW": "account.show",
        "SECURITY_TWO_FACTOR_ERROR_VIEW": "security.login",
    }


def _address_of(identity: str) -> str:
    return identity.strip().lower()


def _recovery_key(settings: Settings) -> bytes:
    secret = b"recovery codes" + settings.totp_secret.get_secret_value().encode()
    return base64.urlsafe_b64encode(hashlib.sha256(secret).digest())


def _take_away(app: Flask) -> None:
    def gone(**_values: str) -> Response:
        abort(404)

    for name in GONE:
        app.view_functions[f"security.{name}"] = gone


def _write_at_once(app: Flask) -> None:
    for endpoint, view in app.view_functions.items():
        if endpoint.startswith("security."):
            app.view_functions[endpoint] = _in_one_transaction(cast(View, view))


def _in_one_transaction(view: View) -> View:
    """Flask-Security reads, then writes: on SQLite that must begin as writing; and a mail alone is committed too."""

    @wraps(view)
    def run(**values: str) -> ResponseReturnValue:
        if request.method != "POST":
            return view(**values)
        with transaction(db.session()):
            return view(**values)

    run.guard = PUBLIC  # type: ignore[attr-defined]
    return run
