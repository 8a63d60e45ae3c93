"""Mails about a need without its association's name: the volunteer reads it once both have said yes, others always."""

import sqlalchemy as sa

from matcher.database import transaction
from matcher.mail.codes import MailCode
from matcher.models.association import Association
from matcher.models.need import Need
from matcher.models.states import NeedAudience
from matcher.policy_rules import have_met
from matcher.settings import Settings
from tests.factories import World
from tests.matcher.mail import scenes
from tests.matcher.mail.conftest import write
from tests.matcher.mail.told import OTHERS

NAME, PLACE = "Zyxomma", "Lyon"


def test_no_mail_names_the_association_or_the_place_before_two_yeses(world: World, settings: Settings) -> None:
    told: dict[bool, set[MailCode]] = {True: set(), False: set()}
    for code, moment in (*scenes.PAIRING_MOMENTS.items(), *((each.code, moment) for each, moment in OTHERS.items())):
        if moment.role != scenes.VOLUNTEER:
            continue
        scene = scenes.a_scene(world, code, moment)
        assert scene.pairing is not None
        with transaction(world.session):
            world.session.execute(sa.update(Association).values(name=NAME))
            world.session.execute(sa.update(Need).values(audience=NeedAudience.UNNAMED))
            scene.recipient.language = "fr"
        message = write(world, settings, scene, code)
        assert message is not None
        whole = f"{message.subject}\n{message.text}\n{message.html}"
        assert "\ncette association" not in message.text, code
        is_told = NAME in whole
        assert is_told or PLACE not in whole.replace("Antenne de Lyon", ""), code
        assert not is_told or have_met(scene.pairing), code
        told[is_told].add(code)

    assert {MailCode.INVITATION, MailCode.INVITATION_REMINDER, MailCode.SET_ASIDE} <= told[False]
    assert MailCode.MISSION_SHEET in told[True]
