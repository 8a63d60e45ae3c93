"""The table of docs/ranking.md from files of `binome evaluate --json`: one row a ranker, nDCG@10 with its interval.

    python -m tests.bench.ranking_table EVALUATION.json [MORE.json]
"""

import json
import sys
from pathlib import Path


def main() -> None:
    """Print one Markdown table for each file."""
    for path in sys.argv[1:]:
        print(table(json.loads(Path(path).read_text(encoding="utf-8"))), end="\n\n")


def table(evaluation: dict) -> str:
    """Return sets and means as columns, rankers as rows.

    The difference is that of the last column's mean from the first ranker's.
    """
    rows = [*evaluation["results"], *evaluation["means"]]
    columns = list(dict.fromkeys(row["set"] for row in rows))
    rankers = [ranker["name"] for ranker in evaluation["rankers"]]
    cells = {(row["set"], row["ranker"]): row for row in rows}
    lines = [f"| ranker | {' | '.join(columns)} | difference |", "|---|" + "---|" * (len(columns) + 1)]
    for name in rankers:
        told = [_interval(cells[column, name]["ndcg_10"]) for column in columns]
        difference = cells[columns[-1], name]["differences"]["ndcg_10"]
        lines.append(f"| {name} | {' | '.join(told)} | {_interval(difference) if difference else '–'} |")
    return "\n".join(lines)


def _interval(value: dict) -> str:
    return f"{value['mean']:.3f} [{value['low']:.3f}, {value['high']:.3f}]"


if __name__ == "__main__":
    main()
