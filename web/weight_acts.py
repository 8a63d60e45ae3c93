"""What an administrator may do with weights of the ranking: what each act is called, and what it sets in motion."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _


@dataclass(frozen=True, slots=True)
class Act:
    """One act: its page, its button, and what is said when it is done."""

    title: str
    effect: tuple[str, ...]
    button: str
    done: str
    kind: str = "primary"


ACTS: dict[str, Act] = {
    "adopt": Act(
        _("Adopt the proposed weights"),
        (
            _("The suggestions of all open needs are made anew with these weights, a few needs at a time."),
            _("Nobody who is in a line loses her place, and no invitation is taken back."),
            _("The page “How the ranking works” shows the new weights from now on. You can go back at any time."),
        ),
        _("Adopt"),
        _("The weights are adopted. The open needs are being ranked anew."),
    ),
    "set-aside": Act(
        _("Set the proposal aside"),
        (_("The ranking stays as it is. The proposal is kept for a year in the list of earlier ones."),),
        _("Set the proposal aside"),
        _("The proposal is set aside. The ranking stays as it is."),
    ),
    "restore": Act(
        _("Back to the weights of origin"),
        (
            _("The adopted weights are taken out of force, and the suggestions of all open needs are made anew."),
            _("Nobody who is in a line loses her place, and no invitation is taken back."),
        ),
        _("Back to the weights of origin"),
        _("The weights of origin are in force again. The open needs are being ranked anew."),
    ),
}
