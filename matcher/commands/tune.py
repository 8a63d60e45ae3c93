"""`binome tune`: learns weights from decisions and stores them as a proposal; the ranking stays as it is."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import NoReturn

import click
from sqlalchemy.orm import Session

from matcher.commands.decisions import READER, compared, tell
from matcher.commands.sessions import a_session
from matcher.database import Json, transaction
from matcher.queries.decisions import examples
from matcher.queries.weights import in_force
from matcher.ranking.learning import Fit, TooFewComparisons, TooFewDecisions, fit_weights
from matcher.ranking.measures import Estimate
from matcher.ranking.replay import Agreement
from matcher.services import weights

REFUSED = 2


@click.command("tune")
def tune() -> None:
    """Learn weights from decisions and store them as a proposal, which an administrator may adopt."""
    try:
        with a_session() as session:
            tell(_tuned(session))
    except TooFewDecisions as error:
        _refuse(
            f"{error.n} decisions can be learnt from, and it takes {error.needed}. Nothing was proposed. A decision "
            "counts when somebody of the list was put in the line, or set aside because she does not fit."
        )
    except TooFewComparisons as error:
        _refuse(
            f"In {error.n} needs somebody was put in the line and somebody else set aside as not fit, and it takes "
            f"{error.needed} such needs. Nothing was proposed."
        )


def _tuned(session: Session) -> Iterator[str]:
    found, present = examples(session, READER), in_force(session, READER).weights
    session.rollback()
    fit = fit_weights(found, prior=present)
    yield from _told(fit)
    shares: dict[str, Json] = dict(asdict(fit.weights))
    with transaction(session):
        made = weights.propose(
            session, READER, datetime.now(UTC), weights=shares, decisions=fit.decisions, measures=_measures(fit)
        )
    yield ""
    yield f"Proposal {made.id} is stored. Nothing changes until an administrator adopts it (page “Ranking”)."


def _told(fit: Fit) -> Iterator[str]:
    yield f"{fit.decisions} decisions on {fit.needs} needs; {fit.pairs} pairs of somebody wanted and somebody not fit."
    yield ""
    yield f"{'weight of':28}  {'in force':22}  proposed"
    present = asdict(fit.prior)
    for name, share in fit.shares.items():
        yield f"{name:28}  {present[name]:<22.3f}  {share.mean:.3f} [{share.low:.3f}, {share.high:.3f}]"
    yield ""
    yield "On needs that the weights tried on them had not learnt from:"
    yield from compared(fit.old, fit.new, fit.gains)


def _measures(fit: Fit) -> dict[str, Json]:
    return {
        "needs": fit.needs,
        "pairs": fit.pairs,
        "prior": dict(asdict(fit.prior)),
        "weights": _estimates(fit.shares),
        "old": _estimates(fit.old),
        "new": _estimates(fit.new),
        "gains": _estimates(fit.gains),
    }


def _estimates(found: Mapping[str, Estimate] | Mapping[Agreement, Estimate]) -> dict[str, Json]:
    return {str(name): [each.mean, each.low, each.high] for name, each in found.items()}


def _refuse(why: str) -> NoReturn:
    click.echo(why, err=True)
    raise click.exceptions.Exit(REFUSED)
