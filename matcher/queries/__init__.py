"""Reads only: each takes the actor and shows what is visible to it."""
