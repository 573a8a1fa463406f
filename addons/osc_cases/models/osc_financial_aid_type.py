from odoo import fields, models


class OscFinancialAidType(models.Model):
    """What money is given for."""

    _name = "osc.financial.aid.type"
    _description = "Type of financial aid"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_unique = models.Constraint("UNIQUE(code)", "This code is taken.")
