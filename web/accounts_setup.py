"""Flask-Security, set up for our accounts, our mails and our clock."""

from datetime import timedelta

from flask import Flask, request
from flask_security import SQLAlchemySessionUserDatastore

from matcher.database import begin_write
from matcher.models.account import Account, Role
from matcher.settings import Settings
from web.extensions import db, security
from web.runtime import now


def set_up(app: Flask, settings: Settings) -> None:
    """Bind Flask-Security to the app."""
    app.config.update(
        SECURITY_PASSWORD_SALT=settings.password_salt.get_secret_value(),
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106 (an algorithm)
        SECURITY_DATETIME_FACTORY=now,
        SECURITY_I18N_DIRNAME=["builtin"],
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_TOTP_SECRETS={"1": settings.totp_secret.get_secret_value()},
        SECURITY_TOTP_ISSUER="Binome",
        SECURITY_REGISTERABLE=False,
        SECURITY_FRESHNESS=timedelta(hours=24),
        SECURITY_POST_LOGIN_VIEW="home.show",
        SECURITY_POST_LOGOUT_VIEW="home.show",
        SECURITY_LOGIN_URL="/sign-in",
        SECURITY_LOGOUT_URL="/sign-out",
        SECURITY_LOGOUT_METHODS=["POST"],
    )
    store = SQLAlchemySessionUserDatastore(db.session, Account, Role)
    security.init_app(app, store)

    @app.before_request
    def write_before_reading() -> None:
        """Flask-Security reads, then writes in one transaction: on SQLite that must begin as a writing one."""
        if request.method == "POST" and request.blueprint == "security":
            begin_write(db.session())
