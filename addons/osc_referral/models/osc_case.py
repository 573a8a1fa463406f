from odoo import fields, models


class OscCase(models.Model):
    """Adds the referrals of a case."""

    _inherit = "osc.case"

    referral_ids = fields.One2many(
        comodel_name="osc.referral",
        inverse_name="case_id",
        string="Referrals",
        copy=False,
        groups="osc_base.group_representative",
    )
