from odoo import fields, models


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
    break_glass_hours = fields.Integer(
        string="Emergency access (hours)",
        required=True,
        default=4,
        help="For how many hours somebody may open a case in an emergency, at most.",
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

    _acknowledge_minutes_positive = models.Constraint(
        """CHECK(acknowledge_minutes_emergency > 0
        AND acknowledge_minutes_urgent > 0
        AND acknowledge_minutes_routine > 0)""",
        "The time to acknowledge must be at least one minute.",
    )

    _limits_positive = models.Constraint(
        "CHECK(consent_age BETWEEN 0 AND 30 AND break_glass_hours BETWEEN 1 AND 72)",
        "Check the age of consent, and 1 to 72 hours of emergency access.",
    )

    _safety_limits_positive = models.Constraint(
        "CHECK(safety_plan_hours BETWEEN 1 AND 168 AND merge_undo_days BETWEEN 0 AND 365)",
        "Check the hours for a safety plan (1 to 168) and the days in which a merge can "
        "be undone (0 to 365).",
    )

    def _limit(self, name):
        """The value of a limit; a center without a policy gets the default.

        :param str name: field of the policy
        """
        return self[:1][name] if self else self._fields[name].default(self)

    def _acknowledge_minutes(self, urgency):
        """Minutes to acknowledge. Without a limit it would never be escalated.

        :param str urgency: ``routine``, ``urgent`` or ``emergency``
        """
        return self._limit(f"acknowledge_minutes_{urgency}")
