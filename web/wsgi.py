"""What a WSGI server runs: the application with the settings and the logs of this process."""

import sys

import click
from flask import Flask

from matcher import logs
from matcher.errors import BadSettings
from matcher.settings import Settings
from web import create_app, gate

NOT_STARTED = 3


def application() -> Flask:
    """Build the application of a process of its own: `gunicorn 'web.wsgi:application()'`."""
    try:
        settings = Settings()
    except BadSettings as error:
        click.echo(f"binome: {error}", err=True)
        # The status by which gunicorn knows that starting again would not help.
        sys.exit(NOT_STARTED)
    logs.configure(settings)
    gate.warn(settings)
    return create_app(settings)
