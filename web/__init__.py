"""The HTTP edge. `create_app` builds it; importing does no work."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from matcher.database import POSTGRESQL_POOL, database_address, tune
from matcher.i18n import TRANSLATIONS
from matcher.links import Links
from matcher.settings import Settings
from web import accounts_setup, context, errors, i18n, row_ids, security, signatures, tracing
from web.extensions import babel, csrf, db, limiter
from web.gate import Gate
from web.runtime import Clock, Runtime, host_clock
from web.views import register_views


def create_app(settings: Settings | None = None, *, clock: Clock = host_clock) -> Flask:
    """Build the web application from settings, read from the environment when none are given."""
    settings = settings or Settings()
    app = Flask(__name__)
    app.extensions["binome"] = Runtime(settings, Links(settings), clock)
    _configure(app, settings)
    signatures.sign_with_sha256(app)
    row_ids.bound(app)
    db.init_app(app)
    with app.app_context():
        tune(db.engine)
    babel.init_app(
        app,
        default_translation_directories=str(TRANSLATIONS),
        locale_selector=i18n.locale,
        timezone_selector=i18n.time_zone,
    )
    csrf.init_app(app)
    limiter.init_app(app)
    tracing.trace(app, proxy_hops=settings.proxy_hops)
    accounts_setup.set_up(app, settings)
    security.protect(app, https=settings.public_url.startswith("https://"))
    errors.tell_errors(app)
    context.provide(app)
    register_views(app, settings)
    app.wsgi_app = Gate(app.wsgi_app, settings)  # type: ignore[method-assign]
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def _configure(app: Flask, settings: Settings) -> None:
    address = database_address(settings.database_url)
    is_postgresql = address.get_backend_name() == "postgresql"
    app.config.update(
        SECRET_KEY=settings.secret_key.get_secret_value(),
        SQLALCHEMY_DATABASE_URI=address,
        SQLALCHEMY_ENGINE_OPTIONS=POSTGRESQL_POOL if is_postgresql else {},
        SESSION_COOKIE_NAME=security.cookie_name(settings, "session"),
        SESSION_COOKIE_SECURE=settings.public_url.startswith("https://"),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        # The pages behind signed links send no referrer; the token alone guards their forms.
        WTF_CSRF_SSL_STRICT=False,
        RATELIMIT_STORAGE_URI=settings.redis_url or "memory://",
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=bool(settings.redis_url),
        RATELIMIT_HEADERS_ENABLED=False,
        BABEL_DEFAULT_LOCALE="fr",
    )
