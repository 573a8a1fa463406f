from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from .osc_case_reporting import OPEN_STATES


class OscCaseFollowup(models.AbstractModel):
    """Part of ``osc.case``: when she is asked how she is, and when she is out of reach."""

    _name = "osc.case.followup"
    _description = "Following up cases"

    unreached_since = fields.Date(
        string="Not reached since",
        compute="_compute_unreached_since",
        store=True,
        help="Last day on which somebody had contact with her, when the follow-ups "
        "since then didn't reach her.",
        groups="osc_base.group_representative",
    )
    closure_review = fields.Boolean(
        string="Consider closing",
        compute="_compute_closure_review",
        search="_search_closure_review",
        compute_sudo=True,
        help="She hasn't been reached for as long as the policy says.",
        groups="osc_base.group_representative",
    )

    @api.depends(
        "reported_at",
        "followup_ids.state",
        "followup_ids.done_at",
        "service_ids.delivered_at",
    )
    def _compute_unreached_since(self):
        for case in self:
            over = case.followup_ids.filtered("done_at")
            missed = over.filtered(lambda followup: followup.state == "not_reached")
            seen = (over - missed).mapped("done_at")
            seen += case.service_ids.filtered("delivered_at").mapped("delivered_at")
            last = max([*seen, case.reported_at], default=False) if missed else False
            unreached = last and max(missed.mapped("done_at")) > last
            case.unreached_since = unreached and case.center_id._local_day(last)

    @api.depends("state", "unreached_since", "center_id")
    def _compute_closure_review(self):
        for case in self:
            days = case._policy_today()._limit("unreachable_days")
            case.closure_review = bool(
                case.state in OPEN_STATES
                and case.unreached_since
                and case.center_id._local_day() - case.unreached_since
                >= timedelta(days=days)
            )

    def _search_closure_review(self, operator, value):
        if operator != "in":
            return NotImplemented
        # The days depend on the policy of each center: few cases are left to ask.
        cases = self.search(
            Domain("state", "in", OPEN_STATES) & Domain("unreached_since", "!=", False)
        )
        found = Domain("id", "in", cases.filtered("closure_review").ids)
        return found if True in value else ~found

    def _policy_today(self):
        """The policy that holds at the center today."""
        # Limits hold whether or not the user may read the center.
        center = self.sudo().center_id
        return center._policy_on(center._local_day())

    def _plan_followups(self):
        """What the policy plans when a case is reported."""
        for case in self:
            days = case._policy_today()._followup_days()
            case._plan_followup(case.center_id._local_day(case.reported_at), *days)

    def _plan_followup(self, first_day, *days):
        """Plan follow-ups so many days after a day."""
        # Whoever reports need not be one of those who may plan.
        self.env["osc.followup"].sudo().create(
            [
                {"case_id": self.id, "due_on": first_day + timedelta(days=number)}
                for number in days
            ]
        )
