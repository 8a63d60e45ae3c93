"""Every way to post a form: those that are played twice, those that are not and why, and what the URL map has."""

from collections.abc import Iterator

from flask import Flask
from werkzeug.routing import AnyConverter, Rule

from tests.faults.forms import WAY, Prepare
from tests.faults.forms_of_offices import OFFICES
from tests.faults.forms_of_people import PEOPLE
from tests.faults.forms_of_rights import RIGHTS
from web.need_steps import STEPS

FORMS: dict[str, Prepare] = {**WAY, **PEOPLE, **OFFICES, **RIGHTS}
ONE_MORE_MAIL = "each press is a mail that is asked for; how many an hour is limited"
SESSION = "changes the visitor’s session, nothing that others see"
# What is not posted twice, with the reason.
NOT_PLAYED = {
    "accounts.send_again": ONE_MORE_MAIL,
    "closed_addresses.ask": ONE_MORE_MAIL,
    "security.send_confirmation": ONE_MORE_MAIL,
    "security.forgot_password": ONE_MORE_MAIL,
    "security.change_email": ONE_MORE_MAIL,
    "security.login": SESSION,
    "security.logout": SESSION,
    "security.verify": SESSION,
    "security.mf_recovery": SESSION,
    "security.tf_select": SESSION,
    "security.two_factor_token_validation": SESSION,
    "security.two_factor_rescue": "not offered: the way is closed by the settings",
    "security.confirm_email": "the library’s own; ours is accounts.confirm_address_now",
    "security.mf_recovery_codes": "new codes are random, and the last ones shown are those that hold",
    "security.two_factor_setup": "draws a random secret, which holds only when its code has been typed",
    "security.two_factor_setup_validate": "needs the code of the moment; a code is good once",
}


def points(app: Flask) -> set[str]:
    """Each POST of the URL map: its endpoint, and the choice in its address when that has one."""
    return {
        name for rule in app.url_map.iter_rules() if rule.methods and "POST" in rule.methods for name in points_of(rule)
    }


def point_of(app: Flask, address: str) -> str:
    """The name of the POST that an address leads to."""
    endpoint, values = app.url_map.bind("binome.example").match(address, method="POST")
    (rule,) = [each for each in app.url_map.iter_rules(endpoint) if "POST" in (each.methods or ())]
    return " ".join([endpoint, *(str(values[name]) for name in _choices(rule))])


def named(form: str) -> str:
    """The part of a form's name that says where it is posted."""
    return form.split(":", maxsplit=1)[0]


def points_of(rule: Rule) -> Iterator[str]:
    """The names of one rule: its endpoint, with each choice in its address."""
    choices = _choices(rule)
    if not choices:
        yield rule.endpoint
    for items in choices.values():
        yield from (f"{rule.endpoint} {item}" for item in items)


def _choices(rule: Rule) -> dict[str, set[str]]:
    """The places of an address that take one of a few words; two rules name their words in a table of their own."""
    if rule.endpoint in {"need_steps.take", "need_steps.confirm"}:
        return {"name": set(STEPS)}
    return {name: each.items for name, each in rule._converters.items() if isinstance(each, AnyConverter)}
