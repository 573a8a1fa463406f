from odoo import fields, models

from odoo.addons.osc_base.fields import EncryptedText


class OscCaseClosureReturn(models.TransientModel):
    """Asks the manager what is missing before a case can be closed."""

    _name = "osc.case.closure.return"
    _description = "Return a closing"
    _inherit = ["osc.given.mixin", "osc.vault.mixin"]

    closure_id = fields.Many2one(
        comodel_name="osc.case.closure", required=True, ondelete="cascade"
    )
    reason = EncryptedText()

    def action_confirm(self):
        """Return it; the closure checks who may."""
        self.ensure_one()
        self.closure_id.action_return(self.reason)
        return {"type": "ir.actions.act_window_close"}
