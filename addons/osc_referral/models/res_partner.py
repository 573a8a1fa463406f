from odoo import fields, models

ROLES = "osc_base.group_any_role"


class ResPartner(models.Model):
    """An organisation to which survivors are referred is a company contact."""

    _inherit = "res.partner"

    is_osc_partner = fields.Boolean(
        string="Partner of One-Stop Centers",
        index="btree_not_null",
        groups=ROLES,
        help="Survivors are referred to this organisation.",
    )
    osc_service_ids = fields.Many2many(
        comodel_name="osc.service",
        relation="osc_partner_service_rel",
        column1="partner_id",
        column2="service_id",
        string="Gives these services",
        groups=ROLES,
    )
    osc_agreement_from = fields.Date(string="Agreement from", groups=ROLES)
    osc_agreement_to = fields.Date(string="Agreement until", groups=ROLES)
    osc_capacity = fields.Integer(
        string="Capacity",
        groups=ROLES,
        help="How many survivors it can serve at the same time. 0: not known.",
    )
    osc_area_ids = fields.Many2many(
        comodel_name="osc.area",
        relation="osc_partner_area_rel",
        column1="partner_id",
        column2="area_id",
        string="Serves these districts and cities",
        groups=ROLES,
    )
