"""Pages of a list: the number asked for, and the addresses of its neighbours with the filters kept. No reads."""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request


@dataclass(frozen=True, slots=True)
class Pages:
    """What `lists.pagination` shows; the addresses are None at the ends."""

    number: int
    pages: int
    total: int
    previous_url: str | None
    next_url: str | None


def asked_page() -> int:
    """Return the page that the address asks for, 1 when it names none that can be."""
    text = request.args.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def pages_of(number: int, pages: int, total: int) -> Pages:
    """Return the page with the addresses of its neighbours."""
    return Pages(
        number=number,
        pages=pages,
        total=total,
        previous_url=_address(number - 1) if number > 1 else None,
        next_url=_address(number + 1) if number < pages else None,
    )


def _address(number: int) -> str:
    kept = {name: value for name, value in request.args.items() if name != "page" and value}
    return f"{request.path}?{urlencode({**kept, 'page': number})}"
