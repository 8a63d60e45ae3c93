"""The people of the journeys: who can sign in, what the volunteers can do. They are there before a process starts."""

from dataclasses import dataclass

from flask_security import hash_password

from matcher.catalogue.skills import load_skills
from matcher.database import transaction
from matcher.models.account import Account
from matcher.models.association import Association
from matcher.models.branch import BranchCoordinator
from matcher.models.volunteer import Volunteer
from matcher.ranking.types import OfferedSkill
from tests.factories import World
from tests.workers.conftest import settings_of
from web import create_app

PASSWORD = "quatre chevaux bleus"
ACCOUNTING = ("accounting/association-accounting", "accounting/bookkeeping", "data/spreadsheets")
# Name, language, headline, description, skills of the catalogue.
VOLUNTEERS = (
    (
        "Amélie Rousseau",
        "fr",
        "Comptable d’associations",
        "J’ai remis en ordre les comptes de deux clubs sportifs et d’une crèche parentale.",
        ACCOUNTING,
    ),
    (
        "Grace Miller",
        "en",
        "Bookkeeper for charities",
        "I put the accounts of a food bank in order, with a chart of accounts that its members understand.",
        ACCOUNTING,
    ),
    (
        "Karim Haddad",
        "fr",
        "Contrôleur de gestion",
        "Je construis des budgets et je suis la trésorerie d’un groupe de cliniques.",
        ("accounting/budget", "accounting/cash-flow"),
    ),
    (
        "Louise Perrin",
        "fr",
        "Graphiste",
        "Affiches de festivals, identités visuelles, livrets imprimés en deux couleurs.",
        ("design/poster-design", "design/visual-identity"),
    ),
    (
        "Thomas Nguyen",
        "fr",
        "Développeur de sites",
        "Je refais des sites lents pour qu’ils s’ouvrent vite sur un vieux téléphone.",
        ("web/web-site-redesign", "web/wordpress"),
    ),
)


@dataclass(frozen=True)
class Town:
    """Everybody of one service; members and coordinators by their language."""

    world: World
    password: str
    associations: dict[str, Association]
    coordinators: dict[str, Account]
    volunteers: list[Volunteer]

    def member(self, language: str, position: int = 0) -> Account:
        """A member of the association that speaks this language."""
        return self.associations[language].members[position]

    def volunteer(self, name: str = "Marie Lemoine", language: str = "fr") -> Volunteer:
        """One more volunteer, who offers nothing that a journey asks for."""
        volunteer = self.world.volunteer()
        _let_in(self.world, volunteer.account, name, self.password, language)
        return volunteer

    def account_of(self, email: str) -> Account:
        """The volunteer of an address."""
        return next(each.account for each in self.volunteers if each.account.email == email)


def settle(world: World, database_url: str) -> Town:
    """Put two associations, a coordinator for each language and five volunteers into the home branch."""
    password = _hashed(database_url)
    associations = {language: world.association(members=2) for language in ("fr", "en")}
    second = world.account()
    with transaction(world.session):
        world.home.coordinators.append(BranchCoordinator(account=second))
    coordinators = dict(zip(("fr", "en"), (each.account for each in world.home.coordinators), strict=True))
    for language, association in associations.items():
        for name, account in zip(("Odile Faucher", "Jean Vasseur"), association.members, strict=True):
            _let_in(world, account, f"{name} ({language})", password, language)
        _let_in(world, coordinators[language], f"Camille Bertholon ({language})", password, language)
    return Town(world, password, associations, coordinators, [_volunteer(world, each, password) for each in VOLUNTEERS])


def _volunteer(world: World, facts: tuple[str, str, str, str, tuple[str, ...]], password: str) -> Volunteer:
    name, language, headline, description, uris = facts
    skills = [
        OfferedSkill(skill.labels[language], 3, skill.uri)
        for uri in uris
        if (skill := load_skills().get(f"binome:skill/{uri}"))
    ]
    volunteer = world.volunteer(skills=skills, headline=headline, description=description, language=language)
    _let_in(world, volunteer.account, name, password, language)
    return volunteer


def _let_in(world: World, account: Account, name: str, password: str, language: str = "fr") -> None:
    with transaction(world.session):
        account.name, account.language, account.password = name, language, password
        account.phone = f"+3361234{account.id:04}"


def _hashed(database_url: str) -> str:
    """Hash the password as the service does, with its salt."""
    with create_app(settings_of(DATABASE_URL=database_url)).app_context():
        return str(hash_password(PASSWORD))
