"""Why somebody looked and what was opened, in words. Reads nothing."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from matcher.services.accesses import AccessReason

REASONS: dict[AccessReason, LazyString] = {
    AccessReason.ASKED: _("The person asked for help"),
    AccessReason.STANDS_IN: _("The branch has nobody to see to it"),
    AccessReason.MAIL_TROUBLE: _("Our e-mails do not arrive"),
    AccessReason.COMPLAINT: _("A complaint or a danger was reported"),
    AccessReason.DATA_REQUEST: _("Somebody asks about personal data"),
}
