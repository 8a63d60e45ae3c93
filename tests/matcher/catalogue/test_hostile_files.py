"""Files made to do harm are refused with their line, in 256 MB and 10 seconds; a whole catalogue fits in there."""

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from matcher.catalogue.imports import MOST_ENTRIES, MOST_TEXTS
from matcher.catalogue.texts import LARGEST_FILE

HEADER = b"conceptType,conceptUri,preferredLabel,altLabels\n"
KIND = b"KnowledgeSkillCompetence"
LONGEST_S = 10
MB = 1024 * 1024
Pieces = Iterator[bytes]


def rows(count: int, others: int = 0) -> Pieces:
    """So many skills, each with so many other labels."""
    yield HEADER
    for n in range(count):
        alternatives = b"\n".join(b"another name of it %d %d" % (n, each) for each in range(others))
        yield b'%s,http://data.example/skill/%d,"skill number %d, in full","%s"\n' % (KIND, n, n, alternatives)


def records(count: int) -> Pieces:
    """So many skills as JSON Lines."""
    for n in range(count):
        yield b'{"uri": "s%d", "labels": {"en": "skill number %d"}}\n' % (n, n)


def one(*cells: bytes) -> Pieces:
    """One good row and one with these cells."""
    yield from rows(1)
    yield b",".join(cells) + b"\n"


def big(start: bytes, piece: bytes, end: bytes = b"", megabytes: int = 40) -> Pieces:
    """A start, a piece as often as it takes to be so large, and an end."""
    yield start
    for _ in range(megabytes * MB // (len(piece) * 1024)):
        yield piece * 1024
    yield end


SKILL = HEADER + KIND + b",u1,"
# Each hostile file: what is in it, its name's end, and what is said of it.
REFUSED: dict[str, tuple[Callable[[], Pieces], str, str]] = {
    "a million rows": (lambda: rows(1_000_000), ".csv", "larger than 32 MB"),
    "a million short rows": (
        lambda: big(HEADER, b"K,1,a,\n", megabytes=7),
        ".csv",
        "row 2, column conceptType: is 'K'",
    ),
    "rows without end": (lambda: rows(MOST_ENTRIES + 1), ".csv", f"row {MOST_ENTRIES + 2}: is one skill too many"),
    "texts without end": (lambda: rows(3, MOST_TEXTS // 2), ".csv", "row 2"),
    "records without end": (
        lambda: records(MOST_ENTRIES + 1),
        ".jsonl",
        f"line {MOST_ENTRIES + 1}: field (record): is one skill too many",
    ),
    "a bomb": (lambda: big(HEADER, b"\0" * 1000, megabytes=200), ".csv.gz", "larger than 32 MB"),
    "a bomb of JSON": (lambda: big(b'{"uri": "', b"a" * 1000, megabytes=200), ".jsonl.gz", "larger than 32 MB"),
    "a line without end": (
        lambda: big(HEADER, b"a" * 1000, megabytes=30),
        ".csv",
        "line 2: its row is longer than 1 MB",
    ),
    "a quotation without end": (
        lambda: big(SKILL + b'"', b"ab\n" * 300, megabytes=30),
        ".csv",
        "row 2: cannot be read (field larger",
    ),
    "a row of lines without end": (lambda: big(SKILL, b'"\n",', megabytes=30), ".csv", "its row is longer than 1 MB"),
    "columns without end": (lambda: big(HEADER, b",", megabytes=30), ".csv", "line 2: its row is longer than 1 MB"),
    "a header without end": (
        lambda: big(b"conceptType,conceptUri,preferredLabel,", b"a,", megabytes=30),
        ".csv",
        "its row is longer than 1 MB",
    ),
    "brackets without end": (lambda: big(b'{"uri": ', b"[", megabytes=30), ".jsonl", "line 1: is longer than 1 MB"),
    "nested deeply": (
        lambda: iter([b'{"a": ' + b"[" * 500_000 + b"]" * 500_000 + b"}"]),
        ".jsonl",
        "line 1: is nested",
    ),
    "NUL in a cell": (lambda: one(KIND, b"u2", b"a\0b", b""), ".csv", "row 3"),
    "NUL everywhere": (lambda: iter([b"\0" * MB]), ".csv", "row 1"),
    "UTF-16": (lambda: iter(["conceptUri,preferredLabel\nu,é\n".encode("utf-16")]), ".csv", "row 1"),
    "Windows-1252": (lambda: one(KIND, b"u2", b"\xe9t\xe9", b""), ".csv", "line 3: is not UTF-8 (byte "),
    "a cut letter": (lambda: one(KIND, b"u2", b"\xc3"), ".csv", "line 3: is not UTF-8"),
    "a surrogate": (lambda: one(KIND, b"u2", b"\xed\xa0\x80", b""), ".csv", "line 3: is not UTF-8"),
    "no gzip file": (lambda: rows(1), ".csv.gz.raw", "is not a whole gzip file"),
    "a program": (lambda: iter([b"\x7fELF" + bytes(range(256)) * 4096]), ".csv", "row 1"),
    "one byte too many": (
        lambda: big(b"".join(rows(1)), b"\n", b"\n", LARGEST_FILE // MB),
        ".csv",
        "larger than 32 MB",
    ),
    "nothing": (lambda: iter([]), ".csv", "holds no skill"),
}
TAKEN: dict[str, tuple[Callable[[], Pieces], str, int]] = {
    "as large as ESCO": (lambda: rows(14_000, 9), ".csv", 14_000),
    "as many as may be": (lambda: rows(MOST_ENTRIES), ".csv", MOST_ENTRIES),
    "as many records as may be": (lambda: records(MOST_ENTRIES), ".jsonl", MOST_ENTRIES),
}


def put(path: Path, pieces: Pieces) -> Path:
    """Write a file, packed where its name says so, a piece at a time."""
    with gzip.open(path, "wb", compresslevel=1) if path.suffix == ".gz" else path.open("wb") as stream:
        for piece in pieces:
            stream.write(piece)
    return path


def told_of(
    folder: Path, cases: dict[str, tuple[Callable[[], Pieces], str, object]]
) -> dict[str, tuple[int, str, float]]:
    """What came of each file in a process of 256 MB: skills, why it was refused, seconds."""
    paths = {
        name: str(put(folder / f"{number}{end}", make()).rename(folder / f"{number}{end.removesuffix('.raw')}"))
        for number, (name, (make, end, _)) in enumerate(cases.items())
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.matcher.catalogue.limited", *paths.values()],
        capture_output=True, text=True, check=False, env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )  # fmt: skip
    assert done.returncode == 0, (done.stdout, done.stderr)
    told = {path: rest for path, *rest in map(json.loads, done.stdout.splitlines())}
    return {name: told[path] for name, path in paths.items()}


def test_a_file_made_to_do_harm_is_refused_in_little_memory(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    told = told_of(tmp_path, REFUSED)

    record_property("cases", len(told))
    for name, (skills, why, seconds) in told.items():
        assert skills == 0, name
        assert REFUSED[name][2] in why, (name, why)
        assert why.startswith(str(tmp_path)), (name, why)
        assert seconds <= LONGEST_S, (name, seconds)


def test_a_whole_catalogue_fits(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    told = told_of(tmp_path, TAKEN)

    record_property("cases", len(told))
    for name, (skills, why, seconds) in told.items():
        assert (skills, why) == (TAKEN[name][2], ""), (name, why)
        assert seconds <= LONGEST_S, (name, seconds)
