"""The demo's inbox."""
