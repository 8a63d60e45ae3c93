"""Reads files of skills with 256 MB of memory for the whole process, and tells what came of each. Expects nothing.

`python -m tests.matcher.catalogue.limited FILE …` prints a JSON list for each: path, skills, why refused, CPU seconds.
"""

import json
import resource
import sys
import time

MEMORY = 256 * 1024 * 1024
resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))

from matcher.catalogue.imports import read_catalogues  # noqa: E402 (what it loads is counted)
from matcher.ranking.files import FileError  # noqa: E402


def read(path: str) -> tuple[str, int, str, float]:
    """Read one file as a catalogue of its own."""
    began = time.process_time()
    try:
        skills, why = len(read_catalogues([path], ["en"] if path.endswith((".csv", ".csv.gz")) else []).skills), ""
    except FileError as error:
        skills, why = 0, str(error)
    return path, skills, why, time.process_time() - began


for each in sys.argv[1:]:
    print(json.dumps(read(each)), flush=True)
