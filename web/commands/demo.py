"""`binome demo`: the service with its demo world, its own mail server and an inbox that anybody may read."""

import json
import secrets
import sys
from pathlib import Path

import click
from flask_security import hash_password

from matcher.database import make_engine, make_sessions
from matcher.demo.tour import PASSWORD, tour
from matcher.demo.world import Making, build_world, is_built
from matcher.migrate import upgrade
from matcher.settings import SECRETS, Settings
from web import create_app
from web.commands.up import child, free_port, run
from web.runtime import host_clock

MAIL_FOLDER = "mail"


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on; the next one when it is busy.")
@click.option("--instance", default="instance", show_default=True, type=click.Path(path_type=Path, file_okay=False),
              help="Folder that keeps the demo's database, mails and keys.")  # fmt: skip
def demo(host: str, port: int, instance: Path) -> None:
    """Show the service at work with a written world; nothing leaves this machine. Ctrl-C stops it."""
    instance.mkdir(parents=True, exist_ok=True)
    port = free_port(host, port)
    mail_port = free_port(host, 2525)
    environment = demo_environment(instance, address=f"http://{host}:{port}", mail_port=mail_port)
    settings = Settings.model_validate({name.lower(): value for name, value in environment.items()})
    _prepare(settings, instance)
    sink = [sys.executable, "-m", "workers.sink", "--port", str(mail_port), "--folder", str(instance / MAIL_FOLDER)]
    with child(sink, environment):
        run(settings, host=host, port=port, announce=_announce, environment=environment)


def demo_environment(instance: Path, *, address: str, mail_port: int) -> dict[str, str]:
    """Return the settings of the demo as environment variables; its keys are made once and kept in the folder."""
    return {
        "ENVIRONMENT": "demo",
        "DATABASE_URL": f"sqlite:///{(instance / 'demo.db').absolute()}",
        "PUBLIC_URL": address,
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(mail_port),
        "SMTP_SECURITY": "none",
        "MAIL_FROM": "bonjour@binome.example",
        "SENDING_WINDOW": "false",
        "INVITATION_CAP": "false",
        "SECOND_FACTOR": "false",
        "LOG_LEVEL": "WARNING",
        "DEMO_FOLDER": str(instance.absolute()),
        **_keys(instance / "demo-keys.json"),
    }


def _keys(path: Path) -> dict[str, str]:
    if not path.exists():
        path.write_text(json.dumps({name.upper(): secrets.token_urlsafe(32) for name in SECRETS}), encoding="utf-8")
        path.chmod(0o600)
    return {str(name): str(value) for name, value in json.loads(path.read_text(encoding="utf-8")).items()}


def _prepare(settings: Settings, instance: Path) -> None:
    engine = make_engine(settings.database_url)
    upgrade(engine)
    with make_sessions(engine)() as session:
        if not is_built(session):
            click.echo("Writing the demo world: associations, needs, volunteers and what happened to them…")
            making = Making(settings, instance / MAIL_FOLDER, password_hash=_hashed(settings), tell=click.echo)
            build_world(session, host_clock(), making)
    engine.dispose()


def _hashed(settings: Settings) -> str:
    with create_app(settings).app_context():
        return str(hash_password(PASSWORD))


def _announce(address: str) -> None:
    click.echo(tour(address))
