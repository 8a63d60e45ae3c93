"""Who is asked how often: the Gini number of a distribution and its Lorenz curve in SVG. Knows no database."""

from collections.abc import Sequence
from html import escape

SIZE, MARGIN, FOOT = 320, 56, 64
PAGE = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" \
role="img" aria-labelledby="title desc" font-family="system-ui, sans-serif" font-size="14" fill="#1a1a1a">
<title id="title">{title}</title>
<desc id="desc">{desc}</desc>
<rect width="{width}" height="{height}" fill="#fff"/>
<text x="{margin}" y="30" font-size="17" font-weight="600">{title}</text>
<g transform="translate({margin} 50)" fill="none" stroke="#1a1a1a">
<path d="M0 0V{size}H{size}"/><path d="M0 {size}L{size} 0" stroke-dasharray="4 4"/>
<path d="{curve}" stroke-width="2.5"/></g>
<text transform="translate({side} {size}) rotate(-90)">Share of all invitations</text>
<text x="{margin}" y="{below}">Share of volunteers, those asked least first</text>
<text x="{margin}" y="{lower}">{desc}</text>
</svg>
"""


def gini(shares: Sequence[int]) -> float:
    """Return 0 when everybody has the same, towards 1 when one has all; 0 when there is nothing."""
    total, number = sum(shares), len(shares)
    if not total:
        return 0.0
    weighted = sum(rank * share for rank, share in enumerate(sorted(shares), start=1))
    return 2 * weighted / (number * total) - (number + 1) / number


def picture(shares: Sequence[int]) -> str:
    """Return the Lorenz curve of who was asked how often, in SVG."""
    total, held, points = sum(shares) or 1, 0, ["M0 320"]
    for rank, share in enumerate(sorted(shares), start=1):
        held += share
        points.append(f"L{SIZE * rank / len(shares):.1f} {SIZE * (1 - held / total):.1f}")
    never = 100 * list(shares).count(0) / len(shares)
    desc = f"{len(shares)} volunteers, {sum(shares)} invitations, Gini {gini(shares):.2f}, never asked {never:.0f} %"
    return PAGE.format(
        width=SIZE + 2 * MARGIN + 60,
        height=SIZE + 50 + FOOT,
        margin=MARGIN,
        side=MARGIN - 16,
        size=SIZE,
        title=escape("Who is asked how often in twelve weeks"),
        desc=escape(desc),
        curve="".join(points),
        below=SIZE + 76,
        lower=SIZE + 100,
    )
