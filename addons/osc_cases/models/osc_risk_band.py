from odoo import fields, models

from .osc_risk_template import LEVELS


class OscRiskBand(models.Model):
    """From which score on a template speaks of which danger."""

    _name = "osc.risk.band"
    _description = "Band of a risk assessment"
    _order = "score_from, id"

    template_id = fields.Many2one(
        comodel_name="osc.risk.template", required=True, index=True, ondelete="cascade"
    )
    score_from = fields.Integer(string="From score", required=True)
    name = fields.Char(string="Label", required=True, translate=True)
    level = fields.Selection(selection=LEVELS, required=True)

    _score_unique = models.Constraint(
        "UNIQUE(template_id, score_from)", "Two bands can't begin at the same score."
    )
