from odoo import fields, models

from odoo.addons.osc_base.fields import EncryptedText


class OscFollowupOutcome(models.TransientModel):
    """Asks what came of a follow-up."""

    _name = "osc.followup.outcome"
    _description = "What came of a follow-up"
    _inherit = ["osc.given.mixin", "osc.vault.mixin"]

    followup_id = fields.Many2one(
        comodel_name="osc.followup", required=True, ondelete="cascade"
    )
    kind = fields.Selection(
        selection=[
            ("done", "Done"),
            ("not_reached", "Not reached"),
            ("declined", "Declined by her"),
        ],
        required=True,
        default="done",
    )
    came = fields.Boolean(string="She came herself")
    still_safe = fields.Boolean(
        string="Still safe",
        help="I asked her again whether this way of contact is still safe.",
    )
    note = EncryptedText()

    def action_confirm(self):
        """Record it; the follow-up checks who may."""
        self.ensure_one()
        if self.kind == "done":
            self.followup_id.action_done(
                self.note, still_safe=self.still_safe, came=self.came
            )
        elif self.kind == "not_reached":
            self.followup_id.action_not_reached(self.note)
        else:
            self.followup_id.action_declined(self.note)
        return {"type": "ir.actions.act_window_close"}
