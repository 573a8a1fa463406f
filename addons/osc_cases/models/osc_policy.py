from odoo import fields, models


class OscPolicy(models.Model):
    """Adds how quickly a representative must acknowledge an intimation."""

    _inherit = "osc.policy"

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

    def _acknowledge_minutes(self, urgency):
        """Minutes to acknowledge.

        A center without a policy gets the defaults: an intimation without a due
        time would never be escalated.

        :param str urgency: ``routine``, ``urgent`` or ``emergency``
        """
        name = f"acknowledge_minutes_{urgency}"
        return self[:1][name] or self._fields[name].default(self)
