"""Forms about associations: what one says about itself, and whom it invites."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import EmailField, StringField, TextAreaField

from matcher.models.association import Association
from matcher.services.associations import DESCRIPTION_MAX, NAME_MAX, REGISTRATION_MAX, AssociationContent
from web.forms.addresses import Address
from web.forms.communes import KnownCommune, find_commune, label_of
from web.forms.special_data import WarnsOfSpecialData
from web.forms.texts import AtMost, Filled, Plain, stripped


class AssociationForm(FlaskForm):
    """What an association says about itself."""

    name = StringField(_("Name of the association"), [Filled(), Plain(), AtMost(NAME_MAX)], filters=[stripped])
    registration = StringField(_("RNA or SIREN number"), [Plain(), AtMost(REGISTRATION_MAX)], filters=[stripped])
    commune = StringField(_("Commune of its seat"), [Plain(), KnownCommune()], filters=[stripped])
    description = TextAreaField(
        _("What it does"),
        [Filled(), Plain(), AtMost(DESCRIPTION_MAX), WarnsOfSpecialData()],
        filters=[stripped],
        render_kw={"rows": 6},
    )

    def content(self, language: str) -> AssociationContent:
        """Return what was typed as the service takes it."""
        commune = find_commune(self.commune.data or "")
        return AssociationContent(
            name=self.name.data,
            description=self.description.data,
            registration=self.registration.data or None,
            commune=commune.code if commune else None,
            language=language,
        )

    @classmethod
    def of(cls, association: Association) -> "AssociationForm":
        """Return the form filled with what the association says now."""
        form = cls(obj=association)
        if association.commune and form.commune.data == association.commune:
            form.commune.data = label_of(association.commune)
        return form


class InviteForm(FlaskForm):
    """Whom the association invites to act for it."""

    email = EmailField(_("E-mail address"), [Filled(), Plain(), AtMost(255), Address()], filters=[stripped])


class JoinForm(FlaskForm):
    """Which association one wants to act for."""

    known = StringField(_("Which association?"), [Filled(), Plain(), AtMost(NAME_MAX + 60)], filters=[stripped])
