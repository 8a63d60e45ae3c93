"""Settings for tests: keys that open nothing, SMTP without protection, and what a test changes."""

from matcher.settings import SECRETS, Settings


def make_settings(database_url: str, **changes: object) -> Settings:
    """Return settings for a database, with every other value fit for a test unless it is given."""
    keys = {key: f"{key}-for-tests-".ljust(40, "x") for key in SECRETS}
    values = {"environment": "development", "smtp_security": "none", **keys, **changes}
    return Settings.model_validate({"database_url": database_url, **values})
