"""To be replaced."""

from flask import Blueprint

from web.auth import public

blueprint = Blueprint("associations", __name__)


@blueprint.get("/associations")
@public
def index(**_values: object) -> str:
    """To be replaced."""
    return ""
