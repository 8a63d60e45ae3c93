"""To be replaced."""

from flask import Blueprint

from web.auth import public

blueprint = Blueprint("needs", __name__)


@blueprint.get("/needs")
@public
def index(**_values: object) -> str:
    """To be replaced."""
    return ""


@blueprint.get("/needs/<int:need_id>")
@public
def show(**_values: object) -> str:
    """To be replaced."""
    return ""
