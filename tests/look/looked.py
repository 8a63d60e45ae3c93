"""What a page is that is looked at: who looks, how its address is found, what is done there before its picture."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from playwright.sync_api import Page

from tests.look.backstage import Backstage
from tests.look.finders import Way

COORDINATOR = "camille.bertholon@binome.example"
MEMBER = "odile.faucher@jardins-de-la-duchere.example"
VOLUNTEER = "marie.lemoine@binome-demo.example"
GIVER = "virginie.roussel@binome-demo.example"
ADMINISTRATOR = "admin@binome.example"
SEND = "main form button[type=submit]"

INVITATION = r" ?: \d+\sh (pour|for) "
STILL_TRUE = "^(Vos disponibilités sont-elles|Is your availability)"

Act = Callable[[Page], None]
Arranged = Callable[[Backstage], AbstractContextManager[str]]


def pressed(button: str) -> Act:
    """Press a button."""
    return lambda page: page.locator(button).first.click()


def ticked(field: str, button: str = SEND) -> Act:
    """Tick a field, then press the button."""

    def act(page: Page) -> None:
        page.check(field)
        page.locator(button).first.click()

    return act


def typed(field: str, value: str, button: str = SEND) -> Act:
    """Put a value into a field, hidden ones too, then press the button."""

    def act(page: Page) -> None:
        page.locator(field).evaluate("(field, value) => { field.value = value }", value)
        page.locator(button).first.click()

    return act


@dataclass(frozen=True, slots=True)
class Looked:
    """One page: its picture's name, who is signed in (nobody: an empty text), the way to its path, what is done there.

    `person` is what the one person looked at says, her score unfolded (all: none). `arranged` makes a state that the
    demo does not show by itself, tells the path when the way does not, and takes it all back.
    """

    name: str
    who: str
    path: Way | None = None
    act: Act | None = None
    person: str = ""
    arranged: Arranged | None = None
