from odoo import fields, models


class OscFinancialFund(models.Model):
    """Where money for survivors comes from."""

    _name = "osc.financial.fund"
    _description = "Fund"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        comodel_name="res.company", help="Empty: for all companies."
    )
    note = fields.Char(help="Whose money it is and what it may be used for.")
    active = fields.Boolean(default=True)
