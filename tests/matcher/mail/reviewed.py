"""Raw mails as they go over the wire, each from a world of its own at a fixed hour, for people to review.

`python -m tests.matcher.mail.reviewed` writes them anew: read the difference before you commit it.
"""

from collections.abc import Iterator
from pathlib import Path

from matcher.database import Base, make_engine, make_sessions, transaction
from matcher.links import Links
from matcher.mail.codes import AccountMailCode
from matcher.mail.compose import AccountMail, compose_account_mail
from matcher.ranking.types import NeededSkill
from matcher.settings import Settings
from tests.factories import World
from tests.matcher.mail.conftest import write
from tests.matcher.mail.told import EVERY, Told, moment_of

FOLDER = Path(__file__).parent / "snapshots"
LANGUAGES = ("fr", "en")
KEYS = ("secret_key", "link_key", "mail_key", "password_salt", "totp_secret")
SETTINGS = Settings.model_validate(
    {
        **{key: f"{key}-of-the-snapshots-{'x' * 20}" for key in KEYS},
        "environment": "production",
        "public_url": "https://binome.example",
        "mail_from": "bonjour@binome.example",
        "bounce_domain": "bounces.binome.example",
        "database_url": "sqlite:///never-opened.db",
    }
)
ALL: tuple[Told | AccountMailCode, ...] = (*EVERY, *AccountMailCode)
NAMES = [f"{mail}.{language}" for mail in ALL for language in LANGUAGES]


def written(mail: Told | AccountMailCode) -> Iterator[tuple[str, bytes]]:
    """Compose a mail in each language; gives the name of its file and its bytes, its return path in front."""
    made = _of_a_world(mail) if isinstance(mail, Told) else _of_an_account(mail)
    for language, return_path, content in made:
        yield f"{mail}.{language}.eml", f"Return-Path: <{return_path}>\r\n".encode() + content


def _of_an_account(code: AccountMailCode) -> Iterator[tuple[str, str | None, bytes]]:
    for language in LANGUAGES:
        mail = AccountMail("marie@example.org", language, "Marie", 5, about="Les Jardins partagés", account_id=3)
        link = "https://binome.example/a-link-of-this-mail/abc.def"
        message = compose_account_mail(SETTINGS, Links(SETTINGS), mail, code, link=link)
        yield language, message.return_path, message.as_bytes()


def _of_a_world(told: Told) -> Iterator[tuple[str, str | None, bytes]]:
    engine = make_engine("sqlite://")
    Base.metadata.create_all(engine)
    with make_sessions(engine)() as session:
        world = World(session)
        world.need(title="Bâtir un budget", skills=(NeededSkill("Comptabilité associative"), NeededSkill("Tableur")))
        scene = moment_of(world, told)
        for language in LANGUAGES:
            with transaction(session):
                scene.recipient.language = language
            message = write(world, SETTINGS, scene, told.code)
            assert message is not None, told
            yield language, message.return_path, message.as_bytes()
    engine.dispose()


def renew() -> None:
    """Write all files anew, and delete those of mails that are gone."""
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.eml"):
        old.unlink()
    for mail in ALL:
        for name, content in written(mail):
            (FOLDER / name).write_bytes(content)


if __name__ == "__main__":
    renew()
