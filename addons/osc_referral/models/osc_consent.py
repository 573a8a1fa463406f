from odoo import api, fields, models
from odoo.exceptions import ValidationError


class OscConsent(models.Model):
    """Adds: she agrees to be referred, without her name."""

    _inherit = "osc.consent"

    scope = fields.Selection(
        selection_add=[("referral", "Being referred, without her name")],
        ondelete={"referral": "cascade"},
    )

    @api.constrains("scope", "partner_id")
    def _check_referral_scope(self):
        for consent in self:
            if consent.scope == "referral" and not consent.partner_id:
                raise ValidationError(
                    self.env._("Choose the partner to whom she agrees to be referred.")
                )
            if consent.scope == "statistics" and consent.partner_id:
                raise ValidationError(
                    self.env._("Consent to statistics isn't for a single receiver.")
                )
