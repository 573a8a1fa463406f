from odoo import api, fields, models

from odoo.addons.osc_base.fields import EncryptedText


class OscShelterDestination(models.AbstractModel):
    """Where she is after the shelter: whoever hurt her may be looking for it."""

    _name = "osc.shelter.destination"
    _description = "Where she went"
    _inherit = ["osc.vault.mixin", "osc.shelter.rights"]

    destination = EncryptedText(
        open_if="destination_open",
        help="Shown to the shelter and to those who know how to reach her.",
    )
    destination_open = fields.Boolean(
        compute="_compute_destination_open", export_string_translation=False
    )

    @api.depends("case_id")
    @api.depends_context("uid")
    def _compute_destination_open(self):
        known = self._open_to_user("contact")
        for record in self:
            record.destination_open = record in known
