"""To be replaced."""

from flask import Blueprint

from web.auth import public

blueprint = Blueprint("account", __name__)


@blueprint.get("/account")
@public
def show(**_values: object) -> str:
    """To be replaced."""
    return ""
