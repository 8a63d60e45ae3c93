"""Where planted canaries stand once a database is saved and restored: in the file that its owner alone may read.

A backup holds everything and is not encrypted by us, as docs/trust.md says: what shuts it is its mode, 0600, which its
unfinished copy has too. Neither command prints or logs anything of it, and the manifest in it tells numbers alone.
"""

import stat
import zipfile
from pathlib import Path

import pytest

from matcher.database import transaction
from matcher.models.states import PairingStatus
from tests.factories import World
from tests.matcher.backups.conftest import Place, Places

PLANTED = {
    owner: (f"Zyxomma{letter}", f"zyxomma{letter}@secret.example", f"+33 6 98 76 54 3{number}")
    for number, (owner, letter) in enumerate(zip(("volunteer", "member", "coordinator"), "abc", strict=True))
}
CANARIES = [canary for each in PLANTED.values() for canary in each]


def plant(world: World) -> None:
    """Give a volunteer, a member and a coordinator a name, an address and a number that nothing else has."""
    pairing = world.pairing(PairingStatus.CONFIRMED)
    people = (pairing.volunteer.account, world.member(pairing).account, world.coordinator(pairing.need.branch).account)
    with transaction(world.session):
        for account, planted in zip(people, PLANTED.values(), strict=True):
            account.name, account.email, account.phone = planted


def found_in(content: bytes) -> list[str]:
    return [canary for canary in CANARIES if canary.encode() in content]


def test_a_backup_holds_the_canaries_for_its_owner_alone_and_the_commands_tell_none(
    saved_world: World, places: Places, place: Place, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    plant(saved_world)
    file, target = tmp_path / "b.zip", places.empty()

    told = [place.backup(file), target.restore(file)]

    assert [each.exit_code for each in told] == [0, 0]
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    assert sorted(found_in(b"".join(members.values()))) == sorted(CANARIES), "a backup holds everything"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [name for name, content in members.items() if "manifest" in name and found_in(content)] == []
    printed = capfd.readouterr()
    said = "".join((*(each.output for each in told), *(str(each.exception) for each in told), *printed))
    assert found_in(said.encode()) == []


def test_a_restore_that_fails_tells_none(
    saved_world: World, places: Places, place: Place, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    plant(saved_world)
    place.backup(tmp_path / "b.zip")
    whole = (tmp_path / "b.zip").read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "changed.zip").write_bytes(whole.replace(b"PK\x01\x02", b"PK\x01\x03"))

    told = [places.empty().restore(tmp_path / name) for name in ("cut.zip", "changed.zip")]
    told.append(place.restore(tmp_path / "b.zip"))

    assert all(each.exit_code for each in told)
    assert found_in("".join((*(each.output for each in told), *capfd.readouterr())).encode()) == []
