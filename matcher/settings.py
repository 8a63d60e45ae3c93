"""Settings: the only reader of the environment. Built once at an edge and passed down."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from matcher.errors import BadSettings
from matcher.settings_rules import faults

SECRETS = ("secret_key", "link_key", "mail_key", "password_salt", "totp_secret")
MIN_SECRET_LENGTH = 32
# Short enough for an address to have 64 characters before it.
DOMAIN = re.compile(r"(?=.{1,180}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}|localhost")
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
# What `--host` may name to listen on all of them; no browser can ask for a name that is not told.
EVERY_ADDRESS = frozenset({"0.0.0.0", "[::]"})  # noqa: S104
HOST_NAME = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:]+\]", re.ASCII)


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who answers for an installation; each further fact may be absent."""

    name: str
    address: str | None
    director: str | None
    email: str | None
    host: str | None


class Settings(BaseSettings):
    """All that a process is told from outside; each name is the environment variable in lower case."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True, hide_input_in_errors=True)

    environment: Literal["production", "development", "demo"] = Field(
        "production", description="What this installation is; only production sends to real people."
    )
    database_url: str = Field(
        "sqlite:///instance/binome.db", description="SQLAlchemy address of the database; SQLite or PostgreSQL."
    )
    redis_url: str | None = Field(
        None, description="Broker and rate counters; absent: one embedded worker, counters in memory."
    )
    public_url: str = Field("http://127.0.0.1:8000", description="The only source of the addresses put into mails.")
    trusted_hosts: str | None = Field(
        None, description="Further host names under which pages are served, with commas; absent: PUBLIC_URL’s alone."
    )
    secret_key: SecretStr = Field(description="Signs sessions and forms; 32 characters or more.")
    link_key: SecretStr = Field(description="Signs the links in mails; 32 characters or more.")
    mail_key: SecretStr = Field(description="Encrypts the links of account mails that wait to leave.")
    password_salt: SecretStr = Field(description="Mixed into each password before it is hashed.")
    totp_secret: SecretStr = Field(description="Encrypts the second factors.")
    smtp_host: str = Field("127.0.0.1", description="The mail server that takes our mails.")
    smtp_port: int = Field(25, description="Its port.")
    smtp_security: Literal["none", "starttls", "tls"] = Field("starttls", description="How the talk is protected.")
    smtp_user: str | None = Field(None, description="Who we are to the mail server.")
    smtp_password: SecretStr | None = Field(None, description="The password of SMTP_USER.")
    smtp_deadline_s: float = Field(
        20,
        gt=0,
        le=40,
        description="Seconds within which the mail server takes a mail, from connecting to its last word.",
    )
    mail_from: str = Field("binome@localhost", description="The sender's address of all mails.")
    bounce_domain: str | None = Field(
        None, description="Where what comes back is sent, one signed address a mail; absent: to MAIL_FROM."
    )
    bounce_folder: str | None = Field(
        None, description="A folder into which the mail server puts what comes back; read every minute."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="From which level on to log.")
    log_format: Literal["json", "lines"] | None = Field(
        None, description="How logs are written; absent: JSON in production, lines elsewhere."
    )
    proxy_hops: int = Field(
        0, ge=0, le=5, description="How many proxies in front of web are ours; in production one at least."
    )
    sending_window: bool = Field(True, description="Invitations leave from 08:00 to 20:00 only, not on closed days.")
    invitation_cap: bool = Field(True, description="At most 2 invitations a person in any 30 days.")
    audit_log_days: int = Field(
        365, ge=184, le=365, description="Days for which the audit log is kept; the database itself refuses fewer."
    )
    erasure_ledger: str | None = Field(
        None,
        description="The file, outside of the database, of what no restore may undo: erasures, unsubscriptions, closed"
        " addresses, as hashes; written by the workers. Absent: beside an SQLite database, else there is none.",
    )
    unconfirmed_days: int = Field(
        30,
        ge=15,
        le=30,
        description="Days after which an unconfirmed account is deleted, after two reminders.",
    )
    inactive_days: int = Field(
        730,
        ge=180,
        le=730,
        description="Days without a visit after which a volunteer is erased; warned 30 before.",
    )
    done_mail_days: int = Field(
        30, ge=7, le=30, description="Days for which what the workers have done is kept, mails that left among it."
    )
    pending_member_days: int = Field(
        90,
        ge=30,
        le=90,
        description="Days after which an invitation to an association that nobody answered is deleted.",
    )
    question_days: int = Field(
        30, ge=7, le=30, description="Days for which a volunteer's question about her place, and its answer, is kept."
    )
    ended_sign_in_days: int = Field(30, ge=7, le=30, description="Days for which a sign-in that has ended is kept.")
    note_days: int = Field(365, ge=30, le=365, description="Days for which a note between coordinators is kept.")
    sign_in_idle_h: int = Field(12, ge=1, le=72, description="Hours without a visit after which a sign-in ends.")
    second_factor: bool = Field(True, description="Coordinators and administrators need a second factor.")
    invitations_per_seat: int = Field(2, ge=1, le=5, description="Live invitations for each free seat.")
    demo_folder: str | None = Field(None, description="Where the demo keeps its mails; set by `binome demo` only.")
    undo_s: int = Field(10, ge=0, le=300, description="Seconds between a decision and its mail, for an undo.")
    review_promise_days: int = Field(3, ge=1, le=20, description="Working days until a submitted need is reviewed.")
    publisher_name: str | None = Field(None, description="Who publishes this site, for the legal notice.")
    publisher_address: str | None = Field(None, description="The publisher's postal address, in one line.")
    publisher_director: str | None = Field(None, description="The director of publication: a person's name.")
    publisher_email: str | None = Field(None, description="The publisher's e-mail address.")
    publisher_host: str | None = Field(None, description="Who hosts the site: name, address and telephone number.")
    health_token: SecretStr | None = Field(
        None, description="Opens /health and /metrics to machines, 32 characters or more; absent: they do not exist."
    )
    source_url: str | None = Field(None, description="Where the source code of this installation may be read.")

    def __init__(self, **values: object) -> None:
        """Read them; raises BadSettings, which names the first key that is missing or not fit and repeats no value."""
        try:
            super().__init__(**values)  # type: ignore[arg-type]
        except ValidationError as error:
            first = error.errors(include_url=False, include_context=False, include_input=False)[0]
            key = ".".join(map(str, first["loc"])).upper()
            told, _, why = first["msg"].removeprefix("Value error, ").partition(": ")
            raise BadSettings(key=key or told, why=why if not key else first["msg"]) from None

    @model_validator(mode="after")
    def _refuse_weak_settings(self) -> Self:
        for name in SECRETS:
            if len(getattr(self, name).get_secret_value()) < MIN_SECRET_LENGTH:
                raise BadSettings(key=name.upper(), why="shorter than 32 characters")
        if self.health_token is not None and len(self.health_token.get_secret_value()) < MIN_SECRET_LENGTH:
            raise BadSettings(key="HEALTH_TOKEN", why="shorter than 32 characters")
        if self.source_url is not None and not self.source_url.startswith(("https://", "http://")):
            raise BadSettings(key="SOURCE_URL", why="must begin with https:// or http://")
        if self.bounce_domain is not None and not DOMAIN.fullmatch(self.bounce_domain):
            raise BadSettings(key="BOUNCE_DOMAIN", why="must be a domain alone, such as bounces.example.org")
        if not all(HOST_NAME.fullmatch(host.strip().lower()) for host in (self.trusted_hosts or "x").split(",")):
            raise BadSettings(key="TRUSTED_HOSTS", why="must be host names with commas between, without ports or stars")
        if self.environment == "production":
            self._refuse_demo_habits()
        return self

    def _refuse_demo_habits(self) -> None:
        for name in ("sending_window", "invitation_cap", "second_factor"):
            if not getattr(self, name):
                raise BadSettings(key=name.upper(), why="may be off in the demo only")
        if self.demo_folder is not None:
            raise BadSettings(key="DEMO_FOLDER", why="belongs to the demo only")
        if self.log_level == "DEBUG":
            raise BadSettings(key="LOG_LEVEL", why="must be INFO or higher: DEBUG may write what people typed")
        if self.smtp_security == "none":
            raise BadSettings(key="SMTP_SECURITY", why="must be starttls or tls in production")
        self._refuse_what_is_not_fit()

    def _refuse_what_is_not_fit(self) -> None:
        if (self.smtp_user is None) != (self.smtp_password is None):
            missing = "SMTP_PASSWORD" if self.smtp_password is None else "SMTP_USER"
            raise BadSettings(key=missing, why="must be given too, or neither it nor its other half")
        if self.bounce_domain == "localhost":
            raise BadSettings(key="BOUNCE_DOMAIN", why="must be a domain whose mails come here, or be left out")
        given = {name.upper(): getattr(self, name).get_secret_value() for name in SECRETS}
        if self.health_token is not None:
            given["HEALTH_TOKEN"] = self.health_token.get_secret_value()
        if len(set(given.values())) < len(given):
            raise BadSettings(key=_repeated(given), why="is the same as another secret; each must differ")
        others = {"PUBLIC_URL": self.public_url, "MAIL_FROM": self.mail_from}
        for key, why in faults({**others, "DATABASE_URL": self.database_url, "REDIS_URL": self.redis_url, **given}):
            raise BadSettings(key=key, why=why)

    @property
    def served_hosts(self) -> frozenset[str] | None:
        """The host names for which pages are served; None where PUBLIC_URL stands for every address of the machine."""
        own = urlsplit(self.public_url).netloc.rpartition("@")[2]
        own = re.sub(r":[0-9]*$", "", own).lower()
        if not self.is_production and own in EVERY_ADDRESS:
            return None
        more = {host.strip().lower() for host in (self.trusted_hosts or "").split(",") if host.strip()}
        return frozenset({own} | more | (frozenset() if self.is_production else LOOPBACK))

    @property
    def is_demo(self) -> bool:
        """True in the demo world, where no mail leaves this machine."""
        return self.environment == "demo"

    @property
    def is_production(self) -> bool:
        """True where real people are written to."""
        return self.environment == "production"

    @property
    def takes_all_for_one(self) -> bool:
        """True for a production without a proxy of ours: everybody seems to ask from one place, the proxy’s."""
        return self.is_production and self.proxy_hops == 0

    @property
    def quotes_errors(self) -> bool:
        """True where the text of an error, which may quote a person, stands in the log: never in production."""
        return not self.logs_json and not self.is_production

    @property
    def logs_json(self) -> bool:
        """True where programs read the logs."""
        return self.log_format == "json" or (self.log_format is None and self.is_production)

    @property
    def publisher(self) -> Publisher | None:
        """Who answers for this installation; None while no name is given."""
        if self.publisher_name is None:
            return None
        return Publisher(
            name=self.publisher_name,
            address=self.publisher_address,
            director=self.publisher_director,
            email=self.publisher_email,
            host=self.publisher_host,
        )


def _repeated(secrets: Mapping[str, str]) -> str:
    """The first key whose value another one has too."""
    values = list(secrets.values())
    return next(key for key, value in secrets.items() if values.count(value) > 1)
