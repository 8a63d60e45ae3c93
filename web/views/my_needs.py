"""To be replaced."""

from flask import Blueprint

from web.auth import public

blueprint = Blueprint("my_needs", __name__)


@blueprint.get("/my/needs")
@public
def index(**_values: object) -> str:
    """To be replaced."""
    return ""


@blueprint.get("/my/needs/new")
@public
def new(**_values: object) -> str:
    """To be replaced."""
    return ""


@blueprint.get("/my/needs/<int:need_id>")
@public
def show(**_values: object) -> str:
    """To be replaced."""
    return ""
