"""The pages, one blueprint per noun."""

from flask import Flask

from matcher.settings import Settings
from web.demo import inbox
from web.views import (
    account,
    accounts,
    answers,
    associations,
    boards,
    home,
    missions,
    my_needs,
    needs,
    pages,
    reviews,
    volunteers,
)

VIEWS = (home, pages, accounts, account, associations, needs, my_needs, volunteers, reviews, missions, boards, answers)


def register_views(app: Flask, settings: Settings) -> None:
    """Bind all blueprints; the inbox in the demo only."""
    for view in VIEWS:
        app.register_blueprint(view.blueprint)
    if settings.is_demo:
        app.register_blueprint(inbox.blueprint)
