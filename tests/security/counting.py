"""Counts what pytest really ran, by family. A test that plays many cases says how many: `record_property("cases", n)`.

`record_property("told", words)` puts words beside the family's line. Knows no family's cases.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest


@dataclass
class Tally:
    """What came of one family."""

    cases: int = 0
    failed: int = 0
    seconds: float = 0.0
    told: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


class Counter:
    """A plugin of pytest: adds each test to the family whose file it stands in."""

    def __init__(self, families: Mapping[str, tuple[str, ...]]) -> None:
        """One empty tally for each family."""
        self.tallies = {name: Tally() for name in families}
        self._family_of = {path: name for name, paths in families.items() for path in paths}
        self.elsewhere: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a test once: when it was called, or when it did not come to that."""
        tally = self.tallies[self._family_of[report.nodeid.partition("::")[0]]]
        tally.seconds += report.duration
        if report.when != "call" and report.passed:
            return
        said = dict(report.user_properties)
        tally.cases += int(str(said.get("cases", 1)))
        tally.told += [str(said["told"])] if "told" in said else []
        if not report.passed:
            tally.failed += 1
            tally.broken.append(f"{report.nodeid}: {_last_words(report)}")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A file that cannot be read is a failure of its own."""
        if report.failed:
            self.elsewhere.append(f"{report.nodeid}: {_last_words(report)}")

    @property
    def cases(self) -> int:
        """How many cases were played."""
        return sum(tally.cases for tally in self.tallies.values())

    @property
    def failed(self) -> int:
        """How many tests failed, with the files that could not be read."""
        return sum(tally.failed for tally in self.tallies.values()) + len(self.elsewhere)


def _last_words(report: pytest.TestReport | pytest.CollectReport) -> str:
    lines = [line for line in report.longreprtext.splitlines() if line.strip()]
    said = [line for line in lines if line.startswith("E ")]
    return (said or lines or ["no reason told"])[0].removeprefix("E").strip()[:300]
