from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from odoo.addons.osc_cases.models.osc_case_reporting import OPEN_STATES

# From which state to which others a referral may go.
TRANSITIONS = {
    "draft": {"sent", "cancelled"},
    "sent": {"accepted", "declined", "cancelled"},
    "accepted": {"in_service", "declined", "completed", "cancelled"},
    "in_service": {"completed", "cancelled"},
    "declined": set(),
    "completed": set(),
    "cancelled": set(),
}
# Of which referrals an average is taken: those of which the field is known.
FIGURES = {
    "answer_minutes:avg": "answered_at",
    "acceptance:avg": "answered_at",
    "service_hours:avg": "completed_at",
    "completion:avg": "completed_at",
}
# What the partner may still do when what was passed on is closed to it.
WITHOUT_CONTENT = {"declined", "completed"}


class OscReferralSteps(models.AbstractModel):
    """Part of ``osc.referral``: how it goes from state to state, and what follows.

    The partner's own people answer in the portal; staff note what a partner says on
    the phone. Both through the same methods, which ask who may.
    """

    _name = "osc.referral.steps"
    _description = "Steps of a referral"

    answered_at = fields.Datetime(string="Answered", readonly=True, copy=False)
    answered_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Answer noted by",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    decline_reason = fields.Selection(
        selection=[
            ("full", "No free place"),
            ("not_eligible", "She isn't among those served"),
            ("not_offered", "This service isn't given"),
            ("conflict", "A conflict of interest"),
            ("other", "Another reason"),
        ],
        string="Declined because",
        readonly=True,
        copy=False,
    )
    completed_at = fields.Datetime(string="Completed", readonly=True, copy=False)
    answer_minutes = fields.Integer(
        string="Minutes until answered",
        compute="_compute_answer",
        store=True,
        aggregator="avg",
    )
    acceptance = fields.Float(
        string="Accepted (%)", compute="_compute_answer", store=True, aggregator="avg"
    )
    service_hours = fields.Float(
        string="Hours until completed",
        compute="_compute_service_hours",
        store=True,
        aggregator="avg",
    )
    completion = fields.Float(
        string="Served (%)",
        compute="_compute_service_hours",
        store=True,
        aggregator="avg",
        help="Of those that were accepted and are over.",
    )

    # ------------------------------------------------------------------
    # Figures
    # ------------------------------------------------------------------
    @api.depends("sent_at", "answered_at", "decline_reason")
    def _compute_answer(self):
        for referral in self:
            answered = referral.answered_at and referral.sent_at
            passed = answered and referral.answered_at - referral.sent_at
            referral.answer_minutes = answered and passed.total_seconds() // 60
            referral.acceptance = (
                100.0 if answered and not referral.decline_reason else 0
            )

    @api.depends("answered_at", "completed_at", "outcome")
    def _compute_service_hours(self):
        for referral in self:
            over = referral.completed_at and referral.answered_at
            passed = over and referral.completed_at - referral.answered_at
            referral.service_hours = over and passed.total_seconds() / 3600
            referral.completion = 100.0 if over and referral.outcome == "served" else 0

    def _read_group_select(self, aggregate_spec, query):
        """Averages of those that have the figure; the others would count as zero."""
        selected = super()._read_group_select(aggregate_spec, query)
        if measured := FIGURES.get(aggregate_spec):
            having = self._field_to_sql(self._table, measured, query)
            return SQL("%s FILTER (WHERE %s IS NOT NULL)", selected, having)
        return selected

    # ------------------------------------------------------------------
    # Who may
    # ------------------------------------------------------------------
    def _is_partner_user(self):
        """Whether the current user answers for a partner, in the portal."""
        return not self.env.su and self.env.user.has_group("osc_referral.group_partner")

    def _is_open_to_partner(self):
        """Whether what was passed on is open to the partner now."""
        self.ensure_one()
        return self.state in ("sent", "accepted", "in_service") and (
            bool(self._granted_scopes())
        )

    def _check_may_act(self):
        """Staff who may change the case, or people of the partner.

        :raise AccessError: the user is neither
        """
        self.check_access("read" if self._is_partner_user() else "write")

    def _check_move(self, state):
        """:raise UserError: it can't go to that state from where it is"""
        self._check_may_act()
        labels = dict(self._fields["state"]._description_selection(self.env))
        for referral in self:
            if state not in TRANSITIONS[referral.state]:
                raise UserError(
                    self.env._(
                        "%(referral)s is “%(state)s” and can't become “%(new)s”.",
                        referral=referral.name,
                        state=labels[referral.state],
                        new=labels[state],
                    )
                )

    def _check_answer(self, state):
        """The same for what the partner says."""
        self._check_move(state)
        for referral in self:
            if (
                referral._is_partner_user()
                and state not in WITHOUT_CONTENT
                and not referral._is_open_to_partner()
            ):
                raise UserError(
                    self.env._(
                        "%s is closed: what she had agreed to holds no more. Phone the "
                        "center.",
                        referral.name,
                    )
                )

    def _move(self, vals):
        # Nobody writes the state directly: each change is one of the actions.
        self.sudo().write(vals)

    # ------------------------------------------------------------------
    # The center
    # ------------------------------------------------------------------
    def action_send(self):
        """Send it to the partner: from now on it can't be changed.

        :raise AccessError: the user may not change the case, or doesn't know herself
            what would be passed on
        :raise UserError: neither she nor a named duty allows it, or the partner
            doesn't give the service
        """
        if self._is_partner_user():
            raise AccessError(self.env._("Only the center sends a referral."))
        self._check_move("sent")
        for referral in self:
            referral._check_complete()
            referral._check_may_pass_on()
            referral._freeze()
            now = fields.Datetime.now()
            minutes = referral._answer_minutes()
            referral._move(
                {
                    "state": "sent",
                    "sent_at": now,
                    "sent_by_id": self.env.uid,
                    "remind_at": now + timedelta(minutes=minutes / 2),
                    "reminded_at": False,
                    "due_at": now + timedelta(minutes=minutes),
                    "case_service_id": referral._matching_case_service().id,
                }
            )
            referral._service_follows()
            referral._replace_silent()
            referral._tell_partner("sent")
        return True

    def _check_complete(self):
        """:raise UserError: something is missing that a referral needs"""
        self.ensure_one()
        if not self.partner_id:
            raise UserError(self.env._("Choose the partner to whom it goes."))
        # The directory may hide who isn't in it any more.
        partner = self.partner_id.sudo()
        if not (partner.is_osc_partner and partner.active):
            raise UserError(
                self.env._(
                    "%s is no partner any more. Choose another one.",
                    self.partner_id.name,
                )
            )
        if self.case_id.state not in OPEN_STATES:
            raise UserError(
                self.env._(
                    "%s is not open. Report or reopen it first.",
                    self.case_id.display_name,
                )
            )
        if not self.service_id.active:
            raise UserError(
                self.env._(
                    "“%s” isn't in the catalog of services any more. Choose another one.",
                    self.service_id.name,
                )
            )
        if self.service_id not in self.partner_id.osc_service_ids:
            raise UserError(
                self.env._(
                    "%(partner)s doesn't give “%(service)s”. Choose another partner, or "
                    "correct the directory.",
                    partner=self.partner_id.name,
                    service=self.service_id.name,
                )
            )

    def _answer_minutes(self):
        """How long the partner may take to answer: the target of the service."""
        # Limits hold whether or not the user may read the center.
        center = self.sudo().center_id
        policy = center._policy_on(center._local_day())
        return self.service_id.target_minutes or 60 * policy._limit(
            "referral_answer_hours"
        )

    def action_cancel(self, reason=None):
        """She doesn't want it any more, or it is solved otherwise.

        What was passed on closes for the partner.
        """
        if self._is_partner_user():
            raise AccessError(
                self.env._("Only the center cancels; decline it instead.")
            )
        self._check_move("cancelled")
        for referral in self:
            was_sent = referral.state != "draft"
            referral._move({"state": "cancelled"})
            referral._write_text("reason", reason)
            referral._service_follows()
            if was_sent:
                referral._tell_partner("changed")
        return True

    # ------------------------------------------------------------------
    # The partner
    # ------------------------------------------------------------------
    def action_accept(self):
        """The partner takes her."""
        self._check_answer("accepted")
        for referral in self:
            due = fields.Datetime.now() + referral._report_days()
            referral._answer({"state": "accepted", "report_due_at": due})
            referral._tell_sender("accepted")
        return True

    def action_decline(self, reason="other", text=None):
        """The partner can't take her: the next one is proposed.

        :param str reason: see ``decline_reason``
        :param str text: kept in the vault
        :raise UserError: the reason isn't one
        """
        self._check_answer("declined")
        if reason not in dict(self._fields["decline_reason"].selection):
            raise UserError(self.env._("Choose why it is declined."))
        for referral in self:
            referral._write_text("reason", text)
            referral._answer({"state": "declined", "decline_reason": reason})
            referral._service_follows()
            referral._propose_next()
            referral._tell_sender("declined")
        return True

    def action_start(self):
        """The service has begun."""
        self._check_answer("in_service")
        self._move({"state": "in_service"})
        for referral in self:
            referral._tell_sender("in_service")
        return True

    def action_complete(self, outcome="served", report=None):
        """The partner is done, and says what came of it.

        :param str outcome: see the field
        :param str report: kept in the vault
        :raise UserError: the outcome isn't one
        """
        self._check_answer("completed")
        if outcome not in dict(self._fields["outcome"].selection):
            raise UserError(self.env._("Choose what came of it."))
        now = fields.Datetime.now()
        for referral in self:
            referral._write_text("report", report)
            referral._move(
                {"state": "completed", "outcome": outcome, "completed_at": now}
            )
            referral._service_follows()
            if outcome != "served":
                referral._propose_next()
            referral._plan_asking()
            referral._tell_sender("completed")
        return True

    def _answer(self, vals):
        """The first answer counts: how long it took is measured once."""
        now = fields.Datetime.now()
        for referral in self:
            first = {"answered_at": now, "answered_by_id": self.env.uid}
            referral._move({**vals, **({} if referral.answered_at else first)})
