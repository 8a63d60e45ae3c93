"""The form by which an administrator opens an address again."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import EmailField

from web.forms.addresses import Address
from web.forms.texts import Filled, Plain, stripped


class OpenAddressForm(FlaskForm):
    """The address as its owner gave it: we keep no list from which it could be chosen."""

    email = EmailField(_("E-mail address"), [Filled(), Plain(), Address()], filters=[stripped])
