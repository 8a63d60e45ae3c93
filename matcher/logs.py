"""Logs of all processes: a constant sentence plus fields, ids only. JSON in production, plain lines elsewhere."""

import logging
import sys
import traceback

import structlog
from structlog.typing import EventDict, Processor

from matcher.settings import Settings

# Their lines name tasks and addresses of servers once a second; ours say what became of each row.
QUIETER = ("celery", "kombu", "amqp", "mail.log", "alembic", "waitress")
MOST_FRAMES = 12


def configure(settings: Settings) -> None:
    """Send the logs of this process, and those of the libraries, to standard error in one form."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info if settings.quotes_errors else tell_where,
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_without_quotation)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(settings)],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level)
    for name in QUIETER:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


def tell_where(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Replace an error by its class and the places that it came through; its text may quote a person."""
    found = event.pop("exc_info", None)
    error = sys.exc_info()[1] if found is True else found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["trace"] = [f"{frame.name}:{frame.lineno} {frame.filename}" for frame in _frames(error)]
    return event


def _frames(error: BaseException) -> list[traceback.FrameSummary]:
    return list(traceback.extract_tb(error.__traceback__))[-MOST_FRAMES:]


def _without_quotation(record: logging.LogRecord) -> bool:
    """Celery writes the text of an error, and sometimes its arguments, into its own sentence: keep the error only."""
    if record.name == "celery.app.trace" and record.exc_info:
        record.msg, record.args = "task failed", ()
    return True


def _renderer(settings: Settings) -> Processor:
    if settings.logs_json:
        return structlog.processors.JSONRenderer()
    return structlog.dev.ConsoleRenderer(colors=False)
