from odoo import api, fields, models
from odoo.exceptions import ValidationError


class OscDisclosure(models.Model):
    """Adds: a duty or a danger demands that she is referred, without her name."""

    _inherit = "osc.disclosure"

    scope = fields.Selection(
        selection_add=[("referral", "Being referred, without her name")],
        ondelete={"referral": "cascade"},
    )

    @api.constrains("scope", "partner_id")
    def _check_referral_scope(self):
        for disclosure in self:
            if disclosure.scope == "referral" and not disclosure.partner_id:
                raise ValidationError(self.env._("Choose the partner to whom it goes."))
