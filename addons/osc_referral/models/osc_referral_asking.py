from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.osc_cases.models.osc_case_reporting import OPEN_STATES


class OscReferralAsking(models.AbstractModel):
    """Part of ``osc.referral``: she is asked whether she was served.

    What the partner reports is one side of it.
    """

    _name = "osc.referral.asking"
    _description = "Asking her about a referral"

    followup_id = fields.Many2one(
        comodel_name="osc.followup",
        string="Follow-up",
        readonly=True,
        index="btree_not_null",
        copy=False,
        ondelete="set null",
        help="When she is asked whether she was served.",
        groups="osc_base.group_any_role",
    )
    she_says = fields.Selection(
        selection=[
            ("served", "Yes, she was served"),
            ("partly", "In part"),
            ("not_served", "No, she was not"),
        ],
        string="What she says",
        readonly=True,
        copy=False,
        groups="osc_base.group_any_role",
    )
    asked_at = fields.Datetime(
        string="Asked", readonly=True, copy=False, groups="osc_base.group_any_role"
    )
    asked_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Asked by",
        readonly=True,
        copy=False,
        ondelete="restrict",
        groups="osc_base.group_any_role",
    )

    def _plan_asking(self):
        """A follow-up in some days, unless one is planned for before then."""
        # Followed up by the case, also when a partner answered.
        for referral in self.sudo():
            case = referral.case_id
            if case.state not in OPEN_STATES or referral.followup_id:
                continue
            days = case._policy_today()._limit("referral_followup_days")
            today = case.center_id._local_day()
            planned = case.followup_ids.filtered(
                lambda followup, today=today, days=days: (
                    followup.state == "planned"
                    and 0 <= (followup.due_on - today).days <= days
                )
            )
            if not planned:
                before = case.followup_ids
                case._plan_followup(today, days)
                planned = case.followup_ids - before
            referral.followup_id = planned[:1]

    def action_she_says(self, answer):
        """Note what she says. What she was not given is asked for again.

        :param str answer: see ``she_says``
        :raise AccessError: the user may not change the case
        :raise UserError: it isn't an answer, or the referral isn't completed
        """
        if self._is_partner_user():
            raise AccessError(self.env._("She is asked by the center."))
        self.check_access("write")
        if answer not in dict(self._fields["she_says"].selection):
            raise UserError(self.env._("Choose what she says."))
        for referral in self:
            if referral.state != "completed":
                raise UserError(
                    self.env._("%s is not completed yet.", referral.display_name)
                )
            referral._move(
                {
                    "she_says": answer,
                    "asked_at": fields.Datetime.now(),
                    "asked_by_id": self.env.uid,
                }
            )
            # The service follows, whoever asked her.
            service = referral.sudo().case_service_id
            if answer == "not_served":
                if service.state == "delivered":
                    service.action_request_again()
                referral._propose_next()
        return True

    def action_she_was_served(self):
        """She says that she was served."""
        return self.action_she_says("served")

    def action_she_was_partly_served(self):
        """She says that she was served in part."""
        return self.action_she_says("partly")

    def action_she_was_not_served(self):
        """She says that she was not served."""
        return self.action_she_says("not_served")
