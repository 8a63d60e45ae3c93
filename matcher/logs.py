"""Logs of all processes: a constant sentence plus fields, ids only. JSON in production, plain lines elsewhere."""

import logging
import sys

import structlog
from structlog.typing import Processor

from matcher.settings import Settings

# Their lines name tasks and addresses of servers once a second; ours say what became of each row.
QUIETER = ("celery", "kombu", "amqp", "mail.log", "alembic", "waitress")


def configure(settings: Settings) -> None:
    """Send the logs of this process, and those of the libraries, to standard error in one form."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
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


def _renderer(settings: Settings) -> Processor:
    if settings.is_production:
        return structlog.processors.JSONRenderer()
    return structlog.dev.ConsoleRenderer(colors=False)
