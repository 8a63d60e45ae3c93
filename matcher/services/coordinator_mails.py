"""Which mails reach a coordinator at once, and why; all else waits for her morning mail. Sends nothing."""

from enum import StrEnum

from matcher.mail.codes import MailCode as M


class AtOnce(StrEnum):
    """The only three reasons for a mail of its own."""

    YES = "somebody says yes"
    QUESTION = "somebody asks and waits"
    PROBLEM = "something has gone wrong that she did not expect"


# What is said in the morning instead stands as InDigest in notices.py.
AT_ONCE: dict[M, AtOnce] = {
    M.YES_COORDINATOR: AtOnce.YES,
    M.CONFIRMED_COORDINATOR: AtOnce.YES,
    M.QUESTION_COORDINATOR: AtOnce.QUESTION,
    M.REVIEW_LATE_BRANCH: AtOnce.PROBLEM,
    M.WITHDRAWN_COORDINATOR: AtOnce.PROBLEM,
    M.INVITATION_RETURNED: AtOnce.PROBLEM,
    M.START_CONTESTED_COORDINATOR: AtOnce.PROBLEM,
    M.ENDED_AFTER_TALK_COORDINATOR: AtOnce.PROBLEM,
    M.ABANDONED_COORDINATOR: AtOnce.PROBLEM,
    M.SUSPENDED_COORDINATOR: AtOnce.PROBLEM,
    M.NEED_REOPENED_COORDINATOR: AtOnce.PROBLEM,
    M.NEED_GONE_COORDINATOR: AtOnce.PROBLEM,
    M.NEED_WITHOUT_MEMBER_COORDINATOR: AtOnce.PROBLEM,
}
