"""Celery tasks: ids in, re-read, check the state, call a service."""
