from odoo import fields, models


class OscPolicy(models.Model):
    """Adds who may stay in a shelter, and for how long."""

    _inherit = "osc.policy"

    shelter_days = fields.Integer(
        string="Stay (days)",
        required=True,
        default=5,
        help="Longest stay in the shelter of a center, to the same hour of the day. The "
        "policy in force when she moves in governs the stay. 5 days are those of the "
        "founding document (domain.md § 1).",
    )
    shelter_son_age = fields.Integer(
        string="Sons up to (years)",
        required=True,
        default=12,
        help="Sons of this age in completed years are admitted with their mother: with "
        "12, until the thirteenth birthday. Daughters of any age are. Other guidance "
        "says 8; confirm it with counsel (domain.md § 1).",
    )
    shelter_son_alternative = fields.Text(
        string="When a son is too old",
        translate=True,
        default=lambda self: self.env._(
            "Ask the child authority for a place near her, or refer all of them "
            "together to a partner who takes mothers with older sons."
        ),
        help="What else there is. Shown with the refusal.",
    )
    shelter_infant_age = fields.Integer(
        string="Shares her bed up to (years)",
        required=True,
        default=2,
        help="Children of this age in completed years may sleep in their mother's bed. "
        "2 is a proposal.",
    )
    shelter_reservation_hours = fields.Integer(
        string="A reserved bed is kept (hours)",
        required=True,
        default=6,
        help="A bed that is reserved and not used is free again after so many hours. 6 "
        "is a proposal.",
    )
    shelter_first_warning_days = fields.Integer(
        string="First warning (days left)",
        required=True,
        default=2,
        help="Shelter in-charge and case worker are told when so many days are left.",
    )
    shelter_last_warning_days = fields.Integer(
        string="Last warning (days left)", required=True, default=1
    )
    shelter_placement_day = fields.Integer(
        string="Onward place: begin on day",
        required=True,
        default=3,
        help="On this day of her stay a referral to a long-term home is drafted, unless "
        "it was when she moved in. The day on which she comes is day 1.",
    )
    shelter_extension_days = fields.Integer(
        string="One extension (days)",
        required=True,
        default=5,
        help="Most days of one extension. Each needs a reason and the approval of a "
        "second person; the policy in force on the day of the request counts. 5 is a "
        "proposal.",
    )

    _shelter_limits_sensible = models.Constraint(
        """CHECK(shelter_days BETWEEN 1 AND 366
        AND shelter_son_age BETWEEN 0 AND 30
        AND shelter_infant_age BETWEEN 0 AND 6
        AND shelter_reservation_hours BETWEEN 1 AND 168
        AND shelter_last_warning_days >= 0
        AND shelter_first_warning_days >= shelter_last_warning_days
        AND shelter_placement_day > 0
        AND shelter_extension_days BETWEEN 1 AND 366)""",
        "Check the limits of the shelter: 1 to 366 days of stay and of extension, 1 to "
        "168 hours of reservation, and a first warning that isn't after the last.",
    )
