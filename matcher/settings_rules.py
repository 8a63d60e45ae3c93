"""Why a value of a setting is not fit for production: one function a setting. Reads nothing, and repeats no secret."""

import re
from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import SplitResult, unquote, urlsplit

# What stands in examples, in the words of those who fill them in; a secret that is drawn holds none of them.
PLACEHOLDERS = (
    *("changeme", "change-me", "change_me", "changezmoi", "placeholder", "replace", "example", "your-", "your_"),
    *("insecure", "12345678", "abcdefgh"),
)
FEWEST_CHARACTERS = 8
DEFAULT_PASSWORDS = frozenset(
    {"", "admin", "binome", "changeme", "password", "postgres", "postgresql", "root", "secret", "test"}
)
LOCAL_NAMES = (".localhost", ".local", ".internal", ".invalid", ".test")
MAKE_ONE = 'make one with: python3 -c "import secrets; print(secrets.token_hex(32))"'


def why_not_secret(value: str) -> str | None:
    """Say why a secret can be guessed; None when nothing speaks against it."""
    if len(set(value)) < FEWEST_CHARACTERS:
        return f"must not be made of a few characters; {MAKE_ONE}"
    if any(word in value.lower() for word in PLACEHOLDERS):
        return f"holds words of an example; {MAKE_ONE}"
    return None


def why_not_public_url(value: str) -> str | None:
    """Say why an address cannot stand in the mails of a production."""
    try:
        parts = urlsplit(value)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return "is no address; write it like https://binome.example.org"
    if parts.scheme != "https":
        return "must begin with https:// in production"
    if "@" in parts.netloc:
        return "must not hold a user or a password; write https:// and the host alone"
    if parts.path not in ("", "/") or parts.query or parts.fragment or re.search(r"\s|\\", value):
        return "must end after the host: no path, no query; give Binôme a host of its own"
    return "names this machine; write the host that readers of mails can reach" if _is_local(host) else None


def why_not_sender(value: str) -> str | None:
    """Say why nobody could answer an address, or why it is none."""
    name, _, domain = value.rpartition("@")
    if not name or re.search(r"[\s<>,;]", value):
        return "must be an e-mail address alone, such as bonjour@example.org"
    return "is at this machine; use a domain for which your mail server may send" if _is_local(domain) else None


def why_not_database(value: str) -> str | None:
    """Say why a database would forget everything, or open to everybody."""
    scheme, _, rest = value.partition("://")
    if scheme.partition("+")[0] == "sqlite":
        path = rest.partition("?")[0].removeprefix("/")
        is_kept = path and ":memory:" not in value and "mode=memory" not in value
        return None if is_kept else "is kept in memory and lost at each start; name a file or a PostgreSQL"
    if scheme.partition("+")[0] not in ("postgresql", "postgres"):
        return "must begin with postgresql:// or sqlite:///"
    login = rest.partition("/")[0].rpartition("@")[0]
    password = unquote(login.partition(":")[2]).lower()
    if ":" in login and password in DEFAULT_PASSWORDS:
        return f"has a password that everybody tries first; {MAKE_ONE}"
    return None


def in_clear(database_url: str, redis_url: str | None) -> list[str]:
    """Return the keys of the servers on other machines to which we may talk without TLS, or without knowing theirs."""
    database, redis = urlsplit(database_url), urlsplit(redis_url or "")
    found = []
    if (
        database.scheme.startswith("postgres")
        and _is_elsewhere(database)
        and "sslmode=verify-full" not in database.query
    ):
        found.append("DATABASE_URL")
    return [*found, "REDIS_URL"] if redis.scheme == "redis" and _is_elsewhere(redis) else found


def _is_elsewhere(address: SplitResult) -> bool:
    host = address.hostname or ""
    return host not in ("", "localhost") and not (host.startswith("127.") or host == "::1")


def why_not_redis(value: str) -> str | None:
    """Say why an address is not that of a Redis."""
    schemes = ("redis://", "rediss://", "unix://")
    return None if value.startswith(schemes) else "must begin with redis://, rediss:// or unix://; or leave it out"


def faults(values: Mapping[str, str | None]) -> list[tuple[str, str]]:
    """Return the key and the reason of each value that is given and not fit."""
    rules = {
        "PUBLIC_URL": why_not_public_url,
        "MAIL_FROM": why_not_sender,
        "DATABASE_URL": why_not_database,
        "REDIS_URL": why_not_redis,
    }
    given = ((key, rules.get(key, why_not_secret), value) for key, value in values.items() if value is not None)
    return [(key, why) for key, rule, value in given if (why := rule(value)) is not None]


def _is_local(host: str) -> bool:
    """True for a name or a number that nobody outside can reach."""
    bare = host.lower().rstrip(".").strip("[]")
    try:
        return not ip_address(bare).is_global
    except ValueError:
        return "." not in bare or bare.endswith(LOCAL_NAMES)
