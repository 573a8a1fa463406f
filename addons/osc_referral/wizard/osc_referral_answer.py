from odoo import fields, models

from odoo.addons.osc_base.fields import EncryptedText


class OscReferralAnswer(models.TransientModel):
    """Asks for the reason, the outcome or the text of a step of a referral."""

    _name = "osc.referral.answer"
    _description = "What became of a referral"
    _inherit = ["osc.given.mixin", "osc.vault.mixin"]

    referral_id = fields.Many2one(
        comodel_name="osc.referral", required=True, ondelete="cascade"
    )
    kind = fields.Selection(
        selection=[
            ("decline", "The partner declines"),
            ("complete", "The partner is done"),
            ("cancel", "Cancel"),
            ("write", "Write to the partner"),
        ],
        required=True,
    )
    decline_reason = fields.Selection(
        selection=lambda self: (
            self.env["osc.referral"]._fields["decline_reason"].selection
        ),
        string="Because",
        default="full",
    )
    outcome = fields.Selection(
        selection=lambda self: self.env["osc.referral"]._fields["outcome"].selection,
        string="What came of it",
        default="served",
    )
    text = EncryptedText()

    def action_confirm(self):
        """Record it; the referral checks who may."""
        self.ensure_one()
        referral = self.referral_id
        if self.kind == "decline":
            referral.action_decline(self.decline_reason, self.text)
        elif self.kind == "complete":
            referral.action_complete(self.outcome, self.text)
        elif self.kind == "cancel":
            referral.action_cancel(self.text)
        else:
            referral.action_write(self.text)
        return {"type": "ir.actions.act_window_close"}
