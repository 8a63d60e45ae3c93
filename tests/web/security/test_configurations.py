"""Production refuses to start on a bad configuration: it names the key, says what to do and repeats no secret."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from matcher.errors import BadSettings
from matcher.settings import Settings

DRAWN = {
    "SECRET_KEY": "f3c1a95b7d0e48826a4f90b1c2d3e4f5",
    "LINK_KEY": "0b7e64d2c98a15f3e6d7c8b9a0f1e2d3",
    "MAIL_KEY": "9d8c7b6a5f4e3d2c1b0a9f8e7d6c5b4a",
    "PASSWORD_SALT": "4e5f60718293a4b5c6d7e8f90a1b2c3d",
    "TOTP_SECRET": "7a6b5c4d3e2f10918273645546372819",
}
FIT = {
    **DRAWN,
    "ENVIRONMENT": "production",
    "DATABASE_URL": "postgresql://binome:b7e64d2c98a1@postgres:5432/binome",
    "REDIS_URL": "redis://redis:6379/0",
    "PUBLIC_URL": "https://binome.example.org",
    "SMTP_HOST": "smtp.example.org",
    "SMTP_SECURITY": "starttls",
    "MAIL_FROM": "bonjour@example.org",
}
ABSENT = ""
# What is wrong: the key that is named, and what is set instead of what is fit.
CASES: dict[str, tuple[str, dict[str, str]]] = {
    "no secret": ("LINK_KEY", {"LINK_KEY": ABSENT}),
    "a short secret": ("MAIL_KEY", {"MAIL_KEY": "f3c1a95b7d0e48826a4f90b1c2d3e4f"}),
    "a secret of one letter": ("TOTP_SECRET", {"TOTP_SECRET": "x" * 40}),
    "a secret of an example": ("SECRET_KEY", {"SECRET_KEY": "please-ChangeMe-before-production-0123"}),
    "a secret twice": ("LINK_KEY", {"LINK_KEY": DRAWN["MAIL_KEY"]}),
    "a short token": ("HEALTH_TOKEN", {"HEALTH_TOKEN": "short"}),
    "a token that is a secret": ("SECRET_KEY", {"HEALTH_TOKEN": DRAWN["SECRET_KEY"]}),
    "an address in clear": ("PUBLIC_URL", {"PUBLIC_URL": "http://binome.example.org"}),
    "an address with a path": ("PUBLIC_URL", {"PUBLIC_URL": "https://example.org/binome"}),
    "an address with a query": ("PUBLIC_URL", {"PUBLIC_URL": "https://example.org?a=b"}),
    "an address with a password": ("PUBLIC_URL", {"PUBLIC_URL": "https://user:f00dfeed@example.org"}),
    "an address of this machine": ("PUBLIC_URL", {"PUBLIC_URL": "https://localhost"}),
    "an address of this network": ("PUBLIC_URL", {"PUBLIC_URL": "https://192.168.1.10"}),
    "an address without a domain": ("PUBLIC_URL", {"PUBLIC_URL": "https://binome"}),
    "an address with a wild port": ("PUBLIC_URL", {"PUBLIC_URL": "https://example.org:99999"}),
    "a host with a star": ("TRUSTED_HOSTS", {"TRUSTED_HOSTS": "*.example.org"}),
    "a host with a port": ("TRUSTED_HOSTS", {"TRUSTED_HOSTS": "example.org:8000"}),
    "no sender": ("MAIL_FROM", {"MAIL_FROM": ABSENT}),
    "a sender at this machine": ("MAIL_FROM", {"MAIL_FROM": "binome@localhost"}),
    "a sender with a name": ("MAIL_FROM", {"MAIL_FROM": "Binôme <bonjour@example.org>"}),
    "a user without a password": ("SMTP_PASSWORD", {"SMTP_USER": "binome"}),
    "a password without a user": ("SMTP_USER", {"SMTP_PASSWORD": "f00dfeed"}),
    "mails in clear": ("SMTP_SECURITY", {"SMTP_SECURITY": "none"}),
    "a deadline longer than a lease": ("SMTP_DEADLINE_S", {"SMTP_DEADLINE_S": "600"}),
    "bounces to this machine": ("BOUNCE_DOMAIN", {"BOUNCE_DOMAIN": "localhost"}),
    "bounces to an address": ("BOUNCE_DOMAIN", {"BOUNCE_DOMAIN": "bounces@example.org"}),
    "logs that tell all": ("LOG_LEVEL", {"LOG_LEVEL": "DEBUG"}),
    "a database in memory": ("DATABASE_URL", {"DATABASE_URL": "sqlite://"}),
    "a database in memory, by name": ("DATABASE_URL", {"DATABASE_URL": "sqlite:///:memory:"}),
    "a database with its first password": (
        "DATABASE_URL", {"DATABASE_URL": "postgresql+psycopg://postgres:postgres@db/binome"}),
    "a database of another kind": ("DATABASE_URL", {"DATABASE_URL": "mysql://binome:f00dfeed@db/binome"}),
    "a Redis by http": ("REDIS_URL", {"REDIS_URL": "http://:f00dfeed@redis:6379"}),
    "fewer than no proxy": ("PROXY_HOPS", {"PROXY_HOPS": "-1"}),
    "proxies without number": ("PROXY_HOPS", {"PROXY_HOPS": "1000000"}),
    "a second factor for nobody": ("SECOND_FACTOR", {"SECOND_FACTOR": "0"}),
    "mails at night": ("SENDING_WINDOW", {"SENDING_WINDOW": "false"}),
    "as many invitations as one likes": ("INVITATION_CAP", {"INVITATION_CAP": "no"}),
    "a folder of the demo": ("DEMO_FOLDER", {"DEMO_FOLDER": "/srv/demo"}),
    "a log for ever": ("AUDIT_LOG_DAYS", {"AUDIT_LOG_DAYS": "366"}),
    "a log for a day": ("AUDIT_LOG_DAYS", {"AUDIT_LOG_DAYS": "1"}),
    "an environment of no name": ("ENVIRONMENT", {"ENVIRONMENT": "prod"}),
    "sources by a script": ("SOURCE_URL", {"SOURCE_URL": "javascript:alert(1)"}),
}  # fmt: skip
# Parts of values that stand for what must not be repeated.
KEPT = ("f00dfeed", "x" * 20, "ChangeMe", *(value[:12] for value in DRAWN.values()))
ROOT = Path(__file__).parents[3]


def _read(given: Mapping[str, str]) -> Settings:
    return Settings(**{key.lower(): value for key, value in given.items() if value != ABSENT})


def test_what_is_fit_starts() -> None:
    assert _read(FIT).is_production
    assert _read({**FIT, "SMTP_USER": "binome", "SMTP_PASSWORD": "f00dfeed", "PUBLIC_URL": "https://example.org/"})
    assert _read({**FIT, "DATABASE_URL": "sqlite:////srv/binome/binome.db", "REDIS_URL": "rediss://r:6380/0"})
    assert _read({**FIT, "PUBLIC_URL": "https://binome.example.org:8443", "TRUSTED_HOSTS": "autre.example.org, web"})


@pytest.mark.parametrize("name", CASES)
def test_production_refuses_to_start_names_the_key_and_repeats_no_secret(name: str) -> None:
    key, changes = CASES[name]

    with pytest.raises(BadSettings) as refused:
        _read({**FIT, **changes})

    assert refused.value.data["key"] == key
    assert str(refused.value).startswith(f"{key}: ")
    assert "\n" not in str(refused.value)
    assert [secret for secret in KEPT if secret in repr(refused.value) + str(refused.value)] == []


PROGRAMS = {
    "binome up": [str(Path(sys.executable).with_name("binome")), "up", "--port", "0"],
    "gunicorn": [sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:0", "--workers", "1", "web.wsgi:application()"],
}


@pytest.mark.parametrize("name", ["a secret of one letter", "an address of this machine", "fewer than no proxy"])
@pytest.mark.parametrize("program", PROGRAMS)
def test_the_programs_end_with_one_line_in_words(program: str, name: str, tmp_path: Path) -> None:
    key, changes = CASES[name]
    environment = {key: value for key, value in {**FIT, **changes}.items() if value != ABSENT}

    ended = subprocess.run(
        PROGRAMS[program], env={**environment, "PATH": "", "PYTHONPATH": str(ROOT)}, cwd=tmp_path,
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip

    told = [line for line in ended.stderr.splitlines() if line.startswith("binome: ")]
    assert ended.returncode != 0
    assert len(told) == 1
    assert told[0].startswith(f"binome: {key}: ")
    assert "Traceback" not in ended.stderr
    assert [secret for secret in KEPT if secret in ended.stderr + ended.stdout] == []
