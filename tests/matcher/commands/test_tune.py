"""`binome tune` and `binome evaluate --decisions` on a database: what they say, and that they change no ranking."""

from dataclasses import asdict

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from matcher.commands.evaluate import evaluate
from matcher.commands.tune import tune
from matcher.models.weights import RankingWeights, WeightsStatus
from matcher.queries.weights import in_force
from matcher.ranking.learning import NEEDS_NEEDED
from matcher.ranking.score import WEIGHTS
from matcher.settings import SECRETS
from tests.decided import decide, other_weights
from tests.factories import World


@pytest.fixture
def environment(sqlite_url: str) -> dict[str, str]:
    """The settings of this test's database."""
    secrets = {name.upper(): f"{name}-of-a-test-and-long-enough-for-one" for name in SECRETS}
    return {"ENVIRONMENT": "development", "SMTP_SECURITY": "none", "DATABASE_URL": sqlite_url, **secrets}


def run(environment: dict[str, str], command: object, *arguments: str) -> Result:
    """Run a command in an environment."""
    return CliRunner().invoke(command, arguments, env=environment)  # type: ignore[arg-type]


def proposals(world: World) -> list[RankingWeights]:
    """All that was proposed."""
    world.session.rollback()
    return list(world.session.scalars(sa.select(RankingWeights)))


def test_too_few_decisions_are_refused_in_plain_words(world: World, environment: dict[str, str]) -> None:
    decide(world, other_weights(), needs=1, people=4)
    refused = run(environment, tune)
    assert refused.exit_code == 2
    assert refused.stderr.startswith("4 decisions can be learnt from, and it takes 300. Nothing was proposed.")
    assert proposals(world) == []


def test_a_proposal_is_told_and_stored_and_changes_nothing(world: World, environment: dict[str, str]) -> None:
    decide(world, other_weights(), needs=NEEDS_NEEDED, people=16)

    told = run(environment, tune)

    assert told.exit_code == 0, told.stderr
    (proposal,) = proposals(world)
    assert proposal.status is WeightsStatus.PROPOSED
    assert (proposal.made_by, proposal.decisions) == ("system:tune", 320)
    assert "320 decisions on 20 needs" in told.stdout
    assert f"Proposal {proposal.id} is stored. Nothing changes until an administrator adopts it" in told.stdout
    for name, share in proposal.weights.items():
        assert f"{name:28}  {asdict(WEIGHTS)[name]:<22.3f}  {share:.3f} [" in told.stdout
    assert proposal.measures["prior"] == asdict(WEIGHTS)
    assert in_force(world.session, world.administrator()).weights == WEIGHTS
    assert world.messages("rank_open_needs") == []


def test_decisions_are_replayed_under_candidate_weights(world: World, environment: dict[str, str]) -> None:
    decide(world, other_weights(), needs=3, people=6)
    spelt = ",".join(f"{name}={share}" for name, share in asdict(other_weights()).items())

    present = run(environment, evaluate, "--decisions")
    tried = run(environment, evaluate, "--decisions", "--weights", spelt)

    assert present.stdout.startswith("18 decisions can be replayed; 27 pairs.")
    assert tried.exit_code == 0
    (pairs,) = [line for line in tried.stdout.splitlines() if line.startswith("pairs in their order")]
    assert "1.000 [1.000, 1.000]" in pairs


def test_without_decisions_there_is_nothing_to_replay(world: World, environment: dict[str, str]) -> None:
    told = run(environment, evaluate, "--decisions")
    assert (told.exit_code, told.stdout) == (0, "0 decisions can be replayed; 0 pairs.\n")


@pytest.mark.parametrize("spelt", ["colour=1", "text", "text=much", "text=.5", "text=-1,skills=2", "text=nan"])
def test_weights_that_cannot_be_read_are_refused(environment: dict[str, str], spelt: str) -> None:
    refused = run(environment, evaluate, "--decisions", "--weights", spelt)
    assert refused.exit_code == 2
    assert refused.stderr
    assert "Traceback" not in refused.output


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--weights", "text=1"),
        ("--data", ".", "--decisions"),
        ("--decisions", "--json", "-"),
        ("--decisions", "--set", "town"),
    ],
)
def test_what_to_measure_on_is_said_once(environment: dict[str, str], arguments: tuple[str, ...]) -> None:
    refused = run(environment, evaluate, *arguments)
    assert refused.exit_code == 2
    assert "Say either --data, or --decisions" in refused.stderr
