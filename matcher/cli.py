"""The `binome` command. Its subcommands are found by name, and loaded only when they are called."""

import sys
from collections.abc import Sequence
from importlib.metadata import EntryPoint, entry_points

import click

from matcher.errors import DomainError

GROUP = "binome.commands"


class FoundCommands(click.Group):
    """A group whose commands are the entry points of a group of installed distributions."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, sorted."""
        return sorted(point.name for point in entry_points(group=GROUP))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command; None when there is none of that name."""
        found: Sequence[EntryPoint] = tuple(entry_points(group=GROUP, name=cmd_name))
        return found[0].load() if found else None


@click.command(cls=FoundCommands, context_settings={"help_option_names": ["-h", "--help"]})
def binome() -> None:
    """Bring the skills of volunteers to the associations that need them."""


def main() -> None:
    """Run the command line; what the domain refuses is told in one line, exit status 2."""
    try:
        binome.main(standalone_mode=True)
    except DomainError as error:
        click.echo(f"binome: {error}", err=True)
        sys.exit(2)
