"""`binome rank`: the ranking on files, without a database; reads the arguments and tells what went wrong."""

from datetime import datetime
from typing import NoReturn
from zoneinfo import ZoneInfo

import click

from matcher.commands.catalogue_files import catalogue_option, read_skills, tell_unknown
from matcher.ranking.files import (
    STANDARD,
    FileError,
    explained_record,
    ranking_record,
    read_needs,
    read_volunteers,
    write_records,
)
from matcher.ranking.ranker import Ranker

BAD_INPUT = 2
_CALENDAR_ZONE = ZoneInfo("Europe/Paris")


@click.command("rank")
@click.option("--needs", required=True, help="Needs, one JSON object a line; - for standard input.")
@click.option("--volunteers", required=True, help="Volunteers, one JSON object a line.")
@catalogue_option
@click.option("--top", type=click.IntRange(min=1), default=20, show_default=True, help="Suggestions for each need.")
@click.option("--output", default=STANDARD, help="Where to write; standard output when absent.")
@click.option("--explain", is_flag=True, help="Add the contributions that make up each score.")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="The day on which to rank; today when absent.")
def rank(
    needs: str,
    volunteers: str,
    *,
    catalogues: tuple[str, ...],
    top: int,
    output: str,
    explain: bool,
    today: datetime | None,
) -> None:
    """Rank the volunteers of one file for each need of another."""
    if [needs, volunteers, *catalogues].count(STANDARD) > 1:
        _refuse("only one file can be read from standard input")
    day = (today or datetime.now(_CALENDAR_ZONE)).date()
    render = explained_record if explain else ranking_record
    try:
        wanted, offered = read_needs(needs), read_volunteers(volunteers)
        for path, unknown in ((needs, wanted.unknown), (volunteers, offered.unknown)):
            tell_unknown(f"{path}: field {name}" for name in unknown)
        ranker = Ranker(catalogue=read_skills(catalogues))
        ranker.fit(offered.values)
        rankings = (ranker.rank(need, today=day, top=top) for need in wanted.values)
        write_records(output, (render(ranking) for ranking in rankings))
    except FileError as error:
        _refuse(str(error))


def _refuse(why: str) -> NoReturn:
    click.echo(why, err=True)
    raise click.exceptions.Exit(BAD_INPUT)
