"""What a form does not ask for is not kept: each form with ten fields more leaves the database as without them."""

from collections.abc import Callable
from pathlib import Path

from tests.faults.posts import NOT_PLAYED
from tests.faults.twice import Rows, differing, rows_of
from tests.web.security.forms_beside import BESIDE
from tests.web.security.posting import ALL, Stock, let_go, stocked
from tests.web.visiting import Visitor

# Names of columns, of roles and of what services are told, as somebody would guess them from the code.
CASES = {
    "is_administrator": "1",
    "roles": "administrator",
    "account_id": "1",
    "association_id": "1",
    "branch_id": "1",
    "status": "confirmed",
    "confirmed_at": "2026-09-07T08:00:00+00:00",
    "verified_at": "2026-09-07T08:00:00+00:00",
    "active": "1",
    "hat": "administrator",
}
# Fields that one form or another does ask for.
ASKED = {"accounts.hat": "hat"}


def _sent(stock: Stock, url: str, extra: dict[str, str]) -> tuple[Rows, dict[str, int]]:
    """Send every form of a world, one after the other; return what is then in the database, and the answers."""
    app, answers = stock.app(url), {}
    for number, (name, form) in enumerate(stock.forms.items()):
        visitor = Visitor(app, form.sender)
        visitor.client.environ_base["REMOTE_ADDR"] = f"10.0.0.{number}"
        more = {key: value for key, value in extra.items() if ASKED.get(name) != key}
        answers[name] = visitor.post(form.address, {**more, **form.typed}, page="/").status
    let_go(app)
    return rows_of(url), answers


def test_fields_that_no_form_asks_for_change_nothing(
    sqlite_template: Path, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    done, played = 0, 0
    for stock in stocked(sqlite_template, tmp_path, ALL):
        bare, answers = _sent(stock, stock.copy("bare.db"), {})
        laden, same = _sent(stock, stock.copy("laden.db"), CASES)
        assert answers == same
        assert differing(bare, laden) == []
        assert bare != rows_of(stock.url)
        played += len(CASES) * len(stock.forms)
        done += sum(status in (200, 302, 303) for status in answers.values())
    assert done > 100
    record_property("cases", played)


def test_no_form_is_left_out() -> None:
    assert BESIDE.keys() == NOT_PLAYED.keys()
    assert ALL.keys() >= NOT_PLAYED.keys()
