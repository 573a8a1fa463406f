from odoo import fields, models

from odoo.addons.osc_base.fields import EncryptedText


class OscClockWaiver(models.TransientModel):
    """Asks why she doesn't want what a time limit is for."""

    _name = "osc.clock.waiver"
    _description = "She waives a time limit"
    _inherit = ["osc.given.mixin", "osc.vault.mixin"]

    clock_id = fields.Many2one(
        comodel_name="osc.clock", required=True, ondelete="cascade"
    )
    reason = EncryptedText()

    def action_confirm(self):
        """Record it; the clock checks whose it is and that there is a reason."""
        self.ensure_one()
        self.clock_id.action_waive(self.reason)
        return {"type": "ir.actions.act_window_close"}
