"""Numbers in addresses, queries and bodies: those that can be a row's id. Others lead nowhere; no database is asked."""

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**31 - 1


class RowId(IntegerConverter):
    """What `<int:…>` means in every route."""

    def __init__(self, url_map: Map) -> None:
        """Take what PostgreSQL's INTEGER takes."""
        super().__init__(url_map, max=LARGEST)


def bound(app: Flask) -> None:
    """Let no address name a row that cannot be; to be called before the routes are made."""
    app.url_map.converters["int"] = RowId


def number(typed: str) -> int:
    """Read a number of a query or a body, as the `type=` of `get`; raises ValueError for what no row can have."""
    value = int(typed)
    if not -LARGEST <= value <= LARGEST:
        raise ValueError(typed)
    return value
