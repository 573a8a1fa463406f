from odoo import api, fields, models

from odoo.addons.osc_base.fields import EncryptedText


class OscCaseServiceOutcome(models.TransientModel):
    """Asks for the appointment, the time or the reason of what becomes of a service."""

    _name = "osc.case.service.outcome"
    _description = "What becomes of a service"
    _inherit = "osc.vault.mixin"

    service_id = fields.Many2one(
        comodel_name="osc.case.service", required=True, ondelete="cascade"
    )
    case_id = fields.Many2one(related="service_id.case_id", related_sudo=False)
    kind = fields.Selection(
        selection=[
            ("schedule", "Make an appointment"),
            ("deliver", "Delivered"),
            ("decline", "Declined by her"),
            ("unavailable", "Unavailable"),
        ],
        required=True,
    )
    start = fields.Datetime()
    hours = fields.Float(default=1.0)
    user_ids = fields.Many2many(
        comodel_name="res.users",
        string="Who takes part",
        default=lambda self: self.env.user,
        domain="[('id', 'in', member_user_ids)]",
    )
    member_user_ids = fields.Many2many(
        comodel_name="res.users", compute="_compute_member_user_ids"
    )
    delivered_at = fields.Datetime(default=fields.Datetime.now)
    reason = EncryptedText()

    @api.depends("service_id")
    @api.depends_context("uid")
    def _compute_member_user_ids(self):
        # Who works on a case is for its members: anybody can fill in a form.
        self.service_id.check_access("read")
        for outcome in self:
            case = outcome.case_id
            outcome.member_user_ids = case._valid_members() if case else False

    def action_confirm(self):
        """Record it; the service checks who may."""
        self.ensure_one()
        service = self.service_id
        if self.kind == "schedule":
            service.action_schedule(self.start, self.hours, self.user_ids.ids)
        elif self.kind == "deliver":
            service.action_deliver(self.delivered_at)
        elif self.kind == "decline":
            service.action_decline(self.reason)
        else:
            service.action_unavailable(self.reason)
        return {"type": "ir.actions.act_window_close"}
