"""What the commands share that replay decisions: reading weights and telling what was found. They change nothing."""

from collections.abc import Iterator, Mapping

import click

from matcher.actors import System
from matcher.commands.sessions import a_session
from matcher.queries.decisions import examples
from matcher.queries.weights import in_force
from matcher.ranking.examples import comparisons, standing
from matcher.ranking.measures import Estimate
from matcher.ranking.replay import Agreement, replayed
from matcher.ranking.score import Weights

READER = System("tune")
MEASURES: Mapping[Agreement, str] = {
    Agreement.PAIRS: "pairs in their order",
    Agreement.NDCG: "nDCG of those approved",
    Agreement.MEAN_RANK: "mean rank of those approved",
}


class BadWeights(ValueError):
    """Weights that cannot be read; the text says why."""


def read_weights(spelt: str) -> Weights:
    """Return the weights written as text=.4,skills=.6; parts that are not named weigh nothing. Raises BadWeights.

    Examples
    --------
    >>> read_weights("text=.4,skills=.6").skills
    0.6
    """
    shares = dict.fromkeys(Weights.names(), 0.0)
    for each in spelt.split(","):
        name, _, share = each.partition("=")
        if name.strip() not in shares:
            raise BadWeights(f"{name.strip() or each} is no part of the score; its parts are {', '.join(shares)}")
        try:
            shares[name.strip()] = float(share)
        except ValueError as error:
            raise BadWeights(f"{each}: a weight is written {name.strip()}=0.25") from error
    try:
        return Weights(**shares)
    except ValueError as error:
        raise BadWeights(f"{spelt}: weights are not negative and sum to 1") from error


def tell_decisions(spelt: str | None) -> None:
    """Write how the weights in force agree with the database's decisions, and what others would change.

    Raises BadWeights.
    """
    candidate = None if spelt is None else read_weights(spelt)
    tell(_replay(candidate))


def compared(
    old: Mapping[Agreement, Estimate], new: Mapping[Agreement, Estimate], gains: Mapping[Agreement, Estimate]
) -> Iterator[str]:
    """Yield a table of the measures: in force, candidate, difference, each with its 95 % interval."""
    yield f"{'':28}  {'in force':22}  {'candidate':22}  difference"
    for measure, before in old.items():
        told = f"{written(before):22}  {written(new[measure]):22}  {written(gains[measure])}"
        yield f"{MEASURES[measure]:28}  {told}"


def written(found: Estimate) -> str:
    """Return a mean with its interval.

    Examples
    --------
    >>> written(Estimate(0.5, 0.25, 0.75))
    '0.500 [0.250, 0.750]'
    """
    return f"{found.mean:.3f} [{found.low:.3f}, {found.high:.3f}]"


def tell(lines: Iterator[str]) -> None:
    """Write lines to standard output."""
    for line in lines:
        click.echo(line.rstrip())


def _replay(candidate: Weights | None) -> Iterator[str]:
    with a_session() as session:
        decided = standing(examples(session, READER))
        present = in_force(session, READER).weights
    yield f"{len(decided)} decisions can be replayed; {len(comparisons(decided))} pairs."
    if not decided:
        return
    old = replayed(decided, present)
    if candidate is None:
        yield from (f"{MEASURES[measure]:28}  {written(found)}" for measure, found in old.estimates().items())
        return
    new = replayed(decided, candidate)
    yield from compared(old.estimates(), new.estimates(), new.gains(old))
