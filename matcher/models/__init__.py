"""The aggregates, one per file, each with its own state transitions."""
