from odoo import fields, models


class OscPolicy(models.Model):
    """Adds how long partners may take, and when agreements are renewed."""

    _inherit = "osc.policy"

    referral_answer_hours = fields.Integer(
        string="Partner answers (hours)",
        required=True,
        default=24,
        help="How long a partner may take to answer a referral when the service has no "
        "target of its own. 24 is a proposal: agree on it with the partners.",
    )
    referral_report_days = fields.Integer(
        string="Partner reports (days)",
        required=True,
        default=7,
        help="So many days after accepting, and then each time anew, a partner who "
        "hasn't completed is asked how it goes. 7 is a proposal.",
    )
    referral_followup_days = fields.Integer(
        string="Ask her after a referral (days)",
        required=True,
        default=7,
        help="So many days after a partner says that it is done, she is asked whether "
        "she was served. 7 is a proposal.",
    )
    agreement_warning_days = fields.Integer(
        string="Agreements: warn before (days)",
        required=True,
        default=60,
        help="So many days before the agreement with a partner ends, somebody is asked "
        "to renew it. 60 is a proposal.",
    )

    _referral_limits_positive = models.Constraint(
        "CHECK(referral_answer_hours BETWEEN 1 AND 720 AND referral_report_days > 0 "
        "AND referral_followup_days > 0 AND agreement_warning_days > 0)",
        "Partners answer within 1 to 720 hours; the days must be at least one.",
    )
