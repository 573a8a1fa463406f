from odoo import fields, models


class OscClosureReason(models.Model):
    """Why cases are closed; a list that administrators change."""

    _name = "osc.closure.reason"
    _description = "Reason of closure"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    needs_met = fields.Boolean(
        help="Counts as a closure by which her needs were met, in figures."
    )
    active = fields.Boolean(default=True)

    _code_unique = models.Constraint(
        "UNIQUE(code)", "There is already a reason with this code."
    )
