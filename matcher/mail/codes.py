"""The name of each mail: one per transition or clock that has one, and those of the accounts."""

from enum import StrEnum


class MailCode(StrEnum):
    """Each has one function in matcher.mail that composes it."""

    # needs, to the association
    NEED_RECEIVED = "need_received"
    NEED_GIVEN_UP = "need_given_up"
    NEED_DISCARDED = "need_discarded"
    NEED_OPENED = "need_opened"
    CHANGES_REQUESTED = "changes_requested"
    NEED_LAPSED = "need_lapsed"
    NEED_REFUSED = "need_refused"
    NEED_RESUMED = "need_resumed"
    NEED_COMPLETED = "need_completed"
    DRAFT_REMINDER = "draft_reminder"
    DRAFT_WARNING = "draft_warning"
    CHANGES_REMINDER = "changes_reminder"
    REVIEW_LATE = "review_late"
    STILL_NEEDED = "still_needed"
    NEED_HELD_SILENT = "need_held_silent"
    HOLD_WARNING = "hold_warning"
    NOBODY_YET = "nobody_yet"
    NEED_GONE_COORDINATOR = "need_gone_coordinator"
    # needs, to people paired with them
    NEED_FILLED = "need_filled"
    RESERVE_WAITS = "reserve_waits"
    NEED_REOPENED_COORDINATOR = "need_reopened_coordinator"
    NEED_ON_HOLD = "need_on_hold"
    NEED_CLOSED = "need_closed"
    NEED_CHANGED = "need_changed"
    # to coordinators and administrators
    COORDINATOR_DIGEST = "coordinator_digest"
    NEED_WITHOUT_MEMBER_COORDINATOR = "need_without_member_coordinator"
    REVIEW_LATE_BRANCH = "review_late_branch"
    REVIEW_LATE_ADMINISTRATORS = "review_late_administrators"
    APPLICATION_WAITS_ADMINISTRATORS = "application_waits_administrators"
    YES_COORDINATOR = "yes_coordinator"
    QUESTION_COORDINATOR = "question_coordinator"
    CONFIRMED_COORDINATOR = "confirmed_coordinator"
    START_CONTESTED_COORDINATOR = "start_contested_coordinator"
    ENDED_AFTER_TALK_COORDINATOR = "ended_after_talk_coordinator"
    ABANDONED_COORDINATOR = "abandoned_coordinator"
    WITHDRAWN_COORDINATOR = "withdrawn_coordinator"
    INVITATION_RETURNED = "invitation_returned"
    # to the volunteer, about no need in particular
    NO_PROPOSAL = "no_proposal"
    # pairings, to the volunteer
    APPLICATION_RECEIVED = "application_received"
    APPLICATION_LATE = "application_late"
    APPLICATION_ACCEPTED = "application_accepted"
    APPLICATION_RESERVED = "application_reserved"
    SET_ASIDE = "set_aside"
    INVITATION = "invitation"
    INVITATIONS = "invitations"
    INVITATION_REMINDER = "invitation_reminder"
    FRESH_INVITATION = "fresh_invitation"
    STILL_FREE = "still_free"
    YES_RECEIPT = "yes_receipt"
    RESERVE_RECEIPT = "reserve_receipt"
    TELEPHONE_RECEIPT = "telephone_receipt"
    QUESTION_ANSWERED = "question_answered"
    YES_LATE = "yes_late"
    YES_RELEASED = "yes_released"
    REFUSED_KINDLY = "refused_kindly"
    RELEASED = "released"
    # pairings, to the association
    YES_TO_CONTACT = "yes_to_contact"
    YES_TO_MEMBERS = "yes_to_members"
    YES_WITHDRAWN = "yes_withdrawn"
    # to the volunteer, about no need in particular
    STILL_TRUE = "still_true"
    # missions, to both sides
    INTRODUCED = "introduced"
    HAVE_YOU_TALKED = "have_you_talked"
    MISSION_SHEET = "mission_sheet"
    START_CONTESTED = "start_contested"
    ENDED_AFTER_TALK = "ended_after_talk"
    NO_NEWS = "no_news"
    PROLONGATION_PROPOSED = "prolongation_proposed"
    PROLONGATION_AGREED = "prolongation_agreed"
    FINISH_PROPOSED = "finish_proposed"
    IS_IT_FINISHED = "is_it_finished"
    MISSION_COMPLETED = "mission_completed"
    MISSION_ABANDONED = "mission_abandoned"


class AccountMailCode(StrEnum):
    """The mails of an account itself: never capped, never delayed."""

    CONFIRM_ADDRESS = "confirm_address"
    ALREADY_REGISTERED = "already_registered"
    RESET_PASSWORD = "reset_password"  # noqa: S105 (a mail's name)
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 (a mail's name)
    CHANGE_ADDRESS = "change_address"
    ADDRESS_CHANGED = "address_changed"
    ADDRESS_WORKS = "address_works"
    MEMBER_INVITED = "member_invited"
    MEMBERSHIP_ASKED = "membership_asked"
    WELCOME = "welcome"
