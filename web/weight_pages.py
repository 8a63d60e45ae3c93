"""The weights of the ranking as pages show them: shares, measures and what became of proposals, in words. No reads."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from flask import url_for
from flask_babel import format_decimal, gettext, ngettext

from matcher.database import Json
from matcher.labels import part_label
from matcher.models.weights import RankingWeights, WeightsStatus
from matcher.queries.weights import InForce, weights_of
from matcher.ranking.score import WEIGHTS, Weights
from matcher.wording import day_in_words
from web.need_cards import language
from web.runtime import LOCAL

KINDS = {WeightsStatus.LIVE: "good", WeightsStatus.PROPOSED: "warn"}
Bounds = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class ProposalCard:
    """The proposal that waits; `verdict` says what its measures come to."""

    weights_id: int
    title: str
    learnt_from: str
    parts: list[tuple[str, str, str, str]]
    measures: list[tuple[str, str, str, str]]
    verdict: str
    verdict_kind: str
    warnings: list[str]
    may_be_adopted: bool


@dataclass(frozen=True, slots=True)
class Earlier:
    """One set of weights in the list of all that there were."""

    iso: str
    when: str
    words: str
    detail: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """The administrators' page; `restore_url` is None while the weights of origin are in force."""

    origin: str
    shares: list[tuple[str, str, str]]
    restore_url: str | None
    proposal: ProposalCard | None
    earlier: list[Earlier]


def origin_words(live: InForce) -> str:
    """Say where the weights in force come from, and since when they count."""
    if live.since is None or live.decisions is None:
        return str(gettext("These weights are those of origin: nothing has been learnt from decisions."))
    return str(
        ngettext(
            "These weights count since %(day)s. They were learnt from %(num)s decision of coordinators, and an "
            "administrator has adopted them.",
            "These weights count since %(day)s. They were learnt from %(num)s decisions of coordinators, and an "
            "administrator has adopted them.",
            live.decisions,
            day=_day(live.since),
        )
    )


def sheet(live: InForce, rows: Sequence[RankingWeights]) -> Sheet:
    """Put all of the page into words; `rows` come newest first."""
    waiting = next((row for row in rows if row.status is WeightsStatus.PROPOSED), None)
    origin = dict(asdict(WEIGHTS))
    table = [
        (part_label(language(), name), _share(share), _share(origin[name]))
        for name, share in asdict(live.weights).items()
    ]
    restore_url = url_for("weights.confirm", weights_id=live.weights_id, name="restore") if live.weights_id else None
    proposal = _proposal(waiting, live) if waiting else None
    return Sheet(
        origin_words(live), table, restore_url, proposal, [_earlier(row, live) for row in rows if row is not waiting]
    )


def _proposal(row: RankingWeights, live: InForce) -> ProposalCard:
    proposed = weights_of(row.weights)
    verdict, kind = _verdict(_bounds(row, "gains", "agreement"))
    return ProposalCard(
        weights_id=row.id,
        title=gettext("Proposal of %(day)s", day=_day(row.made_at)),
        learnt_from=_learnt_from(row),
        parts=_parts(row, live.weights) if proposed else [],
        measures=[each for each in (_measure(row, name, words) for name, words in _measures()) if each],
        verdict=verdict,
        verdict_kind=kind,
        warnings=_warnings(row, live, proposed),
        may_be_adopted=proposed is not None,
    )


def _learnt_from(row: RankingWeights) -> str:
    return str(
        gettext(
            "Learnt from %(decisions)s decisions on %(needs)s needs: %(pairs)s pairs of somebody put in the line and "
            "somebody set aside because she did not fit.",
            decisions=row.decisions,
            needs=row.measures.get("needs", 0),
            pairs=row.measures.get("pairs", 0),
        )
    )


def _parts(row: RankingWeights, live: Weights) -> list[tuple[str, str, str, str]]:
    present = asdict(live)
    found = []
    for name, now in present.items():
        mean, low, high = _bounds(row, "weights", name) or (0.0, 0.0, 0.0)
        found.append((part_label(language(), name), _share(now), _share(mean), _range(_share(low), _share(high))))
    return found


def _measures() -> list[tuple[str, str]]:
    return [
        ("agreement", gettext("Pairs in the order of the decision")),
        ("ndcg", gettext("Gain of those approved (nDCG)")),
        ("mean_rank", gettext("Mean place of those approved")),
    ]


def _measure(row: RankingWeights, name: str, words: str) -> tuple[str, str, str, str] | None:
    old, new, gain = (_bounds(row, of, name) for of in ("old", "new", "gains"))
    if old is None or new is None or gain is None:
        return None
    if name != "agreement":
        return words, _figure(old[0]), _figure(new[0]), _change(gain, "+0.00;−0.00", gettext("%(gain)s (%(range)s)"))
    points: Bounds = (100 * gain[0], 100 * gain[1], 100 * gain[2])
    change = _change(points, "+0.0;−0.0", gettext("%(gain)s points (%(range)s)"))
    return words, _share(old[0]), _share(new[0]), change


def _change(gain: Bounds, pattern: str, sentence: str) -> str:
    mean, low, high = (str(format_decimal(number, format=pattern)) for number in gain)
    return sentence % {"gain": mean, "range": _range(low, high)}


def _verdict(gain: Bounds | None) -> tuple[str, str]:
    """Go by the pairs alone: the other measures favour the weights under which the lists were made."""
    if gain is not None and gain[1] > 0:
        return str(gettext("The proposed weights agree better with the decisions.")), "good"
    if gain is not None and gain[2] < 0:
        return str(gettext("The proposed weights agree less with the decisions.")), "bad"
    return str(gettext("No clear difference: the interval holds zero.")), "warn"


def _warnings(row: RankingWeights, live: InForce, proposed: Weights | None) -> list[str]:
    if proposed is None:
        return [str(gettext("The formula has changed since: this proposal cannot be adopted any more."))]
    prior = row.measures.get("prior")
    if isinstance(prior, dict) and weights_of(prior) != live.weights:
        return [str(gettext("Other weights were in force when this was measured. Let it be measured anew first."))]
    return []


def _earlier(row: RankingWeights, live: InForce) -> Earlier:
    counts = live.since is not None
    words = {
        WeightsStatus.LIVE: gettext("In force") if counts else gettext("Made for an older formula: no longer counts"),
        WeightsStatus.PROPOSED: gettext("Proposed"),
        WeightsStatus.SET_ASIDE: gettext("Proposed, not adopted"),
        WeightsStatus.RETIRED: gettext("Was in force"),
    }
    detail = ngettext("Learnt from %(num)s decision.", "Learnt from %(num)s decisions.", row.decisions)
    if row.adopted_at is not None:
        until = gettext("Adopted on %(day)s.", day=_day(row.adopted_at))
        if row.retired_at is not None:
            until = gettext("In force from %(start)s to %(end)s.", start=_day(row.adopted_at), end=_day(row.retired_at))
        detail = f"{detail} {until}"
    return Earlier(row.made_at.isoformat(), _day(row.made_at), str(words[row.status]), detail)


def _bounds(row: RankingWeights, of: str, name: str) -> Bounds | None:
    found: Json = row.measures.get(of)
    each = found.get(name) if isinstance(found, Mapping) else None
    numbers = [float(n) for n in each if isinstance(n, int | float)] if isinstance(each, list) else []
    return (numbers[0], numbers[1], numbers[2]) if len(numbers) == 3 else None


def _share(share: float) -> str:
    return str(gettext("%(n)s%%", n=format_decimal(100 * share, format="0.0")))


def _figure(number: float) -> str:
    return str(format_decimal(number, format="0.00"))


def _range(low: str, high: str) -> str:
    return str(gettext("%(low)s to %(high)s", low=low, high=high))


def _day(moment: datetime) -> str:
    return day_in_words(language(), moment.astimezone(LOCAL).date())
