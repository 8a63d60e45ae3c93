"""The figures in the words of Prometheus, read from the database when asked for: every process tells the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric, SummaryMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector
from sqlalchemy.orm import Session

from matcher.queries import figures, health
from matcher.queries.figures import Figures, Spread
from matcher.services import held_people

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4


def exposition(session: Session, now: datetime) -> bytes:
    """Return all figures of this moment as Prometheus reads them."""
    registry = CollectorRegistry(auto_describe=False)
    found, checks, held = figures.read(session, now), health.examine(session, now), held_people.counted(session, now)
    registry.register(Figured(found, checks, held, now))
    return generate_latest(registry)


@dataclass(frozen=True, eq=False)
class Figured(Collector):
    """Turns figures into metrics; their labels are kinds, results and codes of ours, and nothing else."""

    figures: Figures
    checks: list[health.Check]
    held: dict[str, int]
    now: datetime

    def collect(self) -> Iterator[Metric]:
        """Return the metrics."""
        yield from self._queues()
        yield from self._flow()
        yield from self._health()
        yield _spread("binome_first_suggestion_seconds", "From opening to the first ranking, needs opened in 30 days.",
                      self.figures.first_suggestion)  # fmt: skip
        yield _spread("binome_fill_seconds", "From opening to filled, needs filled in 30 days.", self.figures.fill)

    def _queues(self) -> Iterator[Metric]:
        queues = self.figures.queues.items()
        ages = {kind: (self.now - q.due_since).total_seconds() if q.due_since else 0.0 for kind, q in queues}
        yield _by("binome_outbox_waiting_rows", "Rows that wait, later ones too.", {k: q.waiting for k, q in queues})
        yield _by("binome_outbox_due_rows", "Rows that could be claimed now.", {k: q.due for k, q in queues})
        yield _by("binome_outbox_parked_rows", "Rows set aside for people.", {k: q.parked for k, q in queues})
        yield _by("binome_outbox_oldest_due_seconds", "Age of the oldest row that is due; 0 when none is.", ages)

    def _flow(self) -> Iterator[Metric]:
        sends = GaugeMetricFamily("binome_mails", "Mails of the last 24 hours by result.", labels=["kind", "result"])
        for (kind, result), count in sorted(self.figures.sends.items()):
            sends.add_metric([kind, result], count)
        yield sends
        yield _by("binome_answers", "Answers to invitations in 30 days.", self.figures.answers, label="answer")
        yield _by("binome_pairings_held_back", "In a line, waiting for a limit, a pause, a rest or a pace.", self.held,
                  label="reason")  # fmt: skip
        yield _by("binome_open_alerts", "Alerts that are open.", self.figures.alerts, label="code")

    def _health(self) -> Iterator[Metric]:
        late = {check.name: int(check.is_late) for check in self.checks}
        values = {check.name: check.value for check in self.checks if check.value is not None}
        yield _by("binome_check_late", "1 when a check of /health is late.", late, label="check")
        yield _by("binome_check_value", "What the check found, in its unit.", values, label="check")


def _by(name: str, words: str, values: dict[str, int] | dict[str, float], *, label: str = "kind") -> Metric:
    family = GaugeMetricFamily(name, words, labels=[label])
    for key, value in sorted(values.items()):
        family.add_metric([key], value)
    return family


def _spread(name: str, words: str, spread: Spread) -> Metric:
    """A summary with quantiles, which the family of the library does not write by itself."""
    family = SummaryMetricFamily(name, words, count_value=spread.count, sum_value=spread.total_s)
    for quantile, seconds in spread.quantiles.items():
        family.add_sample(name, {"quantile": str(quantile)}, seconds)
    return family
