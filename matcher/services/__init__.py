"""Use cases, one verb per function. They never commit and never send."""
