from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.osc_base.fields import EncryptedText


class OscCaseClosure(models.Model):
    """One closing of a case: asked for, approved or returned, and undone by reopening.

    Rows are never deleted: a case that was closed twice has two.
    """

    _name = "osc.case.closure"
    _description = "Closure of a case"
    _inherit = ["osc.case.audited", "osc.vault.mixin", "osc.case.words"]
    _order = "id desc"

    case_id = fields.Many2one(
        comodel_name="osc.case", required=True, index=True, ondelete="cascade"
    )
    center_id = fields.Many2one(
        related="case_id.center_id", store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(
        related="center_id.company_id", store=True, precompute=True
    )
    reason_id = fields.Many2one(comodel_name="osc.closure.reason", ondelete="restrict")
    safety_plan_reviewed = fields.Boolean(string="Safety plan reviewed")
    plan_met = fields.Boolean(string="What was planned is done")
    agreed_with_her = fields.Boolean(string="Agreed with her")
    may_resume = fields.Boolean(string="She knows that she may come back")
    open_items = fields.Integer(
        string="Left open",
        aggregator="sum",
        help="Services, time limits and follow-ups that were open when it was asked for.",
    )
    explanation = EncryptedText(
        help="Why something is left open.", open_if="words_open"
    )
    state = fields.Selection(
        selection=[
            ("requested", "Waits for approval"),
            ("returned", "Returned"),
            ("closed", "Closed"),
            ("reopened", "Reopened"),
        ],
        required=True,
        default="requested",
        index=True,
    )
    requested_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Asked for by",
        required=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    requested_at = fields.Datetime(
        string="Asked for", required=True, default=fields.Datetime.now
    )
    decided_by_id = fields.Many2one(
        comodel_name="res.users", string="Decided by", ondelete="restrict"
    )
    decided_at = fields.Datetime(string="Decided")
    return_reason = EncryptedText(string="Why it was returned", open_if="words_open")
    closed_at = fields.Datetime(string="Closed")
    reopened_by_id = fields.Many2one(
        comodel_name="res.users", string="Reopened by", ondelete="restrict"
    )
    reopened_at = fields.Datetime(string="Reopened")
    may_decide = fields.Boolean(compute="_compute_may_decide")

    _one_request = models.UniqueIndex(
        "(case_id) WHERE state = 'requested'", "Closing was asked for already."
    )

    @api.depends("case_id.display_name")
    def _compute_display_name(self):
        for closure in self:
            closure.display_name = self.env._(
                "%(case)s · closure %(number)s",
                case=closure.case_id.display_name,
                number=closure.id,
            )

    # ------------------------------------------------------------------
    # Decide
    # ------------------------------------------------------------------
    @api.depends("state", "requested_by_id", "case_id.case_worker_id")
    @api.depends_context("uid")
    def _compute_may_decide(self):
        """The center manager, never about a closing of their own."""
        for closure in self:
            case = closure.case_id
            closure.may_decide = (
                closure.state == "requested"
                and closure.requested_by_id != self.env.user
                and case._user_approves_closing()
            )

    def action_approve(self):
        """The manager agrees: the case is closed.

        :raise AccessError: the user may not decide
        """
        self._check_may_decide()
        for closure in self:
            closure.case_id._close(closure)
        return True

    def action_return(self, reason):
        """The manager doesn't agree yet: the case worker reads why.

        :raise AccessError: the user may not decide
        :raise UserError: without a reason
        """
        self._check_may_decide()
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Write what is missing."))
        # Closures are written by these methods only.
        self.sudo().write(
            {
                "state": "returned",
                "decided_by_id": self.env.uid,
                "decided_at": fields.Datetime.now(),
                "return_reason": reason,
            }
        )
        for closure in self:
            # Messages to others are written by the case.
            closure.case_id.sudo()._notify_people(
                closure.sudo().requested_by_id,
                lambda case: (
                    case.env._("Returned: %s", case.display_name),
                    case.env._("%s · read what is missing", case.display_name),
                ),
            )
        return True

    def _tell_manager(self):
        """Who decides knows at once."""
        self.ensure_one()
        # Who answers for the center isn't readable for every case worker.
        case = self.case_id.sudo()
        case._notify_people(
            case._supervisor(2) or case._supervisor(3),
            lambda case: (
                case.env._("To approve: %s", case.display_name),
                case.env._("%s · closing waits for approval", case.display_name),
            ),
        )

    def _check_may_decide(self):
        self.check_access("read")
        for closure in self:
            if closure.state != "requested":
                raise UserError(self.env._("It was decided already."))
            if not closure.may_decide:
                raise AccessError(
                    self.env._(
                        "The center manager decides, and never about a closing that "
                        "they asked for or a case of their own."
                    )
                )
