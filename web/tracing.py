"""Each request has an id: on its log lines, on the rows that it writes, in the answer. A person is an id too."""

import re
import secrets
import time

import structlog
from flask import Flask, Response, g, request
from structlog import contextvars

from matcher import outbox
from web.auth import look_up_nobody
from web.extensions import db

HEADER = "X-Request-ID"
SANE = re.compile(r"[A-Za-z0-9_-]{8,40}", re.ASCII)
# What machines ask every few seconds: not worth a line each time, and the same for everybody.
BY_MACHINES = frozenset({"health.live", "health.ready", "health.deep", "health.figures"})
QUIET = BY_MACHINES | {"static"}
log = structlog.get_logger(__name__)


def trace(app: Flask, *, proxy_hops: int) -> None:
    """Give each request an id; one from outside is taken only where a proxy of ours stands in front."""

    @app.before_request
    def begin() -> None:
        g.request_id = _id_from(request.headers.get(HEADER) if proxy_hops else None)
        g.began = time.monotonic()
        contextvars.clear_contextvars()
        contextvars.bind_contextvars(request=g.request_id)
        db.session().info[outbox.CAUSE] = g.request_id
        if request.endpoint in BY_MACHINES:
            look_up_nobody()

    @app.after_request
    def end(response: Response) -> Response:
        if "request_id" not in g:
            return response
        response.headers[HEADER] = g.request_id
        if request.endpoint not in QUIET:
            took_ms = round((time.monotonic() - g.began) * 1000)
            log.info(
                "request done",
                method=request.method,
                endpoint=request.endpoint,
                status=response.status_code,
                account=g.get("account_id"),
                took_ms=took_ms,
            )
        return response

    @app.teardown_request
    def forget(_error: BaseException | None) -> None:
        contextvars.clear_contextvars()


def _id_from(given: str | None) -> str:
    """Return the id that a proxy gave when it is sane, else a new one."""
    return given if given and SANE.fullmatch(given) else secrets.token_hex(16)
