"""The real servers that the tests talk to: PostgreSQL, Redis, an SMTP sink, Chromium. No test data, no assertions."""
