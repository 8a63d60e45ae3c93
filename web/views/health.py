"""What machines ask: is the process alive, can it serve, does the work go on; and the figures. No page, no person."""

import hmac

from flask import Blueprint, Response, abort, jsonify, request

from matcher.queries.health import Check, examine
from web import metrics, readiness
from web.auth import public
from web.extensions import db
from web.runtime import now, runtime

blueprint = Blueprint("health", __name__)


@blueprint.get("/livez")
@public
def live() -> Response:
    """Answer, and touch nothing."""
    return jsonify(status="alive")


@blueprint.get("/readyz")
@public
def ready() -> tuple[Response, int]:
    """Tell whether pages can be served: 200, or 503; Redis away is told and no reason to refuse."""
    found = readiness.examine(runtime().settings)
    answer = jsonify(status=found.status, database=found.database, redis=found.redis)
    return answer, 200 if found.is_ready else 503


@blueprint.get("/health")
@public
def deep() -> tuple[Response, int]:
    """Tell how the work goes on, each check with its limit; 503 when one is late."""
    _require_token()
    checks = examine(db.session(), now())
    is_late = any(check.is_late for check in checks)
    answer = jsonify(status="late" if is_late else "ok", checks=[_told(check) for check in checks])
    return answer, 503 if is_late else 200


@blueprint.get("/metrics")
@public
def figures() -> Response:
    """Give the figures to Prometheus."""
    _require_token()
    return Response(metrics.exposition(db.session(), now()), content_type=metrics.CONTENT_TYPE)


def _told(check: Check) -> dict[str, str | float | None]:
    state = "late" if check.is_late else "ok"
    return {"name": check.name, "state": state, "value": check.value, "limit": check.limit, "unit": check.unit}


def _require_token() -> None:
    """Without a token in the settings there is nothing here; with another one than it, nothing to see."""
    token = runtime().settings.health_token
    if token is None:
        abort(404)
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    is_right = hmac.compare_digest(given.strip().encode(), token.get_secret_value().encode())
    if scheme.lower() != "bearer" or not is_right:
        abort(401)
