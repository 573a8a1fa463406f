from odoo import fields, models

from odoo.addons.osc_base.fields import EncryptedText

from ..models.osc_shelter_stay import EXITS


class OscShelterDeparture(models.TransientModel):
    """Asks how a stay ends and where she goes."""

    _name = "osc.shelter.departure"
    _description = "End of a stay"
    _inherit = ["osc.given.mixin", "osc.vault.mixin"]

    stay_id = fields.Many2one(
        comodel_name="osc.shelter.stay", required=True, ondelete="cascade"
    )
    exit_kind = fields.Selection(
        selection=EXITS,
        string="How it ends",
        required=True,
    )
    destination = EncryptedText(string="Where she goes")
    check_out = fields.Datetime(
        string="When", required=True, default=fields.Datetime.now
    )
    people_count = fields.Integer(related="stay_id.people_count")
    kept_count = fields.Integer(compute="_compute_kept_count")

    def _compute_kept_count(self):
        """Belongings that she hasn't got back, as far as the user sees them."""
        for departure in self:
            departure.kept_count = self.env["osc.shelter.belonging"].search_count(
                [
                    ("stay_id", "=", departure.stay_id.id),
                    ("returned_at", "=", False),
                ]
            )

    def action_confirm(self):
        """Check her out; the stay checks who may."""
        self.ensure_one()
        self.stay_id.action_check_out(self.exit_kind, self.destination, self.check_out)
        return {"type": "ir.actions.act_window_close"}
