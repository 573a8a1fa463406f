from odoo import api, fields, models
from odoo.exceptions import ValidationError


class OscPolicy(models.Model):
    """Adds how quickly a representative must acknowledge, and the limits of access."""

    _inherit = "osc.policy"

    consent_age = fields.Integer(
        string="Age of consent to help",
        required=True,
        default=15,
        help="Completed years from which she can consent to help and to passing on what "
        "she says. Below it a guardian consents, unless accused. 15 follows the "
        "practice of child protection (domain.md § 10); to be confirmed by local "
        "counsel.",
    )
    minor_duty = fields.Char(
        string="Duty to tell the child authority",
        translate=True,
        help="Law by which the child authority must be told of a minor, with its "
        "section. Proposed when such a legal duty is recorded on a case.",
    )
    smallest_count = fields.Integer(
        string="Smallest number in statistics",
        required=True,
        default=5,
        help="Smaller numbers are hidden in statistics that leave the center, so that "
        "nobody can be recognised.",
    )
    break_glass_hours = fields.Integer(
        string="Emergency access (hours)",
        required=True,
        default=4,
        help="For how many hours somebody may open a case in an emergency, at most.",
    )
    order_warning_days = fields.Integer(
        string="Court orders: warn before (days)",
        required=True,
        default=14,
        help="So many days before a protection order or another court order ends, those "
        "who can have it prolonged are told. 14 is a proposal: ask a lawyer how long the "
        "court takes.",
    )
    safety_plan_hours = fields.Integer(
        string="Safety plan after high danger (hours)",
        required=True,
        default=24,
        help="Hours from the finding of high danger within which there must be a safety "
        "plan; then it shows as missing. 24 is a proposal (domain.md § 12).",
    )
    merge_undo_days = fields.Integer(
        string="Merge can be undone (days)",
        required=True,
        default=30,
        help="For how many days the manager can take apart two survivors who were "
        "merged. Then what is kept for it is deleted. 30 is a proposal.",
    )
    acknowledge_minutes_emergency = fields.Integer(
        string="Acknowledge: emergency (minutes)",
        required=True,
        default=5,
        help="Minutes after which an emergency that nobody acknowledged goes on to "
        "the backup, then to the center manager, then to the coordinator. No law "
        "gives it: 5 is a proposal, agree on it with the agencies.",
    )
    acknowledge_minutes_urgent = fields.Integer(
        string="Acknowledge: urgent (minutes)",
        required=True,
        default=15,
        help="The same for an urgent case. 15 is a proposal.",
    )
    acknowledge_minutes_routine = fields.Integer(
        string="Acknowledge: routine (minutes)",
        required=True,
        default=60,
        help="The same for a routine case. 60 is a proposal.",
    )

    custody_confirm_minutes = fields.Integer(
        string="Confirm a hand-over (minutes)",
        required=True,
        default=30,
        help="How long the receiver of evidence may take to confirm before the chain of "
        "custody counts as broken. 30 is a proposal.",
    )
    evidence_retention_years = fields.Integer(
        string="Keep evidence (years)",
        required=True,
        default=20,
        help="Proposed date until which evidence is kept. 20 is a proposal; some laws "
        "say until the crime can't be prosecuted any more. To be confirmed by local "
        "counsel.",
    )
    followup_days = fields.Char(
        string="Follow-ups (days)",
        default="7, 30",
        help="Days after the report on which she is asked how she is. Empty: none. "
        "One week and one month are a proposal.",
    )
    followup_retry_days = fields.Integer(
        string="Try again (days)",
        required=True,
        default=7,
        help="When she wasn't reached, she is tried again after so many days. A "
        "proposal.",
    )
    unreachable_days = fields.Integer(
        string="Unreachable (days)",
        required=True,
        default=30,
        help="When she hasn't been reached for so many days, closing the case is "
        "considered. 30 follows the forms of GBVIMS (domain.md § 2), an example.",
    )
    closure_needs_approval = fields.Boolean(
        string="Closing needs approval",
        help="A case worker asks the center manager to close a case, instead of closing "
        "it. Recommended where a center has a manager on every working day.",
    )

    _acknowledge_minutes_positive = models.Constraint(
        """CHECK(acknowledge_minutes_emergency > 0
        AND acknowledge_minutes_urgent > 0
        AND acknowledge_minutes_routine > 0)""",
        "The time to acknowledge must be at least one minute.",
    )

    _custody_positive = models.Constraint(
        "CHECK(custody_confirm_minutes > 0 AND evidence_retention_years > 0)",
        "The limits of custody must be at least one minute and one year.",
    )

    _limits_positive = models.Constraint(
        "CHECK(consent_age BETWEEN 0 AND 30 AND break_glass_hours BETWEEN 1 AND 72 "
        "AND smallest_count >= 3)",
        "Check the age of consent, 1 to 72 hours of emergency access, and that numbers "
        "below 3 are hidden.",
    )

    _order_warning_days_sensible = models.Constraint(
        "CHECK(order_warning_days BETWEEN 1 AND 180)",
        "Warn of the end of court orders 1 to 180 days before.",
    )

    _followup_limits_positive = models.Constraint(
        "CHECK(followup_retry_days > 0 AND unreachable_days > 0)",
        "The days of follow-up must be at least one.",
    )

    @api.constrains("followup_days")
    def _check_followup_days(self):
        for policy in self:
            try:
                policy._followup_days()
            except ValueError as error:
                raise ValidationError(
                    self.env._("Write the days of follow-ups like this: 7, 30")
                ) from error

    def _followup_days(self):
        """Days after the report on which follow-ups are planned.

        :raise ValueError: it isn't a list of days
        """
        days = [
            int(day)
            for day in (self._limit("followup_days") or "").split(",")
            if day.strip()
        ]
        if any(not 0 < day <= 3660 for day in days):
            raise ValueError(days)
        return days

    _safety_limits_positive = models.Constraint(
        "CHECK(safety_plan_hours BETWEEN 1 AND 168 AND merge_undo_days BETWEEN 0 AND 365)",
        "Check the hours for a safety plan (1 to 168) and the days in which a merge can "
        "be undone (0 to 365).",
    )

    def _limit(self, name):
        """The value of a limit; a center without a policy gets the default.

        :param str name: field of the policy
        """
        if self:
            return self[:1][name]
        default = self._fields[name].default
        return default(self) if default else False

    def _acknowledge_minutes(self, urgency):
        """Minutes to acknowledge. Without a limit it would never be escalated.

        :param str urgency: ``routine``, ``urgent`` or ``emergency``
        """
        return self._limit(f"acknowledge_minutes_{urgency}")
