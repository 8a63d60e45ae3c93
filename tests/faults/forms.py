"""The forms of the whole way, each with somebody who may send it and what she types. No expectations here."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask

from matcher.models.account import Account
from matcher.models.deadline import Clock
from matcher.models.link import LinkPurpose
from matcher.models.pairing import Pairing
from matcher.models.states import NeedStatus, PairingStatus
from matcher.services import answers, needs, notes
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
S = PairingStatus
N = NeedStatus


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
        sides = {"member": world.member(pairing), "volunteer": world.volunteer_of(pairing)}
        who = sides.get(side) or world.coordinator()
        dated = {
            name: day(world, int(value)) if name.endswith("_on") else value for name, value in (typed or {}).items()
        }
        return Form(who.account, f"/missions/{pairing.id}/{act}", dated)

    return prepare


def _check(world: World, _app: Flask) -> Form:
    pairing = world.pairing(S.CONFIRMED, need=world.need(meets_vulnerable=True))
    typed = {"declared": "seen", "seen_on": day(world, -3)}
    return Form(world.member(pairing).account, f"/missions/{pairing.id}/check", typed)


def _approve(world: World, _app: Flask) -> Form:
    need, volunteer = world.need(), world.volunteer()
    ranking = world.suggest(need, [volunteer])
    typed = {"volunteer_id": str(volunteer.id), "ranking_id": str(ranking), "seen": "undecided"}
    return Form(world.coordinator().account, f"/reviews/{need.id}/people", typed)


def _note(world: World, _app: Flask) -> Form:
    pairing = world.pairing(S.INVITED)
    address = f"/reviews/{pairing.need_id}/people/{pairing.volunteer_id}/notes"
    return Form(world.coordinator().account, address, {"text": "Préfère être appelée le soir."})


def _note_out(world: World, app: Flask) -> Form:
    form = _note(world, app)
    pairing = world.session.scalars(sa.select(Pairing)).one()
    words = {"need_id": pairing.need_id, "volunteer_id": pairing.volunteer_id, "text": "Le soir."}
    note = world.act(notes.write, world.coordinator(), **words)
    return Form(form.sender, f"{form.address}/{note.id}/take-out")


def _set_aside(world: World, _app: Flask) -> Form:
    need, volunteer = world.need(), world.volunteer()
    address = f"/reviews/{need.id}/people/{volunteer.id}/set-aside"
    return Form(world.coordinator().account, address, {"reason": "skills", "seen": "undecided"})


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


def _reorder(world: World, _app: Flask) -> Form:
    need = world.need()
    line = [ways.approve(world, need, world.volunteer()).id for _ in range(3)]
    typed = {"order": ",".join(map(str, line)), "pairing_id": str(line[2]), "to": "up"}
    return Form(world.coordinator().account, f"/reviews/{need.id}/line/order", typed)


def _asked_again(world: World) -> Pairing:
    """Somebody who said yes to a need that was changed afterwards."""
    pairing = world.pairing(S.ACCEPTED)
    world.act(needs.edit, world.member(pairing), need_id=pairing.need_id, content=world.content(seats=2))
    return pairing


def _still_agree(world: World, app: Flask) -> Form:
    return Form(None, f"{answer_path(app, world, _asked_again(world))}/still-agree")


def _still_agree_signed_in(world: World, _app: Flask) -> Form:
    pairing = _asked_again(world)
    return Form(pairing.volunteer.account, f"/missions/{pairing.id}/still-agree")


PLAN = {"starts_on": "1", "ends_on": "30", "hours": "12"}
LATER = "2026-11-02"
# The forms by which the state of a need, a pairing or a person is changed. Each is named by its endpoint, the choice in
# its address if there is one, and after a colon what else tells it from another.
WAY: dict[str, Prepare] = {
    "need_steps.take submit": _of_need(N.DRAFT, "submit"),
    "need_steps.take give-up": _of_need(N.SUBMITTED, "give-up"),
    "need_steps.take hold": _of_need(N.OPEN, "hold"),
    "need_steps.take resume": _of_need(N.ON_HOLD, "resume"),
    "need_steps.take close": _of_need(N.OPEN, "close", {"reason": "given_up"}),
    "need_steps.take enough": _of_need(N.OPEN, "enough"),
    "need_steps.take still-needed": _of_need(N.OPEN, "still-needed"),
    "reviews.open_need": _of_review(N.SUBMITTED, "open"),
    "reviews.changes": _of_review(N.SUBMITTED, "changes", {"points": "Combien d’heures ?"}),
    "reviews.refuse": _of_review(N.SUBMITTED, "refuse", {"reason": "Trop loin.", "elsewhere": "La mairie."}),
    "reviews.hold": _of_review(N.OPEN, "hold"),
    "reviews.resume": _of_review(N.ON_HOLD, "resume"),
    "reviews.close": _of_review(N.OPEN, "close", {"reason": "given_up"}),
    "suggestions.approve": _approve,
    "suggestions.set_aside": _set_aside,
    "notes.write": _note,
    "notes.take_out": _note_out,
    "needs.apply": _apply,
    "lines.release": _release_line,
    "lines.undo": _of_line(S.APPROVED, "undo"),
    "lines.take_up": _of_line(S.APPLIED, "take-up"),
    "lines.reply": _of_line(S.INVITED, "reply", {"answer": "Oui, le soir."}),
    "lines.telephone: yes": _of_line(S.INVITED, "telephone", {"heard": "yes", "confirmed": "1"}),
    "lines.telephone: no": _of_line(S.INVITED, "telephone", {"heard": "no", "confirmed": "1"}),
    "lines.telephone: later": _of_line(
        S.INVITED, "telephone", {"heard": "not_now", "ask_again_on": LATER, "confirmed": "1"}
    ),
    "lines.reorder": _reorder,
    "lines.confirm": _of_line(S.ACCEPTED, "confirm"),
    "lines.abandon": _of_line(S.ACTIVE, "abandon", {"reason": "no_news"}),
    "answers.act yes": _by_link(S.INVITED, "yes"),
    "answers.act no": _by_link(S.INVITED, "no", {"reason": "no_time"}),
    "answers.act later": _by_link(S.INVITED, "later", {"ask_again_on": LATER}),
    "answers.act question": _by_link(S.INVITED, "question", {"question": "Le soir ?"}),
    "answers.act still-agree": _still_agree,
    "answers.act withdraw": _by_link(S.ACCEPTED, "withdraw"),
    "answers.act fresh-link": _by_link(S.EXPIRED, "fresh-link"),
    "yeses.act confirm": _yes_link("confirm"),
    "yeses.act refuse": _yes_link("refuse", {"reason": "other_person_chosen"}),
    "links.say_still_needed": _still_needed,
    "links.say_not_correct": _not_what_i_said,
    "links.one_click": _unsubscribe("", {"List-Unsubscribe": "One-Click"}),
    "links.stop": _unsubscribe("/stop"),
    "links.allow": _unsubscribe("/allow"),
    "missions.act yes": _of_mission(S.INVITED, "yes", side="volunteer"),
    "missions.act no": _of_mission(S.INVITED, "no", {"reason": "no_time"}, side="volunteer"),
    "missions.act later": _of_mission(S.INVITED, "later", {"ask_again_on": "30"}, side="volunteer"),
    "missions.act question": _of_mission(S.INVITED, "question", {"question": "Le soir ?"}, side="volunteer"),
    "missions.act fresh-link": _of_mission(S.EXPIRED, "fresh-link", side="volunteer"),
    "missions.act withdraw": _of_mission(S.ACCEPTED, "withdraw", side="volunteer"),
    "missions.act still-agree": _still_agree_signed_in,
    "missions.act confirm-by-telephone": _of_mission(S.ACCEPTED, "confirm-by-telephone", side="coordinator"),
    "missions.act confirm": _of_mission(S.ACCEPTED, "confirm"),
    "missions.act refuse": _of_mission(S.ACCEPTED, "refuse", {"reason": "other_person_chosen"}),
    "missions.act check": _check,
    "missions.act begin": _of_mission(S.CONFIRMED, "begin", PLAN),
    "missions.act not-begun": _object_to_start,
    "missions.act no-in-the-end": _of_mission(S.CONFIRMED, "no-in-the-end", {"reason": "no_agreement"}),
    "missions.act prolong": _of_mission(S.ACTIVE, "prolong", {"ends_on": "60", "hours": "20"}),
    "missions.act agree": _of_mission(S.ACTIVE, "agree", side="volunteer"),
    "missions.act finish": _of_mission(S.ACTIVE, "finish", {"hours": "12"}),
    "missions.act not-finished": _of_mission(S.ACTIVE, "not-finished", side="volunteer"),
    "missions.act stop": _of_mission(S.ACTIVE, "stop", {"reason": "no_time"}, side="volunteer"),
    "volunteers.confirm": _profile("confirm"),
    "volunteers.pause": _profile("pause"),
    "volunteers.resume": _profile("resume"),
}
