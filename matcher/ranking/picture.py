"""The comparison as a picture: for each set and ranker a point with its interval, in SVG; readable in black and white.

Shapes tell rankers apart, never colours; text stays text.
"""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby
from math import ceil

from matcher.ranking.evaluation import Row
from matcher.ranking.measures import Estimate, Measure
from matcher.ranking.report import TITLES

WIDTH, MARGIN, LINE, GAP, HEAD, FOOT = 960, 20, 20, 12, 76, 40
RANKER_LEFT, PLOT_LEFT, PLOT_RIGHT, FIGURE_LEFT = 36, 330, 770, 786
TICKS = 0.1
MOST_NAMED = 4
OPEN, FILLED = 'fill="#fff"', 'fill="#1a1a1a"'
SHAPES = (
    f'<circle r="5" {OPEN}/>',
    f'<rect x="-4.5" y="-4.5" width="9" height="9" {OPEN}/>',
    f'<circle r="5" {FILLED}/>',
    f'<path d="M0-6.5 6.5 0 0 6.5-6.5 0Z" {OPEN}/>',
    f'<rect x="-4.5" y="-4.5" width="9" height="9" {FILLED}/>',
    f'<path d="M0-6 6 5H-6Z" {OPEN}/>',
    f'<path d="M0-6.5 6.5 0 0 6.5-6.5 0Z" {FILLED}/>',
    f'<path d="M0-6 6 5H-6Z" {FILLED}/>',
)
PAGE = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" \
aria-labelledby="title desc" font-family="system-ui, sans-serif" font-size="14" fill="#1a1a1a" stroke="none">
<title id="title">{title}</title>
<desc id="desc">{desc}</desc>
<rect width="{width}" height="{height}" fill="#fff"/>
<text x="{margin}" y="34" font-size="20" font-weight="600">{title}</text>
<text x="{margin}" y="58">Bars are 95 % intervals. Further right is better.</text>
{body}
</svg>"""


def picture(rows: Sequence[Row], measure: Measure = Measure.NDCG) -> list[str]:
    """Return the lines of an SVG picture of one measure, means first.

    Examples
    --------
    >>> row = Row("small", ("small",), "default", {Measure.NDCG: Estimate(0.5, 0.4, 0.6)}, {})
    >>> [line for line in picture([row]) if line.startswith("<title")]
    ['<title id="title">nDCG@10 of default</title>']
    """
    shown = sorted((row for row in rows if measure in row.estimates), key=lambda row: not row.is_mean)
    groups = [list(group) for _, group in groupby(shown, key=lambda row: row.over)]
    rankers = list(dict.fromkeys(row.ranker for row in shown))
    bottom = HEAD + sum((1 + len(group)) * LINE + GAP for group in groups)
    top = max((row.estimates[measure].high for row in shown), default=1.0)
    ticks = max(1, ceil(top / TICKS - 1e-9))
    body = [*_axis(ticks, bottom)]
    for row, y, is_first in _placed(groups):
        if is_first:
            body.append(f'<text x="{MARGIN}" y="{y - LINE + 5}" font-weight="600">{escape(row.over)}</text>')
        body += _line(row, row.estimates[measure], y, ticks * TICKS, SHAPES[rankers.index(row.ranker) % len(SHAPES)])
    title = f"{TITLES[measure]} of {', '.join(rankers) if len(rankers) <= MOST_NAMED else f'{len(rankers)} rankers'}"
    desc = " ".join(_sentence(row, row.estimates[measure]) for row in shown)
    sizes = {"width": WIDTH, "height": bottom + FOOT, "margin": MARGIN}
    return PAGE.format(**sizes, title=escape(title), desc=escape(desc), body="\n".join(body)).splitlines()


def _placed(groups: Iterable[Sequence[Row]]) -> Iterator[tuple[Row, int, bool]]:
    """Yield each row with the height at which it stands, and whether it opens its group, whose name stands above."""
    y = HEAD + LINE
    for group in groups:
        y += LINE
        for number, row in enumerate(group):
            yield row, y, number == 0
            y += LINE
        y += GAP


def _axis(ticks: int, bottom: int) -> Iterator[str]:
    for tick in range(ticks + 1):
        x = _x(tick / ticks, 1)
        yield f'<path d="M{x} {HEAD}V{bottom}" stroke="#d0d0d0"/>'
        yield f'<text x="{x}" y="{bottom + 20}" text-anchor="middle">{tick * TICKS:.1f}</text>'


def _line(row: Row, estimate: Estimate, y: int, most: float, shape: str) -> Iterator[str]:
    low, mean, high = (_x(value, most) for value in (estimate.low, estimate.mean, estimate.high))
    yield f'<text x="{RANKER_LEFT}" y="{y + 5}">{escape(row.ranker)}</text>'
    yield f'<path d="M{low} {y}H{high}M{low} {y - 4}v8M{high} {y - 4}v8" stroke="#1a1a1a" stroke-width="1.5"/>'
    yield f'<g transform="translate({mean} {y})" stroke="#1a1a1a" stroke-width="1.5">{shape}</g>'
    yield f'<text x="{FIGURE_LEFT}" y="{y + 5}">{_figure(estimate)}</text>'


def _x(value: float, most: float) -> float:
    return round(PLOT_LEFT + value / most * (PLOT_RIGHT - PLOT_LEFT), 1)


def _figure(estimate: Estimate) -> str:
    return f"{estimate.mean:.3f} [{estimate.low:.3f}, {estimate.high:.3f}]"


def _sentence(row: Row, estimate: Estimate) -> str:
    return f"{row.over}, {row.ranker}: {_figure(estimate)}."
