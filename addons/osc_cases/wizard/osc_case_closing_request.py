from odoo import api, fields, models

from odoo.addons.osc_base.fields import EncryptedText

CHECKLIST = ("safety_plan_reviewed", "plan_met", "agreed_with_her", "may_resume")


class OscCaseClosingRequest(models.TransientModel):
    """Asks for reason and checklist before a case is closed, and shows what is open."""

    _name = "osc.case.closing.request"
    _description = "Close a case"
    _inherit = ["osc.given.mixin", "osc.vault.mixin"]

    case_id = fields.Many2one(
        comodel_name="osc.case", required=True, ondelete="cascade"
    )
    reason_id = fields.Many2one(comodel_name="osc.closure.reason")
    safety_plan_reviewed = fields.Boolean(string="Safety plan reviewed")
    plan_met = fields.Boolean(string="What was planned is done")
    agreed_with_her = fields.Boolean(string="Agreed with her")
    may_resume = fields.Boolean(string="She knows that she may come back")
    explanation = EncryptedText(string="Why is it left open?")
    open_service_ids = fields.Many2many(
        comodel_name="osc.case.service", compute="_compute_open"
    )
    open_clock_ids = fields.Many2many(comodel_name="osc.clock", compute="_compute_open")
    open_followup_ids = fields.Many2many(
        comodel_name="osc.followup", compute="_compute_open"
    )
    open_work = fields.Text(string="Also", compute="_compute_open")
    is_open = fields.Boolean(compute="_compute_open")
    needs_approval = fields.Boolean(compute="_compute_open")

    @api.depends("case_id")
    def _compute_open(self):
        for request in self:
            case = request.case_id
            request.open_service_ids = case._open_services()
            request.open_clock_ids = case._open_clocks()
            request.open_followup_ids = case._open_followups()
            request.open_work = "\n".join(case._open_work()) if case else False
            request.is_open = bool(case) and bool(case._count_open())
            request.needs_approval = bool(case) and case._closing_needs_approval()

    def action_confirm(self):
        """Close the case or ask the manager to; the case checks who may."""
        self.ensure_one()
        self.case_id._request_closing(
            {
                "reason_id": self.reason_id.id,
                "explanation": self.explanation,
                **{name: self[name] for name in CHECKLIST},
            }
        )
        return {"type": "ir.actions.act_window_close"}
