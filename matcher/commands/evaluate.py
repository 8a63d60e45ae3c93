"""`binome evaluate`: rankers side by side on a folder of graded needs; reads arguments, writes what is asked for."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import NoReturn
from zoneinfo import ZoneInfo

import click

from matcher.catalogue.ranked import ranked_skills
from matcher.commands.catalogue_files import catalogue_option, read_skills, tell_unknown
from matcher.commands.decisions import BadWeights, tell_decisions
from matcher.ranking.contenders import Contender, MissingLibrary, Setting, UnknownRanker, contenders
from matcher.ranking.evaluation import Result, in_order, results, summary
from matcher.ranking.files import STANDARD, FileError, write_lines
from matcher.ranking.losses import loss_records
from matcher.ranking.picture import picture
from matcher.ranking.report import Report, markdown, record, table
from matcher.ranking.trials import GradedSet, read_sets, wordy

BAD_INPUT = 2
_CALENDAR_ZONE = ZoneInfo("Europe/Paris")


@click.command("evaluate")
@click.option("--data", help="A folder of NAME_needs, NAME_volunteers and NAME_qrels.")
@click.option("--decisions", "on_decisions", is_flag=True, help="Replay the decisions of the database instead.")
@click.option("--weights", help="With --decisions: weights to try, as text=.4,skills=.6.")
@click.option("--ranker", "names", multiple=True, default=("default", "current"), show_default=True, help="Rankers.")
@click.option("--set", "sets", multiple=True, help="Names of sets; all of the folder when absent.")
@click.option("--least-words", type=click.IntRange(min=0), default=0, help="Leave out shorter profiles.")
@catalogue_option
@click.option("--json", "json_path", help="Where to write the figures in JSON.")
@click.option("--svg", "svg_path", help="Where to draw the comparison.")
@click.option("--losses", "losses_path", help="Where to write the needs of greatest loss, one JSON object a line.")
@click.option("--markdown", "markdown_path", help="Where to write the table in Markdown.")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="The day on which to rank; today when absent.")
def evaluate(
    data: str | None,
    *,
    on_decisions: bool,
    weights: str | None,
    names: tuple[str, ...],
    sets: tuple[str, ...],
    least_words: int,
    catalogues: tuple[str, ...],
    json_path: str | None,
    svg_path: str | None,
    losses_path: str | None,
    markdown_path: str | None,
    today: datetime | None,
) -> None:
    """Measure rankers side by side on graded needs, or weights on decisions, with intervals."""
    outputs = {"json": json_path, "svg": svg_path, "losses": losses_path, "markdown": markdown_path}
    beside = any((sets, least_words, catalogues, today, *outputs.values()))
    if on_decisions == (data is not None) or (beside if on_decisions else weights is not None):
        raise click.UsageError("Say either --data, or --decisions and perhaps --weights, with nothing else.")
    try:
        _check_outputs(outputs)
        if data is None:
            tell_decisions(weights)
            return
        setting = Setting((today or datetime.now(_CALENDAR_ZONE)).date(), read_skills(catalogues))
        rankers = contenders(names, setting)
        graded = [wordy(one, least_words) for one in read_sets(data, sets)]
        _write(_report(graded, rankers, setting), graded, outputs)
    except (FileError, UnknownRanker, MissingLibrary, BadWeights) as error:
        _refuse(str(error))


def _report(sets: Sequence[GradedSet], rankers: Mapping[str, Contender], setting: Setting) -> Report:
    tell_unknown(line for graded in sets for line in graded.unknown)
    found = in_order(_told(results(sets, rankers)))
    versions = {name: ranker.version for name, ranker in rankers.items()}
    return Report(setting.today, versions, len(setting.catalogue) > len(ranked_skills()), found, summary(found))


def _told(found: Iterator[Result]) -> Iterator[Result]:
    for result in found:
        click.echo(f"{result.ranker}: {result.trial.name}, done", err=True)
        yield result


def _write(report: Report, sets: Sequence[GradedSet], outputs: Mapping[str, str | None]) -> None:
    lines: dict[str, Callable[[], Iterable[str]]] = {
        "json": lambda: [json.dumps(record(report), ensure_ascii=False, allow_nan=False, indent=1)],
        "svg": lambda: picture(report.rows),
        "losses": lambda: (json.dumps(one, ensure_ascii=False) for one in loss_records(report.results, sets)),
        "markdown": lambda: markdown(report),
    }
    for kind, path in outputs.items():
        if path is not None:
            write_lines(path, lines[kind]())
    if STANDARD not in outputs.values():
        write_lines(STANDARD, table(report))


def _check_outputs(outputs: Mapping[str, str | None]) -> None:
    """Refuse before the work, not after it, what could not be written."""
    paths = [path for path in outputs.values() if path is not None]
    if len(set(paths)) < len(paths):
        raise FileError("two outputs cannot go to the same place")
    for path in paths:
        if path != STANDARD and not Path(path).parent.is_dir():
            raise FileError(f"{path}: there is no such folder")


def _refuse(why: str) -> NoReturn:
    click.echo(why, err=True)
    raise click.exceptions.Exit(BAD_INPUT)
