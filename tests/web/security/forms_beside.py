"""The forms that are not played twice, made ready to be sent once. No expectations here."""

from flask import Flask

from tests.factories import World
from tests.faults.forms import Form, Prepare
from tests.faults.forms_of_people import NEW, PASSWORD, with_password

EMAIL = {"email": "zoe@example.org"}


def _hers(address: str, typed: dict[str, str]) -> Prepare:
    def prepare(world: World, app: Flask) -> Form:
        return Form(with_password(world, app), address, typed)

    return prepare


def _unconfirmed(address: str) -> Prepare:
    def prepare(world: World, _app: Flask) -> Form:
        return Form(world.account(is_confirmed=False), address)

    return prepare


def _nobodys(address: str, typed: dict[str, str]) -> Prepare:
    return lambda _world, _app: Form(None, address, typed)


BESIDE: dict[str, Prepare] = {
    "accounts.send_again": _unconfirmed("/confirm/again"),
    "closed_addresses.ask": _hers("/account/address-works", {}),
    "security.send_confirmation": _nobodys("/confirm", EMAIL),
    "security.forgot_password": _nobodys("/reset", EMAIL),
    "security.change_email": _hers("/account/address", {"email": NEW.replace(" ", ".") + "@example.org"}),
    "security.login": _nobodys("/sign-in", {**EMAIL, "password": PASSWORD, "remember": "y"}),
    "security.logout": _hers("/sign-out", {}),
    "security.verify": _hers("/account/verify", {"password": PASSWORD}),
    "security.mf_recovery": _nobodys("/sign-in/recovery", {"code": "aaaa-bbbb-cccc"}),
    "security.tf_select": _nobodys("/tf-select", {"which": "authenticator"}),
    "security.two_factor_token_validation": _nobodys("/sign-in/code", {"code": "123456"}),
    "security.two_factor_rescue": _nobodys("/tf-rescue", {"help_setup": "email"}),
    "security.confirm_email": _nobodys("/confirm/abc.def", {}),
    "security.mf_recovery_codes": _hers("/account/recovery-codes", {"generate_new_codes": "y"}),
    "security.two_factor_setup": _hers("/account/second-factor", {"setup": "authenticator"}),
    "security.two_factor_setup_validate": _hers("/account/second-factor/abc.def", {"code": "123456"}),
}
