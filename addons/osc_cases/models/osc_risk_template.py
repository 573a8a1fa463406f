from odoo import fields, models

LEVELS = [
    ("low", "Low"),
    ("medium", "Medium"),
    ("high", "High"),
    ("extreme", "Extreme"),
]
HIGH_LEVELS = ("high", "extreme")


def rank(level):
    """Place of a level among the levels; an unknown one is below all."""
    codes = [code for code, _label in LEVELS]
    return codes.index(level) if level in codes else -1


class OscRiskTemplate(models.Model):
    """A list of questions on danger, and what the answers amount to.

    Templates are data: an organisation that may use a protected instrument fills in its
    wording and weights; the suite ships none.
    """

    _name = "osc.risk.template"
    _description = "Risk assessment template"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    introduction = fields.Text(
        translate=True, help="Shown above the questions: how to ask, and who may."
    )
    source = fields.Text(
        help="Where questions, weights and bands come from, and who checked them."
    )
    item_ids = fields.One2many(
        comodel_name="osc.risk.item",
        inverse_name="template_id",
        string="Questions",
        copy=True,
    )
    band_ids = fields.One2many(
        comodel_name="osc.risk.band",
        inverse_name="template_id",
        string="Bands",
        copy=True,
    )

    def _band_of(self, score):
        """The band in which a score lies; none below the lowest."""
        self.ensure_one()
        return self.band_ids.sorted("score_from").filtered(
            lambda band: band.score_from <= score
        )[-1:]
