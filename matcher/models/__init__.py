"""The aggregates, one per file, each with its own state transitions. Importing this package maps them all."""

from matcher.models import (
    account,
    association,
    audit,
    branch,
    catalogue,
    counterfactual,
    deadline,
    link,
    need,
    outbox,
    pairing,
    suggestion,
    suppression,
    volunteer,
    weights,
)

__all__ = [
    "account",
    "association",
    "audit",
    "branch",
    "catalogue",
    "counterfactual",
    "deadline",
    "link",
    "need",
    "outbox",
    "pairing",
    "suggestion",
    "suppression",
    "volunteer",
    "weights",
]
