"""Which pages are looked at, by whom, and how their address is found in the demo world."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

COORDINATOR = "camille.bertholon@binome.example"
MEMBER = "odile.faucher@jardins-de-la-duchere.example"
VOLUNTEER = "marie.lemoine@binome-demo.example"
ADMINISTRATOR = "admin@binome.example"

Way = Callable[[Page, str], str]


@dataclass(frozen=True, slots=True)
class Looked:
    """One page: its picture's name, who is signed in (nobody: an empty text) and the way to its path."""

    name: str
    who: str
    path: Way


def at(path: str) -> Way:
    """The page at a fixed path."""
    return lambda _page, _address: path


def first_link(path: str, beginning: str, text: str = "") -> Way:
    """The first link on a page whose address begins so, and which holds a text."""

    def find(page: Page, address: str) -> str:
        page.goto(address + path)
        links = page.locator(f'main a[href^="{beginning}"]')
        found = links.filter(has_text=text) if text else links
        return str(found.first.get_attribute("href"))

    return find


PAGES = (
    Looked("home", "", at("/")),
    Looked("needs", "", at("/needs")),
    Looked("need", "", first_link("/needs", "/needs/")),
    Looked("ranking", "", at("/how-it-ranks")),
    Looked("legal", "", at("/legal")),
    Looked("privacy", "", at("/privacy")),
    Looked("accessibility", "", at("/accessibility")),
    Looked("contact", "", at("/contact")),
    Looked("sign-in", "", at("/sign-in")),
    Looked("register", "", at("/register")),
    Looked("register-association", "", at("/register?as=association")),
    Looked("inbox", "", at("/demo/inbox")),
    Looked("mail", "", first_link("/demo/inbox", "/demo/inbox/")),
    Looked("nothing", "", at("/nothing-here")),
    Looked("reviews", COORDINATOR, at("/reviews")),
    Looked("desk", COORDINATOR, first_link("/reviews", "/reviews/", "Refaire notre suivi")),
    Looked("board", COORDINATOR, at("/board")),
    Looked("associations", COORDINATOR, at("/associations")),
    Looked("missions-coordinator", COORDINATOR, at("/missions")),
    Looked("my-needs", MEMBER, at("/my/needs")),
    Looked("new-need", MEMBER, at("/my/needs/new")),
    Looked("my-need", MEMBER, first_link("/my/needs", "/my/needs/")),
    Looked("association", MEMBER, at("/associations")),
    Looked("missions-member", MEMBER, at("/missions")),
    Looked("account", MEMBER, at("/account")),
    Looked("profile", VOLUNTEER, at("/profile")),
    Looked("profile-time", VOLUNTEER, at("/profile/time")),
    Looked("profile-skills", VOLUNTEER, at("/profile/skills")),
    Looked("missions-volunteer", VOLUNTEER, at("/missions")),
    Looked("board-administrator", ADMINISTRATOR, at("/board")),
)
