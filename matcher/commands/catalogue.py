"""`binome catalogue`: imports catalogues of skills, from which words are learnt across languages; lists and removes."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NoReturn

import click

from matcher.actors import System
from matcher.catalogue.imports import ReadCatalogue, ReadFile, read_catalogues
from matcher.catalogue.ranked import ranked_skills
from matcher.commands.sessions import a_session
from matcher.database import transaction
from matcher.errors import NotFound
from matcher.queries.catalogues import list_catalogues
from matcher.ranking.files import FileError
from matcher.ranking.lexicon import Lexicon
from matcher.services.catalogues import CatalogueContent, import_catalogue
from matcher.services.catalogues import remove_catalogue as remove

BAD_INPUT = 2
LONGEST_NAME, LONGEST_SOURCE = 80, 500
_ACTOR = System("catalogue")


@click.group()
def catalogue() -> None:
    """Look after the catalogues of skills from which words of other languages are learnt."""


@catalogue.command("import")
@click.argument("files", nargs=-1, required=True)
@click.option("--name", help="Its name; ESCO or ROME when absent and the files are theirs.")
@click.option("--source", help="Whose it is, in the words that its licence asks for; shown in the legal notice.")
@click.option("--language", "languages", multiple=True, help="Language of each file, where its name does not say.")
def import_command(files: tuple[str, ...], *, name: str | None, source: str | None, languages: tuple[str, ...]) -> None:
    """Import ESCO or ROME (CSV), or JSON Lines, in place of the catalogue of that name."""
    began = time.monotonic()
    try:
        read = read_catalogues(files, languages)
    except FileError as error:
        _refuse(str(error))
    content = _content(read, name, source)
    for line in _told(read):
        click.echo(line)
    with a_session() as session, transaction(session):
        import_catalogue(session, _ACTOR, datetime.now(UTC), content)
    click.echo(
        f"“{content.name}” is imported, in {time.monotonic() - began:.1f} s. The workers learn it at their next task,"
    )
    click.echo("and open needs are ranked anew, a few at a time.")


@catalogue.command("list")
def list_command() -> None:
    """Show the imported catalogues, with their sources."""
    with a_session() as session:
        found = list_catalogues(session, _ACTOR)
    for each in found:
        spoken = ", ".join(each.languages)
        click.echo(
            f"{each.name}: {each.skills} skills in {spoken}, imported on {each.imported_at:%Y-%m-%d}. {each.source}"
        )
    if not found:
        click.echo("No catalogue has been imported; the one that Binôme brings is always there.")


@catalogue.command("remove")
@click.argument("name")
def remove_command(name: str) -> None:
    """Remove an imported catalogue; open needs are ranked anew without it."""
    try:
        with a_session() as session, transaction(session):
            remove(session, _ACTOR, datetime.now(UTC), name=name)
    except NotFound:
        _refuse(f"There is no imported catalogue of the name {name!r}; binome catalogue list shows them.")
    click.echo(f"“{name}” is removed. Open needs are ranked anew without it, a few at a time.")


def _content(read: ReadCatalogue, name: str | None, source: str | None) -> CatalogueContent:
    """Complete name and source from what is known of the files; refuse what would not be credited."""
    layouts = {(each.layout.name, each.layout.source) if each.layout else None for each in read.files}
    known = layouts.pop() if len(layouts) == 1 else None
    name, source = name or (known[0] if known else None), source or (known[1] if known else None)
    for option, text, longest in (("--name", name, LONGEST_NAME), ("--source", source, LONGEST_SOURCE)):
        if not (text or "").strip():
            _refuse(f"Say {option}: the files do not say it.")
        if len(text or "") > longest or "\x00" in (text or ""):
            _refuse(f"{option} may have {longest} characters at most, and none that cannot be written.")
    return CatalogueContent((name or "").strip(), (source or "").strip(), read.skills)


def _told(read: ReadCatalogue) -> Iterator[str]:
    for each in read.files:
        yield _told_file(each)
        for field in sorted(each.unknown):
            yield f"{each.path}: field {field} is not known and was ignored"
    yield f"{len(read.skills)} skills in {', '.join(read.languages)}."
    lexicon = Lexicon().fit((*ranked_skills(), *read.skills))
    pairs = sorted(pair for pair, table in lexicon.translations_.items() if table)
    learnt = (f"{source} → {target} {len(lexicon.translations_[source, target])}" for source, target in pairs)
    yield f"Words (stems) with a translation, with the catalogue of Binôme: {', '.join(learnt)}."


def _told_file(read: ReadFile) -> str:
    return f"{read.path}: {read.format}, {read.skills} skills in {', '.join(read.languages)}"


def _refuse(why: str) -> NoReturn:
    click.echo(why, err=True)
    raise click.exceptions.Exit(BAD_INPUT)
