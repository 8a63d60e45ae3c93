"""Signing up, confirming, signing in, passwords, addresses: each flow with its mails; opening changes nothing."""

import re
import unicodedata
from urllib.parse import urljoin, urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask

from matcher.database import transaction
from matcher.models.account import Account
from matcher.models.audit import VolunteerChange
from matcher.models.link import LinkPurpose
from matcher.models.volunteer import Volunteer
from tests.factories import World
from tests.web import mailed
from tests.web.linking import path_of
from tests.web.visiting import Answer, Typed, Visitor

PASSWORD = "quatre chevaux bleus"
MARIE: Typed = {"name": "Marie Dupont", "email": "Marie@Example.org", "password": PASSWORD, "is_adult": "y"}


def sign_up(app: Flask, **changes: object) -> Answer:
    return Visitor(app).post("/register/volunteer", {**MARIE, **changes}, page="/register?as=volunteer")


def sign_in(app: Flask, email: str = "marie@example.org", password: str = PASSWORD, **more: object) -> Visitor:
    visitor = Visitor(app)
    visitor.answer = visitor.post("/sign-in", {"email": email, "password": password, **more})
    return visitor


def account(world: World, email: str = "marie@example.org") -> Account:
    world.session.rollback()
    world.session.expire_all()
    return world.session.scalars(sa.select(Account).where(Account.email == email)).one()


@pytest.fixture
def marie(world: World, app: Flask) -> Account:
    """A volunteer who has signed up and confirmed her address."""
    sign_up(app, takes_invitations="y")
    Visitor(app).post(mailed.link(app, world, "confirm_address"), {"password": PASSWORD})
    world.forget_mails()
    return account(world)


def test_a_volunteer_signs_up_and_is_written_to(world: World, app: Flask) -> None:
    answer = sign_up(app)

    assert answer.status == 200
    assert mailed.codes(world) == [("confirm_address", "marie@example.org")]
    volunteer = world.session.scalars(sa.select(Volunteer)).one()
    assert (volunteer.account.name, volunteer.branch_id) == ("Marie Dupont", world.national.id)
    assert volunteer.account.confirmed_at is None
    assert volunteer.account.adult_declared_at is not None


def test_invitations_are_taken_only_when_the_box_was_ticked(world: World, app: Flask) -> None:
    sign_up(app)
    sign_up(app, email="jean@example.org", takes_invitations="y")

    rows = {v.account.email: v.invitations_allowed_at is not None for v in world.session.scalars(sa.select(Volunteer))}
    assert rows == {"marie@example.org": False, "jean@example.org": True}


def test_nobody_is_asked_to_be_invited_by_a_box_that_is_ticked_already(world: World, app: Flask) -> None:
    pages = (Visitor(app).get("/register?as=volunteer"), Visitor(app, world.account()).get("/account"))
    for page in pages:
        (box,) = page.page.select("input[name=takes_invitations]")
        assert not box.has_attr("checked")
        assert not box.has_attr("required")

    silent, willing = world.account(), world.account()
    Visitor(app, silent).post("/account/volunteer", {}, page="/account")
    Visitor(app, willing).post("/account/volunteer", {"takes_invitations": "y"}, page="/account")

    world.session.rollback()
    rows = {v.account_id: v.invitations_allowed_at for v in world.session.scalars(sa.select(Volunteer))}
    assert rows == {silent.id: None, willing.id: world.now}


def test_a_known_address_gets_the_same_page_and_another_mail(world: World, app: Flask) -> None:
    first = sign_up(app)
    second = sign_up(app, name="Mallory", password="tout autre chose 77")

    assert without_token(first) == without_token(second)
    assert [code for code, _ in mailed.codes(world)] == ["confirm_address", "already_registered"]
    assert account(world).name == "Marie Dupont"


ACCENTED = "un été à la plage"


@pytest.mark.parametrize(("chosen", "given"), [("NFC", "NFC"), ("NFC", "NFD"), ("NFD", "NFC")])
def test_a_password_with_accents_signs_in_however_a_keyboard_writes_them(app: Flask, chosen: str, given: str) -> None:
    sign_up(app, password=unicodedata.normalize(chosen, ACCENTED))

    visitor = sign_in(app, password=unicodedata.normalize(given, ACCENTED))

    assert visitor.get("/account").status == 200


def test_accents_do_not_make_a_password_longer(app: Flask) -> None:
    errors = sign_up(app, password=unicodedata.normalize("NFD", "éàùîûë")).errors()

    assert "between 10 and 128" in errors["password"]


def without_token(answer: Answer) -> str:
    return re.sub(r'value="[^"]{60,}"', "", answer.html)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("name", "Marie\x00"),
        ("name", "m" * 121),
        ("email", "not an address"),
        ("password", "short"),
        ("password", "motdepasse123"),
        ("password", "mariedupont1"),
        ("password", "Bénévoles2026"),
        ("password", "associationbinome"),
        ("is_adult", ""),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(
    world: World, app: Flask, field: str, typed: str
) -> None:
    answer = sign_up(app, **{field: typed})

    assert answer.status == 422
    assert set(answer.errors()) == {field}
    kept = answer.page.find("input", {"name": "email"})
    assert kept is not None
    assert kept["value"] == (typed if field == "email" else "marie@example.org")
    assert mailed.codes(world) == []


def test_opening_a_confirmation_link_changes_nothing(world: World, app: Flask) -> None:
    sign_up(app)

    answer = Visitor(app).get(mailed.link(app, world, "confirm_address"))

    assert answer.status == 200
    assert account(world).confirmed_at is None


def test_pressing_the_button_confirms_and_lets_the_profile_count(world: World, app: Flask) -> None:
    sign_up(app)
    assert world.session.scalars(sa.select(VolunteerChange)).all() == []

    Visitor(app).post(mailed.link(app, world, "confirm_address"), {"password": PASSWORD})

    assert account(world).confirmed_at == world.now
    assert len(world.session.scalars(sa.select(VolunteerChange)).all()) == 1
    assert mailed.codes(world)[-1] == ("welcome", "marie@example.org")


def test_pressing_twice_is_harmless(world: World, app: Flask) -> None:
    sign_up(app)
    path = mailed.link(app, world, "confirm_address")
    visitor = Visitor(app)
    typed = {"csrf_token": visitor._token(path), "password": PASSWORD}

    answers = [visitor.client.post(path, data=typed).status_code for _ in range(2)]

    assert answers == [303, 303]
    assert [code for code, _ in mailed.codes(world)].count("welcome") == 1


@pytest.mark.parametrize("password", ["", "quelque chose d’autre 12", "x" * 5000])
def test_who_did_not_open_the_account_does_not_confirm_it(world: World, app: Flask, password: str) -> None:
    sign_up(app)

    answer = Visitor(app).post(mailed.link(app, world, "confirm_address"), {"password": password})

    assert answer.status == 422
    assert set(answer.errors()) == {"password"}
    assert account(world).confirmed_at is None


def test_who_is_signed_in_confirms_without_her_password(world: World, app: Flask) -> None:
    sign_up(app)

    Visitor(app, account(world)).post(mailed.link(app, world, "confirm_address"))

    assert account(world).confirmed_at == world.now


def test_a_new_password_before_any_confirmation_ends_what_whoever_opened_the_account_had_set(
    world: World, app: Flask
) -> None:
    sign_up(app)
    opener = sign_in(app)
    with transaction(world.session):
        account(world).tf_primary_method, account(world).tf_totp_secret = "authenticator", "secret"
    Visitor(app).post("/reset", {"email": "marie@example.org"})
    new = "une tout autre phrase 77"

    Visitor(app).post(mailed.link(app, world, "reset_password"), {"password": new, "password_confirm": new})

    assert account(world).tf_primary_method is None
    assert opener.get("/account").status in {302, 303}


def test_a_forged_confirmation_link_is_told_kindly(app: Flask) -> None:
    assert Visitor(app).get("/confirm-address/forged").status == 410


@pytest.mark.parametrize("path", ["/confirm/token", "/change-email-confirm/token", "/tf-rescue", "/tf-select"])
def test_pages_that_would_change_something_when_opened_do_not_exist(app: Flask, path: str) -> None:
    assert Visitor(app).get(path).status == 404


def test_signing_in_and_out(world: World, app: Flask, marie: Account) -> None:
    visitor = sign_in(app)

    assert visitor.get("/account").status == 200
    assert visitor.client.get("/sign-out").status_code in {400, 405}
    assert visitor.post("/sign-out", page="/account").status == 302
    assert visitor.get("/account").status == 302


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(world: World, app: Flask, marie: Account) -> None:
    wrong = sign_in(app, password="quatre chevaux verts").answer
    unknown = sign_in(app, email="marie@example.com").answer

    assert wrong.status == unknown.status == 200
    assert without_token(wrong).replace("marie@example.org", "") == without_token(unknown).replace(
        "marie@example.com", ""
    )


def test_signing_in_leads_back_to_where_one_wanted_to_go(world: World, app: Flask, marie: Account) -> None:
    visitor = Visitor(app)
    away = visitor.get("/account").location
    assert away is not None

    answer = visitor.post("/sign-in", {"email": marie.email, "password": PASSWORD, "next": "/account"}, page=away)

    assert answer.location == "/account"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "\\\\evil.example", "/\\evil.example"])
def test_signing_in_never_leads_to_another_site(world: World, app: Flask, marie: Account, target: str) -> None:
    answer = sign_in(app, next=target).answer

    assert urlsplit(urljoin("http://localhost/sign-in", answer.location or "/")).netloc == "localhost"


def test_many_wrong_passwords_are_stopped(world: World, app: Flask, marie: Account) -> None:
    statuses = [sign_in(app, password=f"wrong password {n}").answer.status for n in range(16)]

    assert statuses[-1] == 429


def test_a_forgotten_password_is_replaced_once(world: World, app: Flask, marie: Account) -> None:
    Visitor(app).post("/reset", {"email": marie.email})
    path = mailed.link(app, world, "reset_password")
    typed: Typed = {"password": "un tout nouveau secret", "password_confirm": "un tout nouveau secret"}

    assert Visitor(app).post(path, typed).status == 302
    assert mailed.codes(world)[-1] == ("password_changed", "marie@example.org")
    assert sign_in(app, password="un tout nouveau secret").answer.status == 302
    assert sign_in(app).answer.status == 200
    assert Visitor(app).get(path).location == "/reset"


def test_asking_for_a_new_password_tells_nobody_who_has_an_account(world: World, app: Flask, marie: Account) -> None:
    known = Visitor(app).post("/reset", {"email": marie.email})
    unknown = Visitor(app).post("/reset", {"email": "nobody@example.org"})

    assert known.text == unknown.text
    assert len(mailed.codes(world)) == 1


def test_a_password_is_changed_with_the_present_one(world: World, app: Flask, marie: Account) -> None:
    visitor = sign_in(app)
    typed: Typed = {"new_password": "un tout nouveau secret", "new_password_confirm": "un tout nouveau secret"}

    assert visitor.post("/account/password", {**typed, "password": "not this one"}).status == 200
    assert visitor.post("/account/password", {**typed, "password": PASSWORD}).status == 302
    assert mailed.codes(world) == [("password_changed", "marie@example.org")]


def test_all_passwords_that_are_missing_are_named_at_once(app: Flask, marie: Account) -> None:
    answer = Visitor(app, marie).post("/account/password", {})

    assert answer.errors() == dict.fromkeys(
        ["password", "new_password", "new_password_confirm"], "Please give a password."
    )


def test_an_address_changes_when_the_new_one_says_so(world: World, app: Flask, marie: Account) -> None:
    visitor = sign_in(app)
    visitor.post("/account/address", {"email": "marie.new@example.org"})
    path = mailed.link(app, world, "change_address")
    assert mailed.codes(world) == [("change_address", "marie.new@example.org")]

    assert visitor.get(path).status == 200
    assert account(world).email == "marie@example.org"
    assert visitor.post(path).status == 302
    assert account(world, "marie.new@example.org").id == marie.id
    assert mailed.codes(world)[-1] == ("address_changed", "marie@example.org")


def test_links_in_the_old_mailbox_are_worthless_when_the_address_has_changed(
    world: World, app: Flask, marie: Account
) -> None:
    in_the_old_mailbox = path_of(app, world, LinkPurpose.MAIL_CHOICES, marie, None)
    visitor = sign_in(app)
    assert Visitor(app).get(in_the_old_mailbox).status == 200
    visitor.post("/account/address", {"email": "marie.new@example.org"})
    assert Visitor(app).get(in_the_old_mailbox).status == 200

    visitor.post(mailed.link(app, world, "change_address"))

    assert Visitor(app).get(in_the_old_mailbox).status == 410
    assert Visitor(app).get(path_of(app, world, LinkPurpose.MAIL_CHOICES, marie, None)).status == 200


def test_the_address_of_somebody_else_is_not_taken_and_not_told(world: World, app: Flask, marie: Account) -> None:
    other = world.account()
    visitor = sign_in(app)

    known = visitor.post("/account/address", {"email": other.email})
    free = visitor.post("/account/address", {"email": "free@example.org"})

    assert known.text.replace(other.email, "") == free.text.replace("free@example.org", "")
    assert mailed.codes(world) == [("change_address", "free@example.org")]


def test_links_of_mails_are_not_kept_open_in_the_outbox(world: World, app: Flask) -> None:
    sign_up(app)
    path = mailed.link(app, world, "confirm_address")

    payload = world.messages("send_account_mail")[-1].payload
    assert path.rsplit("/", 1)[1] not in str(payload)


def test_addresses_in_mails_come_from_the_settings_and_not_from_the_request(world: World, app: Flask) -> None:
    visitor = Visitor(app)
    token = visitor._token("/register?as=volunteer")

    visitor.client.post(
        "/register/volunteer", data={**MARIE, "csrf_token": token}, headers={"X-Forwarded-Host": "evil"}
    )

    assert mailed.link(app, world, "confirm_address").startswith("/confirm-address/")
