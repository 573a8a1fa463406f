from odoo import api, fields, models

from odoo.addons.osc_base.fields import EncryptedText


class OscIntimationAnswer(models.TransientModel):
    """Asks what was done, or why somebody can't take an intimation on."""

    _name = "osc.intimation.answer"
    _description = "Answer to an intimation"
    _inherit = ["osc.given.mixin", "osc.vault.mixin"]

    intimation_id = fields.Many2one(
        comodel_name="osc.intimation", required=True, ondelete="cascade"
    )
    kind = fields.Selection(
        selection=[("act", "Acted"), ("decline", "Declined")], required=True
    )
    text = EncryptedText()
    conflict_of_interest = fields.Boolean(
        help="I am related to her or to the accused. I will not see this case any more."
    )

    @api.model_create_multi
    def create(self, vals_list):
        answers = super().create(vals_list)
        # The name of an intimation that isn't the user's would show on the wizard.
        answers.intimation_id.check_access("read")
        return answers

    def action_confirm(self):
        """Record the answer; the intimation checks whose it is."""
        self.ensure_one()
        if self.kind == "act":
            self.intimation_id.action_act(self.text)
        else:
            self.intimation_id.action_decline(self.text, self.conflict_of_interest)
        return {"type": "ir.actions.act_window_close"}
