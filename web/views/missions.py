"""To be replaced."""

from flask import Blueprint

from web.auth import public

blueprint = Blueprint("missions", __name__)


@blueprint.get("/missions")
@public
def index(**_values: object) -> str:
    """To be replaced."""
    return ""


@blueprint.get("/missions/<int:pairing_id>")
@public
def show(**_values: object) -> str:
    """To be replaced."""
    return ""
