"""What account mails of the outbox say, for tests: their codes, and the path of the link in the last one."""

from urllib.parse import urlsplit

from flask import Flask

from matcher.sealed import unseal
from tests.factories import World


def codes(world: World) -> list[tuple[str, str]]:
    """The account mails that wait, oldest first: code and address."""
    world.session.rollback()
    return [(str(row.payload["code"]), str(row.payload["address"])) for row in world.messages("send_account_mail")]


def link(app: Flask, world: World, code: str) -> str:
    """The path of the link in the last mail of a code; its address begins with PUBLIC_URL."""
    settings = app.extensions["binome"].settings
    world.session.rollback()
    row = [row for row in world.messages("send_account_mail") if row.payload["code"] == code][-1]
    address = unseal(settings, str(row.payload["sealed_link"]))
    assert address.startswith(settings.public_url + "/")
    return urlsplit(address).path
