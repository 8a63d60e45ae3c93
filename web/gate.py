"""Which requests come in at all: those for a host of ours and, where the public address is https, only by https.

It answers before the application does, in plain words and without a link: nothing is made from what was sent.
"""

import re
from collections.abc import Iterable
from urllib.parse import quote, urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import structlog
from werkzeug.wrappers import Response

from matcher.settings import Settings
from web.security import CONTENT_SECURITY_POLICY, HEADERS, ONLY_HTTPS_FOR_A_YEAR

# Machines ask each process by its own address inside the network and without encryption. They are answered for any
# host: what they get holds no link and no person, and the deeper two want a token.
FOR_MACHINES = frozenset({"/livez", "/readyz", "/health", "/metrics"})
HOST = re.compile(r"([a-z0-9.-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?", re.ASCII)
SAFE_IN_A_PATH = "/:@!$&'()*+,;=~-._"
NOT_SERVED = "Cette adresse n’est pas servie ici.\nThis address is not served here.\n"
ONLY_HTTPS = "Ce service ne se joint que par https.\nThis service is reached by https only.\n"
log = structlog.get_logger(__name__)


def warn(settings: Settings) -> None:
    """Say once at the start of a process when no proxy is told of where one must stand."""
    if settings.takes_all_for_one:
        log.warning("no proxy in production: all people count as one place, see PROXY_HOPS")


class Gate:
    """A WSGI application that lets through what may come in, under the public address where that is https."""

    def __init__(self, app: WSGIApplication, settings: Settings) -> None:
        """Stand before an application."""
        self._app = app
        self._served = settings.served_hosts
        self._address = settings.public_url.rstrip("/")
        self._public = urlsplit(self._address)
        self._is_https = self._public.scheme == "https"
        # Without a proxy of ours nobody tells how the request came.
        self._asks_for_https = self._is_https and settings.proxy_hops > 0

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, or hand it on."""
        environ["SCRIPT_NAME"] = ""
        is_for_machines = environ.get("PATH_INFO") in FOR_MACHINES
        refusal = None if is_for_machines else self._refusal(environ)
        if refusal is not None:
            return refusal(environ, start_response)
        if is_for_machines or self._is_https:
            environ["HTTP_HOST"] = self._public.netloc
        if self._is_https:
            environ["wsgi.url_scheme"] = "https"
        return self._app(environ, start_response)

    def _refusal(self, environ: WSGIEnvironment) -> Response | None:
        if not self._is_served(str(environ.get("HTTP_HOST", ""))):
            refusal = _plain(NOT_SERVED, 400)
            if self._is_https and not self._is_clear(environ):
                refusal.headers["Strict-Transport-Security"] = ONLY_HTTPS_FOR_A_YEAR
            return refusal
        if not self._is_clear(environ):
            return None
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return _plain(ONLY_HTTPS, 403)
        response = _plain(ONLY_HTTPS, 308)
        response.headers["Location"] = self._address + _target(environ)
        return response

    def _is_clear(self, environ: WSGIEnvironment) -> bool:
        return self._asks_for_https and environ["wsgi.url_scheme"].lower() != "https"

    def _is_served(self, host: str) -> bool:
        asked = HOST.fullmatch(host.lower())
        return asked is not None and (self._served is None or asked[1] in self._served)


def _target(environ: WSGIEnvironment) -> str:
    """Path and query as they were asked for, each character that could end a header quoted."""
    path = quote(str(environ.get("PATH_INFO", "")), safe=SAFE_IN_A_PATH, encoding="latin-1")
    query = quote(str(environ.get("QUERY_STRING", "")), safe=SAFE_IN_A_PATH + "%?", encoding="latin-1")
    return (path or "/") + (f"?{query}" if query else "")


def _plain(words: str, status: int) -> Response:
    response = Response(words, status, content_type="text/plain; charset=utf-8")
    response.autocorrect_location_header = False
    response.headers.update(
        {**HEADERS, "Content-Security-Policy": CONTENT_SECURITY_POLICY, "Cache-Control": "no-store"}
    )
    return response
