from odoo import fields, models


class OscInjuryKind(models.Model):
    """Kinds of injuries, in doctors' words and in the words of a country's law."""

    _name = "osc.injury.kind"
    _description = "Kind of injury"
    _order = "country_id, sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, copy=False)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    country_id = fields.Many2one(
        comodel_name="res.country",
        ondelete="restrict",
        help="The country whose law names it. Empty: a doctor's word, used everywhere.",
    )
    source = fields.Char(help="Law and section, and who confirmed it.")

    _code_unique = models.Constraint("UNIQUE(code)", "This code is taken.")
