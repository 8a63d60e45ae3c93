"""Which pages are looked at, by whom, and how their address is found in the demo world."""

from tests.look.arranged import ARRANGED
from tests.look.finders import at, first_link, mail_link, mail_page
from tests.look.guarded import GUARDED
from tests.look.looked import (
    ADMINISTRATOR,
    COORDINATOR,
    GIVER,
    INVITATION,
    MEMBER,
    SEND,
    STILL_TRUE,
    VOLUNTEER,
    Looked,
    pressed,
    typed,
)
from tests.look.told import TOLD

THANKS = "^(Merci pour votre oui|Thank you for your yes) ?:"
GOOD_NEWS = "^(Bonne nouvelle|Good news)"
BY_TELEPHONE = "^(Réponse par téléphone|Your answer by telephone)"

DESK = first_link("/reviews", "/reviews/", "Refaire notre suivi")
SUCCESSION = first_link("/reviews", "/reviews/", "Préparer la relève")
SUBMITTED = first_link("/reviews", "/reviews/", "Rendre notre site")
OPEN_LINE = first_link("/reviews", "/reviews/", "Construire un parcours")
LINE = first_link(OPEN_LINE, "/reviews/", ending="/line")
DRAFT = first_link("/my/needs", "/my/needs/", "Dessiner les étiquettes")
MISSION = first_link("/missions", "/missions/")
COMPLETED = first_link("/missions", "/missions/", "Relire nos assurances")

# What the three suggestions that the documentation explains say of themselves, in either language.
EXACT = r"(Rang|Rank)\s+1\s"
SYNONYM = "sous un autre nom|under another name"
TRANSLATED = "dans une autre langue|in another language"
# Which pictures stand in the documentation: under which name, of which pictures taken; of the pages, and of the mails.
INBOXES = {
    f"inbox-{language}-{width}.png": f"mails/inbox.{language}-{width}.png"
    for language in ("fr", "en")
    for width in (360, 1280)
}
DOCUMENTED = {
    "desk.png": "top/desk-fr-1280.png",
    "mails.png": "mails.png",
    **{
        f"explained-{which}-{language}.png": f"explained-{which}-{language}-1280.png"
        for which in ("exact", "synonym", "language")
        for language in ("fr", "en")
    },
}

PUBLIC = (
    Looked("home", "", at("/")),
    Looked("needs", "", at("/needs")),
    Looked("needs-none", "", at("/needs?q=zeppelin")),
    Looked("need", "", first_link("/needs", "/needs/")),
    Looked("ranking", "", at("/how-it-ranks")),
    Looked("legal", "", at("/legal")),
    Looked("privacy", "", at("/privacy")),
    Looked("accessibility", "", at("/accessibility")),
    Looked("contact", "", at("/contact")),
    Looked("sign-in", "", at("/sign-in")),
    Looked("sign-in-refused", "", at("/sign-in"), act=pressed(SEND)),
    Looked("reset", "", at("/reset")),
    Looked("register", "", at("/register")),
    Looked("register-association", "", at("/register?as=association")),
    Looked("register-refused", "", at("/register?as=volunteer"), act=pressed(SEND)),
    Looked("nothing", "", at("/nothing-here")),
)
MAILS = (
    Looked("inbox", "", at("/demo/inbox")),
    Looked("mail", "", first_link("/demo/inbox", "/demo/inbox/")),
    Looked("mail-invitation", "", mail_page(INVITATION)),
    Looked("mail-good-news", "", mail_page(GOOD_NEWS)),
    Looked("answer", "", mail_link(INVITATION, "/answer/")),
    Looked("answered", "", mail_link(THANKS, "/answer/")),
    Looked("answer-withdraw", "", mail_link(THANKS, "/answer/", "/withdraw")),
    Looked("yes", "", mail_link(GOOD_NEWS, "/yes/")),
    Looked("yes-refuse", "", mail_link(GOOD_NEWS, "/yes/", "/refuse")),
    Looked("correct", "", mail_link(BY_TELEPHONE, "/correct/")),
    Looked("unsubscribe", "", mail_link(INVITATION, "/unsubscribe/")),
    Looked("still-true", "", mail_link(STILL_TRUE, "/still-true/")),
    Looked("link-unknown", "", at("/answer/1.nothing")),
)
COORDINATION = (
    Looked("reviews", COORDINATOR, at("/reviews")),
    Looked("desk", COORDINATOR, DESK),
    Looked("explained-exact", COORDINATOR, DESK, person=EXACT),
    Looked("explained-synonym", COORDINATOR, SUCCESSION, person=SYNONYM),
    Looked("explained-language", COORDINATOR, DESK, person=TRANSLATED),
    Looked("preview", COORDINATOR, first_link(DESK, "/reviews/", ending="/preview")),
    Looked("set-aside", COORDINATOR, first_link(DESK, "/reviews/", ending="/set-aside")),
    Looked("find-people", COORDINATOR, first_link(DESK, "/reviews/", ending="/people")),
    Looked("hold", COORDINATOR, first_link(DESK, "/reviews/", ending="/hold")),
    Looked("close", COORDINATOR, first_link(DESK, "/reviews/", ending="/close")),
    Looked("line", COORDINATOR, first_link(OPEN_LINE, "/reviews/", ending="/line")),
    Looked("telephone", COORDINATOR, first_link(LINE, "/line/", ending="/telephone")),
    Looked("submitted", COORDINATOR, SUBMITTED),
    Looked("changes", COORDINATOR, first_link(SUBMITTED, "/reviews/", ending="/changes")),
    Looked("need-corrected", COORDINATOR, first_link(DESK, "/reviews/", ending="/edit")),
    Looked("refuse-need", COORDINATOR, first_link(SUBMITTED, "/reviews/", ending="/refuse")),
    Looked("board", COORDINATOR, at("/board")),
    Looked("associations", COORDINATOR, at("/associations")),
    Looked("association-coordinated", COORDINATOR, first_link("/associations", "/associations/")),
    Looked("missions-coordinator", COORDINATOR, at("/missions")),
    Looked("mission-coordinator", COORDINATOR, first_link("/missions", "/missions/", "Filmer notre concert")),
    Looked("board-administrator", ADMINISTRATOR, at("/board")),
    Looked("board-accesses", COORDINATOR, at("/board/accesses")),
    Looked("admin-accesses", ADMINISTRATOR, at("/admin/accesses")),
    Looked("admin-people", ADMINISTRATOR, at("/admin/people")),
)
ASSOCIATION = (
    Looked("my-needs", MEMBER, at("/my/needs")),
    Looked("new-need", MEMBER, at("/my/needs/new")),
    Looked("my-need", MEMBER, first_link("/my/needs", "/my/needs/", "Refaire notre suivi")),
    Looked("my-draft", MEMBER, DRAFT),
    Looked("edit-need", MEMBER, first_link(DRAFT, "/my/needs/", ending="/edit")),
    Looked(
        "edit-need-overtaken",
        MEMBER,
        first_link(DRAFT, "/my/needs/", ending="/edit"),
        act=typed("input[name=edition]", "0", "main form button[value=save]"),
    ),
    Looked("send-need", MEMBER, first_link(DRAFT, "/my/needs/", ending="/submit")),
    Looked("association", MEMBER, at("/associations")),
    Looked("association-edit", MEMBER, first_link("/associations", "/associations/", ending="/edit")),
    Looked("missions-member", MEMBER, at("/missions")),
    Looked("account", MEMBER, at("/account")),
    Looked("change-address", MEMBER, at("/account/address")),
    Looked("change-password", MEMBER, at("/account/password"), act=pressed(SEND)),
)
GIVING = (
    Looked("profile", VOLUNTEER, at("/profile")),
    Looked("profile-text", VOLUNTEER, at("/profile/text")),
    Looked("profile-time", VOLUNTEER, at("/profile/time")),
    Looked("profile-skills", VOLUNTEER, at("/profile/skills")),
    Looked("profile-places", VOLUNTEER, at("/profile/places")),
    Looked("profile-mail", VOLUNTEER, at("/profile/mail")),
    Looked("own-data", VOLUNTEER, at("/account/data")),
    Looked("accesses", VOLUNTEER, at("/account/accesses")),
    Looked("erase", VOLUNTEER, at("/profile/erase")),
    Looked("missions-volunteer", VOLUNTEER, at("/missions")),
    Looked("mission", VOLUNTEER, MISSION),
    Looked("mission-begin", VOLUNTEER, first_link(MISSION, "/missions/", ending="/begin")),
    Looked("mission-no", VOLUNTEER, first_link(MISSION, "/missions/", ending="/no-in-the-end")),
    Looked("apply", VOLUNTEER, first_link(first_link("/needs", "/needs/"), "/needs/", ending="/apply")),
)
ENDED = (
    Looked("mission-completed", GIVER, COMPLETED),
    Looked("certificate", GIVER, first_link(COMPLETED, "/missions/", ending="/certificate")),
)
PAGES = PUBLIC + MAILS + COORDINATION + ASSOCIATION + GIVING + ENDED + ARRANGED + GUARDED + TOLD
