from odoo import fields, models


class OscRiskItem(models.Model):
    """One yes-or-no question of a template, and what a yes weighs."""

    _name = "osc.risk.item"
    _description = "Question of a risk assessment"
    _order = "sequence, id"

    template_id = fields.Many2one(
        comodel_name="osc.risk.template", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(string="No.", default=10)
    name = fields.Text(string="Question", required=True, translate=True)
    weight = fields.Integer(default=1, help="Added to the score when answered yes.")
    high_alone = fields.Boolean(
        string="High by itself", help="A yes to this question alone means high danger."
    )
