"""Who looked or acted, at what and why, in words. Reads nothing."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from matcher.access_codes import AccessReason
from matcher.queries.accesses import By

REASONS: dict[str, LazyString] = {
    AccessReason.ASKED: _("The person asked for help"),
    AccessReason.STANDS_IN: _("The branch has nobody to see to it"),
    AccessReason.MAIL_TROUBLE: _("Our e-mails do not arrive"),
    AccessReason.COMPLAINT: _("A complaint or a danger was reported"),
    AccessReason.DATA_REQUEST: _("Somebody asks about personal data"),
}
WHO: dict[By, LazyString] = {
    By.ADMINISTRATOR: _("Administration"),
    By.COORDINATOR: _("Coordination"),
    By.PERSON: _("Somebody signed in"),
    By.LINK: _("By a link in an e-mail"),
    By.SYSTEM: _("The service itself"),
}
# To the person herself.
TO_HER: dict[str, LazyString] = {
    "open_name": _("Opened your name and how to reach you"),
    "find_by_name": _("Looked for you by your name, to put you forward"),
    "open_contacts": _("Opened the contacts of one of your missions"),
    "open_members": _("Opened the names and addresses of your association’s members"),
    "open_closed_address": _("Opened your name, because our e-mails come back"),
    "find_account": _("Looked up your account by its address"),
    "appoint_coordinator": _("Entrusted you with a branch"),
    "withdraw_coordinator": _("Withdrew a branch from you"),
    "appoint_administrator": _("Entrusted you with the administration"),
    "withdraw_administrator": _("Withdrew the administration from you"),
    "suspend_account": _("Suspended your account"),
    "lift_suspension": _("Lifted the suspension of your account"),
    "forget_second_factor": _("Removed your lost second factor"),
}
# To everybody else.
ACTS: dict[str, LazyString] = {
    "open_name": _("Opened a volunteer’s name and contacts"),
    "find_by_name": _("Looked for a volunteer by name"),
    "open_contacts": _("Opened the contacts of a mission"),
    "open_members": _("Opened the names and addresses of an association’s members"),
    "open_closed_address": _("Opened the name of an account whose e-mails come back"),
    "find_account": _("Looked up an account by its address"),
    "appoint_coordinator": _("Entrusted an account with a branch"),
    "withdraw_coordinator": _("Withdrew a branch from an account"),
    "appoint_administrator": _("Entrusted an account with the administration"),
    "withdraw_administrator": _("Withdrew the administration from an account"),
    "suspend_account": _("Suspended an account"),
    "lift_suspension": _("Lifted the suspension of an account"),
    "forget_second_factor": _("Removed the lost second factor of an account"),
    "found": _("Entered an association"),
    "edit": _("Changed what an association says"),
    "verify": _("Verified an association"),
    "suspend": _("Suspended an association"),
    "invite_member": _("Invited somebody to act for an association"),
    "admit_member": _("Admitted somebody to an association"),
    "drop_pending": _("Withdrew an invitation, or turned a request down"),
    "join_association": _("Joined an association"),
    "leave": _("Left an association"),
    "edit_open_need": _("Changed an open need"),
    "still_needed": _("Said that a need is still open"),
    "declare_check": _("Declared the check before work with vulnerable people"),
    "write_note": _("Wrote a note for the coordinators"),
    "take_out_note": _("Deleted a note of one’s own"),
    "undo": _("Took a decision back"),
    "reorder": _("Changed the order of a line"),
    "release_line": _("Let a line move again"),
    "telephone_yes": _("Entered a yes heard by telephone"),
    "telephone_no": _("Entered a no heard by telephone"),
    "telephone_corrected": _("Corrected what was entered after a call"),
    "confirm_by_telephone": _("Entered an association’s yes heard by telephone"),
    "still_agrees": _("Said yes again after a change"),
    "object_to_finish": _("Objected to the end of a mission"),
}
KINDS: dict[str, LazyString] = {
    "account": _("account"),
    "association": _("association"),
    "need": _("need"),
    "pairing": _("pairing"),
    "volunteer": _("volunteer"),
    "branch": _("branch"),
}
