"""Writes docs/reference.md from the code. `python -m tests.architecture.reference`."""

from importlib import import_module
from importlib.metadata import entry_points

import click
from pydantic import SecretStr

from matcher.models.deadline import Clock
from matcher.models.states import NEED_MOVES, PAIRING_MOVES, Move, NeedStep, PairingStep
from matcher.services.notices import (
    CLOCK_NOTICES,
    NEED_NOTICES,
    PAIRING_NOTICES,
    InDigest,
    Nobody,
    Notice,
    Notices,
)
from matcher.settings import Settings
from tests.architecture.source import ROOT

PAGE = ROOT / "docs" / "reference.md"
HEAD = """\
# Reference

Made from the code by `python -m tests.architecture.reference`; a test holds it true. Do not edit by hand.
"""


def page() -> str:
    """Return the whole page."""
    parts = [HEAD, _settings(), _commands(), _steps("Steps of a need", NEED_MOVES, NEED_NOTICES)]
    parts += [_steps("Steps of a pairing", PAIRING_MOVES, PAIRING_NOTICES), _clocks()]
    return "\n".join(parts)


def _settings() -> str:
    rows = [
        "## Settings",
        "",
        "Read from the environment; the name is the variable.",
        "",
        "| name | default | meaning |",
    ]
    rows.append("| --- | --- | --- |")
    for name, field in Settings.model_fields.items():
        required = field.is_required() or field.annotation is SecretStr
        default = "required" if required else f"`{field.default}`" if field.default is not None else "none"
        rows.append(f"| `{name.upper()}` | {default} | {field.description} |")
    return "\n".join([*rows, ""])


def _commands() -> str:
    rows = ["## Commands", "", "| command | what it does |", "| --- | --- |"]
    for point in sorted(entry_points(group="binome.commands"), key=lambda p: p.name):
        module, _, attribute = point.value.partition(":")
        rows += _command(f"binome {point.name}", getattr(import_module(module), attribute))
    return "\n".join([*rows, ""])


def _command(name: str, command: click.Command) -> list[str]:
    if isinstance(command, click.Group):
        return [row for sub, child in sorted(command.commands.items()) for row in _command(f"{name} {sub}", child)]
    options = " ".join(p.opts[-1] if isinstance(p, click.Option) else f"<{p.name}>" for p in command.params)
    help_text = (command.help or "").split("\n\n")[0].replace("\n", " ")
    return [f"| `{(name + ' ' + options).strip()}` | {help_text} |"]


def _steps(
    title: str,
    moves: dict[NeedStep, Move] | dict[PairingStep, Move],
    notices: dict[NeedStep, Notices] | dict[PairingStep, Notices],
) -> str:
    rows = [f"## {title}", "", "| step | from | to | mail |", "| --- | --- | --- | --- |"]
    for step, move in moves.items():
        sources = ", ".join(sorted(source or "(new)" for source in move.sources))
        rows.append(f"| `{step}` | {sources} | {move.target} | {_mails(notices[step])} |")  # type: ignore[index]
    return "\n".join([*rows, ""])


def _clocks() -> str:
    rows = ["## Clocks", "", "| clock | mail |", "| --- | --- |"]
    rows += [f"| `{clock}` | {_mails(CLOCK_NOTICES[clock])} |" for clock in Clock]
    return "\n".join([*rows, ""])


def _mails(notices: Notices) -> str:
    if isinstance(notices, Nobody):
        return f"nobody: {notices.because}"
    return "; ".join(map(_mail, notices))


def _mail(notice: Notice | InDigest) -> str:
    if isinstance(notice, InDigest):
        return f"coordinator’s morning mail ({notice.task.name.lower()})"
    return f"`{notice.code}` to {notice.audience.replace('_', ' ')}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
