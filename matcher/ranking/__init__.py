"""The ranking: plain dataclasses in, plain dataclasses out; knows no database."""
