from odoo import fields, models


class OscInjuryConsistency(models.Model):
    """How well a finding goes with what she told, in the steps of a scale."""

    _name = "osc.injury.consistency"
    _description = "Consistency of findings with the account"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, copy=False)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    meaning = fields.Char(translate=True)
    source = fields.Char()

    _code_unique = models.Constraint("UNIQUE(code)", "This code is taken.")
