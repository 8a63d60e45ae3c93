"""The steps that an association may take with a need: what each is called, what it will do, and which are offered."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm

from matcher.models.need import Need
from matcher.models.states import NEED_MOVES, NeedStatus, NeedStep
from web.forms.need_steps import CloseForm, HoldForm, StepForm


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its page and its button. `effect` says what pressing it sets in motion."""

    name: str
    title: str
    effect: tuple[str, ...]
    button: str
    done: str
    sources: frozenset[NeedStatus]
    kind: str = "primary"
    form: type[FlaskForm] = StepForm


@dataclass(frozen=True, slots=True)
class Offer:
    """A link to the page of a step."""

    url: str
    label: str
    kind: str


def _from(step: NeedStep) -> frozenset[NeedStatus]:
    return frozenset(NeedStatus(status) for status in NEED_MOVES[step].sources if status)


STEPS: dict[str, Step] = {
    step.name: step
    for step in (
        Step(
            "submit",
            _("Send for review"),
            (
                _("A coordinator reads your need within three working days, and either opens it or asks for changes."),
                _("Telephone numbers, addresses and links in your text are not shown to others."),
            ),
            _("Send for review"),
            _("Your need has been sent for review."),
            _from(NeedStep.SUBMIT),
        ),
        Step(
            "give-up",
            _("Give this need up"),
            (_("The need is closed. Nobody else has seen it but your association and its coordinator."),),
            _("Give it up"),
            _("Your need has been given up."),
            _from(NeedStep.GIVE_UP),
            "danger",
        ),
        Step(
            "hold",
            _("Put on hold"),
            (
                _("Nobody is invited any more for now, and those who wait are told once. Missions under way go on."),
                _(
                    "You open the need again whenever you like. If you give a day of return, the need is closed "
                    "thirty days after it when we hear nothing from you."
                ),
            ),
            _("Put on hold"),
            _("Your need is on hold."),
            _from(NeedStep.HOLD),
            form=HoldForm,
        ),
        Step(
            "resume",
            _("Open again"),
            (_("The ranking is made anew, and the coordinator looks at the line again before anybody is invited."),),
            _("Open again"),
            _("Your need is open again."),
            _from(NeedStep.RESUME),
        ),
        Step(
            "close",
            _("Close this need"),
            (
                _("Everybody who waits for an answer is thanked and told. Missions under way go on to their own end."),
                _("A closed need cannot be opened again; you can post a new one."),
            ),
            _("Close the need"),
            _("Your need is closed. Thank you for having told us."),
            _from(NeedStep.CLOSE),
            "danger",
            CloseForm,
        ),
        Step(
            "enough",
            _("That is enough people"),
            (
                _("The number of places is lowered to the people whom you have confirmed, and nobody else is invited."),
                _("Those who have applied or were invited are thanked, with two similar needs."),
            ),
            _("That is enough"),
            _("Noted: nobody else is invited."),
            _from(NeedStep.ENOUGH),
        ),
        Step(
            "still-needed",
            _("Still needed"),
            (_("The search goes on; we ask you again in thirty days."),),
            _("Yes, still needed"),
            _("Thank you. The search goes on."),
            frozenset({NeedStatus.OPEN}),
        ),
    )
}


def offers_of(need: Need, *, is_asked: bool) -> list[Offer]:
    """Return the steps that the present state allows, the main one first."""
    names = OFFERED[need.status](need, is_asked)
    offers = [_offer(need, name) for name in names]
    return [
        Offer(each.url, each.label, "primary" if i == 0 and each.kind == "primary" else each.kind)
        for i, each in enumerate(offers)
    ]


def _offer(need: Need, name: str) -> Offer:
    if name == "edit":
        return Offer(url_for("my_needs.edit", need_id=need.id), gettext("Edit"), "secondary")
    step = STEPS[name]
    kind = "quiet" if step.kind == "danger" else ("primary" if name in MAIN else "secondary")
    return Offer(url_for("need_steps.confirm", need_id=need.id, name=name), str(step.title), kind)


def _open_steps(need: Need, is_asked: bool) -> list[str]:
    asked = ["still-needed"] if is_asked else []
    enough = ["enough"] if need.taken else []
    return [*asked, "edit", *enough, "hold", "close"]


MAIN = frozenset({"submit", "resume", "still-needed"})
OFFERED: dict[NeedStatus, Callable[[Need, bool], list[str]]] = {
    NeedStatus.DRAFT: lambda _need, _asked: ["submit", "edit", "give-up"],
    NeedStatus.SUBMITTED: lambda _need, _asked: ["edit", "give-up"],
    NeedStatus.CHANGES_REQUESTED: lambda _need, _asked: ["submit", "edit", "give-up"],
    NeedStatus.OPEN: _open_steps,
    NeedStatus.FILLED: lambda _need, _asked: ["edit", "hold"],
    NeedStatus.ON_HOLD: lambda _need, _asked: ["resume", "edit", "close"],
    NeedStatus.COMPLETED: lambda _need, _asked: [],
    NeedStatus.CLOSED: lambda _need, _asked: [],
}
