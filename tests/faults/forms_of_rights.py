"""The forms by which administrators decide about accounts, and those about one's own sign-ins. No expectations here."""

from flask import Flask

from matcher.database import transaction
from matcher.models.account import Account
from matcher.models.branch import BranchCoordinator
from matcher.services import rights, sign_ins
from matcher.services.rights import SuspensionReason
from tests.factories import World
from tests.faults.forms import Form, Prepare


def coordinate(world: World, account: Account) -> Account:
    """Let an account coordinate the home branch beside its first coordinator."""
    with transaction(world.session) as session:
        session.add(BranchCoordinator(branch_id=world.home.id, account_id=account.id))
    return account


def _somebody(world: World, name: str) -> Account:
    if name == "end-administrator":
        return world.administrator().account
    if name == "second-factor":
        return world.account(tf_primary_method="authenticator", tf_totp_secret="x")
    account = world.volunteer().account
    if name == "withdraw":
        coordinate(world, account)
    if name == "end-sign-ins":
        world.run(sign_ins.begin, account_id=account.id, device="Firefox, Linux", is_remembered=False)
    if name == "lift":
        world.act(rights.suspend, world.administrator(), account_id=account.id, reason=SuspensionReason.CONDUCT)
    return account


def _of_account(name: str) -> Prepare:
    def prepare(world: World, _app: Flask) -> Form:
        typed = {"suspend": {"reason": "conduct"}}.get(name, {})
        if name in {"appoint", "withdraw"}:
            typed = {"branch_id": str(world.home.id)}
        administrator, account = world.administrator().account, _somebody(world, name)
        return Form(administrator, f"/admin/people/{account.id}/{name}", typed)

    return prepare


def _find(world: World, _app: Flask) -> Form:
    return Form(
        world.administrator().account, "/admin/people", {"email": world.account().email, "why": "asked_by_person"}
    )


NAMES = (
    "appoint",
    "withdraw",
    "make-administrator",
    "end-administrator",
    "suspend",
    "lift",
    "second-factor",
    "end-sign-ins",
)
RIGHTS: dict[str, Prepare] = {
    "people.find": _find,
    **{f"people.take {name}": _of_account(name) for name in NAMES},
}
