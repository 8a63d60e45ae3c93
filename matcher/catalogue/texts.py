"""Published files as lines of text, held in memory a little at a time; says what is too large or in no known encoding.

Knows nothing of columns and skills.
"""

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from matcher.ranking.files import FileError

LARGEST_FILE = 32 * 1024 * 1024
LONGEST_ROW = 1024 * 1024
_CHUNK = 1024 * 1024
_MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Wrong:
    line: int
    byte: int


class Lines:
    """The lines of a file, for a reader that says when a row of several lines begins."""

    def __init__(self, path: str, stream: io.TextIOBase) -> None:
        """Begin before the first line."""
        self._path, self._stream = path, stream
        self._number = self._of_row = 0

    def begin_row(self) -> None:
        """Count anew: the next line belongs to another row."""
        self._of_row = 0

    def __iter__(self) -> Iterator[str]:
        """Return itself."""
        return self

    def __next__(self) -> str:
        """Return the next line; raise FileError when its row is too long to be held."""
        line = self._stream.readline(LONGEST_ROW + 1)
        if not line:
            raise StopIteration
        self._number, self._of_row = self._number + 1, self._of_row + len(line)
        if self._of_row > LONGEST_ROW:
            raise FileError(f"{self._path}, line {self._number}: its row is longer than {LONGEST_ROW // _MB} MB")
        return line


def start_of(path: str) -> bytes:
    """Return the first bytes of a file; raise FileError when it cannot be opened."""
    with _opened(path) as stream:
        return stream.read(1024)


def encoding_of(path: str, other: str | None) -> str:
    """Return UTF-8, or the other encoding where the file is in that one; read it through once, a piece at a time.

    Raises FileError naming the line and the byte that are in neither, or saying that the file is too large.
    """
    wrong = _first_wrong(path, "utf-8")
    if wrong is None:
        return "utf-8-sig"
    if other is not None and _first_wrong(path, other) is None:
        return other
    raise FileError(f"{path}, line {wrong.line}: is not UTF-8 (byte {wrong.byte} of the file)")


@contextmanager
def lines_of(path: str, encoding: str) -> Iterator[Lines]:
    """Give the lines of a file, with their ends."""
    with _opened(path) as stream, io.TextIOWrapper(stream, encoding, newline="") as text:
        yield Lines(path, text)


def measure(path: str) -> None:
    """Read a file through; raise FileError when it is too large, however small it was packed."""
    for _ in _chunks(path):
        pass


def _first_wrong(path: str, encoding: str) -> _Wrong | None:
    decoder = codecs.getincrementaldecoder(encoding)()
    line, read = 1, 0
    for chunk in _with_an_end(path):
        read += len(chunk)
        try:
            decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            before = error.object.count(b"\n", 0, error.start)
            return _Wrong(line + before, read - len(error.object) + error.start + 1)
        line += chunk.count(b"\n")
    return None


def _with_an_end(path: str) -> Iterator[bytes]:
    """The pieces of a file, and an empty one."""
    yield from _chunks(path)
    yield b""


def _chunks(path: str) -> Iterator[bytes]:
    read = 0
    with _opened(path) as stream:
        while chunk := stream.read(_CHUNK):
            read += len(chunk)
            if read > LARGEST_FILE:
                raise FileError(f"{path}: is larger than {LARGEST_FILE // _MB} MB")
            yield chunk


@contextmanager
def _opened(path: str) -> Iterator[IO[bytes] | gzip.GzipFile]:
    try:
        with gzip.open(path, "rb") if path.endswith(".gz") else Path(path).open("rb") as stream:
            yield stream
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise FileError(f"{path}: is not a whole gzip file ({error})") from error
    except OSError as error:
        raise FileError(f"{path}: {error.strerror or error}") from error
