"""Commands of the domain, found by name through the entry points."""
