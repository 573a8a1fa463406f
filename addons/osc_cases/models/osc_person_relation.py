from odoo import fields, models


class OscPersonRelation(models.Model):
    """What an alleged perpetrator is to her."""

    _name = "osc.person.relation"
    _description = "Relation to the survivor"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_unique = models.Constraint("UNIQUE(code)", "This code is taken.")
