"""`binome doctor`: looks at what an installation needs, says what is wrong and what to do. It changes nothing."""

from collections.abc import Callable
from datetime import timedelta

import click
import redis
import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from matcher import ledger
from matcher.errors import BadSettings
from matcher.migrate import head, is_at_head
from matcher.models.suppression import MailReport
from matcher.queries import health
from matcher.queries.health import Check
from matcher.services import erasures, quarantine
from matcher.settings import Settings
from matcher.settings_rules import in_clear
from workers.commands.doctor_mail import Known, an_ip, examine_mail
from workers.runtime import Runtime
from workers.smtp import PermanentMailError, Server, TemporaryMailError

LEDGER_LIMIT = timedelta(minutes=15)


class Trouble(Exception):
    """Something is wrong; the text says what, and what to do."""


class Warn(Exception):
    """Something is to be done, and nothing is out of order."""


def _database(runtime: Runtime) -> str:
    try:
        with runtime.sessions() as session:
            session.execute(sa.select(1))
    except SQLAlchemyError as error:
        raise Trouble(f"cannot be reached ({type(error).__name__}). Check DATABASE_URL and that it runs.") from error
    return f"{runtime.engine.dialect.name} answers"


def _migrations(runtime: Runtime) -> str:
    with runtime.engine.connect() as connection:
        if not is_at_head(connection):
            raise Trouble("the tables are not those of this version. Run `binome db upgrade`.")
    return f"at {head()}"


def _broker(runtime: Runtime) -> str:
    if runtime.settings.redis_url is None:
        return "in the memory of the embedded worker (no REDIS_URL)"
    try:
        with redis.Redis.from_url(runtime.settings.redis_url, socket_connect_timeout=5) as client:
            client.ping()
    except redis.RedisError as error:
        raise Trouble(
            "Redis cannot be reached. Check REDIS_URL and that it runs; nothing is lost meanwhile."
        ) from error
    return "Redis answers"


def _smtp(runtime: Runtime) -> str:
    try:
        Server.of(runtime.settings).greet()
    except (TemporaryMailError, PermanentMailError) as error:
        raise Trouble(
            f"the mail server does not take us ({error.code}). Check SMTP_HOST, SMTP_PORT, SMTP_SECURITY and SMTP_USER;"
            " the mails wait in the outbox."
        ) from error
    return f"{runtime.settings.smtp_host}:{runtime.settings.smtp_port} answers"


def _progress(*names: str, advice: str) -> Callable[[Runtime], str]:
    """Make a check of those of `/health` that bear these names, with what to do when one is late."""

    def check(runtime: Runtime) -> str:
        with runtime.sessions() as session:
            found = health.examine(session, runtime.clock(session))
        looked_at = [each for each in found if each.name.partition(".")[0] in names]
        late = [each for each in looked_at if each.is_late]
        if any(each.name == "last_beat" and each.value is None for each in late):
            raise Warn("no dispatcher has run yet. Start a worker and beat, or `binome up`.")
        if late:
            raise Trouble(f"{'; '.join(map(_measured, late))}. {advice}")
        return "nothing is late"

    return check


def _measured(check: Check) -> str:
    if check.value is None:
        return f"{check.name} never"
    return f"{check.name} {check.value:.0f}, at most {check.limit:.0f} {check.unit}"


def _quarantine(runtime: Runtime) -> str:
    with runtime.sessions() as session:
        held = quarantine.present(session)
    if held is not None:
        raise Warn(f"since {held.since:%Y-%m-%d %H:%M} UTC no mail leaves: `binome outbox lift` or /admin/quarantine.")
    return "none; mails may leave"


def _proxy(runtime: Runtime) -> str:
    if not runtime.settings.takes_all_for_one:
        return f"PROXY_HOPS is {runtime.settings.proxy_hops}"
    raise Trouble(
        "PROXY_HOPS is 0, but only a proxy can answer by https: all people count as one place, so that a few wrong"
        " passwords stop everybody's sign-in, and nothing in clear is led to https. Set how many proxies are yours."
    )


def _transport(runtime: Runtime) -> str:
    settings = runtime.settings
    open_keys = in_clear(settings.database_url, settings.redis_url) if settings.is_production else []
    if not open_keys:
        return "nothing crosses a network in clear" if settings.is_production else "only production is looked at"
    raise Warn(
        f"{' and '.join(open_keys)} may be read on the way: end with ?sslmode=verify-full, begin with rediss://, or"
        " keep these servers in a network of your own."
    )


def _publisher(runtime: Runtime) -> str:
    if runtime.settings.publisher is not None:
        return "named in the legal notice"
    if not runtime.settings.is_production:
        return "not named; only production must"
    raise Warn("the legal notice names nobody. Set PUBLISHER_NAME before the site opens to the public.")


def _returns(runtime: Runtime) -> str:
    settings = runtime.settings
    if settings.bounce_domain is None:
        return "BOUNCE_DOMAIN is not set: `binome doctor --mail` says what that costs"
    if settings.bounce_folder is not None:
        return f"read from {settings.bounce_folder} every minute"
    with runtime.sessions() as session:
        has_come = session.scalar(sa.select(sa.exists().where(MailReport.id.is_not(None))))
    if has_come:
        return "messages have come back of late"
    raise Warn(
        "nothing has come back for 30 days. Does your mail server hand what comes to BOUNCE_DOMAIN to `binome bounce`,"
        " or write it into a folder that BOUNCE_FOLDER names?"
    )


def _ledger(runtime: Runtime) -> str:
    path = ledger.path_of(runtime.settings)
    if path is None:
        raise Warn(
            "none is kept: a restore would bring back whoever erased herself. Set ERASURE_LEDGER for the workers."
        )
    with runtime.sessions() as session:
        known, now = erasures.known_to(session, runtime.settings), runtime.clock(session)
    try:
        held = ledger.read(path) if path.exists() else ledger.Ledger((), ())
    except (OSError, ledger.BrokenLedger) as error:
        raise Trouble(
            f"{path} cannot be read ({type(error).__name__}). May this user read it, was it changed?"
        ) from error
    if any(head.key != erasures.key_mark(runtime.settings) for head in held.heads):
        raise Trouble(f"{path} is kept under another MAIL_KEY. docs/production.md#keys says what is to be done.")
    late = [line for line in known.lines if line.at < now - LEDGER_LIMIT and line not in set(held.lines)]
    if late:
        raise Trouble(
            f"{len(late)} lines are not in {path}. Is a worker running, may it write there, is this its disk?"
        )
    return f"{len(held.lines)} lines in {path}" if held.heads else "nothing to keep yet"


CHECKS: dict[str, Callable[[Runtime], str]] = {
    "database": _database,
    "migrations": _migrations,
    "broker": _broker,
    "smtp": _smtp,
    "outbox": _progress(
        "oldest_due", "last_hand_over", "stuck_rows", advice="Is a worker running? Its log says what stops it."
    ),
    "beat": _progress("last_beat", advice="Are beat, Redis and a worker running? Rows wait until they do."),
    "clocks": _progress("oldest_due_clock", advice="Are beat and a worker running? Their logs say what stops them."),
    "alerts": _progress("open_alerts", advice="The page “Outbox” of the administrators says what to do about each."),
    "quarantine": _quarantine,
    "returns": _returns,
    "ledger": _ledger,
    "proxy": _proxy,
    "transport": _transport,
    "publisher": _publisher,
}


@click.command("doctor")
@click.option("--check", "names", multiple=True, type=click.Choice(list(CHECKS)), help="Only this; may be repeated.")
@click.option("--mail", "of_mail", is_flag=True, help="Look at the DNS of our mail domains instead.")
@click.option("--dkim-selector", "selectors", multiple=True, help="With --mail: a selector of your DKIM key.")
@click.option("--sends-from", "addresses", multiple=True, callback=an_ip, help="With --mail: your mail server's IP.")
@click.option("--nameserver", help="With --mail: the DNS server to ask, such as 9.9.9.9 or 127.0.0.1#5353.")
def doctor(
    names: tuple[str, ...],
    of_mail: bool,
    selectors: tuple[str, ...],
    addresses: tuple[str, ...],
    nameserver: str | None,
) -> None:
    """Check settings, servers, progress (as /health does), ledger, proxy and publisher; exit 1 when something is wrong.

    With --mail: SPF, DKIM and DMARC of the domains that mails leave from, and what to publish.
    """
    settings = _settings()
    _tell("settings", f"read, for {settings.environment}")
    known = Known(selectors, addresses, nameserver)
    if not (examine_mail(settings, known) if of_mail else _examine_all(settings, names)):
        raise click.exceptions.Exit(1)


def _examine_all(settings: Settings, names: tuple[str, ...]) -> bool:
    runtime = Runtime.of(settings)
    is_well = True
    for name in names or tuple(CHECKS):
        is_well = _examine(name, runtime) and is_well
    runtime.engine.dispose()
    return is_well


def _settings() -> Settings:
    """Read the settings; what pydantic says is shortened, because it quotes the values."""
    try:
        return Settings()
    except BadSettings as error:
        raise click.ClickException(f"settings: {error}") from error
    except ValidationError as error:
        faults = (f"{'.'.join(map(str, one['loc'])).upper() or 'settings'}: {one['msg']}" for one in error.errors())
        raise click.ClickException("settings: " + "; ".join(faults)) from error


def _examine(name: str, runtime: Runtime) -> bool:
    try:
        _tell(name, CHECKS[name](runtime))
    except Warn as warning:
        _tell(name, f"WARNING: {warning}")
        return True
    except Trouble as trouble:
        _tell(name, f"WRONG: {trouble}")
    except SQLAlchemyError as error:
        _tell(name, f"WRONG: cannot be read ({type(error).__name__}). See database and migrations.")
    else:
        return True
    return False


def _tell(name: str, finding: str) -> None:
    click.echo(f"{name:<11}{finding}")
