"""The headers of every answer, and what a request may weigh and be written in."""

from flask import Flask, Response, abort, request

from matcher.settings import Settings
from web.auth import current_account

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "object-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
ONLY_HTTPS_FOR_A_YEAR = "max-age=31536000; includeSubDomains"
# The one limit on what a request may weigh, for the application and for the server of `binome up`.
MOST_BYTES = 2 * 1024 * 1024
MOST_HEADER_BYTES = 32 * 1024
# Pages send forms. The libraries would read JSON as one too, past every limit that looks at what was typed.
WRITTEN_IN = frozenset({"", "application/x-www-form-urlencoded", "multipart/form-data"})
# Of a page whose address holds a token from a mail: it is for one reader.
KEPT_TO_ITSELF = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


def cookie_name(settings: Settings, name: str) -> str:
    """Return what a cookie is called: by https so that no other host, nor anything in clear, can set it."""
    return f"__Host-{name}" if settings.public_url.startswith("https://") else name


def protect(app: Flask, *, https: bool) -> None:
    """Put the headers on every answer; refuse bodies over 2 MiB and those that are no form."""
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    app.config["MAX_FORM_MEMORY_SIZE"] = MOST_BYTES

    @app.before_request
    def take_only_forms() -> None:
        if request.mimetype not in WRITTEN_IN:
            abort(415)

    @app.after_request
    def put_headers(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if https:
            response.headers.setdefault("Strict-Transport-Security", ONLY_HTTPS_FOR_A_YEAR)
        if current_account() is not None:
            response.headers["Cache-Control"] = "no-store"
        if request.endpoint == "security.logout" and request.method == "POST":
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        if "token" in (request.view_args or {}):
            response.headers.update(KEPT_TO_ITSELF)
        return response
