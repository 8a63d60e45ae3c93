"""The demo world: data files and their loader."""
