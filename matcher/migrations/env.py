"""Runs the migrations over the connection that `binome db upgrade` (or a test) passes in."""

from alembic import context

from matcher import models
from matcher.database import Base

assert models.__all__

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
