"""The pages and commands by which administrators look after accounts: found by an address, asked, told, undone."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from flask import Flask

from matcher.access_codes import AccessReason
from matcher.models.account import Account
from matcher.models.audit import AuditEntry
from matcher.models.branch import BranchCoordinator
from matcher.settings import SECRETS
from tests.factories import World
from tests.faults.forms_of_rights import coordinate
from tests.web.visiting import Answer, Visitor
from web.commands.user import user

FEW = 12


def reread(world: World, account: Account) -> Account:
    world.session.rollback()
    world.session.refresh(account)
    return account


def find(visitor: Visitor, email: str) -> Answer:
    return visitor.post("/admin/people", {"email": email, "why": "asked_by_person"})


def run(monkeypatch: pytest.MonkeyPatch, url: str, *arguments: str) -> tuple[int, str]:
    """Run the command as on an installation with this database."""
    keys = {key.upper(): f"{key}-for-tests-".ljust(40, "x") for key in SECRETS}
    around = {**keys, "ENVIRONMENT": "development", "SMTP_SECURITY": "none", "DATABASE_URL": url}
    for name, value in around.items():
        monkeypatch.setenv(name, value)
    result = CliRunner().invoke(user, list(arguments))
    return result.exit_code, result.output


def test_an_account_is_found_by_its_whole_address_and_the_search_is_written_down(app: Flask, world: World) -> None:
    administrator, account = world.administrator().account, world.account(name="Jeanne Aubry")
    visitor = Visitor(app, administrator)

    found = find(visitor, f" {account.email.upper()} ")

    assert (found.status, found.location) == (303, f"/admin/people/{account.id}")
    page = visitor.get(str(found.location))
    assert "Jeanne Aubry" in page.text
    assert account.email in page.text
    world.session.rollback()
    written = world.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "find_account")).one()
    assert (written.account_id, written.subject_kind, written.subject_id) == (administrator.id, "account", account.id)
    assert written.reason == "asked_by_person"
    assert set(visitor.post("/admin/people", {"email": account.email}).errors()) == {"why"}
    assert find(visitor, account.email.removesuffix("g")).status == 422
    assert find(visitor, "person").errors()
    assert "No account has this address" in find(visitor, "nobody@example.org").text
    world.session.rollback()
    searches = sa.select(AuditEntry.subject_id).where(AuditEntry.action == "find_account").order_by(AuditEntry.id)
    assert world.session.scalars(searches).all() == [account.id, 0, 0], "whoever is not found was looked for too"


def test_without_the_address_a_page_says_what_an_account_may_do_and_not_whose_it_is(app: Flask, world: World) -> None:
    account = world.account(name="Jeanne Aubry")
    other, visitor = Visitor(app, world.administrator().account), Visitor(app, world.administrator().account)
    find(other, account.email)
    pages = [f"/admin/people/{account.id}{act}" for act in ("", "/suspend", "/appoint")]

    assert not [page for page in pages if "Jeanne" in visitor.get(page).html or account.email in visitor.get(page).html]
    assert "Jeanne" in other.get(pages[0]).html
    world.now += timedelta(minutes=61)
    assert "Jeanne" not in other.get(pages[0]).html
    assert visitor.get("/admin/people/999").status == 404


def test_a_coordinator_is_appointed_and_the_act_is_taken_back_on_the_same_page(app: Flask, world: World) -> None:
    visitor, account = Visitor(app, world.administrator().account), world.account()
    at, branch = f"/admin/people/{account.id}", {"branch_id": str(world.home.id)}

    assert visitor.post(f"{at}/appoint", branch).location == at
    assert "coordinates the branch from now on" in visitor.get(at).text
    assert visitor.post(f"{at}/withdraw", branch).location == at
    assert "no longer coordinates" in visitor.get(at).text
    assert visitor.get(f"{at}/withdraw").location == at, "nothing is left to end"
    assert visitor.post(f"{at}/appoint", {"branch_id": "999"}).errors() == {"branch_id": "Please choose one of these."}


def test_the_last_coordinator_is_named_and_kept(app: Flask, world: World) -> None:
    visitor, last = Visitor(app, world.administrator().account), world.coordinator().account
    at = f"/admin/people/{last.id}"

    assert f"Nobody else coordinates: {world.home.name_en}" in visitor.get(at).text
    visitor.post(f"{at}/withdraw", {"branch_id": str(world.home.id)})
    assert "Nobody else coordinates this branch: appoint somebody else first." in visitor.get(at).text
    world.session.expire_all()
    assert world.home.is_coordinated_by(last.id)


def test_the_last_administrator_is_told_so_before_the_press(app: Flask, world: World) -> None:
    last = world.administrator().account
    visitor, at = Visitor(app, last), f"/admin/people/{last.id}"

    for page in (at, f"{at}/end-administrator"):
        assert "Nobody else administers this service: appoint somebody else first." in visitor.get(page).text
    world.administrator()
    assert "Nobody else administers" not in visitor.get(at).text


def test_whoever_is_looked_for_is_looked_for_by_the_reasons_that_are_taken(app: Flask, world: World) -> None:
    visitor = Visitor(app, world.administrator().account)

    offered = [str(each["value"]) for each in visitor.get("/admin/people").page.select("input[name=why]")]

    assert offered == [each.value for each in AccessReason]


def test_a_suspension_asks_why_and_is_lifted(app: Flask, world: World) -> None:
    visitor, account = Visitor(app, world.administrator().account), world.account()
    at = f"/admin/people/{account.id}"

    refused = visitor.post(f"{at}/suspend", {"reason": "dislike"})
    assert (refused.status, refused.errors()) == (422, {"reason": "Please choose one of these."})
    assert reread(world, account).active
    visitor.post(f"{at}/suspend", {"reason": "stolen"})
    assert reread(world, account).is_suspended
    assert "Suspension since" in visitor.get(at).text
    assert visitor.get(f"{at}/suspend").location == at
    visitor.post(f"{at}/lift")
    assert reread(world, account).active


def test_nothing_that_concerns_oneself_alone_is_offered_to_oneself(app: Flask, world: World) -> None:
    account = world.administrator().account
    account.tf_primary_method = "authenticator"
    world.administrator()
    at = f"/admin/people/{account.id}"

    links = {str(link["href"]) for link in Visitor(app, account).get(at).page.select("main li a")}

    assert {f"{at}/appoint", f"{at}/end-administrator"} <= links
    assert not {f"{at}/suspend", f"{at}/lift", f"{at}/second-factor", f"{at}/end-sign-ins"} & links


def test_the_page_of_an_account_takes_few_statements(app: Flask, world: World) -> None:
    account = world.account()
    for _ in range(3):
        branch = world.branch()
        world.session.add(BranchCoordinator(branch_id=branch.id, account_id=account.id))
    world.session.commit()
    visitor = Visitor(app, world.administrator().account)

    assert visitor.count(f"/admin/people/{account.id}") <= FEW


def test_the_commands_decide_as_the_pages_do(
    app: Flask, world: World, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = coordinate(world, world.account(tf_primary_method="authenticator", tf_totp_secret="x"))
    whose = ("--email", account.email.upper())
    coordinator = (*whose, "--role", "coordinator", "--branch", world.home.slug)

    assert run(monkeypatch, sqlite_url, "forget-second-factor", *whose) == (0, "Done.\n")
    assert reread(world, account).tf_totp_secret is None
    assert run(monkeypatch, sqlite_url, "withdraw", *coordinator) == (0, "Done.\n")
    assert run(monkeypatch, sqlite_url, "appoint", *coordinator) == (0, "Done.\n")
    assert run(monkeypatch, sqlite_url, "appoint", *whose, "--role", "administrator") == (0, "Done.\n")
    assert reread(world, account).is_administrator
    last = run(monkeypatch, sqlite_url, "suspend", *whose, "--reason", "stolen")
    assert last == (1, "Error: nobody else administers the service: appoint somebody else first\n")
    assert run(monkeypatch, sqlite_url, "withdraw", *whose, "--role", "administrator")[0] == 1
    world.administrator()
    assert run(monkeypatch, sqlite_url, "suspend", *whose, "--reason", "stolen") == (0, "Done.\n")
    assert reread(world, account).is_suspended
    assert run(monkeypatch, sqlite_url, "lift", *whose) == (0, "Done.\n")
    nobody = run(monkeypatch, sqlite_url, "lift", "--email", "nobody@example.org")
    assert nobody == (1, "Error: there is no such account or branch\n")
    assert run(monkeypatch, sqlite_url, "withdraw", *whose, "--role", "coordinator")[0] == 2
