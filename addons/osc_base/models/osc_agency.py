from odoo import fields, models


class OscAgency(models.Model):
    """An organisation that sends representatives to centers.

    For example a district police, a hospital's medico-legal unit, a bar association.
    """

    _name = "osc.agency"
    _description = "Agency"
    _order = "name, id"

    name = fields.Char(required=True)
    discipline_ids = fields.Many2many(
        comodel_name="osc.discipline",
        string="Disciplines",
        help="What the representatives of this agency do at a center.",
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Organisation",
        domain="[('is_company', '=', True)]",
        help="The contact of the organisation itself. Never a survivor.",
    )
    representative_ids = fields.One2many(
        comodel_name="osc.representative",
        inverse_name="agency_id",
        string="Representatives",
    )
    active = fields.Boolean(default=True)

    _name_unique = models.Constraint(
        "UNIQUE(name)", "There is already an agency with this name."
    )
