"""What the commands share that rank on files: the option that names catalogues, and reading them beside our own."""

from collections.abc import Iterable, Sequence

import click

from matcher.catalogue.imports import read_catalogues
from matcher.catalogue.ranked import ranked_skills
from matcher.ranking.records import CatalogueSkill

catalogue_option = click.option(
    "--catalogue",
    "catalogues",
    multiple=True,
    help="Skills in several languages: JSON Lines, ESCO or ROME (CSV); once for each file.",
)


def read_skills(paths: Sequence[str]) -> tuple[CatalogueSkill, ...]:
    """Return the skills of our own catalogue and those of the files; raises FileError."""
    read = read_catalogues(paths)
    tell_unknown(f"{each.path}: field {name}" for each in read.files for name in each.unknown)
    return (*ranked_skills(), *read.skills)


def tell_unknown(fields: Iterable[str]) -> None:
    """Name on standard error the fields that were read over, each with its file."""
    for field in sorted(fields):
        click.echo(f"{field} is not known and was ignored", err=True)
