"""What stands in the log of an error: in production never its text, in whatever form lines are written."""

import subprocess
import sys

import pytest

from matcher.settings import SECRETS

PLANTED = "zebulon.quetzal@example.org"
FAILS = f"""
import logging, structlog
from matcher import logs
from matcher.settings import Settings

logs.configure(Settings())
try:
    address = {PLANTED!r}
    raise ValueError(address)
except ValueError:
    structlog.get_logger("ours").exception("it broke")
    logging.getLogger("a.library").exception("it broke there")
"""


def written(**facts: str) -> str:
    """What a process writes in which an error is told that quotes an address."""
    secrets = {name.upper(): f"{name}-4f81-of-a-test-and-long-enough" for name in SECRETS}
    production = {"PUBLIC_URL": "https://binome.fr", "MAIL_FROM": "bonjour@binome.fr", "SMTP_SECURITY": "tls"}
    run = subprocess.run(
        [sys.executable, "-c", FAILS],
        env={**secrets, **production, **facts},
        text=True,
        capture_output=True,
        check=True,
    )
    return run.stderr


@pytest.mark.parametrize("form", ["lines", "json", ""])
def test_production_never_writes_the_text_of_an_error(form: str) -> None:
    log = written(ENVIRONMENT="production", LOG_FORMAT=form)

    assert PLANTED not in log
    assert log.count("ValueError") == 2
    assert log.count("<string>") == 2, "where it happened is told"


def test_development_tells_it() -> None:
    assert PLANTED in written(ENVIRONMENT="development")
