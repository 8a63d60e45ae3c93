"""Backups of the whole database in one file, made while it is written to, and their restoring into a quarantine."""
