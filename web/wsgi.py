"""What a WSGI server runs: the application with the settings and the logs of this process."""

from flask import Flask

from matcher import logs
from matcher.settings import Settings
from web import create_app


def application() -> Flask:
    """Build the application of a process of its own: `gunicorn 'web.wsgi:application()'`."""
    settings = Settings()
    logs.configure(settings)
    return create_app(settings)
