"""The pages, one blueprint per noun."""

from flask import Flask

from matcher.settings import Settings
from web.demo import inbox
from web.views import (
    accesses,
    account,
    accounts,
    address_works,
    answers,
    associations,
    boards,
    catalogue,
    closed_addresses,
    corrections,
    health,
    home,
    lines,
    links,
    mail_choices,
    mail_links,
    memberships,
    missions,
    my_needs,
    my_places,
    need_drafts,
    need_steps,
    needs,
    notes,
    outbox,
    own_data,
    pages,
    people,
    quarantine,
    reviews,
    suggestions,
    volunteers,
    weights,
    yeses,
)

VIEWS = (
    home,
    pages,
    accounts,
    account,
    accesses,
    associations,
    memberships,
    needs,
    my_places,
    my_needs,
    volunteers,
    reviews,
    corrections,
    missions,
    boards,
    answers,
    yeses,
    links,
    mail_choices,
    mail_links,
    catalogue,
    need_drafts,
    need_steps,
    lines,
    suggestions,
    notes,
    weights,
    address_works,
    closed_addresses,
    people,
    health,
    quarantine,
    outbox,
    own_data,
)


def register_views(app: Flask, settings: Settings) -> None:
    """Bind all blueprints; the inbox in the demo only."""
    for view in VIEWS:
        app.register_blueprint(view.blueprint)
    if settings.is_demo:
        app.register_blueprint(inbox.blueprint)
