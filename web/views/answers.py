"""To be replaced."""

from flask import Blueprint

from web.auth import public

blueprint = Blueprint("answers", __name__)


@blueprint.get("/answer/<token>")
@public
def show(**_values: object) -> str:
    """To be replaced."""
    return ""
