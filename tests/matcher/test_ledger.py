"""The ledger of erasures as a file: only added to, never half a line, of no use to whoever has no key."""

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from matcher.ledger import BrokenLedger, Head, Kind, Line, OtherKey, append, path_of, read
from tests.settings import make_settings

AT = datetime(2026, 9, 7, 8, tzinfo=UTC)
ONE, TWO = (Line(kind=Kind.ERASED, account=name * 32, address="c" * 32, at=AT) for name in "ab")
HEAD = Head(key="k" * 32, whole_since=AT)


def test_a_fact_is_written_once_however_often_it_is_told(tmp_path: Path) -> None:
    file = tmp_path / "new" / "erasures.ledger"

    assert [append(file, HEAD, [ONE, ONE]), append(file, HEAD, [ONE, TWO]), append(file, HEAD, [])] == [1, 1, 0]

    assert (read(file).heads, read(file).lines) == ((HEAD,), [ONE, TWO])
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("written", [1, 40, -1])
def test_a_line_cut_by_a_kill_does_not_count_and_is_written_again(tmp_path: Path, written: int) -> None:
    file = tmp_path / "erasures.ledger"
    append(file, HEAD, [ONE])
    whole = file.read_bytes()
    append(file, HEAD, [TWO])
    file.write_bytes(whole + file.read_bytes()[len(whole) :][:written])

    assert read(file).lines == [ONE]
    assert append(file, HEAD, [ONE, TWO]) == 1
    assert (read(file).heads, read(file).lines) == ((HEAD,), [ONE, TWO])


def test_a_line_that_is_none_of_ours_is_named_and_nothing_is_added(tmp_path: Path) -> None:
    file = tmp_path / "erasures.ledger"
    append(file, HEAD, [ONE])
    file.write_bytes(file.read_bytes() + b"marie@example.org\n")

    with pytest.raises(BrokenLedger, match="line 3"):
        append(file, HEAD, [TWO])


def test_it_lies_where_the_settings_say_else_beside_an_sqlite_database(tmp_path: Path) -> None:
    beside = make_settings(f"sqlite:///{tmp_path}/binome.db")
    elsewhere = make_settings("postgresql://server/binome", erasure_ledger=f"{tmp_path}/kept")

    assert path_of(beside) == tmp_path / "binome.db.ledger"
    assert path_of(elsewhere) == tmp_path / "kept"
    assert path_of(make_settings("postgresql://server/binome")) is None


def test_there_is_no_file_without_a_fact(tmp_path: Path) -> None:
    assert append(tmp_path / "erasures.ledger", HEAD, []) == 0
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_added_to_a_ledger_of_another_key(tmp_path: Path) -> None:
    file = tmp_path / "erasures.ledger"
    append(file, HEAD, [ONE])
    before = file.read_bytes()

    with pytest.raises(OtherKey):
        append(file, Head(key="l" * 32, whole_since=AT), [TWO])

    assert file.read_bytes() == before
