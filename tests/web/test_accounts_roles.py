"""Second factors, hats, the account page, and the command that opens the accounts of coordinators."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from flask import Flask
from passlib.totp import TOTP

from matcher.models.account import Account
from matcher.models.association import AssociationStatus
from matcher.models.branch import BranchCoordinator
from matcher.models.volunteer import Volunteer
from matcher.settings import SECRETS
from tests.factories import World
from tests.settings import make_settings
from tests.web.visiting import Answer, Visitor
from web import create_app
from web.commands.user import user

PASSWORD = "quatre chevaux bleus"


@pytest.fixture
def strict(world: World, sqlite_url: str) -> Flask:
    """An application that demands second factors."""
    return create_app(make_settings(sqlite_url), clock=lambda: world.now)


def reread(world: World, account: Account) -> Account:
    world.session.rollback()
    world.session.refresh(account)
    return account


def key_on(answer: Answer) -> str:
    code = answer.page.find("code")
    assert code is not None
    return code.get_text().replace("-", "")


def code_for(world: World, key: str) -> str:
    return str(TOTP(key=key).generate(time=world.now).token)


def create_coordinator(monkeypatch: pytest.MonkeyPatch, world: World, sqlite_url: str) -> str:
    arguments = ["create", "--email", "Lea@example.org", "--name", "Léa", "--role", "coordinator"]
    for name, value in {
        **{key.upper(): f"{key}-for-tests-".ljust(40, "x") for key in SECRETS},
        "ENVIRONMENT": "development",
        "SMTP_SECURITY": "none",
        "DATABASE_URL": sqlite_url,
    }.items():
        monkeypatch.setenv(name, value)
    result = CliRunner().invoke(user, [*arguments, "--branch", world.home.slug])
    assert result.exit_code == 0, result.output
    return result.output


def test_user_create_opens_a_coordinator_who_chooses_her_password(
    world: World, app: Flask, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = create_coordinator(monkeypatch, world, sqlite_url)

    path = re.search(r"http://127.0.0.1:8000(/reset/\S+)", output)
    assert path is not None
    assert Visitor(app).post(path[1], {"password": PASSWORD, "password_confirm": PASSWORD}).status == 302
    answer = Visitor(app).post("/sign-in", {"email": "lea@example.org", "password": PASSWORD})
    assert answer.status == 302
    rows = world.session.scalars(sa.select(BranchCoordinator).where(BranchCoordinator.branch_id == world.home.id))
    (lea,) = [row.account for row in rows if row.account.email == "lea@example.org"]
    assert lea.adult_declared_at is None


def test_whose_account_was_opened_for_her_says_first_that_she_is_of_age(world: World, app: Flask) -> None:
    account = world.account(adult_declared_at=None)
    visitor = Visitor(app, account)
    assert visitor.get("/account").location == visitor.get("/account/data").location == "/account/age"
    assert visitor.post("/account/volunteer", page="/account/age").location == "/account/age"
    assert visitor.get("/privacy").status == 200
    assert "Are you of age?" in visitor.get("/account/age").text

    assert list(visitor.post("/account/age", {}).errors()) == ["is_adult"]
    assert reread(world, account).adult_declared_at is None
    assert visitor.post("/account/age", {"is_adult": "y"}).status == 303

    declared = reread(world, account).adult_declared_at
    world.now += timedelta(days=1)
    assert visitor.post("/account/age", {"is_adult": "y"}, page="/account").status == 303
    assert reread(world, account).adult_declared_at == declared == world.now - timedelta(days=1)
    assert visitor.get("/account/age").location == "/account"


def test_of_two_demands_the_age_comes_first(world: World, strict: Flask) -> None:
    coordinator = world.coordinator().account
    coordinator.adult_declared_at = None
    world.session.commit()
    visitor = Visitor(strict, coordinator)

    assert visitor.get("/reviews").location == "/account/age"
    visitor.post("/account/age", {"is_adult": "y"})
    assert visitor.get("/reviews").location == "/account/second-factor"


@pytest.mark.parametrize(
    "arguments",
    [
        ["--role", "coordinator"],
        ["--role", "administrator", "--branch", "x"],
        ["--role", "administrator", "--email", "no address"],
    ],
)
def test_user_create_refuses_what_does_not_fit(arguments: list[str]) -> None:
    result = CliRunner().invoke(user, ["create", "--name", "Léa", "--email", "lea@example.org", *arguments])

    assert result.exit_code == 2


def test_a_coordinator_without_second_factor_is_led_to_set_it_up(world: World, strict: Flask) -> None:
    visitor = Visitor(strict, world.coordinator().account)

    assert visitor.get("/associations").location == "/account/second-factor"
    assert Visitor(strict, world.volunteer().account).get("/associations").status == 200


def test_a_coordinator_signs_in_with_her_second_factor_and_a_recovery_code(
    world: World, strict: Flask, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = create_coordinator(monkeypatch, world, sqlite_url)
    path = output.split("http://127.0.0.1:8000")[1].strip()
    Visitor(strict).post(path, {"password": PASSWORD, "password_confirm": PASSWORD})
    visitor = Visitor(strict)
    visitor.post("/sign-in", {"email": "lea@example.org", "password": PASSWORD})

    shown = visitor.post("/account/second-factor", {"setup": "authenticator"})
    key = key_on(shown)
    form = shown.page.find("form", action=re.compile("second-factor/"))
    assert form is not None
    token = form.find("input", {"name": "csrf_token"})["value"]
    answer = visitor.client.post(form["action"], data={"code": code_for(world, key), "csrf_token": token})
    assert answer.location == "/account/recovery-codes"
    codes = visitor.post("/account/recovery-codes", {"generate_new_codes": "1"}).page.select("li code")
    assert len(codes) == 5
    assert visitor.get("/account").location == "/account/age"
    visitor.post("/account/age", {"is_adult": "y"})

    again = Visitor(strict)
    first = again.post("/sign-in", {"email": "lea@example.org", "password": PASSWORD})
    assert first.location is not None
    assert first.location.startswith("/sign-in/code")
    assert again.get("/account").status == 302
    assert again.post("/sign-in/code", {"code": "000000"}, page=first.location).status == 200
    spare = again.post("/sign-in/recovery", {"code": codes[0].get_text()})
    assert spare.status == 302
    assert again.get("/account").status == 200
    once = Visitor(strict)
    once.post("/sign-in", {"email": "lea@example.org", "password": PASSWORD})
    assert once.post("/sign-in/recovery", {"code": codes[0].get_text()}).status == 200


def test_details_are_kept_and_a_telephone_number_in_its_international_form(world: World, app: Flask) -> None:
    account = world.account()

    answer = Visitor(app, account).post("/account", {"name": "Léa", "phone": "06 12 34 56 78", "language": "en"})

    kept = reread(world, account)
    assert answer.status == 303
    assert (kept.name, kept.phone, kept.language) == ("Léa", "+33612345678", "en")


@pytest.mark.parametrize(("field", "typed"), [("phone", "123"), ("name", ""), ("name", "a\x00b"), ("language", "xx")])
def test_wrong_details_are_told_and_change_nothing(world: World, app: Flask, field: str, typed: str) -> None:
    account = world.account(name="Avant")
    right = {"name": "Après", "phone": "", "language": "en"}

    answer = Visitor(app, account).post("/account", {**right, field: typed})

    assert (answer.status, set(answer.errors())) == (422, {field})
    assert reread(world, account).name == "Avant"


def test_a_member_becomes_a_volunteer_too_and_changes_hats(world: World, app: Flask) -> None:
    account = world.member(world.association()).account
    visitor = Visitor(app, account)

    assert visitor.post("/account/volunteer", {"takes_invitations": "y"}, page="/account").location == "/profile"
    assert world.session.scalars(sa.select(Volunteer.account_id)).all() == [account.id]
    assert reread(world, account).hat == "volunteer"
    assert visitor.post("/hat", {"hat": "member"}, page="/account").status == 303
    assert reread(world, account).hat == "member"


@pytest.mark.parametrize("hat", ["coordinator", "administrator", "nonsense", ""])
def test_nobody_wears_a_hat_that_is_not_hers(world: World, app: Flask, hat: str) -> None:
    account = world.volunteer().account

    assert Visitor(app, account).post("/hat", {"hat": hat}, page="/account").status == 403
    assert reread(world, account).hat is None


def test_suspending_needs_the_coordinator_of_the_branch(world: World, app: Flask) -> None:
    association = world.association()
    other = world.coordinator(world.branch(departments=("38",)))
    path = f"/associations/{association.id}/suspend"

    assert Visitor(app, other.account).post(path).status == 403
    assert Visitor(app, world.coordinator().account).post(path).status == 303
    world.session.rollback()
    world.session.refresh(association)
    assert association.status is AssociationStatus.SUSPENDED


@pytest.mark.parametrize("password", [None, ""])
def test_an_account_without_password_is_led_to_choose_one_by_mail(
    world: World, app: Flask, password: str | None
) -> None:
    reader = Visitor(app, world.account(password=password))

    opened = reader.get("/account/verify")
    pressed = reader.post("/account/verify", {"password": "quatre chevaux bleus"}, page="/reset")
    changing = reader.get("/account/password")

    for answer in (opened, pressed):
        assert answer.status == 200
        assert "Your account has no password yet" in answer.text
        assert [link["href"] for link in answer.page.select("main a")] == ["/reset"]
        assert answer.page.select("main form") == []
    assert (changing.status, urlsplit(str(changing.location)).path) == (302, "/account/verify")
