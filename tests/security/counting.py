"""Counts what pytest really ran, by family. A test that plays many cases says how many: `record_property("cases", n)`.

`record_property("told", words)` puts words beside the family's line. Knows no family's cases.
"""

from collections.abc import Callable, Iterable, Mapping
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

    def __init__(self, families: Mapping[str, tuple[str, ...]], ended: Callable[[str, Tally], None]) -> None:
        """One empty tally for each family; `ended` is called with each as soon as its last test has ended."""
        self.tallies = {name: Tally() for name in families}
        self.elsewhere: list[str] = []
        self._family_of = {path: name for name, paths in families.items() for path in paths}
        self._left: dict[str, set[str]] = {}
        self._ended = ended

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Note which tests are played, when one process plays them."""
        self._await(item.nodeid for item in session.items)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: Iterable[str]) -> None:
        """Note which tests are played, when several processes share them."""
        self._await(ids)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a test once: when it was called, or when it did not come to that."""
        family = self._family(report.nodeid)
        self._count(self.tallies[family], report)
        left = self._left.get(family)
        if report.when == "teardown" and left:
            left.discard(report.nodeid)
            if not left:
                del self._left[family]
                self._ended(family, self.tallies[family])

    def pytest_sessionfinish(self) -> None:
        """Tell of those families that did not come to their end."""
        for family in list(self._left):
            self._ended(family, self.tallies[family])
        self._left.clear()

    def _await(self, ids: Iterable[str]) -> None:
        if not self._left:
            for nodeid in ids:
                self._left.setdefault(self._family(nodeid), set()).add(nodeid)

    def _family(self, nodeid: str) -> str:
        return self._family_of[nodeid.partition("::")[0]]

    @staticmethod
    def _count(tally: Tally, report: pytest.TestReport) -> None:
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
