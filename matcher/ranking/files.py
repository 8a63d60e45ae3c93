"""The file interface: JSON Lines in, JSON Lines out, `-` for the standard streams and `.gz` packed.

Reading names file, line and field of what is wrong; writing replaces the whole file or leaves it as it was.
"""

import gzip
import json
import os
import sys
import tempfile
import zlib
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Generic, NoReturn, TypeVar

from matcher.ranking.records import need_from, volunteer_from
from matcher.ranking.schema import FieldError, Fields
from matcher.ranking.types import NeedInput, Ranking, Suggested, VolunteerInput

STANDARD = "-"
LONGEST_LINE = 16 * 1024 * 1024
_T = TypeVar("_T")


class FileError(Exception):
    """A file that cannot be read or written: which one, where and why."""


@dataclass(frozen=True, slots=True)
class Contents(Generic[_T]):
    """The values of one file in order, and the names of the fields in it that are not known."""

    values: tuple[_T, ...]
    unknown: frozenset[str]


def read_needs(path: str) -> Contents[NeedInput]:
    """Read a file of needs; raise FileError at the first thing that cannot be read."""
    return read_records(path, need_from, "id", lambda need: need.id)


def read_volunteers(path: str) -> Contents[VolunteerInput]:
    """Read a file of volunteers; raise FileError at the first thing that cannot be read."""
    return read_records(path, volunteer_from, "id", lambda volunteer: volunteer.id)


def read_records(
    path: str,
    build: Callable[[Fields], _T],
    key: str,
    key_of: Callable[[_T], Hashable],
    *,
    longest: int = LONGEST_LINE,
) -> Contents[_T]:
    """Read a file of anything, each record with its own key; raise FileError at the first thing that cannot be read."""
    values: list[_T] = []
    unknown: set[str] = set()
    lines_by_key: dict[Hashable, int] = {}
    for number, line in _lines(path, longest):
        try:
            fields = Fields(_parsed(line, path, number))
            value = build(fields)
        except FieldError as error:
            _fail(path, number, str(error))
        first = lines_by_key.setdefault(key_of(value), number)
        if first != number:
            _fail(path, number, f"field {key}: {key_of(value)!r} stands on line {first} already")
        values.append(value)
        unknown |= fields.unknown()
    return Contents(tuple(values), frozenset(unknown))


def ranking_record(ranking: Ranking) -> dict[str, object]:
    """Return a ranking as it is written.

    Examples
    --------
    >>> ranking_record(Ranking("n1", "v", (), {"mode": 0}))
    {'need_id': 'n1', 'suggestions': [], 'excluded': {'mode': 0}}
    """
    suggestions = [_suggestion_record(suggested) for suggested in ranking.suggestions]
    return {"need_id": ranking.need_id, "suggestions": suggestions, "excluded": dict(ranking.excluded)}


def explained_record(ranking: Ranking) -> dict[str, object]:
    """Return a ranking as it is written with the contributions that make up each score."""
    told = [
        {**_suggestion_record(suggested), "contributions": dict(suggested.contributions)}
        for suggested in ranking.suggestions
    ]
    return {**ranking_record(ranking), "suggestions": told}


def write_records(path: str, records: Iterable[Mapping[str, object]]) -> None:
    """Write one JSON record a line; a file appears whole or not at all."""
    write_lines(path, (json.dumps(record, ensure_ascii=False, allow_nan=False) for record in records))


def write_lines(path: str, texts: Iterable[str]) -> None:
    """Write lines of text; a file appears whole or not at all."""
    lines = (text.encode() + b"\n" for text in texts)
    if path == STANDARD:
        sys.stdout.buffer.writelines(lines)
        sys.stdout.buffer.flush()
        return
    try:
        _replace(Path(path), lines)
    except OSError as error:
        raise FileError(f"{path}: {error.strerror or error}") from error


def _suggestion_record(suggested: Suggested) -> dict[str, object]:
    return {
        "volunteer_id": suggested.volunteer_id,
        "rank": suggested.rank,
        "score": suggested.score,
        "text_score": suggested.text_score,
        "availability_score": suggested.availability_score,
        "distance_km": suggested.distance_km,
        "reasons": [{"code": str(reason.code), **reason.data} for reason in suggested.reasons],
    }


def _replace(path: Path, lines: Iterator[bytes]) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            os.fchmod(stream.fileno(), 0o666 & ~_umask())
            if path.suffix == ".gz":
                with gzip.GzipFile(filename="", mode="wb", fileobj=stream, mtime=0) as packed:
                    packed.writelines(lines)
            else:
                stream.writelines(lines)
        Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _lines(path: str, longest: int) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that are not blank, with their numbers; a line without end is never held in memory whole."""
    number = 0
    try:
        with _opened(path) as stream:
            while line := stream.readline(longest + 1):
                number += 1
                if len(line) > longest:
                    _fail(path, number, f"is longer than {longest // 1024 // 1024} MB")
                if line.strip():
                    yield number, line
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise FileError(f"{_name(path)}, after line {number}: is not a whole gzip file ({error})") from error
    except OSError as error:
        raise FileError(f"{_name(path)}: {error.strerror or error}") from error


def _opened(path: str) -> AbstractContextManager[IO[bytes] | gzip.GzipFile]:
    if path == STANDARD:
        return nullcontext(sys.stdin.buffer)
    return gzip.open(path, "rb") if path.endswith(".gz") else Path(path).open("rb")


def _parsed(line: bytes, path: str, number: int) -> object:
    try:
        text = line.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        _fail(path, number, f"is not UTF-8 (byte {error.start + 1})")
    try:
        value: object = json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        _fail(path, number, f"is not JSON: {error.msg} (column {error.colno})")
    except RecursionError:
        _fail(path, number, "is nested too deeply")
    except ValueError as error:
        _fail(path, number, f"is not JSON: {error}")
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


def _fail(path: str, number: int, why: str) -> NoReturn:
    raise FileError(f"{_name(path)}, line {number}: {why}")


def _name(path: str) -> str:
    return "standard input" if path == STANDARD else path
