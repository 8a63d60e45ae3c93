"""An evaluation in words and figures: a table for the terminal, one in Markdown, one JSON record; writes no file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import groupby

from matcher.ranking.evaluation import Result, Row, left_out
from matcher.ranking.measures import LEVEL, RESAMPLES, SEED, Estimate, Measure

FORMAT = "binome-evaluation-1"
TITLES: Mapping[Measure, str] = {Measure.NDCG: "nDCG@10", Measure.MRR: "MRR", Measure.RECALL: "Recall@20"}
_ABSENT = "–"


@dataclass(frozen=True, slots=True)
class Report:
    """All that was found, and how: the rankers with their versions, the first being the one compared against."""

    today: date
    rankers: Mapping[str, str]
    with_catalogue: bool
    results: Sequence[Result]
    rows: Sequence[Row]


def table(report: Report) -> list[str]:
    """Return the lines of a table to read on a terminal."""
    head = ["", "ranker", *TITLES.values(), f"nDCG@10 against {next(iter(report.rankers))}"]
    body = [["" if number else row.over, *_cells(row)] for number, row in _numbered(report.rows)]
    widths = [max(len(line[column]) for line in [head, *body]) for column in range(len(head))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in [head, *body]]
    return [line.rstrip() for line in [*lines, "", *notes(report)]]


def markdown(report: Report) -> list[str]:
    """Return the lines of the same table in Markdown."""
    head = ["needs and volunteers", "ranker", *TITLES.values(), f"nDCG@10 against {next(iter(report.rankers))}"]
    body = [[row.over, *_cells(row)] for row in report.rows]
    lines = [f"| {' | '.join(cells)} |" for cells in [head, ["---"] * len(head), *body]]
    return [*lines, "", *notes(report)]


def notes(report: Report) -> list[str]:
    """Return what has to be known to read the figures, one sentence a line.

    Examples
    --------
    >>> notes(Report(date(2026, 11, 2), {"current": "tfidf-1"}, False, [], []))[1:]
    ['Rankers: current (tfidf-1), on 2026-11-02, without a catalogue.']
    """
    catalogue = "with a catalogue" if report.with_catalogue else "without a catalogue"
    rankers = ", ".join(f"{name} ({version})" for name, version in report.rankers.items())
    lines = [f"In brackets: {LEVEL:.0%} intervals, percentile bootstrap over needs, {RESAMPLES} resamples."]
    lines.append(f"Rankers: {rankers}, on {report.today}, {catalogue}.")
    first = [result for result in report.results if result.ranker == next(iter(report.rankers))]
    for result in first:
        total = len(result.outcomes)
        for measure, count in left_out(result).items():
            lines.append(f"{result.trial.name}: {count} of {total} needs have nobody for {TITLES[measure]}, left out.")
    return lines


def record(report: Report) -> dict[str, object]:
    """Return the evaluation as it is written in JSON."""
    first = [result for result in report.results if result.ranker == next(iter(report.rankers))]
    return {
        "format": FORMAT,
        "today": report.today.isoformat(),
        "with_catalogue": report.with_catalogue,
        "level": LEVEL,
        "resamples": RESAMPLES,
        "seed": SEED,
        "rankers": [{"name": name, "version": version} for name, version in report.rankers.items()],
        "sets": [_set_record(result) for result in first],
        "results": [_row_record(row) for row in report.rows if not row.is_mean],
        "means": [{**_row_record(row), "sets": list(row.trials)} for row in report.rows if row.is_mean],
    }


def _set_record(result: Result) -> dict[str, object]:
    trial, skipped = result.trial, left_out(result)
    return {
        "name": trial.name,
        "needs_of": trial.needs_of,
        "volunteers_of": trial.volunteers_of,
        "with_skills": any(need.skills for need in trial.needs),
        "needs": len(trial.needs),
        "counted": {measure: len(trial.needs) - skipped.get(measure, 0) for measure in TITLES},
    }


def _row_record(row: Row) -> dict[str, object]:
    figures, differences = _estimate_records(row.estimates), _estimate_records(row.differences)
    return {"set": row.over, "ranker": row.ranker, **figures, "differences": differences}


def _estimate_records(estimates: Mapping[Measure, Estimate]) -> dict[str, object]:
    return {measure: asdict(estimates[measure]) if measure in estimates else None for measure in TITLES}


def _cells(row: Row) -> list[str]:
    figures = [_figure(row.estimates.get(measure)) for measure in TITLES]
    return [row.ranker, *figures, _figure(row.differences.get(Measure.NDCG), sign="+")]


def _figure(estimate: Estimate | None, sign: str = "") -> str:
    if estimate is None:
        return _ABSENT
    mean, low, high = (format(bound, f"{sign}.3f") for bound in (estimate.mean, estimate.low, estimate.high))
    return f"{mean} [{low}, {high}]".replace("-", "−")


def _numbered(rows: Iterable[Row]) -> list[tuple[int, Row]]:
    """Return the rows with their numbers within the same trial or mean."""
    return [pair for _, group in groupby(rows, key=lambda row: row.over) for pair in enumerate(group)]
