"""When somebody was last here: a date, written when she signs in or answers. Never when she only opens a page."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.models.account import Account


def note(session: Session, now: datetime, *, account_id: int) -> None:
    """Note that somebody was here today; warnings about her silence count no more. Once a day at most.

    Reminders to confirm an address count on: being here confirms nothing, and it may be somebody else's.
    It waits for nobody: whoever has the account in hand erases or suspends it, and may wait for what we hold.
    """
    today = now.date()
    older = sa.or_(Account.last_active_on.is_(None), Account.last_active_on < today)
    is_confirmed = Account.confirmed_at.is_not(None)
    free = sa.select(Account.id).where(Account.id == account_id, older)
    session.execute(
        sa.update(Account)
        .where(Account.id.in_(free.with_for_update(key_share=True, skip_locked=True)))
        .values(
            last_active_on=today,
            warned_on=sa.case((is_confirmed, sa.null()), else_=Account.warned_on),
            warnings=sa.case((is_confirmed, 0), else_=Account.warnings),
        )
        .execution_options(synchronize_session=False)
    )
