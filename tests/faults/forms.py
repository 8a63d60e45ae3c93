"""The forms of the whole way, each with somebody who may send it and what she types. No expectations here."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from flask import Flask

from matcher.models.account import Account
from matcher.models.deadline import Clock
from matcher.models.link import LinkPurpose
from matcher.models.states import NeedStatus, PairingStatus
from matcher.services import answers
from tests import ways
from tests.factories import World
from tests.matcher.mail import scenes
from tests.web.linking import answer_path, path_of, yes_path


@dataclass(frozen=True)
class Form:
    """One form: who sends it (nobody signed in when it hangs on a link), where to, and with what."""

    sender: Account | None
    address: str
    typed: dict[str, str] = field(default_factory=dict)


Prepare = Callable[[World, Flask], Form]
S, N = PairingStatus, NeedStatus


def day(world: World, days: int) -> str:
    """A day as a form takes it."""
    return (world.now + timedelta(days=days)).date().isoformat()


def _of_need(status: N, step: str, typed: dict[str, str] | None = None) -> Prepare:
    def prepare(world: World, _app: Flask) -> Form:
        need = world.need(status, seats=2)
        if step == "enough":
            world.pairing(S.CONFIRMED, need=need)
        if step == "still-needed":
            world.fire(need, Clock.ASK_STILL_NEEDED)
        return Form(world.member(need).account, f"/my/needs/{need.id}/{step}", typed or {})

    return prepare


def _of_review(status: N, step: str, typed: dict[str, str] | None = None) -> Prepare:
    def prepare(world: World, _app: Flask) -> Form:
        need = world.need(status)
        return Form(world.coordinator().account, f"/reviews/{need.id}/{step}", typed or {})

    return prepare


def _by_link(status: S, act: str, typed: dict[str, str] | None = None) -> Prepare:
    def prepare(world: World, app: Flask) -> Form:
        pairing = world.pairing(status)
        return Form(None, f"{answer_path(app, world, pairing)}/{act}", typed or {})

    return prepare


def _of_line(status: S, step: str, typed: dict[str, str] | None = None) -> Prepare:
    def prepare(world: World, _app: Flask) -> Form:
        pairing = world.pairing(status)
        if step == "reply":
            world.act(answers.ask, world.volunteer_of(pairing), pairing_id=pairing.id, question="Le soir ?")
        return Form(world.coordinator().account, f"/line/{pairing.id}/{step}", typed or {})

    return prepare


def _of_mission(status: S, act: str, typed: dict[str, str] | None = None, *, side: str = "member") -> Prepare:
    def prepare(world: World, _app: Flask) -> Form:
        pairing = world.pairing(status)
        if act == "agree":
            scenes.propose_more(world, pairing)
        if act == "not-finished":
            scenes.propose_end(world, pairing)
        who = world.member(pairing) if side == "member" else world.volunteer_of(pairing)
        dated = {
            name: day(world, int(value)) if name.endswith("_on") else value for name, value in (typed or {}).items()
        }
        return Form(who.account, f"/missions/{pairing.id}/{act}", dated)

    return prepare


def _dated(world: World, typed: dict[str, str]) -> dict[str, str]:
    """Put days for the numbers of days."""
    return {name: day(world, int(text)) if name.endswith("_on") else text for name, text in typed.items()}


def _approve(world: World, _app: Flask) -> Form:
    need, volunteer = world.need(), world.volunteer()
    ranking = world.suggest(need, [volunteer])
    typed = {"volunteer_id": str(volunteer.id), "ranking_id": str(ranking)}
    return Form(world.coordinator().account, f"/reviews/{need.id}/people", typed)


def _set_aside(world: World, _app: Flask) -> Form:
    need, volunteer = world.need(), world.volunteer()
    address = f"/reviews/{need.id}/people/{volunteer.id}/set-aside"
    return Form(world.coordinator().account, address, {"reason": "skills"})


def _apply(world: World, _app: Flask) -> Form:
    need, volunteer = world.need(), world.volunteer()
    return Form(volunteer.account, f"/needs/{need.id}/apply", {"motivation": "J’aimerais aider."})


def _yes_link(act: str, typed: dict[str, str] | None = None) -> Prepare:
    def prepare(world: World, app: Flask) -> Form:
        pairing = world.pairing(S.ACCEPTED)
        return Form(None, f"{yes_path(app, world, pairing)}/{act}", typed or {})

    return prepare


def _still_needed(world: World, app: Flask) -> Form:
    need = world.need()
    world.fire(need, Clock.ASK_STILL_NEEDED)
    return Form(None, path_of(app, world, LinkPurpose.STILL_NEEDED, need.association.members[0], need))


def _not_what_i_said(world: World, app: Flask) -> Form:
    pairing = world.pairing(S.INVITED)
    scenes.say_yes_by_telephone(world, pairing)
    return Form(None, path_of(app, world, LinkPurpose.NOT_WHAT_I_SAID, pairing.volunteer.account, pairing))


def _unsubscribe(step: str, typed: dict[str, str] | None = None) -> Prepare:
    def prepare(world: World, app: Flask) -> Form:
        reader = world.volunteer().account
        return Form(None, path_of(app, world, LinkPurpose.UNSUBSCRIBE, reader, None) + step, typed or {})

    return prepare


def _object_to_start(world: World, _app: Flask) -> Form:
    pairing = world.pairing(S.ACTIVE)
    return Form(pairing.volunteer.account, f"/missions/{pairing.id}/not-begun")


def _profile(step: str, typed: dict[str, str] | None = None) -> Prepare:
    def prepare(world: World, _app: Flask) -> Form:
        volunteer = world.volunteer(confirmed_on=world.now.date() - timedelta(days=200), is_paused=step == "resume")
        return Form(volunteer.account, f"/profile/{step}", typed or {})

    return prepare


def _release_line(world: World, _app: Flask) -> Form:
    need = world.need()
    ways.approve(world, need, world.volunteer())
    need.line_waits = True
    world.session.commit()
    return Form(world.coordinator().account, f"/reviews/{need.id}/line/release")


def _become_member(world: World, _app: Flask) -> Form:
    association = world.association()
    return Form(
        world.member(association).account, f"/associations/{association.id}/invite", {"email": "new@example.org"}
    )


PLAN = {"starts_on": "1", "ends_on": "30", "hours": "12"}
LATER = "2026-11-02"
# The forms by which the state of a need, a pairing or a person is changed, on the whole way.
FORMS: dict[str, Prepare] = {
    "need: send for review": _of_need(N.DRAFT, "submit"),
    "need: give up": _of_need(N.SUBMITTED, "give-up"),
    "need: hold": _of_need(N.OPEN, "hold"),
    "need: resume": _of_need(N.ON_HOLD, "resume"),
    "need: close": _of_need(N.OPEN, "close", {"reason": "given_up"}),
    "need: enough": _of_need(N.OPEN, "enough"),
    "need: still needed": _of_need(N.OPEN, "still-needed"),
    "review: open": _of_review(N.SUBMITTED, "open"),
    "review: changes": _of_review(N.SUBMITTED, "changes", {"points": "Combien d’heures ?"}),
    "review: refuse": _of_review(N.SUBMITTED, "refuse", {"reason": "Trop loin.", "elsewhere": "La mairie."}),
    "review: hold": _of_review(N.OPEN, "hold"),
    "review: resume": _of_review(N.ON_HOLD, "resume"),
    "review: close": _of_review(N.OPEN, "close", {"reason": "given_up"}),
    "person: approve": _approve,
    "person: set aside": _set_aside,
    "person: apply": _apply,
    "line: release": _release_line,
    "line: undo": _of_line(S.APPROVED, "undo"),
    "line: take up": _of_line(S.APPLIED, "take-up"),
    "line: reply": _of_line(S.INVITED, "reply", {"answer": "Oui, le soir."}),
    "line: yes by telephone": _of_line(S.INVITED, "telephone", {"heard": "yes", "confirmed": "1"}),
    "line: no by telephone": _of_line(S.INVITED, "telephone", {"heard": "no", "confirmed": "1"}),
    "line: confirm": _of_line(S.ACCEPTED, "confirm"),
    "line: abandon": _of_line(S.ACTIVE, "abandon", {"reason": "no_news"}),
    "link: yes": _by_link(S.INVITED, "yes"),
    "link: no": _by_link(S.INVITED, "no", {"reason": "no_time"}),
    "link: later": _by_link(S.INVITED, "later", {"ask_again_on": LATER}),
    "link: question": _by_link(S.INVITED, "question", {"question": "Le soir ?"}),
    "link: withdraw": _by_link(S.ACCEPTED, "withdraw"),
    "link: fresh link": _by_link(S.EXPIRED, "fresh-link"),
    "link: meet": _yes_link("confirm"),
    "link: refuse": _yes_link("refuse", {"reason": "other_person_chosen"}),
    "link: still needed": _still_needed,
    "link: not what I said": _not_what_i_said,
    "link: one click": _unsubscribe("", {"List-Unsubscribe": "One-Click"}),
    "link: stop": _unsubscribe("/stop"),
    "link: allow": _unsubscribe("/allow"),
    "mission: meet": _of_mission(S.ACCEPTED, "confirm"),
    "mission: refuse": _of_mission(S.ACCEPTED, "refuse", {"reason": "other_person_chosen"}),
    "mission: begin": _of_mission(S.CONFIRMED, "begin", PLAN),
    "mission: not begun": _object_to_start,
    "mission: no in the end": _of_mission(S.CONFIRMED, "no-in-the-end", {"reason": "no_agreement"}),
    "mission: prolong": _of_mission(S.ACTIVE, "prolong", {"ends_on": "60", "hours": "20"}),
    "mission: agree": _of_mission(S.ACTIVE, "agree", side="volunteer"),
    "mission: finish": _of_mission(S.ACTIVE, "finish", {"hours": "12"}),
    "mission: not finished": _of_mission(S.ACTIVE, "not-finished", side="volunteer"),
    "mission: stop": _of_mission(S.ACTIVE, "stop", {"reason": "no_time"}, side="volunteer"),
    "profile: still right": _profile("confirm"),
    "profile: pause": _profile("pause"),
    "profile: resume": _profile("resume"),
    "association: invite": _become_member,
}
