"""Every column stands in the register of personal data, or is said to be nobody's; nothing else stands there."""

import ast
from collections import Counter

import pytest

from matcher import models
from matcher.database import Base
from matcher.privacy_register import FILE, Kept, Whose, read, register
from tests.architecture.source import modules, tree

assert models
# What lines of the log hold that leads to no person: kinds, counts, durations, codes.
NOBODYS = {
    "added", "asked", "attempt", "by", "clock", "code", "connection_lost", "count", "day", "digest",
    "endpoint", "error", "exc_info", "ids", "is_new", "kind", "method", "outcome", "reason", "rule", "status",
    "subject", "took_ms", "until", "volunteers", "woken", "written", "wrong",
}  # fmt: skip
WRITTEN = FILE.read_text(encoding="utf-8")
COLUMNS = {(table.name, column.name) for table in Base.metadata.tables.values() for column in table.columns}


def _named(text):
    found = read(text)
    personal = [(entry.table, entry.column) for entry in found.entries]
    others = [(table, column) for table, columns in found.not_personal.items() for column in columns]
    return Counter(personal + others)


def _faults(text):
    named = _named(text)
    return {
        "without an entry": COLUMNS - set(named),
        "without a column": set(named) - COLUMNS,
        "twice": {column for column, times in named.items() if times > 1},
    }


def test_every_column_has_one_entry_and_every_entry_its_column():
    assert _faults(WRITTEN) == {"without an entry": set(), "without a column": set(), "twice": set()}


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ('"email", "name"', '"email"', {"without an entry": {("accounts", "name")}}),
        ('"email", "name"', '"email", "name", "fax"', {"without a column": {("accounts", "fax")}}),
        ('"email", "name"', '"email", "name", "hat"', {"twice": {("accounts", "hat")}}),
        (
            "[tables.roles]",
            "[tables.rolls]",
            {
                "without a column": {("rolls", column) for column in ("id", "name", "description")},
                "without an entry": {("roles", column) for column in ("id", "name", "description")},
            },
        ),
    ],
)
def test_a_column_that_is_left_out_invented_or_named_twice_is_found(before, after, fault):
    broken = WRITTEN.replace(before, after, 1)
    assert {kind: found for kind, found in _faults(broken).items() if found} == fault


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('purpose = "account"', 'purpose = "curiosity"'),
        ('kept = "account"', 'kept = "for_ever"'),
        ('basis = "consent"', 'basis = "habit"'),
        ('seen_by = ["administrators"]', 'seen_by = ["neighbours"]'),
        ('exported = "yes"', 'exported = "perhaps"'),
        ('erased = "emptied"', 'erased = "hidden"'),
        ('of = "holder"', 'of = "somebody"'),
        ('exported = "yes"', 'exported = "yes", colour = "red"'),
        (', erased = "emptied"', ""),
        ("days = 30", 'days = "thirty"'),
        ('unconfirmed_account = "unconfirmed"', ""),
    ],
)
def test_an_unknown_code_a_word_too_many_or_a_missing_one_is_refused(before, after):
    assert before in WRITTEN
    with pytest.raises(ValueError, match="validation error"):
        read(WRITTEN.replace(before, after, 1))


def test_every_purpose_and_every_period_is_used():
    found = register()
    assert set(found.periods) == set(Kept) == {entry.kept for entry in (*found.entries, *found.outside)} | found.rules
    assert {entry.of for entry in found.entries} == set(Whose)


def _fields_of_log_lines():
    """The names of what log lines hold, apart from what is bound to them all or unpacked into them."""
    calls = [node for path in modules() for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]
    said = [call for call in calls if ast.unparse(call.func).startswith("log.")]
    return {keyword.arg for call in said for keyword in call.keywords if keyword.arg}


def test_each_field_of_a_log_line_stands_in_the_register_or_is_nobodys():
    """`request` is bound to each line, `address` comes from who typed it: neither stands in a call by its name."""
    registered = {entry.column for entry in register().outside if entry.table == "process_logs"}
    assert _fields_of_log_lines() - NOBODYS == registered - {"request", "address"}
    assert not NOBODYS & registered


def test_a_warning_comes_before_the_end():
    for period in register().periods.values():
        assert all(0 < day < (period.days or 0) for day in period.warned_after_days)
        assert list(period.warned_after_days) == sorted(set(period.warned_after_days))
