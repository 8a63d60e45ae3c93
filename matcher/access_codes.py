"""The codes of the audit log that its readers are told in words: what was opened, and why. Decides nothing."""

from enum import StrEnum


class Opened(StrEnum):
    """What was opened; the word of the audit log."""

    NAME = "open_name"
    FOUND = "find_by_name"
    CONTACTS = "open_contacts"
    MEMBERS = "open_members"
    CLOSED_ADDRESS = "open_closed_address"
    ACCOUNT = "find_account"


class AccessReason(StrEnum):
    """Why an administrator looks."""

    ASKED = "asked_by_person"
    STANDS_IN = "stands_in"
    MAIL_TROUBLE = "mail_trouble"
    COMPLAINT = "complaint"
    DATA_REQUEST = "data_request"


class OnBehalf(StrEnum):
    """In whose name a decision was taken that more than one side may take; the reason of its entry."""

    BRANCH = "for_branch"
    ASSOCIATION = "for_association"
    VOLUNTEER = "for_volunteer"


# Acts on somebody's account; the person reads them beside who looked at her data.
RIGHTS = (
    "appoint_coordinator",
    "withdraw_coordinator",
    "appoint_administrator",
    "withdraw_administrator",
    "suspend_account",
    "lift_suspension",
    "forget_second_factor",
    "sign_out_account",
)
# Acts on an association that its members may know.
OF_ASSOCIATION = (
    "found",
    "edit",
    "verify",
    "suspend",
    "invite_member",
    "admit_member",
    "drop_pending",
    "leave",
    "edit_open_need",
    "still_needed",
    "declare_check",
    "open_need",
    "request_changes",
    "refuse_need",
    "hold_need",
    "resume_need",
    "close_need",
    "enough",
)
# Decisions of a branch; all others may be taken by more than one side.
OF_BRANCH = ("approve", "set_aside", "take_up", "open_need", "request_changes", "refuse_need", "verify", "suspend")
# Acts on the way of a need, the branch's alone.
OF_LINE = (
    "approve",
    "set_aside",
    "take_up",
    "confirm",
    "refuse",
    "abandon",
    "undo",
    "reorder",
    "release_line",
    "telephone_yes",
    "telephone_no",
    "telephone_corrected",
    "confirm_by_telephone",
    "still_agrees",
    "object_to_finish",
    "write_note",
    "take_out_note",
)
# Those among them that a party to the case takes too.
OF_PARTIES = ("confirm", "refuse", "abandon", "still_agrees", "telephone_corrected", "object_to_finish")
# Decisions about her that the volunteer reads, as far as she is told of them: never that she was put into a line.
ABOUT_HER = ("set_aside", "take_up", "confirm", "confirm_by_telephone", "refuse", "abandon")
