"""There is no door for files, CSV or calendars; whoever opens one brings its forty cases: until then these fail."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from wtforms import FileField, MultipleFileField

import web
from tests.faults.twice import rows_of
from tests.security.form import IS_FULL
from tests.web.security.posting import let_go, stocked
from tests.web.security.test_sizes import cases as forms_of
from tests.web.visiting import Visitor

SOURCES = sorted(Path(web.__file__).parent.rglob("*.py"))
TEMPLATES = sorted(Path(web.__file__).parent.rglob("*.html"))
# What a view would have to name to take a file, or to answer with one of those that programs open.
TAKING = re.compile(r"request\.(files|stream|data\b|get_data)|FileField|FileAllowed|send_file", re.IGNORECASE)
ANSWERING = re.compile(
    r"text/csv|text/calendar|import csv|icalendar|spreadsheet|openpyxl|\.ics\b|\.csv\b", re.IGNORECASE
)
MARK = "zyxomma-in-a-file"
HOSTILE = (
    (f"{MARK}.csv", f'=HYPERLINK("https://{MARK}.example")\n'.encode(), "text/csv"),
    (f"{MARK}.ics", f"BEGIN:VCALENDAR\r\nSUMMARY:{MARK}\r\nEND:VCALENDAR\r\n".encode(), "text/calendar"),
    (f"../../{MARK}.html", f"<script>{MARK}</script>".encode(), "text/html"),
)
Property = Callable[[str, object], None]


@pytest.mark.parametrize("pattern", [TAKING, ANSWERING], ids=["taking a file", "answering with one"])
def test_no_view_names_what_a_door_for_files_needs(pattern: re.Pattern[str], record_property: Property) -> None:
    named = [path.name for path in SOURCES if pattern.search(path.read_text(encoding="utf-8"))]

    record_property("told", "no door")
    assert named == []


def test_no_form_takes_a_file() -> None:
    taking = [form.__name__ for form in forms_of() for field in vars(form).values() if _is_file(field)]
    asking = [path.name for path in TEMPLATES if re.search(r"type=.file|enctype", path.read_text(encoding="utf-8"))]

    assert (taking, asking) == ([], [])


def _is_file(field: object) -> bool:
    return getattr(field, "field_class", None) in (FileField, MultipleFileField)


def test_a_file_that_is_sent_all_the_same_is_kept_nowhere(
    sqlite_template: Path, tmp_path: Path, record_property: Property
) -> None:
    sent = 0
    for stock in stocked(sqlite_template, tmp_path):
        app, each = stock.app(), 1 if IS_FULL else 12
        for form in list(stock.forms.values())[::each]:
            name, content, kind = HOSTILE[sent % len(HOSTILE)]
            visitor = Visitor(app, form.sender)
            visitor.client.environ_base["REMOTE_ADDR"] = f"10.0.0.{sent}"
            file = (io.BytesIO(content), name, kind)
            data = {"csrf_token": visitor._token("/"), **form.typed, "file": file, "photo": file}
            answer = visitor.client.post(form.address, data=data, content_type="multipart/form-data")
            assert answer.status_code < 500, form.address
            sent += 1
        assert MARK not in repr(rows_of(stock.url))
        let_go(app)
    record_property("cases", sent)
    assert not [path for path in tmp_path.rglob("*") if path.suffix not in {".db", ".db-wal", ".db-shm"}]
